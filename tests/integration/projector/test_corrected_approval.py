"""A baseline that was approved as a correction: the row of the initiative says of it what its past says."""

from typing import Any

from tests.histories import History
from tests.integration.projector.conftest import Place

APOLLO = "initiative/apollo"


def told() -> History:
    """A first baseline, and an administrative one whose approval corrects that of the first."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("initiative.initiative-proposed", APOLLO, {"name": "Apollo", "mode": "waterfall", "currency": "EUR"})
    approve(history, 1, "2026-06-30")
    first = history.head.entry
    approve(history, 2, "2026-07-31", change_class="administrative", corrects=first)
    return history


def approve(history: History, version: int, finish: str, *, change_class: str = "initial", **attributes: Any) -> None:  # noqa: ANN401  an envelope's
    """Propose a baseline and approve it."""
    part = {"id": "W", "name": "W", "start": "2026-01-05", "finish": finish}
    plan = {"version": version, "bac": {"minor": 0, "currency": "EUR"}, "work_packages": [part]}
    history.add("initiative.baseline-proposed", APOLLO, plan)
    decision = {"version": version, "effective_date": "2026-01-01", "change_class": change_class}
    history.add("initiative.baseline-approved", APOLLO, decision, actor="bob", **attributes)


async def test_a_corrected_approval_is_counted_the_same_in_the_row_and_in_the_past(place: Place):
    """Now, by the last entry, and by the last day. Performance goes by the corrected one alone."""
    history = told()
    head = history.head.entry
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history)
        for model in ("entries", "concerns", "initiatives"):
            await place.until_applied("acme", head, read_model=model)

        async def got(path: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  parameters
            answer = await client.get(f"/portfolios/acme{path}", params=asked)
            assert answer.status_code == 200, answer.text
            return {name: value for name, value in answer.json().items() if name not in {"settled", "model"}}

        for path in ("/initiatives/apollo", "/initiatives", "/initiatives/apollo/baselines"):
            now = await got(path)
            assert await got(path, as_of=head) == now
            assert await got(path, effective="2026-12-31") == now
        assert (await got("/initiatives/apollo"))["baselines_approved"] == 2
        assert (await got("/initiatives/apollo"))["next_promise"]["value"] == "2026-07-31"
        performance = await got("/initiatives/apollo/performance")
        assert ([one["baseline"] for one in performance["baselines"]], performance["rebaselines"]["value"]) == ([2], 0)
