"""Decisions: what was asked, chosen and why, what was noted and sealed of it, and the reviews that held it."""

from typing import Any

from portfolio_projector.http.paging import Paging
from portfolio_projector.read_models.decisions import answers
from portfolio_projector.read_models.decisions.fold import DECISIONS
from tests.chronicles import state_of
from tests.histories import History

APOLLO = "initiative/apollo"


class Minutes(History):
    """What a board decided."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})

    def decide(self, name: str, choice: str, *about: str, **attributes: Any) -> int:  # noqa: ANN401  an envelope
        """Record a decision."""
        data = {"question": "What now?", "choice": choice, "decided_by": ["ann", "bo"], "about": list(about)}
        return self.add("decision.decision-recorded", f"decision/{name}", data, reason="So be it.", **attributes).entry

    def note(self, name: str, note: str, *about: str) -> int:
        """Note something of a decision."""
        return self.add("decision.audit-note-added", f"decision/{name}", {"note": note, "about": list(about), "entry": 1}).entry

    def review(self, *decisions: str) -> int:
        """Hold a review."""
        data = {"attendees": ["ann"], "decisions": [f"decision/{name}" for name in decisions]}
        return self.add("portfolio.review-held", "portfolio/acme", data).entry

    def told(self, about: str | None = None, **options: Any) -> dict[str, Any]:  # noqa: ANN401  of state_of
        """The answer."""
        told = answers.answer(state_of(DECISIONS, self.facts(), **options), about, Paging("decisions", None, 1000))
        answers.DecisionsAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "decisions/1", **told})
        return told


def test_decisions_are_told_the_newest_first_with_the_reviews_that_held_them():
    """With everything that was said of them."""
    minutes = Minutes()
    minutes.decide("d1", "Stop", APOLLO)
    minutes.decide("d2", "Go on")
    first, second = minutes.review("d1"), minutes.review("d1", "d2")
    told = minutes.told()
    assert [(one["decision"], one["choice"], one["reviews"]) for one in told["decisions"]] == [
        ("d2", "Go on", [second]),
        ("d1", "Stop", [first, second]),
    ]
    assert [one["held"]["entry"] for one in told["reviews"]] == [second, first]
    assert (told["decisions"][1]["decided_by"], told["decisions"][1]["recorded"]["reason"]) == (["ann", "bo"], "So be it.")


def test_notes_and_seals_stand_with_their_decision_also_where_it_was_not_recorded():
    """An auditor may note something under a name that is nobody's decision."""
    minutes = Minutes()
    minutes.decide("d1", "Stop")
    minutes.note("d1", "Seen.")
    minutes.note("audit-7", "The books were looked at.", "funding/apollo")
    seal = {"name": "Minutes", "sha256": "a" * 64, "size": 12, "media_type": "application/pdf"}
    minutes.add("decision.attachment-sealed", "decision/d1", seal)
    noted, decided = minutes.told()["decisions"]
    assert (noted["decision"], noted["question"], noted["recorded"]) == ("audit-7", None, None)
    assert [one["note"] for one in noted["notes"]] == ["The books were looked at."]
    assert ([one["note"] for one in decided["notes"]], decided["seals"][0]["sha256"]) == (["Seen."], "a" * 64)


def test_what_is_about_a_subject_is_found_by_it():
    """By what the decision, a note or a seal names, or by the decision itself; with the reviews that held it alone."""
    minutes = Minutes()
    minutes.decide("d1", "Stop", APOLLO)
    minutes.decide("d2", "Go on", "product/pay")
    minutes.decide("d3", "Wait")
    minutes.note("d3", "It concerns Apollo, too.", APOLLO)
    held = minutes.review("d1")
    minutes.review("d2")
    told = minutes.told(APOLLO)
    assert [one["decision"] for one in told["decisions"]] == ["d3", "d1"]
    assert [one["held"]["entry"] for one in told["reviews"]] == [held]
    assert [one["decision"] for one in minutes.told("decision/d2")["decisions"]] == ["d2"]


def test_a_corrected_decision_says_what_holds_and_keeps_its_place():
    """In the place of the first, with the entry that corrected it."""
    minutes = Minutes()
    first = minutes.decide("d1", "Stop", APOLLO)
    minutes.decide("d2", "Go on")
    again = minutes.decide("d1", "Stop in May", APOLLO, corrects=first)
    told = minutes.told()
    assert [(one["decision"], one["choice"]) for one in told["decisions"]] == [("d2", "Go on"), ("d1", "Stop in May")]
    assert told["decisions"][1]["recorded"]["corrected_by"] == again
