"""Anomalies and refusals over HTTP: every flag and every refusal once, in pages of any size, narrowed, at any moment."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

import httpx
import pytest

from portfolio_schemas.codes import CODES
from portfolio_schemas.entries import Entry
from portfolio_schemas.envelope import read_time
from tests.histories import History
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story
from tests.integration.projector.test_serving import got


@pytest.fixture(scope="module")
async def told(module_place: Place):
    """A read API over a story with flags, corrections of what is flagged, and refusals; and its entries."""
    story = Story("acme", 8)
    story.play(140)
    entries = list(story.history.entries)
    async with module_place.projecting(), module_place.serving() as client:
        await published(module_place, story, 0)
        yield client, entries


Told = tuple[httpx.AsyncClient, list[Entry]]


async def paged(client: httpx.AsyncClient, path: str, list_: str, *, limit: int, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  parameters
    """A whole list, page by page."""
    found, cursor = list[dict[str, Any]](), None
    while True:
        page = await got(client, path, limit=limit, **asked, **({"cursor": cursor} if cursor else {}))
        assert len(page[list_]) <= limit
        found += page[list_]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def flagged(entries: Iterable[Entry], *, as_of: int, day: date | None = None) -> list[tuple[Any, ...]]:
    """Every flag that was known at an entry of what was true by the end of a day, by the entries themselves, the newest first."""
    known = [entry for entry in entries if entry.entry <= as_of and entry.recorded]
    by_number = {entry.entry: entry for entry in known}
    corrected = {entry.said.corrects: entry.entry for entry in reversed(known) if entry.said.corrects is not None}
    until = datetime.max.replace(tzinfo=UTC) if day is None else datetime.combine(day, time.max, UTC)

    def held(entry: Entry) -> datetime:
        while entry.said.corrects is not None:
            entry = by_number[entry.said.corrects]
        return read_time(entry.said.time)

    return sorted(
        (
            (-entry.entry, code, entry.said.subject, corrected.get(entry.entry), held(entry))
            for entry in known
            if entry.flags and held(entry) <= until
            for code in entry.flags
        ),
        key=lambda one: one[:3],
    )


def shown(anomalies: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The same of an answer."""
    return [
        (-one["entry"], one["code"], one["subject"], one["corrected_by"], read_time(one["since"]))
        for one in anomalies
        if one["found_by"] == "ledger"
    ]


