"""docker-compose.yml and the Dockerfile, as they are written: what they must keep to on every machine."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests import stacks

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "deploy" / "images" / "Dockerfile").read_text()

YAML_READER: Any = YAML(typ="safe")  # its types say too little
SERVICES: dict[str, dict[str, Any]] = YAML_READER.load(COMPOSE)["services"]
ONE_SHOT = {"demo", "migrate"}

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def stages() -> dict[str, tuple[str, str]]:
    """Return each stage of the Dockerfile by name: what it begins from, and its instructions."""
    found = re.findall(r"^FROM (\S+) AS (\S+)\n(.*?)(?=^FROM |\Z)", DOCKERFILE, flags=re.MULTILINE | re.DOTALL)
    return {name: (base, instructions) for base, name, instructions in found}


def test_the_file_follows_the_compose_specification():
    """As its own schema has it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_image_is_pinned():
    """To a version, in either file."""
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    images += re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", DOCKERFILE, flags=re.MULTILINE)
    assert images
    assert [image for image in images if not re.search(r":\d[\w.-]*$", image)] == []


def test_tests_run_on_the_images_that_users_run():
    """The same Kafka and the same PostgreSQL."""
    assert (SERVICES["kafka"]["image"], SERVICES["postgres"]["image"]) == (stacks.KAFKA_IMAGE, stacks.POSTGRES_IMAGE)


@every_service
def test_only_this_machine_reaches_a_port(service: dict[str, Any]):
    """And each can be moved by a variable where it is taken."""
    for port in service.get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{[A-Z_]+_PORT:-\d+\}:\d+", port)


@every_service
def test_no_service_runs_as_root(service: dict[str, Any]):
    """Those from elsewhere are told so; ours begin with a stage that has chosen its account."""
    if "image" in service:
        assert service["user"] not in {"root", "0"}
    else:
        base, instructions = stages()[service["build"]["target"]]
        assert base == "runtime"
        assert "USER" not in instructions
        assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", stages()["runtime"][1], flags=re.MULTILINE)


@every_service
def test_a_service_has_no_rights_that_it_does_not_need(service: dict[str, Any]):
    """No capabilities, none to be gained, and ours write to no file system."""
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("read_only") is True or service["image"].startswith("apache/kafka:")


def test_everything_that_stays_up_tells_its_health():
    """So that `up --wait` and `depends_on` mean something."""
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == ONE_SHOT


def test_everything_waits_for_what_it_stands_on():
    """The programs for Kafka and for the migrations, the migrations for PostgreSQL, reading for something to read."""
    for name in ("ledger", "projector", "read-api"):
        conditions = {other: wanted["condition"] for other, wanted in SERVICES[name]["depends_on"].items()}
        shown = {"demo": "service_completed_successfully"} if name == "read-api" else {}
        assert conditions == {"kafka": "service_healthy", "migrate": "service_completed_successfully", **shown}
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_a_variable_has_one_default():
    """A password that one service sets and another uses must be the same."""
    defaults: dict[str, set[str]] = {}
    for name, default in re.findall(r"\$\{([A-Z_]+):-([^${}]*)\}", COMPOSE.read_text()):
        defaults.setdefault(name, set()).add(default)
    assert "PORTFOLIO_LEDGER_PASSWORD" in defaults
    assert {name: values for name, values in defaults.items() if len(values) > 1} == {}


def test_images_install_what_is_pinned_and_what_lies_here():
    """Dependencies by hash; the workspace's own packages by path, since a bare name is looked up in the package index."""
    installs = re.findall(r"pip install ([^\n\\]*)", DOCKERFILE)
    assert len(installs) == 1 + 2 * 3
    for arguments in installs:
        own = [word for word in arguments.split() if not word.startswith(("-", "/"))]
        assert "--require-hashes" in arguments.split() or ("--no-deps" in arguments.split() and own)
        assert [word for word in own if not word.startswith("./")] == []


def test_images_build_with_every_builder():
    """The older one knows no mounts; a syntax line would fetch a frontend from a registry."""
    assert "--mount" not in DOCKERFILE
    assert "--chmod" not in DOCKERFILE
    assert not re.search(r"^#\s*syntax\s*=", DOCKERFILE, flags=re.MULTILINE | re.IGNORECASE)
