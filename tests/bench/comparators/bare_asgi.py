"""The floor of HTTP: uvicorn answers every request with the same bytes.

python -m tests.bench.comparators.bare_asgi PORT FILE
"""

import asyncio
import sys
from pathlib import Path

import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

_TYPE = (b"content-type", b"application/json")


def application(body: bytes) -> object:
    """Return an ASGI application that knows one answer."""
    headers = [_TYPE, (b"content-length", str(len(body)).encode())]

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:  # noqa: ARG001  of the protocol
        await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return answer


if __name__ == "__main__":
    config = uvicorn.Config(
        application(Path(sys.argv[2]).read_bytes()),  # type: ignore[arg-type]  # an ASGI application
        port=int(sys.argv[1]),
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    asyncio.run(uvicorn.Server(config).serve())
