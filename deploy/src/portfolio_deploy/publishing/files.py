"""Files of events: JSON Lines, a JSON array, or JSON texts one after another, gzip or not, read piece by piece.

A piece is the text of one event, as far as brackets and lines can tell; whether it is one is for `events` to say. Memory does
not depend on the length of a file.
"""

import contextlib
import gzip
import io
import sys
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from portfolio_deploy.errors import CommandError, WrongUse
from portfolio_deploy.publishing import texts

STANDARD_INPUT = "-"

_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_BYTES_MAX = 1024 * 1024


class Piece(NamedTuple):
    """The text of one event: the line where it begins, and how far into the file (as it lies on the disk) reading was."""

    line: int
    raw: bytes
    position: int


class File:
    """A file, or standard input as `-`. `name` is what messages call it."""

    def __init__(self, path: str) -> None:
        self.name = "standard input" if path == STANDARD_INPUT else path
        self.path = None if path == STANDARD_INPUT else Path(path)

    @property
    def size(self) -> int | None:
        """How many bytes it has; None where that is not known."""
        return None if self.path is None or not self.path.is_file() else self.path.stat().st_size

    def check(self) -> None:
        """Check that it can be read, before anything is sent.

        Raises:
            WrongUse: when it cannot.

        """
        if self.path is None:
            return
        try:
            with self.path.open("rb"):
                pass
        except OSError as error:
            raise WrongUse(f"{self.name} cannot be read: {error.strerror}.") from error

    def read(self) -> Iterator[Piece]:
        """Read from the beginning.

        Raises:
            CommandError: the file is damaged; what was read before has been given.

        """
        with self._open() as raw:
            stream, line = _decompressed(raw), 0
            try:
                for line, text in texts.split(_without_mark(stream), line_bytes_max=_LINE_BYTES_MAX):
                    yield Piece(line, text, raw.tell() if raw.seekable() else 0)
            except texts.Broken as error:
                raise CommandError(f"{self.name}:{error.line}: {error}") from None
            except (gzip.BadGzipFile, EOFError, zlib.error) as error:
                raise CommandError(f"{self.name} is damaged after line {line}: {str(error).rstrip('.')}.") from None
            except OSError as error:
                raise CommandError(f"{self.name} cannot be read on after line {line}: {error.strerror}.") from error

    @contextlib.contextmanager
    def _open(self) -> Generator[io.BufferedReader]:
        if self.path is None:
            yield cast("io.BufferedReader", sys.stdin.buffer)
        else:
            with self.path.open("rb") as raw:
                yield raw


def _decompressed(raw: io.BufferedReader) -> BinaryIO:
    if raw.peek(len(_GZIP)).startswith(_GZIP):
        return cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=raw)))
    return raw


def _without_mark(stream: BinaryIO) -> BinaryIO:
    """Pass over the byte order mark that some editors write."""
    buffered = cast("io.BufferedReader", stream)
    if buffered.peek(len(_BYTE_ORDER_MARK)).startswith(_BYTE_ORDER_MARK):
        buffered.read(len(_BYTE_ORDER_MARK))
    return stream
