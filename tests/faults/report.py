"""The tables at the end, for a person to read."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.faults.outcomes import Outcome

_COLUMNS = (
    ("events", "sent"),
    ("acknowledged", "acknowledged"),
    ("refused", "refused"),
    ("in doubt", "doubts"),
    ("superseded", "superseded"),
    ("snapshots", "samples"),
)
_WRONG = ("lost", "twice", "out of order", "diverged", "unanswered")


def tell(outcomes: Sequence[Outcome], console: Console, *, title: str) -> None:
    """Print what was done, what came of it, and what is wrong."""
    _tell_faults(outcomes, console)
    table = Table(title=title)
    table.add_column("case")
    for name in (*(name for name, _ in _COLUMNS), *_WRONG, "other"):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        if outcome.skipped is not None:
            table.add_row(outcome.case, f"skipped: {outcome.skipped}")
            continue
        wrong = [violation.column for violation in outcome.violations]
        counts = [wrong.count(column) for column in _WRONG]
        table.add_row(
            outcome.case,
            *(f"{outcome.figures[key]:,}" for _, key in _COLUMNS),
            *(str(count) for count in (*counts, len(wrong) - sum(counts))),
        )
    console.print(table)
    for outcome in outcomes:
        for note in outcome.notes:
            console.print(f"{outcome.case}: {note}", soft_wrap=True, highlight=False)


def _tell_faults(outcomes: Sequence[Outcome], console: Console) -> None:
    table = Table("case", "fault", title="Faults, and how soon every portfolio was written to again")
    for name in ("times", "p50 s", "max s"):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        for one in outcome.resumed:
            table.add_row(outcome.case, one.kind, str(one.count), f"{one.p50_s:.1f}", f"{one.max_s:.1f}")
    if table.row_count:
        console.print(table)