async def test_every_flag_is_there_once_at_any_moment(told: Told):
    """At some entries and days, in pages of some sizes: what a look through all entries finds, and whether it is still true."""
    client, entries = told
    head = entries[-1].entry
    assert any(corrected is not None for *_, corrected, _ in flagged(entries, as_of=head)), "something flagged is corrected"
    for as_of in (head, head // 2, head // 3, 5):
        for day in (None, date(2026, 3, 1), date(2026, 2, 1)):
            asked = {"as_of": as_of, **({"effective": day.isoformat()} if day else {})}
            expected = flagged(entries, as_of=as_of, day=day)
            for limit in (3, 1000):
                found = await paged(client, "/anomalies", "anomalies", limit=limit, **asked)
                assert shown(found) == expected
                assert [one["holds"] for one in found] == [one["corrected_by"] is None for one in found]
            whole = await got(client, "/anomalies", **asked)
            assert whole["total"] == len(expected)
            assert {one["code"]: one["count"] for one in whole["codes"]} == _counted(code for _, code, *_ in expected)


async def test_whom_a_flag_concerns_is_told_alike_on_pages_of_any_size(told: Told):
    """One entry is looked up with each member, many at once are not; the members are the same, and each narrows to its own."""
    client, _ = told
    alone, together = [
        {one["entry"]: one["members"] for one in await paged(client, "/anomalies", "anomalies", limit=limit) if flag(one)}
        for limit in (1, 1000)
    ]
    assert alone == together
    assert any(together.values())
    for member in {member for members in together.values() for member in members}:
        narrowed = await paged(client, "/anomalies", "anomalies", limit=1000, member=member)
        assert {one["entry"] for one in narrowed if flag(one)} == {
            entry for entry, members in together.items() if member in members
        }


def flag(anomaly: dict[str, Any]) -> bool:
    """Whether the ledger found it."""
    return anomaly["found_by"] == "ledger"


async def test_anomalies_are_narrowed_by_what_is_asked_for(told: Told):
    """By code, subject, source, member, and whether they are still true; together too. Sentences are those of the codes."""
    client, entries = told
    every = flagged(entries, as_of=entries[-1].entry)
    found = await paged(client, "/anomalies", "anomalies", limit=1000)
    silent = [(one["code"], one["subject"], one["members"], one["holds"]) for one in found if one["found_by"] == "reader"]
    assert silent == [("SILENT", member, [member], True) for _, member in sorted(_last_said(entries).items(), reverse=True)]
    assert await paged(client, "/anomalies", "anomalies", limit=1, code="SILENT") == [
        one for one in found if one["code"] == "SILENT"
    ]
    whole = [one for one in found if one["found_by"] == "ledger"]
    assert all(one["sentence"] == CODES[one["code"]].meaning for one in whole)
    assert all(one["members"] == ["product/pay"] for one in whole)
    assert {(one["source"], one["actor"]) for one in whole} == {("/tests", "tester")}
    subject = every[0][2]
    for asked, wanted in (
        ({"code": "UNKNOWN_STATE"}, [one for one in every if one[1] == "UNKNOWN_STATE"]),
        ({"subject": subject}, [one for one in every if one[2] == subject]),
        ({"subject": subject, "code": "STAGE_BACKWARD"}, [one for one in every if one[1:3] == ("STAGE_BACKWARD", subject)]),
        ({"source": "/tests"}, every),
        ({"source": "/elsewhere"}, []),
        ({"member": "product/pay"}, every),
        ({"member": "initiative/apollo"}, []),
        ({"holds": "true"}, [one for one in every if one[3] is None]),
        ({"holds": "false"}, [one for one in every if one[3] is not None]),
    ):
        assert shown(await paged(client, "/anomalies", "anomalies", limit=7, **asked)) == wanted
    for wrong in ({"code": "unknown"}, {"subject": "x"}, {"holds": "perhaps"}, {"cursor": "abc"}, {"sorce": "/tests"}):
        assert (await client.get("/portfolios/acme/anomalies", params=wrong)).status_code == 422


async def test_refusals_are_listed_with_what_was_wrong(told: Told):
    """All of them, the newest first, as they were known at an entry, narrowed by code, subject and source; as CSV too."""
    client, entries = told
    refused = [entry for entry in reversed(entries) if not entry.recorded]
    assert len(refused) > 5
    for as_of in (entries[-1].entry, entries[-1].entry // 2):
        expected = [entry.entry for entry in refused if entry.entry <= as_of]
        for asked in ({}, {"code": "UNKNOWN_ITEM"}, {"subject": "item/X"}, {"source": "/tests"}):
            found = await paged(client, "/refusals", "refusals", limit=2, as_of=as_of, **asked)
            assert [one["entry"] for one in found] == expected
            assert (await got(client, "/refusals", as_of=as_of, **asked))["total"] == len(expected)
        for other in ({"code": "MODE"}, {"subject": "item/Y"}, {"source": "/other"}):
            assert (await got(client, "/refusals", as_of=as_of, **other))["refusals"] == []
    last = (await got(client, "/refusals"))["refusals"][0]
    assert (last["code"], last["sentence"]) == ("UNKNOWN_ITEM", CODES["UNKNOWN_ITEM"].meaning)
    assert (last["detail"], last["actor"], last["id"], last["door"]) == ("It was refused.", "tester", f"r{last['entry']}", "http")
    table = await client.get("/portfolios/acme/refusals?limit=1000", headers={"Accept": "text/csv"})
    assert [int(row["entry"]) for row in csv.DictReader(io.StringIO(table.text))] == [entry.entry for entry in refused]
    assert (await client.get("/portfolios/acme/refusals?effective=2026-01-01")).status_code == 422


async def test_a_cursor_goes_on_while_entries_are_recorded(place: Place):
    """What is new comes before the first page; nothing of the rest is twice or missing."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
    for number in range(9):
        data = {"product": "product/pay", "title": "I", "kind": "feature", "after": None}
        history.add("item.item-added", f"item/I-{number}", data, ["UNUSUAL_SCORE"])
        history.refuse(f"item/I-{number}", "DONE")
    story = Story("acme", 1)
    story.history = history
    async with place.projecting(), place.serving() as client:
        await published(place, story, 0)
        for path, list_ in (("/anomalies", "anomalies"), ("/refusals", "refusals")):
            first = await got(client, path, limit=4)
            whole = [one["subject"] for one in (await got(client, path))[list_]]
            history.add("item.item-moved", "item/I-3", {"after": "item/I-1"}, ["UNUSUAL_SCORE"])
            history.refuse("item/I-3", "DONE")
            await published(place, story, 0)
            rest, cursor = list[dict[str, Any]](), first["next_cursor"]
            while cursor:
                page = await got(client, path, limit=4, cursor=cursor)
                rest, cursor = rest + page[list_], page["next_cursor"]
            assert [one["subject"] for one in first[list_] + rest] == whole


def _last_said(entries: Iterable[Entry]) -> dict[int, str]:
    """The members, by the last entry that is about each or about something of it."""
    last = dict[str, int]()
    for entry in entries:
        aggregate = entry.said.subject.partition("/")[0]
        if entry.recorded and aggregate != "portfolio":
            last["product/pay" if aggregate in {"item", "product"} else "initiative/apollo"] = entry.entry
    return {entry: member for member, entry in last.items()}


def _counted(codes: Iterable[str]) -> dict[str, int]:
    counts = dict[str, int]()
    for code in codes:
        counts[code] = counts.get(code, 0) + 1
    return counts
