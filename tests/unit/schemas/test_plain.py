"""The quick reader of JSON: what it takes, whoever reads with care takes too, and reads the same."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portfolio_schemas import codec, plain
from portfolio_schemas.codec import DEPTH_MAX, Unreadable
from tests.bench import events

SCALARS = ["0", "-0", " -0", "7", "9007199254740992", "1.5", "1e3", "NaN", "true", "null"]
TEXTS = ['"a"', '""', '"b\\""', '"\\\\"', '"\\":"', '"c:-0"', '" :"', '"\\u0061"', '"\\u0022"', '"\\ud800"', '"\u00e9"', '"\x7f"']
COLONS = [":", ": ", " :", "\n:\t"]


def _object(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.tuples(st.sampled_from(TEXTS), st.sampled_from(COLONS), inner).map("".join)
    return st.lists(members, max_size=4).map(lambda parts: "{" + ",".join(parts) + "}")


def _array(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=4).map(lambda parts: "[" + ", ".join(parts) + "]")


DOCUMENTS = st.recursive(st.sampled_from(SCALARS + TEXTS), lambda inner: _object(inner) | _array(inner), max_leaves=12)


@settings(max_examples=1000)
@given(DOCUMENTS)
@example('{"a":1,"a":1}')
@example('{"a":1,"\\u0061":1}')
@example('{"a":"","a":"\\\\"}')
@example("[-0]")
@example("[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1))
def test_it_takes_nothing_but_what_is_taken_with_care(document: str):
    """Names that stand twice, escaped or not, floats, -0, numbers beyond the limits, surrogates, depth: never here."""
    raw = document.encode("utf-8")
    quickly = plain.read(raw)
    try:
        carefully = codec._read_carefully(raw)
    except Unreadable:
        assert quickly is plain.UNSURE
    else:
        assert quickly is plain.UNSURE or repr(quickly) == repr(carefully)


def test_it_takes_what_publishers_write():
    """Compact or with spaces, with texts in any language and with quotes in them."""
    for event in events.story("bench", seed=1, length=100):
        raw = events.written({**event, "reason": 'She said "\u00fcber".\n', "x": [0, -3, {"y": None}]})
        assert plain.read(raw) == codec._read_carefully(raw)
        assert plain.read(raw.replace(b'":', b'": ')) == codec._read_carefully(raw)
