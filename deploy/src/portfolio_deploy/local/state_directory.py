"""The state directory of a local stack: what it remembers, who may use it, how it is emptied.

stack.json    which stack this is: its id, ports, passwords; also the mark without which nothing is ever deleted
lock          held by the one `portfolio up` that runs on the directory
run/          run files of the started processes
logs/         what they print
kafka/        the log
jars/         the programs that Kafka consists of
demo/         the demo portfolio as it was loaded
postgres/     the databases (elsewhere when PostgreSQL's user could not get here: see `postgres_home`)
"""

import fcntl
import json
import os
import secrets
import shutil
import uuid
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import ports

_WHAT = "the state of a portfolio ledger's local stack"
ROLES = ("postgres", "portfolio_owner", "portfolio_ledger", "portfolio_projector", "portfolio_reader")


def _password() -> str:
    return secrets.token_urlsafe(24)


def _cluster_id() -> str:
    return urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode("ascii").replace("-", "A")


@dataclass(kw_only=True)
class Record:
    """What stack.json holds.

    `postgres_home` is the folder with PostgreSQL's data when that is not in the directory. `demo` is how far the demo portfolio
    is: None before it was begun.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # a newer version's record is not taken for ours, and cut

    what: str = _WHAT
    stack: str = field(default_factory=lambda: uuid.uuid4().hex)
    kafka_cluster: str = field(default_factory=_cluster_id)
    ports: dict[str, int] = field(default_factory=lambda: dict(ports.USUAL))
    passwords: dict[str, str] = field(default_factory=dict[str, str])
    postgres_home: str | None = None
    demo: Literal["loading", "loaded"] | None = None

    def __post_init__(self) -> None:
        for role in ROLES:  # a stack that was made before there was this role
            self.passwords.setdefault(role, _password())


_RECORDS = TypeAdapter(Record)


class StateDirectory:
    """A state directory, by its path. Nothing is touched before `acquire`; `record` reads without it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.run = self.path / "run"
        self.logs = self.path / "logs"
        self.kafka = self.path / "kafka"
        self.jars = self.path / "jars"
        self.postgres = self.path / "postgres"
        self.demo = self.path / "demo"
        self._mark = self.path / "stack.json"
        self._lock: IO[str] | None = None

    def record(self) -> Record | None:
        """Return what the directory remembers; None where there is no stack yet."""
        try:
            text = self._mark.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StackError(f"{self._mark} cannot be read ({error.strerror}); it may belong to another user.") from error
        try:
            record = _RECORDS.validate_json(text, strict=True)
        except ValidationError as error:
            raise StackError(f"{self._mark} is damaged; put it right, or move {self.path} away to start anew.") from error
        if record.what != _WHAT:
            raise StackError(f"{self._mark} was not written by the portfolio command; name another directory.")
        return record

    def acquire(self) -> Record:
        """Take the directory for this process, making it where it does not exist yet, and return what it remembers."""
        try:
            self._refuse_foreign()
            self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
            self._take_lock()
            record = self.record()
            if record is None:
                record = Record()
                self.save(record)
            self._make_folders()
        except StackError:
            self.release()
            raise
        except OSError as error:
            self.release()
            raise StackError(
                f"{self.path} cannot be used ({error.strerror}: {error.filename}); name another with --data."
            ) from error
        return record

    def release(self) -> None:
        """Give the directory back; no error when it was never taken."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def save(self, record: Record) -> None:
        """Store what is to be remembered, readable by its owner only (it holds passwords)."""
        partial = self.path / ".stack.json.partial"
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(record), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._mark)

    def places(self, record: Record) -> list[Path]:
        """Return the folders that hold the stack's state now, here and at its `postgres_home`."""
        folders = [self.kafka, self.postgres, self.demo, self.run, self.logs]
        if record.postgres_home is not None:
            folders.append(Path(record.postgres_home))
        return [folder for folder in folders if folder.exists()]

    def renew(self, record: Record) -> Record:
        """Delete the stack's state and begin another stack in the same directory. Call after `acquire`."""
        for place in self.places(record):
            shutil.rmtree(place)
        renewed = Record(ports=record.ports)
        self.save(renewed)  # last: after a crash the old mark is still there, and the next attempt deletes the rest
        self._make_folders()
        return renewed

    def is_locked(self) -> bool:
        """Tell whether a process holds the directory now."""
        try:
            with (self.path / "lock").open("r", encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except BlockingIOError:
            return True
        except OSError as error:
            raise StackError(f"{self.path} cannot be looked at ({error.strerror}); it may belong to another user.") from error
        return False

    def _make_folders(self) -> None:
        for folder in (self.run, self.logs):
            folder.mkdir(exist_ok=True)

    def _refuse_foreign(self) -> None:
        if self._mark.exists():
            owner = self._mark.stat().st_uid
            if owner != os.geteuid():
                raise StackError(
                    f"{self.path} belongs to the user with number {owner}, not to you; name another directory with --data."
                )
        elif self.path.is_dir() and any(entry.name != "lock" for entry in self.path.iterdir()):
            raise StackError(f"{self.path} is neither empty nor the state of a local stack; name another with --data.")

    def _take_lock(self) -> None:
        file = (self.path / "lock").open("a", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StackError(
                f"A local stack already runs on {self.path}; stop it with `portfolio down`, or name another with --data."
            ) from None
        self._lock = file
