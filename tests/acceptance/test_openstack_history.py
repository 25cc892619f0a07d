"""Real histories through the whole system: eleven years of OpenStack's releases, and the schedules that they were planned by.

Of the releases the first 3,000 are imported; PORTFOLIO_TEST_RELEASES says how many, `all` for all 29,315.
"""

import os
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import httpx
import pytest

from tests.acceptance import importing
from tests.acceptance.importing import Document, Source

RELEASES = "openstack-releases/releases.jsonl"
SCHEDULES = "openstack-releases/schedules.jsonl"


def some_releases() -> list[Document]:
    """The releases, the first of them or all."""
    wanted, history = os.environ.get("PORTFOLIO_TEST_RELEASES", "3000"), importing.lines(RELEASES)
    return history if wanted == "all" else history[: int(wanted)]


def release_events(history: list[Document], portfolio: str) -> Iterator[Document]:
    """Each deliverable as a product that is conceived with its first release; what else the source says goes along unread."""
    source, conceived = Source("/openstack", portfolio), set[str]()
    yield source.opened(min(line["at"] for line in history))
    for number, line in enumerate(history):
        product = f"product/{line['deliverable']}"
        if product not in conceived:
            conceived.add(product)
            yield source.event(f"{number}.0", "product-conceived", product, {"name": line["deliverable"]}, time=line["at"])
        published = {
            "member": product,
            "version": line["version"],
            "series": line["series"],
            "repos": [{"repo": one["repo"], "sha": one["hash"]} for one in line["repos"]],
        }
        subject = f"release/{line['series']}-{line['deliverable']}-{line['version']}"
        more = {"team": line["team"], "deliverablekind": line["kind"], "releasemodel": line["model"], "commit": line["commit"]}
        yield source.event(f"{number}.1", "release-published", subject, published, time=line["at"], **more)


def line_of(event: Document) -> Document:
    """The line of the history that an event of the log came from."""
    data: dict[str, Any] = event["data"]
    return {
        "at": event["time"],
        "type": "ReleaseApproved",
        "series": data["series"],
        "deliverable": data["member"].removeprefix("product/"),
        "team": event.get("team"),
        "kind": event.get("deliverablekind"),
        "model": event.get("releasemodel"),
        "version": data["version"],
        "repos": [{"repo": one["repo"], "hash": one["sha"]} for one in data["repos"]],
        "commit": event["commit"],
    }


@importing.needs(RELEASES)
async def test_every_release_is_recorded_as_it_was_reported(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Nothing is refused; the log gives every line of the history back, field by field, in its order."""
    history = some_releases()
    everything = list(release_events(history, portfolio_id))
    flags = await importing.recorded(ledger, everything)
    assert [found for found in flags if found] == []

    entries = await importing.log(reader, portfolio_id, len(everything))
    assert [line_of(event) for event in entries if "release-published" in event["type"]] == history


@pytest.fixture(scope="module")
def schedules() -> list[Document]:
    """The schedules and their changes, in their order."""
    return importing.lines(SCHEDULES)


def plan(series: str, first: Document, dates: dict[str, str], version: int) -> Document:
    """A series as a baseline without a budget: one piece of work, from its start to its release, and milestones."""
    return {
        "version": version,
        "bac": {"minor": 0, "currency": "EUR"},
        "work_packages": [{"id": series, "name": series, "start": first["start"], "finish": first["release"]}],
        "milestones": [{"id": name, "name": name, "date": date} for name, date in dates.items()],
        "previous": version - 1 or None,
    }


def changed(dates: dict[str, str], line: Document) -> dict[str, str]:
    """The milestones after a line of the history."""
    if line["type"] == "MilestoneRemoved":
        return {name: date for name, date in dates.items() if name != line["milestone"]}
    return {**dates, line["milestone"]: line["new"]}


def schedule_events(history: list[Document], portfolio: str) -> Iterator[Document]:
    """Each series as an initiative; whatever one commit changes of its schedule as a change request and a new baseline."""
    source, versions = Source("/openstack", portfolio), Counter[str]()
    first, dates = dict[str, Document](), dict[str, dict[str, str]]()
    yield source.opened(history[0]["at"])
    for (series, commit), group in groupby(history, lambda line: (line["series"], line["commit"])):
        together = list(group)
        subject, time, identity = f"initiative/{series}", together[0]["at"], f"{series}-{commit}"
        request = f"change-request/{identity}"
        if together[0]["type"] == "BaselineSet":
            first[series], dates[series] = together.pop(0), {}
            dates[series] = dict(first[series]["events"])
            proposal = {"name": series, "mode": "waterfall", "currency": "EUR"}
            yield source.event(f"{identity}-proposed", "initiative-proposed", subject, proposal, time=time)
            yield source.event(f"{identity}-approved", "initiative-approved", subject, {}, time=time, actor="tc")
            yield source.event(f"{identity}-activated", "initiative-activated", subject, {}, time=time)
        else:
            raised = {"initiative": subject, "title": commit, "kind": "time"}
            yield source.event(f"{identity}-raised", "change-request-raised", request, raised, time=time)
            yield source.event(f"{identity}-granted", "change-request-approved", request, {}, time=time, actor="tc")
        for line in together:
            dates[series] = changed(dates[series], line)
        versions[series] += 1
        version = versions[series]
        content = plan(series, first[series], dates[series], version)
        change = {} if version == 1 else {"change_class": "internal_replan", "change_request": request}
        approval = {"version": version, "effective_date": time[:10], "change_class": "initial", **change}
        yield source.event(f"{identity}-plan", "baseline-proposed", subject, content, time=time)
        yield source.event(f"{identity}-baseline", "baseline-approved", subject, approval, time=time, actor="tc")


@importing.needs(SCHEDULES)
async def test_schedules_are_baselines_and_every_change_a_new_one(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str, schedules: list[Document]
):
    """Each is flagged as one of dates only, and lies in the log; the last one holds, with its milestones."""
    everything = list(schedule_events(schedules, portfolio_id))
    flags = await importing.recorded(ledger, everything)
    flagged = [event["id"] for event, found in zip(everything, flags, strict=True) if found]
    assert flagged == [event["id"] for event in everything if "baseline-proposed" in event["type"]]
    assert {flag for found in flags for flag in found} == {"SCHEDULE_ONLY"}

    superseded = len(flagged) - len({line["series"] for line in schedules})
    entries = await importing.log(reader, portfolio_id, len(everything) + superseded)
    assert list(importing.stated(entries)) == everything
    assert sum("baseline-superseded" in event["type"] for event in entries) == superseded
    for series, group in groupby(sorted(schedules, key=lambda line: line["series"]), lambda line: line["series"]):
        history, place = list(group), f"/portfolios/{portfolio_id}/initiatives/{series}/baselines"
        versions = len({line["commit"] for line in history})
        listed = (await reader.get(place)).json()["baselines"]
        states = [(one["version"], one["state"]) for one in listed]
        assert states == [(version, "Superseded") for version in range(1, versions)] + [(versions, "Approved")]
        dates = dict(history[0]["events"])
        for line in history[1:]:
            dates = changed(dates, line)
        current = (await reader.get(f"{place}/{versions}")).json()
        assert {one["id"]: one["date"] for one in current["plan"]["milestones"]} == dates
