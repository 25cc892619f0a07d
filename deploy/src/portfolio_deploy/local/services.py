"""The services as programs of the local stack: their commands, their environment, how to know that they are ready."""

import asyncio
import http.client
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portfolio_deploy.local.programs import Program, Ready

PARTITIONS = 4  # enough for one machine; design: 12 elsewhere

_ANSWER_LIMIT_S = 2


def programs(*, kafka: str, ledger: str, projector: str, ports: Mapping[str, int]) -> tuple[Program, ...]:
    """Return ledger, projector and read API.

    Args:
        kafka: bootstrap servers.
        ledger: connection string of the ledger's role.
        projector: connection string of the projector's role.
        ports: where `ledger` and `read-api` listen on 127.0.0.1.

    """

    def service(name: str, title: str, module: str, command: str, postgres: str) -> Program:
        port = ports.get(name)
        settings = {
            "PORTFOLIO_KAFKA": kafka,
            "PORTFOLIO_POSTGRES": postgres,
            "PORTFOLIO_HOST": "127.0.0.1",
            "PORTFOLIO_CREATE_TOPICS": "true",
            "PORTFOLIO_PARTITIONS": str(PARTITIONS),
            **({} if port is None else {"PORTFOLIO_PORT": str(port)}),
        }
        return Program(
            name=name,
            title=title,
            command=(sys.executable, "-m", module, command),
            environment={**_inherited(), **settings},
            address=None if port is None else f"http://127.0.0.1:{port}",
            port=port,
            stop_limit_s=15,
            ready=_ready(port),
        )

    return (
        service("ledger", "ledger", "portfolio_ledger", "run", ledger),
        service("projector", "projector", "portfolio_projector", "run", projector),
        service("read-api", "read API", "portfolio_projector", "serve", projector),
    )


def _inherited() -> dict[str, str]:
    """Return the caller's environment without settings that are meant for another system."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}


def _ready(port: int | None) -> Ready:
    async def ready() -> bool:
        return port is None or (await asyncio.to_thread(look, port)).started

    return ready


@dataclass(frozen=True, kw_only=True)
class Still:
    """Something that stands still and waits for an operator: which, why, and the command that answers it.

    `read_model` alone stands still in the portfolio, or in what it says of one member; `entry` is where, if it is known.
    """

    what: str
    detail: str
    command: str
    partition: int | None = None
    portfolio: str | None = None
    read_model: str | None = None
    member: str | None = None
    entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Health:
    """What a service says of itself. `started` when only an operator can make it readier than it is."""

    ready: bool = False
    started: bool = False
    still: tuple[Still, ...] = ()


def look(port: int) -> Health:
    """Ask a service on 127.0.0.1 how it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWER_LIMIT_S)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return Health()
    finally:
        connection.close()
    ready = answer.status == http.client.OK
    lost, problems = said.get("lost", []), said.get("problems", [])
    waits_only = bool(lost) and len(problems) <= len(lost)
    return Health(
        ready=ready, started=ready or waits_only, still=tuple(dict.fromkeys(map(_still, [*lost, *said.get("stopped", [])])))
    )


def _still(said: dict[str, Any]) -> Still:
    detail, command = said["detail"], said["command"]
    if "code" in said:
        what = f"partition {said['partition']}, {said['code']}"
        return Still(what=what, detail=detail, command=command, partition=said["partition"])
    what, portfolio = f"portfolio {said['portfolio']}", said["portfolio"]
    if not command.startswith("portfolio resume"):  # the log of the portfolio, for all read models alike
        return Still(what=what, detail=detail, command=command, portfolio=portfolio)
    member = said.get("member")
    return Still(
        what=f"read model {said['read_model']} in {what}" if member is None else f"{said['read_model']} of {member} in {what}",
        detail=detail,
        command=command,
        portfolio=portfolio,
        read_model=said["read_model"],
        member=member,
        entry=said.get("entry"),
    )
