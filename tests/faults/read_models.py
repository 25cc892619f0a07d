"""I7: every read model equals the fold of the log at its checkpoint, row for row, in every snapshot that was taken. Pure."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Any

from tests.faults.fold import Backlog
from tests.faults.invariants import Violation
from tests.faults.raw_log import NOTHING, RawEntry, RawLog
from tests.faults.records import Sample


def check(samples: Iterable[Sample], log: RawLog) -> list[Violation]:
    """Compare all samples of each portfolio with its entries, which are folded once."""
    by_portfolio = defaultdict[str, list[Sample]](list)
    for sample in samples:
        by_portfolio[sample.portfolio].append(sample)
    return [
        Violation("I7", "diverged", f"{portfolio}: {what}")
        for portfolio, taken in by_portfolio.items()
        for what in _compare(taken, log.entries.get(portfolio, []))
    ]


def _compare(taken: list[Sample], entries: list[RawEntry]) -> Iterator[str]:
    backlog, folded, digest = Backlog(), 0, hashlib.sha256()
    for sample in sorted(taken, key=lambda one: one.entries):
        if set(sample.positions) != set(sample.heads) and entries:
            continue  # nothing of the portfolio had been followed yet
        upto = {model: sum(entry.offset < position for entry in entries) for model, position in sample.positions.items()}
        for model, count in upto.items():
            head = (count - 1, entries[count - 1].hash if count else NOTHING)
            if tuple(sample.heads[model]) != head:
                yield f"{model} stands at offset {sample.positions[model]} with head {sample.heads[model][0]}, not {head[0]}"
        count = upto.get("entries", 0)
        if sample.entries != count:
            yield f"entries has {sample.entries} rows at checkpoint {count - 1}"
            continue
        for entry in entries[folded:count]:
            backlog.fold(entry)
            digest.update(entry.hash.encode())
        folded = max(folded, count)
        if sample.hashes != digest.hexdigest():
            yield f"entries has other hashes up to entry {count - 1}"
        if upto.get("backlogs") == count:
            yield from _compare_backlog(sample, backlog, count - 1)


def _compare_backlog(sample: Sample, backlog: Backlog, entry: int) -> Iterator[str]:
    for what, held, folded in (
        ("items", sample.items, backlog.items),
        ("order", {product: order for product, order in sample.order.items() if order}, _filled(backlog.order)),
        ("moves", sample.moves, backlog.moves),
        ("open items", sample.open_items, backlog.open_items),
    ):
        if held != folded:
            yield f"backlogs, {what} at entry {entry}: {_difference(held, folded)}"


def _filled(order: dict[str, list[str]]) -> dict[str, list[str]]:
    return {product: items for product, items in order.items() if items}


def _difference(held: Mapping[str, Any] | list[Any], folded: Mapping[str, Any] | list[Any]) -> str:
    """Name the first thing that differs."""
    if isinstance(held, Mapping) and isinstance(folded, Mapping):
        key = min(key for key in {*held, *folded} if held.get(key) != folded.get(key))
        return f"{key} is {str(held.get(key))[:200]}, the log says {str(folded.get(key))[:200]}"
    count = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(held, folded, strict=False)))
    return f"number {count} is {list(held)[count : count + 1]}, the log says {list(folded)[count : count + 1]}"
