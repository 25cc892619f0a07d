"""Flow and backlog as readers see them: worked examples through the whole system, on both time axes."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.unit.projector import flows

Document = dict[str, Any]


def event(portfolio: str, number: int, kind: str, subject: str, data: Document, **attributes: Any) -> Document:  # noqa: ANN401  JSON
    """A CloudEvent."""
    return {
        "specversion": "1.0",
        "source": "/tests",
        "id": str(number),
        "type": f"portfolio.{kind}.v1",
        "subject": subject,
        "time": "2018-01-01T00:00:00Z",
        "portfolio": portfolio,
        "actor": "ann",
        "data": data,
        **attributes,
    }


def opened(portfolio: str) -> list[Document]:
    """A portfolio with a product."""
    return [
        event(portfolio, 0, "portfolio.portfolio-opened", f"portfolio/{portfolio}", {"name": "Acme", "currency": "EUR"}),
        event(portfolio, 1, "product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"}),
    ]


async def post(ledger: httpx.AsyncClient, events: list[Document]) -> list[Document]:
    """Post events and return their receipts."""
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    answer = await ledger.post("/events", content=json.dumps(events), headers=headers)
    assert answer.status_code == 200, answer.text
    receipts: list[Document] = answer.json()["receipts"]
    return receipts


async def read(reader: httpx.AsyncClient, path: str, **parameters: Any) -> Document:  # noqa: ANN401  what a query holds
    """Read an answer."""
    answer = await reader.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    return document


async def order(reader: httpx.AsyncClient, portfolio: str, **parameters: Any) -> list[str]:  # noqa: ANN401  what a query holds
    """The items of the product in order."""
    found = await read(reader, f"/portfolios/{portfolio}/products/pay/backlog", **parameters)
    return [item["item"] for item in found["items"]]


BACKLOG: list[tuple[str, str, Document, list[str]]] = [
    ("added", "A", {"after": None}, ["A"]),
    ("added", "B", {"after": "item/A"}, ["A", "B"]),
    ("added", "C", {"after": "item/B"}, ["A", "B", "C"]),
    ("added", "D", {"after": None}, ["D", "A", "B", "C"]),
    ("moved", "C", {"after": "item/D"}, ["D", "C", "A", "B"]),
    ("started", "D", {}, ["D", "C", "A", "B"]),
    ("moved", "A", {"after": "item/B"}, ["D", "C", "B", "A"]),
    ("completed", "D", {}, ["C", "B", "A"]),
    ("split", "B", {"into": [{"item": "item/B1", "title": "B1"}, {"item": "item/B2", "title": "B2"}]}, ["C", "B1", "B2", "A"]),
    ("dropped", "A", {}, ["C", "B1", "B2"]),
]
"""What happens to a backlog, and its order after each."""

REFUSED: list[tuple[str, str, Document, str]] = [
    ("moved", "D", {"after": "item/C"}, "CLOSED_ITEM"),
    ("moved", "C", {"after": "item/C"}, "AFTER_ITSELF"),
    ("added", "C", {"after": None}, "ALREADY_EXISTS"),
    ("moved", "B1", {"after": "item/B"}, "CLOSED_ITEM"),
    ("completed", "Z", {}, "UNKNOWN_AGGREGATE"),
    ("completed", "C", {}, "NEVER_STARTED"),
]
"""What is refused then, and why."""


def told(portfolio: str) -> Iterator[Document]:
    """The events of the backlog, one a day."""
    for number, (what, item, body, _) in enumerate([*BACKLOG, *REFUSED], start=2):
        data = {"product": "product/pay", "title": item, "kind": "feature", **body} if what == "added" else body
        attributes = {"time": f"2018-01-{number:02}T12:00:00Z", "reason": "so it is"}
        yield event(portfolio, number, f"item.item-{what}", f"item/{item}", data, **attributes)


async def test_the_order_of_a_backlog_at_every_entry_and_on_every_day(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """The order after each event, by entry and by day; what is refused changes none; and every move with its places."""
    receipts = await post(ledger, [*opened(portfolio_id), *told(portfolio_id)])
    assert [receipt["code"] for receipt in receipts[2 + len(BACKLOG) :]] == [code for *_, code in REFUSED]
    head = receipts[-1]["entry"]
    assert await order(reader, portfolio_id, min_entry=head) == BACKLOG[-1][-1]
    for entry, (*_, expected) in enumerate(BACKLOG, start=2):
        assert await order(reader, portfolio_id, as_of=entry) == expected
        assert await order(reader, portfolio_id, effective=f"2018-01-{entry:02}") == expected
    assert await order(reader, portfolio_id, as_of=head) == BACKLOG[-1][-1]

    path = f"/portfolios/{portfolio_id}/products/pay/backlog/history"
    history = (await read(reader, path, item="C"))["moves"]
    assert [(move["entry"], move["move"], move["was_after"], move["after"]) for move in history] == [
        (4, "added", None, "B"),
        (6, "moved", "B", "D"),
    ]
    assert {(move["actor"], move["reason"]) for move in history} == {("ann", "so it is")}
    everything = (await read(reader, path))["moves"]
    assert [move["item"] for move in everything if move["move"] == "moved"] == ["C", "A"]
    for entry in range(2, head + 1):
        until = [move for move in everything if move["entry"] <= entry]
        assert (await read(reader, path, as_of=entry))["moves"] == until
        assert (await read(reader, path, effective=f"2018-01-{entry:02}"))["moves"] == until


async def test_why_an_item_was_dropped_is_what_its_correction_says_from_then_on(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Before the correction was recorded the old reason was known; on the day itself the right one was true."""
    events = [*opened(portfolio_id), *list(told(portfolio_id))[:10]]
    dropped = {"reason": "too dear", "corrects": 11, "time": "2018-02-01T00:00:00Z", "actor": "bob"}
    receipts = await post(ledger, [*events, event(portfolio_id, 99, "item.item-dropped", "item/A", {}, **dropped)])
    assert receipts[-1]["verdict"] == "recorded", receipts[-1]
    path = f"/portfolios/{portfolio_id}/products/pay/backlog/history"

    async def why(**parameters: Any) -> list[tuple[str, str, int | None]]:  # noqa: ANN401  what a query holds
        moves = (await read(reader, path, item="A", min_entry=12, **parameters))["moves"]
        return [(move["reason"], move["actor"], move["corrected_by"]) for move in moves if move["move"] == "dropped"]

    assert await why() == [("too dear", "bob", 12)]
    assert await why(as_of=11) == [("so it is", "ann", None)]
    assert await why(effective="2018-01-11") == [("too dear", "bob", 12)]
    assert await why(effective="2018-01-10") == []


