"""Corrections in `initiatives`: the live rows are what the facts in force make of them."""

from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.initiatives import fold as initiatives
from portfolio_projector.read_models.initiatives.rows import CostRow, PackageRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from tests.histories import History
from tests.unit.projector.test_initiatives import FIRST, PORTFOLIO, apollo, eur, package, propose, story, version

STANDING = ("cost-reversed", "accrual-reversed")
"""What corrects another and still stands for itself."""


def stem(fact: Fact) -> str:
    """The name of a type, without its aggregate and version."""
    return fact.type.split(".")[2]


def in_force(history: History) -> History:
    """The same as if it had been told rightly at once: the last corrections, in their originals' places and at their times."""
    first, last = dict[int, int](), dict[int, Fact]()
    for fact in history.facts():
        corrects = None if stem(fact) in STANDING else fact.corrects
        first[fact.number] = fact.number if corrects is None else first[corrects]
        last[first[fact.number]] = fact
    told = History(PORTFOLIO)
    numbers = dict[int, int]()
    for fact in history.facts():
        said = last.get(fact.number)
        if said is not None:
            data = said.data.model_dump(mode="json", by_alias=True, exclude_none=True)
            attributes: dict[str, Any] = {"time": fact.stated_time, "actor": said.actor, "reason": said.reason or ""}
            if fact.corrects is not None:
                attributes["corrects"] = numbers[first[fact.corrects]]
            numbers[fact.number] = told.add(said.type.removeprefix("portfolio."), fact.subject, data, **attributes).entry
    return told


def rows(history: History) -> tuple[Any, ...]:
    """What is shown, without the numbers of the entries that say so; of a cost, what counts."""
    state = folded(history)
    own = [row._replace(last_entry=0) for row in state.initiatives.all().values()]
    works = [without_entries(row) for row in state.packages.all().values()]
    plans = [
        row._replace(decided_entry=None, proposed_entry=0, reason=row.reason or None) for row in state.baselines.all().values()
    ]
    return own, works, plans, sorted(counted(state.costs.all().values()))


def without_entries(row: PackageRow) -> PackageRow:
    """A work package, without the entries that say so."""
    return row._replace(last_entry=0, start_entry=None, fraction_entry=None)


