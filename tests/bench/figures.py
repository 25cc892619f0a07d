"""What a benchmark found: figures over several repeats, the goals beside them, as a table or as JSON."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be: a limit, from below or from above."""

    limit: float
    above: bool
    unit: str = ""

    def holds(self, value: float) -> bool:
        """Tell whether a value is as it should be."""
        return value >= self.limit if self.above else value <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.above else '<='} {_number(self.limit)} {self.unit}".rstrip()


def at_least(limit: float, unit: str = "") -> Goal:
    """Return a goal from below."""
    return Goal(limit, above=True, unit=unit)


def at_most(limit: float, unit: str = "") -> Goal:
    """Return a goal from above."""
    return Goal(limit, above=False, unit=unit)


@dataclass(slots=True)
class Figure:
    """One thing that was measured, once per repeat."""

    what: str
    unit: str
    goal: Goal | None = None
    values: list[float] = field(default_factory=list[float])
    notes: list[str] = field(default_factory=list[str])

    @property
    def median(self) -> float:
        """What is quoted."""
        return statistics.median(self.values)

    @property
    def verdict(self) -> str:
        """Whether the goal is met, in words."""
        if self.goal is None or not self.values:
            return ""
        return "met" if self.goal.holds(self.median) else "not met"

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "what": self.what,
            "unit": self.unit,
            "median": self.median if self.values else None,
            "values": self.values,
            "goal": None if self.goal is None else str(self.goal),
            "met": None if self.goal is None or not self.values else self.goal.holds(self.median),
            "notes": self.notes,
        }


class Report:
    """All figures in the order in which they were declared."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._figures = dict[str, Figure]()
        self._profiles = list[tuple[str, Sequence[tuple[str, float]]]]()

    def add(self, what: str, value: float | None, unit: str, *, goal: Goal | None = None, note: str = "") -> None:
        """Add what one repeat measured; None when it could not be measured, which the note explains."""
        figure = self._figures.setdefault(what, Figure(what, unit, goal))
        if value is not None:
            figure.values.append(value)
        if note:
            figure.notes.append(note)

    def add_profile(self, title: str, shares: Sequence[tuple[str, float]]) -> None:
        """Add where the time of a process goes: names and percents."""
        self._profiles.append((title, shares))

    def print(self) -> None:
        """Print the table."""
        table = Table("what", "median", "spread", "goal", "", title=self._title, title_justify="left")
        for figure in self._figures.values():
            note = figure.notes[-1] if figure.notes else ""
            what = f"{figure.what}\n  {note}" if note else figure.what
            style = {"met": "[green]met[/]", "not met": "[red]not met[/]", "": ""}[figure.verdict]
            goal = "" if figure.goal is None else str(figure.goal)
            if figure.values:
                table.add_row(what, f"{_number(figure.median)} {figure.unit}", _spread(figure.values), goal, style)
            else:
                table.add_row(what, "not measured", "", goal, "")
        console = Console(width=None if Console().is_terminal else 150)
        console.print(table)
        for title, shares in self._profiles:
            profile = Table("where", "percent", title=title, title_justify="left")
            for name, share in shares:
                profile.add_row(name, f"{share:.1f}")
            console.print(profile)

    def print_json(self, write: Callable[[str], object]) -> None:
        """Write everything as one JSON document."""
        profiles = [{"title": title, "percent": dict(shares)} for title, shares in self._profiles]
        figures = [figure.document() for figure in self._figures.values()]
        write(json.dumps({"title": self._title, "figures": figures, "profiles": profiles}, indent=2) + "\n")


def _spread(values: Sequence[float]) -> str:
    return "" if len(values) < 2 else f"{_number(min(values))} .. {_number(max(values))}"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
