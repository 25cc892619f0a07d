"""Streams are split into the texts in them: lines, the elements of an array, texts spread over lines."""

import io
import json
import random

import pytest

from portfolio_deploy.publishing import texts

LINE_BYTES_MAX = 1000


def split(stream: bytes) -> list[tuple[int, bytes]]:
    """The texts in a stream, with their lines."""
    return list(texts.split(io.BytesIO(stream), line_bytes_max=LINE_BYTES_MAX))


def test_each_line_is_a_text_whatever_is_in_it():
    """Blank lines are passed over and counted; a line that is no JSON takes no other along."""
    assert split(b'\n{"a": 1}\n\n{"b": \r\n  {"c": 3}') == [(2, b'{"a": 1}'), (4, b'{"b":'), (5, b'{"c": 3}')]


def test_an_array_is_its_elements():
    """Brackets and commas within strings and deeper levels separate nothing; an empty array holds nothing."""
    stream = b'[ {"a": "],\\"}"},\n  [1, 2], 3,\n {"b": {"c": []}} ]\n'
    assert split(stream) == [(1, b'{"a": "],\\"}"}'), (2, b"[1, 2]"), (2, b"3"), (3, b'{"b": {"c": []}}')]
    assert split(b"[]\n") == split(b"") == split(b" \n\n") == []


def test_an_element_that_is_missing_is_a_text_that_is_none():
    """Two commas in a row: what stands between them is told like any other text, and its neighbours are read."""
    assert split(b"[1,,2]") == [(1, b"1"), (1, b""), (1, b"2")]


def test_texts_over_several_lines_follow_each_other():
    """What begins with a lone bracket is printed prettily: a text ends where its bracket does."""
    assert split(b'{\n  "a": {}\n}\n{\n  "b": 2\n}\n') == [(1, b'{\n  "a": {}\n}'), (4, b'{\n  "b": 2\n}')]


@pytest.mark.parametrize(
    ("stream", "given", "line", "what"),
    [
        (b'[{"a": 1},\n{"b"', 1, 2, "does not end"),
        (b"[1]\n\n[2]", 1, 3, "goes on"),
        (b'{\n "a": 1', 0, 1, "does not end"),
        (b'["' + b"x" * texts.TEXT_BYTES_MAX, 0, 1, "far larger"),
    ],
)
def test_what_cannot_be_split_says_where(stream: bytes, given: int, line: int, what: str):
    """An array that does not end, goes on after its end, or an endless text: all before it is given, then its line."""
    parts = texts.split(io.BytesIO(stream), line_bytes_max=LINE_BYTES_MAX)
    for _ in range(given):
        next(parts)
    with pytest.raises(texts.Broken, match=what) as broken:
        next(parts)
    assert broken.value.line == line


def test_a_line_beyond_the_limit_is_cut_and_the_next_is_read():
    """One line of a gigabyte costs no gigabyte: it is cut behind the limit, which whoever reads it will refuse."""
    [first, second] = split(b"x" * 5 * LINE_BYTES_MAX + b"\n{}\n")
    assert (len(first[1]), second) == (LINE_BYTES_MAX + 1, (2, b"{}"))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64])
def test_it_does_not_matter_where_a_stream_was_cut(monkeypatch: pytest.MonkeyPatch, chunk: int):
    """Strings, escapes and brackets on both sides of a cut are read as they were written."""
    monkeypatch.setattr(texts, "_CHUNK_BYTES", chunk)
    chance = random.Random(chunk)  # noqa: S311  seeded, so that a failure comes again
    written = [{"text": 'x"\\[]{},\n' * chance.randrange(4), "parts": [{"n": n}]} for n in range(50)]
    for stream in (json.dumps(written), json.dumps(written, indent=1), "\n".join(json.dumps(one, indent=2) for one in written)):
        assert [json.loads(text) for _, text in split(stream.encode())] == written
