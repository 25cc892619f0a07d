"""How `portfolio status` looks: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from portfolio_deploy.local.status import Part

_WIDTH_OF_A_FILE = 120


def print_table(directory: Path, parts: Sequence[Part]) -> None:
    """Print a line for each part."""
    table = Table("part", "runs", "ready", "address", "pid", box=None, title=None, pad_edge=False)
    for part in parts:
        table.add_row(part.title, *(_yes(part.running), _yes(part.ready)), part.address or "", str(part.pid or ""))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    console.print(table)
    for part in parts:
        for still in part.still:
            for line in (f"{part.title}: {still.what} stands still. {still.detail}", f"  {still.command}"):
                console.print(line, highlight=False, markup=False, soft_wrap=True)
    if not any(part.running for part in parts):
        console.print(f"Nothing runs on {directory.absolute()}; `portfolio up` starts it.", highlight=False)


def print_json(directory: Path, parts: Sequence[Part]) -> None:
    """Print one JSON document."""
    document = {
        "directory": str(directory.absolute()),
        "ready": all(part.ready for part in parts),
        "parts": [asdict(part) for part in parts],
    }
    print(json.dumps(document, indent=2))  # noqa: T201  # this is what was asked for


def _yes(answer: bool) -> str:  # noqa: FBT001  # a cell of the table, not a switch
    return "yes" if answer else "no"
