"""`portfolio up` with stubs in place of the services.

    python stub_system.py DIR [NAME=refuse|NAME=deaf ...] [parent=watched]

A stub answers 200 and `{}` to everything on its port and ends at SIGTERM. `refuse` ends at once with a last word and exit code 3;
`deaf` does not listen to SIGTERM.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import up
from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.programs import Program
from portfolio_deploy.local.reports import Lines

_STUB = """
import http.server, os, signal, sys
behaviour = sys.argv[1]
if behaviour == "refuse":
    sys.exit("I was told to refuse")

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == "deaf" else lambda *_: os._exit(0))
port = os.environ.get("PORTFOLIO_PORT")
if port:
    http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Ready).serve_forever()
while True:
    signal.pause()
"""


def main() -> None:
    """Run until told to stop, as the command does."""
    behaviours = dict(argument.split("=") for argument in sys.argv[2:])

    def stubs(stack: LocalStack) -> Sequence[Program]:
        return [
            replace(program, command=(sys.executable, "-c", _STUB, behaviours.get(program.name, "good")), stop_limit_s=2)
            for program in up.own_services(stack)
        ]

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        asyncio.run(up.up(Path(sys.argv[1]), report=Lines(), with_parent="parent" in behaviours, programs=stubs))
    except StackError as error:
        sys.exit(f"portfolio: {error}")


if __name__ == "__main__":
    main()
