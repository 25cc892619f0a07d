"""A real history through the whole system: tasks of two Agile projects, two in five of them finished before they were created."""

import csv
from collections.abc import Iterator

import httpx

from tests.acceptance import importing
from tests.acceptance.importing import Document, Source

HISTORY = "jira-tasks/rueedlinger_jira.csv"

pytestmark = importing.needs(HISTORY)


def tasks() -> list[dict[str, str]]:
    """The history, a task a row."""
    with (importing.FOLDER / HISTORY).open(newline="") as file:
        return list(csv.DictReader(file))


def at(day: str) -> str:
    """The beginning of a day: the source knows days."""
    return f"{day}T00:00:00Z"


def events(rows: list[dict[str, str]], portfolio: str) -> Iterator[Document]:
    """The projects as agile initiatives, each task as an item that is added, started as soon as it is there, and completed."""
    source, start = Source("/jira", portfolio), at(min(min(row["created_date"], row["finished_date"]) for row in rows))
    yield source.opened(start)
    for project in sorted({row["project"] for row in rows}):
        data = {"name": f"Project {project}", "mode": "agile", "currency": "EUR"}
        yield source.event(f"project-{project}", "initiative-proposed", f"initiative/P{project}", data, time=start)
    for row in rows:
        subject, created, finished = f"item/{row['id']}", at(row["created_date"]), at(row["finished_date"])
        item = {"backlog": f"initiative/P{row['project']}", "title": f"Task {row['task']}", "kind": "feature"}
        yield source.event(f"{row['id']}-added", "item-added.v2", subject, item, time=created)
        yield source.event(f"{row['id']}-started", "item-started", subject, {}, time=created)
        yield source.event(f"{row['id']}-completed", "item-completed", subject, {}, time=finished)


async def test_tasks_that_finish_before_they_were_created_are_recorded_and_flagged(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Exactly those are flagged whose days disagree; every row can be read back from the log as it was."""
    rows = tasks()
    everything = list(events(rows, portfolio_id))
    flags = await importing.recorded(ledger, everything)
    flagged = {event["id"] for event, found in zip(everything, flags, strict=True) if found}
    assert flagged == {f"{row['id']}-completed" for row in rows if row["finished_date"] < row["created_date"]}
    assert {flag for found in flags for flag in found} == {"DATES_DISAGREE"}

    entries = await importing.log(reader, portfolio_id, len(everything))
    days = {(event["subject"], event["type"].split(".")[2]): event["time"][:10] for event in entries}
    read = [(days[f"item/{row['id']}", "item-added"], days[f"item/{row['id']}", "item-completed"]) for row in rows]
    assert read == [(row["created_date"], row["finished_date"]) for row in rows]
    homes = {event["subject"]: event["data"] for event in entries if "item-added" in event["type"]}
    assert len(homes) == len(rows)
    assert all(homes[f"item/{row['id']}"]["backlog"] == f"initiative/P{row['project']}" for row in rows)
