"""Heads of requests: what HTTP servers let through and this one does not, and how it is refused. Pure."""

import json
from collections.abc import Sequence

from portfolio_schemas import titles

HEADERS_MAX = 100
HEADERS_SIZE_MAX = 16 * 1024
TARGET_SIZE_MAX = 4 * 1024

RETRY_SECONDS = 2

Headers = Sequence[tuple[bytes, bytes]]

_VERSIONS = ("1.0", "1.1")
_LENGTH_DIGITS_MAX = 15


class Refused(Exception):
    """A request that the application never sees: a status, a code, a sentence, as RFC 9457 has it."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail

    @property
    def title(self) -> str:
        """What the status is called."""
        return titles.title(self.status)

    @property
    def body(self) -> bytes:
        """The problem document."""
        fields = {"status": self.status, "code": self.code, "detail": self.detail, "errors": list[object]()}
        return json.dumps({"type": "about:blank", "title": self.title, **fields}).encode()

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of the answer, after which the connection is closed."""
        return [
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(self.body)),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
            *([(b"retry-after", b"%d" % RETRY_SECONDS)] if self.status in {429, 503} else ()),
        ]


def check(method: bytes, version: str, target: bytes, headers: Headers) -> None:
    """Check a head that the parser took.

    Raises:
        Refused: when two servers may read it in two ways, when it is for another host, or too large.

    """
    if version not in _VERSIONS:
        raise _malformed("Speak HTTP/1.1.")
    if method == b"CONNECT":
        raise _malformed("This is no proxy.")
    _check_sizes(target, headers)
    _check_host(version, target, headers)
    _check_length(version, headers)


def _check_sizes(target: bytes, headers: Headers) -> None:
    if len(headers) > HEADERS_MAX or sum(len(name) + len(value) for name, value in headers) > HEADERS_SIZE_MAX:
        detail = f"A request has at most {HEADERS_MAX} headers of {HEADERS_SIZE_MAX} bytes together."
        raise Refused(431, "HEADERS_TOO_LARGE", detail)
    if len(target) > TARGET_SIZE_MAX:
        raise Refused(414, "TARGET_TOO_LONG", f"A path and its query have at most {TARGET_SIZE_MAX} bytes.")


def _check_host(version: str, target: bytes, headers: Headers) -> None:
    hosts = _values(headers, b"host")
    if len(hosts) > 1 or (version == "1.1" and not hosts):
        raise _malformed("A request has one Host header.")
    if not target.startswith(b"/") and b"://" in target and [_authority(target)] != [host.lower() for host in hosts]:
        raise _malformed("The target names another host than the Host header.")


def _check_length(version: str, headers: Headers) -> None:
    lengths, encodings = _values(headers, b"content-length"), _values(headers, b"transfer-encoding")
    if lengths and encodings:
        raise _malformed("A request has Content-Length or Transfer-Encoding, not both.")
    if len(lengths) > 1 or len(encodings) > 1:
        raise _malformed("Content-Length or Transfer-Encoding stands twice.")
    if lengths and not (lengths[0].isdigit() and len(lengths[0]) <= _LENGTH_DIGITS_MAX):
        raise _malformed("Content-Length is no number.")
    if encodings and (version == "1.0" or encodings[0].lower() != b"chunked"):
        raise _malformed("The only Transfer-Encoding taken is chunked, of HTTP/1.1.")


def length(headers: Headers) -> int | None:
    """Return how long the body of a sound head is; None where that is not known before its end."""
    if _values(headers, b"transfer-encoding"):
        return None
    return int(next(iter(_values(headers, b"content-length")), b"0"))


def _malformed(detail: str) -> Refused:
    return Refused(400, "MALFORMED", detail)


def _values(headers: Headers, wanted: bytes) -> list[bytes]:
    return [value for name, value in headers if name == wanted]


def _authority(target: bytes) -> bytes:
    """Return the host and port of a target in absolute form."""
    rest = target.partition(b"://")[2]
    return rest.partition(b"/")[0].partition(b"?")[0].rpartition(b"@")[2].lower()
