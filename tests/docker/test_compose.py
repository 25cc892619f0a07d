"""The whole system in containers, by docker-compose.yml alone: `make docker-check`.

The project has a name, ports and volumes of its own, so that it meets no other; at the end nothing of it is left.
"""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from portfolio_deploy.local.ports import Reservations

ROOT = Path(__file__).parents[2]
PROGRAMS = ("ledger", "projector", "read-api")
VARIABLES = {"ledger": "LEDGER_PORT", "read-api": "READ_API_PORT", "kafka": "KAFKA_PORT", "postgres": "POSTGRES_PORT"}

_UP_LIMIT_S = 1200  # the first time images are pulled and built
_STOP_LIMIT_S = 10
_LOOKS_ROUND = """
import os, shutil, tempfile
def writes(folder):
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
print('user', 'root' if os.getuid() == 0 else 'other')
print('writes', *(folder for folder in ('/', '/etc', '/opt/portfolio', '/tmp', '/var/lib') if writes(folder)))
print('tools', *(tool for tool in ('uv', 'gcc', 'cc', 'make', 'git') if shutil.which(tool)))
"""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A compose project, and where its services are on this machine."""

    ports: dict[str, int]
    name: str = field(default_factory=lambda: f"portfolio-check-{secrets.token_hex(4)}")

    def compose(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `docker compose` on the project; what it said is part of the failure when it must not fail."""
        done = subprocess.run(
            ["docker", "compose", "--project-name", self.name, "--progress", "plain", *arguments],  # noqa: S607  wherever docker is
            cwd=ROOT,
            env={**os.environ, **{variable: str(self.ports[name]) for name, variable in VARIABLES.items()}},
            capture_output=True,
            text=True,
            timeout=_UP_LIMIT_S,
            check=False,
        )
        if check and done.returncode != 0:
            logs = self.compose("logs", "--tail", "30", check=False).stdout
            pytest.fail(f"docker compose {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}\n{logs}", pytrace=False)
        return done

    def up(self, *options: str) -> None:
        """Bring it up, and wait until every service is healthy."""
        self.compose("up", "--wait", *options)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Return what compose says of each container, by service."""
        said = [json.loads(line) for line in self.compose("ps", "--all", "--format", "json").stdout.splitlines()]
        return {container["Service"]: container for container in said}

    def ledger(self) -> httpx.Client:
        """Return a client of the ledger."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.ports['ledger']}", timeout=30)

    def read_api(self) -> httpx.Client:
        """Return a client of the read API."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.ports['read-api']}", timeout=30)


@pytest.fixture(scope="module")
def project() -> Generator[Project]:
    """The running project."""
    reservations = Reservations()
    running = Project(ports=reservations.choose({}))
    try:
        running.up("--build")
        yield running
    finally:
        running.compose("down", "--volumes", "--remove-orphans", "--rmi", "local", check=False)
        reservations.release()


def opened(portfolio: str) -> dict[str, Any]:
    """Return the event that opens a portfolio."""
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "/docker-check",
        "type": "portfolio.portfolio.portfolio-opened.v1",
        "subject": f"portfolio/{portfolio}",
        "portfolio": portfolio,
        "time": "2026-01-05T09:00:00Z",
        "actor": "p-1",
        "data": {"name": "Docker check", "currency": "EUR"},
    }


def publish(project: Project, event: dict[str, Any]) -> httpx.Response:
    """Submit an event."""
    with project.ledger() as client:
        return client.post("/events", content=json.dumps(event), headers={"Content-Type": "application/cloudevents+json"})


def recorded(project: Project, portfolio: str) -> Sequence[Any]:
    """Return the entries of a portfolio up to its first, when the read API has it."""
    with project.read_api() as client:
        answer = client.get(f"/portfolios/{portfolio}/entries", params={"min_entry": 0})
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()["entries"]


def test_every_service_is_healthy(project: Project):
    """And the migrations and the loading of the demo have ended well."""
    containers = project.containers()
    for name in ("migrate", "demo"):
        ended = containers.pop(name)
        assert (ended["State"], ended["ExitCode"]) == ("exited", 0), name
    assert {name: container["Health"] for name, container in containers.items()} == dict.fromkeys(
        (*PROGRAMS, "kafka", "postgres"), "healthy"
    )


def test_an_empty_ledger_has_the_demo_once(project: Project):
    """It can be read when everything is up; started again, the loading has nothing to do, and without it nothing is done."""
    with project.read_api() as client:
        last = client.get("/portfolios/demo/overview").json()["entry"]
        assert last > 1000
        assert "The demo portfolio is loaded" in project.compose("logs", "demo").stdout
        for switch in ("yes", "no"):
            said = project.compose("run", "--rm", "--no-deps", "--env", f"DEMO={switch}", "demo").stdout
            assert "loaded" not in said
        assert client.get("/portfolios/demo/overview").json()["entry"] == last


def test_an_event_that_is_published_can_be_read(project: Project):
    """By the two ports that a user has."""
    receipt = publish(project, opened("acme"))
    assert receipt.status_code == httpx.codes.CREATED, receipt.text
    assert len(recorded(project, "acme")) == 1


def test_ports_are_open_to_this_machine_only(project: Project):
    """As Docker publishes them, whatever its defaults are."""
    publishers = [publisher for container in project.containers().values() for publisher in container["Publishers"]]
    published = {publisher["URL"] for publisher in publishers if publisher["PublishedPort"]}
    assert published == {"127.0.0.1"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_has_no_rights(project: Project, program: str):
    """It is not root, it can write nowhere but in /tmp, and what built its image is not there."""
    seen = project.compose("exec", "-T", program, "python", "-c", _LOOKS_ROUND).stdout
    assert seen.splitlines() == ["user other", "writes /tmp", "tools"]


def test_data_outlive_the_containers(project: Project):
    """After `down` and `up` the entries are there, and the ledger still knows what it recorded."""
    event = opened("outliving")
    first = publish(project, event)
    assert first.status_code == httpx.codes.CREATED, first.text
    entries = recorded(project, "outliving")
    project.compose("down")
    project.up()
    assert recorded(project, "outliving") == entries
    again = publish(project, event)
    assert (again.status_code, again.json()["verdict"]) == (httpx.codes.OK, "duplicate")
    assert again.json()["hash"] == first.json()["hash"]


def test_programs_stop_within_seconds(project: Project):
    """On SIGTERM, with exit code 0; and are healthy again when they are started again."""
    began = time.monotonic()
    project.compose("stop", "--timeout", "60", *PROGRAMS)
    assert time.monotonic() - began < _STOP_LIMIT_S
    assert {program: project.containers()[program]["ExitCode"] for program in PROGRAMS} == dict.fromkeys(PROGRAMS, 0)
    project.up()
    assert {program: project.containers()[program]["Health"] for program in PROGRAMS} == dict.fromkeys(PROGRAMS, "healthy")
