"""Records that no judge writes into the ledger topic: a file per case in `bad_records`, with what readers make of it.

A case is `raw` text, `base64`, something to `repeat`, a `repair` of what is no orphan, or an `entry`: the next one of the
portfolio, an item that is added, with what is different about it (null takes a member away, `event_type` and the like change
the event). PORTFOLIO stands for an open portfolio with a product, ELSEWHERE for one of another partition, FIRST for the hash of
entry 0.

`judged` is `foreign` (passed over, with an alarm), `nothing` (passed over), `stopped` (an orphan: the portfolio stops for every
reader), `unfoldable` (an entry for every reader, at which those stop that fold it), `unfoldable-by-the-ledger` or
`unfoldable-by-readers` (an entry that only the ledger, or only a read model cannot take).
"""

import base64
import json
from pathlib import Path
from typing import Any

from portfolio_schemas import codec
from portfolio_schemas.entries import Entry

CASES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "bad_records").glob("*.json"))
}


def value(case: dict[str, Any], history: list[Entry], elsewhere: str) -> bytes | None:
    """The record of a case, after the entries that a portfolio has."""
    head = history[-1]
    if "base64" in case:
        return base64.b64decode(case["base64"])
    if "repeat" in case:
        repeat = case["repeat"]
        return (
            (repeat["before"] + repeat["unit"] * repeat["count"] + repeat["after"]).replace("PORTFOLIO", head.portfolio).encode()
        )
    if "repair" in case:
        at = {"entry": head.entry, "hash": head.hash, **case["repair"]}
        repair: codec.Document = {"orphans": ["e" * 64], "head": at, "reason": "test", "actor": "ines"}
        return codec.canonical({"portfolio": head.portfolio, "repair": repair})
    if "entry" in case:
        document = _next(head, case["entry"])
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), indent=case.get("indent"))
        return text.replace("ELSEWHERE", elsewhere).replace("FIRST", history[0].hash).encode()
    return None if case["raw"] is None else case["raw"].replace("PORTFOLIO", head.portfolio).encode()


def _next(head: Entry, changes: dict[str, Any]) -> dict[str, Any]:
    """The next entry of a portfolio with some changes."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": "foreign",
        "source": "/foreign",
        "type": "portfolio.item.item-added.v1",
        "subject": "item/F",
        "time": "2026-01-05T09:00:00Z",
        "portfolio": head.portfolio,
        "actor": "eve",
        "data": {"product": "product/pay", "title": "F", "kind": "feature"},
    }
    event |= {name.removeprefix("event_"): value for name, value in changes.items() if name.startswith("event_")}
    document: dict[str, Any] = {
        **head.document,
        "entry": head.entry + 1,
        "append": head.entry + 1,
        "previous": head.hash,
        "event": event,
        "version": 1,
        "flags": [],
    }
    document |= {name: value for name, value in changes.items() if not name.startswith("event_")}
    return {name: value for name, value in document.items() if value is not None}
