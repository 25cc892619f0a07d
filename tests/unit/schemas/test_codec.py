"""The strict reader of JSON and the canonical form."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_schemas import codec
from portfolio_schemas.codec import DEPTH_MAX, INTEGER_MAX, Json, Unreadable, canonical, digest, read_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.text(st.characters(max_codepoint=127), max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200)
@given(VALUES)
def test_what_is_written_is_read_again(value: Json):
    """Reading the canonical form gives the value, and its canonical form is itself."""
    raw = canonical(value)
    assert read_json(raw, size_max=len(raw)) == value
    assert canonical(json.loads(raw)) == raw


@settings(max_examples=200)
@given(VALUES)
def test_python_s_own_encoder_writes_the_same(value: Json):
    """A publisher without msgspec comes to the same digest as the ledger, which has it."""
    assert codec._encode is not codec._encode_by_json
    assert codec._encode_by_json(value) == canonical(value)


def test_the_canonical_form_is_that_of_rfc_8785():
    """Sorted names, no white space, the short escapes, lower-case hex for the rest, everything else as it is."""
    value: Json = {"b": '\u20ac$\u000f\nA\'B"\\\\"/\u007f', "a": [1, True, None], "A": {}}
    assert canonical(value) == '{"A":{},"a":[1,true,null],"b":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"}'.encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"[1] // comment", "not JSON"),
        (b"NaN", "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"1.0", "float"),
        (b"[1e400]", "float"),
        (b"-0", "-0"),
        (b"[9007199254740992]", "2^53"),
        (b"-" + b"9" * 5000, "2^53"),
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":1,"\\u0061":1}', "twice"),
        ('{"é":1}'.encode(), "ASCII"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ('{"a":1}'.encode("utf-16"), "UTF-8"),
        (b'"\xc0\xaf"', "UTF-8"),
        (b'"\\ud800"', "surrogate"),
        (b"[" * 100_000, "deeper"),
        (b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1), "deeper"),
    ],
)
def test_what_is_outside_the_profile_is_named(raw: bytes, says: str):
    """Each kind of bad text has an error that names it; none of them is an error of the interpreter."""
    with pytest.raises(Unreadable) as caught:
        read_json(raw, size_max=1_000_000)
    assert caught.value.code == "MALFORMED"
    assert says in caught.value.detail


def test_the_largest_of_everything_is_read():
    """The limits themselves are within."""
    deep = b"[" * DEPTH_MAX + b"]" * DEPTH_MAX
    assert canonical(read_json(deep, size_max=len(deep))) == deep
    assert read_json(str(-INTEGER_MAX).encode(), size_max=100) == -INTEGER_MAX
    assert read_json(b'"\\ud83d\\ude00"', size_max=100) == "\U0001f600"


def test_the_size_is_checked_before_anything_is_parsed():
    """A text over the limit is TOO_LARGE even where it is no JSON."""
    with pytest.raises(Unreadable) as caught:
        read_json(b"[" * 11, size_max=10)
    assert caught.value.code == "TOO_LARGE"


def test_the_digest_leaves_out_only_the_expected_version():
    """A retry with another expectation is the same event; any other change makes another."""
    assert digest({"id": "1", "expectedversion": 3}) == digest({"id": "1"})
    assert digest({"id": "1", "reason": "x"}) != digest({"id": "1"})


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "a\nb",
        "a\x7fb",
        "a\x85b",
        "a\u200bb",
        "a\u2028b",
        "\U0001f600",
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_text_is_surely_printable_only_where_every_character_is(text: str, *, ascii_only: bool):
    """However a character that may not be printable is written, a JSON text that holds it is not told to be printable."""
    assert codec.is_printable(json.dumps(["plain ~ text"]).encode())
    assert not codec.is_printable(json.dumps([text], ensure_ascii=ascii_only).encode())
