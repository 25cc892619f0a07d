"""What `portfolio status` says of what stands still: to people in words, to programs as JSON."""

import json
from pathlib import Path

import pytest

from portfolio_deploy.local import status_page
from portfolio_deploy.local.services import Still
from portfolio_deploy.local.status import Part

STILL = Still(
    what="flow of product/pay in portfolio acme",
    detail="Entry 2 cannot be folded: ValueError: as a defect would [bold]",
    command="portfolio resume flow acme --skip 2 --reason TEXT",
    portfolio="acme",
    read_model="flow",
    member="product/pay",
    entry=2,
)
PARTS = [
    Part(name="read-api", title="read API", running=True, ready=True, address="http://127.0.0.1:8081", pid=7, still=(STILL,))
]


def test_people_read_what_stands_still_why_and_what_to_do(capsys: pytest.CaptureFixture[str]):
    """Beneath the table, word for word as the service says it."""
    status_page.print_table(Path(), PARTS)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"read API: {STILL.what} stands still. {STILL.detail}",
        f"  {STILL.command}",
    ]


def test_programs_read_each_part_of_it(capsys: pytest.CaptureFixture[str]):
    """What names the place is there beside the sentences; what does not matter is null."""
    status_page.print_json(Path(), PARTS)
    (part,) = json.loads(capsys.readouterr().out)["parts"]
    assert part["still"] == [
        {
            "what": STILL.what,
            "detail": STILL.detail,
            "command": STILL.command,
            "partition": None,
            "portfolio": "acme",
            "read_model": "flow",
            "member": "product/pay",
            "entry": 2,
        }
    ]
