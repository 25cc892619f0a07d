"""Splitting a stream into the JSON texts in it, each with the line where it begins. Nothing is parsed here.

A stream that begins with `[` is one array. One whose first line is a lone `{` is a row of texts spread over lines, as pretty
printers write them. In any other each line is a text, so that a broken line takes no other along.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

TEXT_BYTES_MAX = 1024 * 1024

_CHUNK_BYTES = 64 * 1024
_MARKS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("?)|[\[\]{},]', re.DOTALL)
_SPACE = b" \t\r\n"

Text = tuple[int, bytes]
"""The line where a text begins, and its bytes."""


class Broken(ValueError):
    """A stream that cannot be split any further: `line` is where."""

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(detail)
        self.line = line


def split(stream: BinaryIO, *, line_bytes_max: int) -> Iterator[Text]:
    """Split a stream. A line longer than the limit is cut there; the rest of it is passed over.

    Raises:
        Broken: an array or a text in it does not end, or goes on after its end.

    """
    lines = _lines(stream, line_bytes_max)
    number, line = next((one for one in lines if one[1].strip(_SPACE)), (0, b""))
    begin = line.strip(_SPACE)
    if begin.startswith(b"["):
        yield from _Scanner(number, array=True).split(stream, line)
    elif begin == b"{":
        yield from _Scanner(number, array=False).split(stream, line)
    elif begin:
        yield number, begin
        yield from ((later, bare) for later, text in lines if (bare := text.strip(_SPACE)))


def _lines(stream: BinaryIO, bytes_max: int) -> Iterator[Text]:
    number = 0
    while line := stream.readline(bytes_max + 1):
        number += 1
        yield number, line
        while len(line) > bytes_max and not line.endswith(b"\n"):
            line = stream.readline(bytes_max + 1)


class _Scanner:
    """Finds the elements of an array, or texts that follow each other, by their brackets."""

    def __init__(self, line: int, *, array: bool) -> None:
        self._line = line
        self._array = array
        self._depth = 0
        self._begun = False
        self._rest = b""
        self._seen = 0
        self._ended = False

    def split(self, stream: BinaryIO, first: bytes) -> Iterator[Text]:
        """Split what begins with these bytes and goes on in the stream."""
        chunk = first
        while chunk:
            self._rest += chunk
            if not self._ended:
                yield from self._scan()
            if self._ended and self._rest.strip(_SPACE):
                raise Broken(self._bare()[0], "The array has ended here, and the file goes on.")
            if len(self._rest) > TEXT_BYTES_MAX:
                raise Broken(self._bare()[0], "What begins here is far larger than an event may be.")
            chunk = stream.read(_CHUNK_BYTES)
        if self._rest.strip(_SPACE) or (self._array and not self._ended):
            raise Broken(self._bare()[0], "What begins here does not end.")

    def _scan(self) -> Iterator[Text]:
        """Give the texts that end in what was read, and keep the rest."""
        begin = 0
        for mark in _MARKS.finditer(self._rest, self._seen):
            if mark[1] == b"":  # a string that goes on in the next chunk
                self._seen = mark.start()
                break
            self._seen = mark.end()
            if self._ends(mark[0]):
                text = self._bare(begin, mark.start() if self._array else mark.end())
                self._line += self._rest.count(b"\n", begin, mark.end())
                begin = mark.end()
                if text[1] or not self._ended:
                    yield text
                if self._ended:
                    break
            elif self._array and self._depth == 1 and mark[0] == b"[" and not self._begun:
                self._begun = True
                begin = mark.end()
        else:
            self._seen = len(self._rest)
        self._rest = self._rest[begin:]
        self._seen -= begin

    def _ends(self, mark: bytes) -> bool:
        """Count a bracket, and tell whether a text ends here."""
        if mark in (b"[", b"{"):
            self._depth += 1
        elif mark in (b"]", b"}"):
            self._depth = max(self._depth - 1, 0)
            self._ended = self._array and self._depth == 0
            return self._depth == 0
        return self._array and self._depth == 1 and mark == b","

    def _bare(self, begin: int = 0, end: int | None = None) -> Text:
        """Return what stands between two places without the white space around it, and its line."""
        text = self._rest[begin:end]
        bare = text.lstrip(_SPACE)
        return self._line + text[: len(text) - len(bare)].count(b"\n"), bare.rstrip(_SPACE)
