"""`portfolio --help` answers at once: what a command needs is imported when it runs."""

import subprocess
import sys

SLOW = {"aiokafka", "asyncio", "asyncpg", "fastapi", "faststream", "httpx", "psutil", "pydantic", "starlette", "uvicorn"}


def test_help_imports_nothing_that_is_slow():
    """Of the libraries that take their time none is imported by the list of commands and their help."""
    code = "import sys; from portfolio_deploy.__main__ import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "publish" in said
    imported = {name.partition(".")[0] for name in said.splitlines()[-1].split()}
    assert "portfolio_deploy" in imported
    assert imported & SLOW == set()
