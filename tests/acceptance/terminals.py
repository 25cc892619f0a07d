"""The `portfolio` command as a person runs it against the tests' system."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

LIMIT_S = 90


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


async def run(
    *arguments: str,
    stdin: bytes = b"",
    environment: dict[str, str] | None = None,
    interrupt_when: Callable[[], Awaitable[object]] | None = None,
) -> Said:
    """Run the command to its end; with `interrupt_when`, press Ctrl-C once that is over."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "portfolio_deploy", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            reading = asyncio.create_task(process.communicate(stdin))
            if interrupt_when is not None:
                await interrupt_when()
                process.send_signal(signal.SIGINT)
            out, err = await reading
            return Said(code=await process.wait(), out=out.decode(), err=err.decode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
