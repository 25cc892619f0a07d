"""Compressed answers: gzip for those who take it, each form of an answer under a tag of its own.

Streams of events stay as they are: they must not wait in a compressor. What is small is not worth the time.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CODING = "gzip"
SIZE_MIN = 1024
"""Bytes from which on an answer is compressed."""

_LEVEL = 5
"""Of zlib: a twentieth more bytes than the best level, in a fraction of its time."""


class Compressed:
    """Compresses the answers of an application, and names what differs by it: `Vary`, and a tag for each form."""

    def __init__(self, application: ASGIApp) -> None:
        self._plain = application
        self._zipped = GZipMiddleware(application, minimum_size=SIZE_MIN, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._plain(scope, receive, send)
            return

        async def name(message: Message) -> None:
            if message["type"] == "http.response.start":
                _name(MutableHeaders(raw=message["headers"]))
            await send(message)

        takes = takes_gzip(", ".join(Headers(scope=scope).getlist("accept-encoding")))
        await (self._zipped if takes else self._plain)(scope, receive, name)


def takes_gzip(accepted: str) -> bool:
    """Tell whether a client takes gzip, by its Accept-Encoding: what it weighs with 0 it does not."""
    weights = dict[str, str]()
    for one in accepted.lower().split(","):
        coding, _, rest = one.partition(";")
        weights[coding.strip()] = rest.replace(" ", "")
    weight = weights.get(CODING, weights.get("*"))
    return weight is not None and weight.strip("0.") != "q="


def tag_of(tag: str) -> str:
    """Return the tag of the plain form of an answer, given that of any form, weak or not."""
    plain = tag.strip().removeprefix("W/")
    return f'{plain.removesuffix(_SUFFIX)}"' if plain.endswith(_SUFFIX) else plain


_SUFFIX = f'-{CODING}"'


def _name(headers: MutableHeaders) -> None:
    """Name the form that is sent."""
    if headers.get("content-type", "").startswith("text/event-stream"):
        return
    varies = [one.strip() for one in ", ".join(headers.getlist("vary")).split(",") if one.strip()]
    headers["Vary"] = ", ".join(dict.fromkeys([*varies, "Accept-Encoding"]))
    tag = headers.get("etag")
    if tag is not None and headers.get("content-encoding") == CODING:
        headers["ETag"] = f"{tag[:-1]}{_SUFFIX}"
