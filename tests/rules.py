"""The rules without a log: facts are judged and folded in memory, as a judge would, and specifications say what comes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Accepted, Decision, Fact, Original, Refused, State
from portfolio_schemas import catalogue

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
PORTFOLIO = "acme"


def fact(
    type_: str,
    subject: str,
    /,
    *,
    by: str = "ann",
    at: int = 0,
    why: str | None = None,
    corrects: int | None = None,
    **data: Any,  # noqa: ANN401  a body holds anything
) -> Fact:
    """A fact about a subject, `at` hours after the start; its body is read as a publisher's would be."""
    aggregate, _, _ = subject.partition("/")
    body = catalogue.read_data(f"portfolio.{aggregate}.{type_}", data)
    return Fact(PORTFOLIO, subject, START + timedelta(hours=at), by, why, corrects, 0, body)


OPENED = fact("portfolio-opened.v1", "portfolio/acme", by="ines", name="Acme", currency="EUR")


@dataclass
class Rules:
    """A portfolio in memory: the states of its subjects, and every fact that was recorded, consequences included."""

    states: dict[str, State] = field(default_factory=dict[str, State])
    recorded: list[Fact] = field(default_factory=list[Fact])
    now: datetime = NOW

    def submit(self, submitted: Fact) -> Decision:
        """Judge a fact by nothing but the states that it names, and record it with its consequences when it is accepted.

        What is recorded of a portfolio is numbered from 0: `corrects` names such a number.
        """
        submitted = replace(submitted, entry=self._next(submitted.portfolio), original=self._original(submitted))
        decision = domain.decide(submitted, self._read(submitted), self.now)
        if isinstance(decision, Accepted):
            self.record(submitted)
            for consequence in decision.consequences:
                number = self._next(submitted.portfolio)
                self.record(
                    replace(
                        submitted,
                        subject=consequence.subject,
                        reason=consequence.reason,
                        corrects=None,
                        entry=number,
                        data=consequence.data,
                        original=None,
                    )
                )
        return decision

    def record(self, recorded: Fact) -> None:
        """Fold a fact that was accepted. States go through their stored form on the way."""
        changed = domain.evolve(recorded, self._read(recorded))
        self.states |= {key: domain.load(key, domain.dump(state)) for key, state in changed.items()}
        self.recorded.append(recorded)

    def copy(self) -> "Rules":
        """Return the same portfolio, free to go on differently."""
        return Rules(dict(self.states), list(self.recorded), self.now)

    def _original(self, submitted: Fact) -> Original | None:
        for one in self.recorded:
            if one.portfolio == submitted.portfolio and one.entry == submitted.corrects:
                return Original(one.subject, one.data.event_type.stem)
        return None

    def _next(self, portfolio: str) -> int:
        return sum(one.portfolio == portfolio for one in self.recorded)

    def _read(self, wanted: Fact) -> dict[str, State | None]:
        first = domain.reads(wanted, {})
        known = {key: self.states.get(key) for key in first}
        second = domain.reads(wanted, known)
        known |= {key: self.states.get(key) for key in second}
        assert domain.reads(wanted, known) <= known.keys(), "two look-ups are enough"
        return known


@dataclass(frozen=True)
class Specification:
    """What comes of a fact, given others before it: `then` is RECORDED, `flagged(...)` or `refused(...)`."""

    title: str
    given: Sequence[Fact]
    when: Fact
    then: tuple[str, ...]

    @property
    def type(self) -> str:
        """The type of the fact that is judged."""
        return self.when.data.event_type.name

    def outcome(self) -> tuple[str, ...]:
        """Judge the fact and say what came of it, in the words of `then`."""
        rules = Rules()
        for given in self.given:
            decision = rules.submit(given)
            assert isinstance(decision, Accepted), (given, decision)
        return outcome(rules.submit(self.when))


RECORDED = ("recorded",)


def flagged(*codes: str) -> tuple[str, ...]:
    """Recorded, with these flags."""
    return ("recorded", *codes)


def refused(code: str) -> tuple[str, ...]:
    """Refused with this code."""
    return ("refused", code)


def outcome(decision: Decision) -> tuple[str, ...]:
    """Say in a word and codes what was decided."""
    if isinstance(decision, Refused):
        assert decision.detail.endswith((".", "?")), decision.detail
        assert len(decision.detail) < 500, decision.detail
        return refused(decision.code.name)
    return flagged(*(flag.name for flag in decision.flags))