def eighteen(portfolio: str) -> list[Document]:
    """Eighteen items through five states, as events."""
    made = flows.tell(flows.history(), flows.ENTERED)
    found = opened(portfolio)[:1]
    for number, entry in enumerate(made.entries, start=1):
        said: Document = json.loads(entry.value)["event"]
        found.append({**said, "id": str(number), "portfolio": portfolio})
    return found


async def test_how_eighteen_items_flowed(ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str):
    """The published example to the last digit, with the workflow that it rests on; and the same as CSV."""
    receipts = await post(ledger, eighteen(portfolio_id))
    assert {receipt["verdict"] for receipt in receipts} == {"recorded"}
    path = f"/portfolios/{portfolio_id}/products/pay/flow"
    asked = {"from": "2018-01-01", "to": "2018-01-09", "effective": "2018-01-10", "percentiles": "0.1,0.5,0.9"}
    found = await read(reader, path, min_entry=receipts[-1]["entry"], **asked)
    assert [list(day["states"].values()) for day in found["cfd"]] == [
        [16, 0, 0, 0, 0],
        [17, 9, 0, 0, 0],
        [18, 13, 8, 0, 0],
        [18, 14, 10, 3, 0],
        [18, 15, 11, 8, 0],
        [18, 15, 12, 8, 0],
        [18, 15, 12, 8, 2],
        [18, 15, 12, 9, 4],
        [18, 15, 12, 9, 6],
    ]
    assert [day["wip"] for day in found["cfd"]] == [0, 9, 13, 14, 15, 15, 13, 11, 9]
    assert [one["value"] for one in found["cycle_time"]["percentiles"]] == ["4.5", "5", "5"]
    assert {one["item"]: one["age_days"] for one in found["in_work"]["items"]} == {
        **{f"A-{n}": 8 for n in (4, 7, 8, 9, 10, 11, 12)},
        **{f"A-{n}": 7 for n in (5, 6)},
    }
    assert (found["basis"]["workflow"]["version"], found["basis"]["committed"]) == (1, "Committed")
    csv = await reader.get(path, params=asked, headers={"Accept": "text/csv"})
    assert csv.text.splitlines()[9].split(",")[:7] == ["2018-01-09", "18", "18", "15", "12", "9", "6"]
    assert (await reader.get(path, params={"from": "2018-01-09", "to": "2018-01-01"})).json()["code"] == "WINDOW"
    assert (await reader.get(path.replace("pay", "web"))).json()["code"] == "UNKNOWN_PRODUCT"


