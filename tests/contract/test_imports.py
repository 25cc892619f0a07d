"""The import rules are checked, and each of them notices when it is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "portfolio_schemas": "schemas/portfolio_schemas/src/portfolio_schemas",
    "portfolio_log": "schemas/portfolio_log/src/portfolio_log",
    "portfolio_ledger": "services/ledger/src/portfolio_ledger",
    "portfolio_projector": "services/projector/src/portfolio_projector",
    "portfolio_deploy": "deploy/src/portfolio_deploy",
}
BREACHES = {
    "The published language is pure: pydantic and nothing else that is not Python's own": (
        "portfolio_schemas",
        "import asyncpg",
    ),
    "The log package knows the published language and Kafka, no service": ("portfolio_log", "import fastapi"),
    "The rules of the domain are pure: no input or output, no clock, no chance, no logging": (
        "portfolio_ledger.domain",
        "import asyncio",
    ),
    "Services never import each other": ("portfolio_ledger", "import portfolio_projector"),
    "Services do not import what deploys them": ("portfolio_projector", "import portfolio_deploy"),
    "Folds are pure: a read model's state changes by facts alone": ("portfolio_projector.folding", "import asyncpg"),
    "Configuration is read at the entry points only": ("portfolio_ledger.judging", "import portfolio_ledger.settings"),
}
"""For each contract, by its name, an import that breaks it and where it is put."""


def check(packages: Path) -> subprocess.CompletedProcess[str]:
    """Check the import rules of the project on the packages in a folder."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=packages,
        env={**os.environ, "PYTHONPATH": str(packages), "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A copy of all packages, to be broken."""
    for name, source in PACKAGES.items():
        shutil.copytree(ROOT / source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_has_a_breach_to_try():
    """A contract that nobody has seen broken may be one that cannot break."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == set(BREACHES)


def test_the_project_keeps_its_contracts(packages: Path):
    """The copy is as good as the original: what fails below fails for the breach alone."""
    checked = check(packages)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_broken_contract_is_noticed(packages: Path, contract: str):
    """One import that breaks the contract fails the check, and the report names the contract."""
    module, statement = BREACHES[contract]
    (packages.joinpath(*module.split("."), "breach.py")).write_text(f"{statement}\n")
    checked = check(packages)
    assert checked.returncode == 1
    assert f"{contract} BROKEN" in checked.stdout
