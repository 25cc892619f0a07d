"""Bodies: the three forms in which CloudEvents come over HTTP, read into events. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from portfolio_ledger.http.problems import Problem
from portfolio_ledger.intake import elements
from portfolio_ledger.intake.elements import Element, Elements, Unreadable
from portfolio_schemas import codec, codes, envelope
from portfolio_schemas.envelope import Event

BATCH_SIZE_MAX = 4 * 1024 * 1024

_STRUCTURED = ("application/cloudevents+json", "application/json")
_BATCH = "application/cloudevents-batch+json"
_PREFIX = "ce-"
_SINGLE_VALUED = ("content-type", "if-match", "content-encoding")


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted. `verbatim`: the body's own bytes hold these events and may go into intake as they are."""

    batch: bool
    items: list[Element]
    verbatim: bytes | None


def read(body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Posted:
    """Read a body by its headers.

    Raises:
        Problem: when it fails whole. A single event that is unreadable is such a failure; one in a batch is not.

    """
    texts = _texts(headers)
    if texts.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(codes.UNSUPPORTED_MEDIA_TYPE, "Send the body without a content encoding.")
    kind, _, parameters = texts.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if parameters and kind in (*_STRUCTURED, _BATCH) and not _is_utf8(parameters):
        raise Problem(codes.UNSUPPORTED_MEDIA_TYPE, "The only charset taken is UTF-8.")
    if kind == _BATCH:
        if "if-match" in texts:
            raise Problem(codes.MALFORMED, "If-Match is for a single event; in a batch each event has its `expectedversion`.")
        return _read_batch(body)
    binary = not kind.startswith("application/cloudevents") and any(name.startswith(_PREFIX) for name in texts)
    if binary and (not kind or kind == "application/json"):
        return _single(_read_binary(body, texts), None, texts)
    if kind not in _STRUCTURED:
        raise Problem(codes.UNSUPPORTED_MEDIA_TYPE, f"Send {_STRUCTURED[0]}, {_BATCH}, or JSON with ce- headers.")
    return _single(_read_text(body, size_max=envelope.EVENT_SIZE_MAX), body, texts)


def _read_batch(body: bytes) -> Posted:
    found = _read_text(body, size_max=BATCH_SIZE_MAX)
    if not found.array:
        raise Problem(codes.MALFORMED, "A batch is a JSON array of events.")
    readable = all(isinstance(item, Event) for item in found.items)
    return Posted(batch=True, items=found.items, verbatim=body if readable else None)


def _read_text(body: bytes, *, size_max: int) -> Elements:
    try:
        return elements.read(body, size_max=size_max)
    except codec.Unreadable as error:
        raise Problem(codes.CODES[error.code], error.detail) from None


def _read_binary(body: bytes, texts: dict[str, str]) -> Elements:
    attributes = {name.removeprefix(_PREFIX): _decoded(name, text) for name, text in texts.items() if name.startswith(_PREFIX)}
    try:
        return Elements(array=False, items=[elements.read_binary(attributes, texts.get("content-type"), body)])
    except codec.Unreadable as error:
        raise Problem(codes.CODES[error.code], error.detail) from None


def _single(found: Elements, body: bytes | None, texts: dict[str, str]) -> Posted:
    if found.array:
        raise Problem(codes.MALFORMED, f"This is an array: send several events as {_BATCH}.")
    item = found.items[0]
    if isinstance(item, Unreadable):
        raise Problem(codes.CODES[item.code], item.detail, errors=item.errors)
    if "if-match" not in texts:
        return Posted(batch=False, items=[item], verbatim=body)
    version = _version(texts["if-match"])
    if item.expectedversion not in (None, version):
        raise Problem(codes.MALFORMED, f"If-Match says version {version}, `expectedversion` says {item.expectedversion}.")
    expecting = envelope.read_event({**item.document, "expectedversion": version})
    return Posted(batch=False, items=[expecting], verbatim=None)


def _version(text: str) -> int:
    digits = text.strip().removeprefix('"').removesuffix('"')
    version = codec.read_number(digits)
    if version is not None and len(digits) == len(text.strip()) - 2:
        return version
    raise Problem(codes.MALFORMED, 'If-Match names one version of the subject, such as "3".')


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    texts = dict[str, str]()
    for raw_name, raw in headers:
        name = raw_name.decode("latin-1")
        if name not in _SINGLE_VALUED and not name.startswith(_PREFIX):
            continue
        if name in texts:
            raise Problem(codes.MALFORMED, f"The header {name[:64]} stands twice.")
        texts[name] = raw.decode("latin-1")
    return texts


def _decoded(name: str, text: str) -> str:
    """Decode a header's value as the HTTP binding of CloudEvents has it: UTF-8, percent-encoded, perhaps quoted."""
    if not text.isascii():
        raise Problem(codes.MALFORMED, f"The header {name[:64]} is not ASCII: other characters are percent-encoded UTF-8.")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace("\\\\", "\\").replace('\\"', '"')
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise Problem(codes.MALFORMED, f"The header {name[:64]} is not percent-encoded UTF-8.") from None


def _is_utf8(parameters: str) -> bool:
    names = [part.strip().lower().replace('"', "") for part in parameters.split(";")]
    return all(not name.startswith("charset=") or name in ("charset=utf-8", "charset=utf8") for name in names)