async def test_flow_at_any_past_moment_is_what_it_was(ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str):
    """As of the entry at which an item was done, it was; as of the one before, it was in work; and on days likewise."""
    events = eighteen(portfolio_id)
    receipts = await post(ledger, events)
    done = next(n for n, one in enumerate(events) if one["type"].startswith("portfolio.item.item-completed"))
    path = f"/portfolios/{portfolio_id}/products/pay/flow"
    await read(reader, path, min_entry=receipts[-1]["entry"])
    for entry, completed in ((done - 1, 0), (done, 1)):
        found = await read(reader, path, as_of=entry, **{"from": "2018-01-01", "to": "2018-01-31"})
        assert (found["cycle_time"]["completed"], found["settled"]) == (completed, True)
    for day, completed in (("2018-01-06", 0), ("2018-01-07", 2), ("2018-01-08", 4)):
        found = await read(reader, path, effective=day, **{"from": "2018-01-01", "to": "2018-01-31"})
        assert found["cycle_time"]["completed"] == completed


async def test_scored_items_stand_where_they_should_or_elsewhere(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """By score, of equals the smaller job first, beside the place in the order; now, and before one of them was scored."""
    scores = {"FA": ("8", "5", "3", "4"), "FB": ("6", "9", "2", "3"), "Y": ("8", "3", "5", "4"), "X": ("5", "1", "2", "2")}
    events, names = opened(portfolio_id), ("value", "time_criticality", "risk_reduction", "size")
    for item in (*scores, "Z"):
        data: Document = {"product": "product/pay", "title": item, "kind": "feature", "after": None}
        events.append(event(portfolio_id, len(events), "item.item-added", f"item/{item}", data))
    for item, score in scores.items():
        data = {"wsjf": dict(zip(names, score, strict=True))}
        events.append(event(portfolio_id, len(events), "item.item-scored", f"item/{item}", data))
    head = (await post(ledger, events))[-1]["entry"]
    path = f"/portfolios/{portfolio_id}/products/pay/backlog/priorities"

    async def told(**parameters: int) -> list[tuple[str, int, int, str, str]]:
        found = (await read(reader, path, **parameters))["priorities"]
        return [(one["item"], one["suggested"], one["position"], one["wsjf"]["value"], one["cost_of_delay"]) for one in found]

    now = [("FB", 1, 4, "5.66667", "17"), ("X", 2, 2, "4", "8"), ("FA", 3, 5, "4", "16"), ("Y", 4, 3, "4", "16")]
    assert await told(min_entry=head) == now
    assert await told(as_of=head) == now
    assert [item for item, *_ in await told(as_of=head - 1)] == ["FB", "FA", "Y"]