def counted(costs: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  rows of a table
    """The costs that count: kind, amount, month, category. A reversal has the category that its cost had when it came."""
    found: list[CostRow] = [one for one in costs if one.corrected_by is None]
    return [(one.kind, one.minor, one.period, "" if one.kind == "reversal" else one.category) for one in found]


class Happening:
    """An initiative to which things happen and are corrected, as the ledger would let them."""

    def __init__(self) -> None:
        self.made = story()
        self.original = dict[int, str]()
        self.days = count(1)

    def add(self, type_: str, subject: str, data: dict[str, Any], corrects: int | None = None) -> None:
        """Record an event; what is corrected cannot be corrected again, but its correction can."""
        attributes: dict[str, Any] = {} if corrects is None else {"corrects": corrects}
        if "reopened" in type_ or "corrected" in type_ or "cost-reversed" in type_ or "rejected" in type_:
            attributes["reason"] = f"reason {len(self.made.entries)}"
        actor = f"actor {len(self.made.entries)}"
        entry = self.made.add(type_, subject, data, actor=actor, **attributes).entry
        if corrects is not None and type_.split(".")[1] not in STANDING:
            del self.original[corrects]
        self.original[entry] = type_

    def open(self, *types: str) -> list[int]:
        """The entries of some types that can be corrected."""
        return [entry for entry, type_ in self.original.items() if type_ in types]


STARTED, REPORTED, CORRECTED = (
    f"work-package.{name}" for name in ("work-package-started", "progress-reported", "progress-corrected")
)
COMPLETED, REOPENED = "work-package.work-package-completed", "work-package.work-package-reopened"
POSTED, ACCRUED = "funding.cost-posted.v2", "funding.cost-accrued"
REJECTED = "initiative.baseline-rejected"
FRACTIONS = st.sampled_from(["0", "0.25", "0.5", "0.75", "1"])


@given(st.data())
def test_live_rows_are_the_fold_of_the_facts_in_force(data: st.DataObject):
    """After anything that happened and was corrected, whatever was corrected how often and in which order."""
    happening = Happening()
    propose(happening.made, 2, FIRST, 100_00)
    steps = {
        "package": lambda: on_package(happening, data),
        "corrected package": lambda: corrected_package(happening, data),
        "cost": lambda: on_cost(happening, data),
        "rejected": lambda: rejected(happening),
    }
    for name in data.draw(st.lists(st.sampled_from(sorted(steps)), min_size=5, max_size=20)):
        steps[name]()
    assert rows(in_force(happening.made)) == rows(happening.made)


def on_package(happening: Happening, data: st.DataObject) -> None:
    """Something happens to a work package."""
    subject = f"work-package/{data.draw(st.sampled_from(['design', 'design', 'design', 'build']))}"
    type_ = data.draw(st.sampled_from([STARTED, REPORTED, REPORTED, REPORTED, COMPLETED, REOPENED]))
    body = {"fraction": data.draw(FRACTIONS), "remaining_hours": "8"} if type_ == REPORTED else {}
    happening.add(type_, subject, body)


def corrected_package(happening: Happening, data: st.DataObject) -> None:
    """A start or a report turns out to be wrong."""
    known = happening.open(STARTED, REPORTED, CORRECTED)
    if not known:
        return
    entry = data.draw(st.sampled_from(known))
    type_, subject = happening.original[entry], happening.made.entries[entry].said.subject
    if type_ == STARTED:
        happening.add(STARTED, subject, data.draw(st.sampled_from([{}, {"actual_start": "2026-01-03"}])), entry)
    else:
        happening.add(CORRECTED, subject, {"fraction": data.draw(FRACTIONS)}, entry)


def on_cost(happening: Happening, data: st.DataObject) -> None:
    """Something is spent, corrected, or taken back."""
    type_ = data.draw(st.sampled_from([POSTED, ACCRUED]))
    body: dict[str, Any] = {"member": "initiative/apollo", "amount": eur(data.draw(st.integers(1, 99))), "period": "2026-02"}
    known = happening.open(type_)
    entry = data.draw(st.sampled_from([None, *known]))
    if entry is not None and data.draw(st.booleans()):
        name = "cost-reversed" if type_ == POSTED else "accrual-reversed"
        happening.add(f"funding.{name}", "funding/apollo", body, entry)
        return
    category = data.draw(st.sampled_from(["labour", "cloud"]))
    happening.add(
        type_, "funding/apollo", {**body, "category": category} | ({"treatment": "opex"} if type_ == POSTED else {}), entry
    )


def rejected(happening: Happening) -> None:
    """The second baseline is not taken, or why it was not is told better."""
    known = happening.open(REJECTED)
    happening.add(REJECTED, "initiative/apollo", {"version": 2}, known[0] if known else None)


def folded(made: History) -> Initiatives:
    """The state after a history."""
    state = Initiatives(complete=True)
    for fact in made.facts():
        initiatives.fold(state, fact)
    return state


def test_a_correction_of_the_last_report_replaces_it_and_one_of_an_older_changes_nothing():
    """Also where the correction comes long after newer reports."""
    made = story()
    made.add("work-package.work-package-started", "work-package/design", {})
    first = made.add(REPORTED, "work-package/design", {"fraction": "0.25"}).entry
    last = made.add(REPORTED, "work-package/design", {"fraction": "0.5", "remaining_hours": "8"}).entry
    made.add(CORRECTED, "work-package/design", {"fraction": "0.1"}, corrects=first, reason="Wrong")
    assert (package(folded(made), "design").fraction, package(folded(made), "design").remaining_hours) == ("0.5", "8")
    better = made.add(CORRECTED, "work-package/design", {"fraction": "0.4"}, corrects=last, reason="Wrong").entry
    made.add(CORRECTED, "work-package/design", {"fraction": "0.45"}, corrects=better, reason="Wrong again")
    assert package(folded(made), "design").fraction == "0.45"
    made.add(COMPLETED, "work-package/design", {})
    made.add(CORRECTED, "work-package/design", {"fraction": "0.2"}, corrects=first, reason="Too late")
    assert (package(folded(made), "design").fraction, package(folded(made), "design").state) == ("1", "Completed")


def test_a_corrected_start_is_when_it_started():
    """Work that has gone on since is as far as it was."""
    made = story()
    wrong = made.add(STARTED, "work-package/design", {"actual_start": "2026-01-09"}).entry
    made.add(COMPLETED, "work-package/design", {})
    made.add(STARTED, "work-package/design", {"actual_start": "2026-01-07"}, corrects=wrong)
    row = package(folded(made), "design")
    assert (row.state, row.actual_start, row.fraction) == ("Completed", "2026-01-07", "1")


def test_accruals_and_reversals_count():
    """What is accrued is spent until it is reversed; a reversal takes back what the cost has become."""
    made = story()
    body = {"member": "initiative/apollo", "amount": eur(40), "period": "2026-02"}
    accrual = made.add(ACCRUED, "funding/apollo", {**body, "category": "cloud"}).entry
    cost = made.add(POSTED, "funding/apollo", {**body, "category": "labour", "treatment": "opex"}).entry
    assert apollo(folded(made)).cost == 80
    made.add("funding.accrual-reversed", "funding/apollo", body, corrects=accrual)
    changed = {**body, "amount": eur(30), "category": "vendor", "treatment": "opex"}
    made.add(POSTED, "funding/apollo", changed, corrects=cost)
    made.add("funding.cost-reversed", "funding/apollo", {**body, "amount": eur(5)}, corrects=cost, reason="Another's")
    state = folded(made)
    assert (apollo(state).cost, apollo(state).costs) == (25, 4)
    assert [one.category for one in state.costs.all().values() if one.minor == -5] == ["vendor"]


def test_who_turned_a_baseline_down_and_why_can_be_corrected():
    """The decision and its time stay."""
    made = story()
    propose(made, 2, FIRST, 100_00)
    wrong = made.add(REJECTED, "initiative/apollo", {"version": 2}, actor="bob", reason="Too dear").entry
    decided_at = version(folded(made), 2).decided_at
    made.add(REJECTED, "initiative/apollo", {"version": 2}, actor="ben", reason="Too late", corrects=wrong)
    row = version(folded(made), 2)
    assert (row.state, row.decided_by, row.reason, row.decided_at) == ("Rejected", "ben", "Too late", decided_at)
    assert row[:3] == (PORTFOLIO, "apollo", 2)
