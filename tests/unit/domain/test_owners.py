"""Who answers for a benefit, when that has changed and is corrected: what goes along with it names who does now."""

from msgspec.structs import replace

from portfolio_ledger.domain.benefit import Benefit
from portfolio_ledger.domain.decider import Fact
from tests.rules import Rules
from tests.unit.domain.matter_specifications import MEMBERS, benefit
from tests.unit.domain.treatment_specifications import OWNED


def owner(*facts: Fact) -> str:
    """Who answers for the benefit after facts."""
    rules = Rules()
    for one in (*MEMBERS, *facts):
        rules.submit(one)
    state = rules.states["benefit/1"]
    assert isinstance(state, Benefit)
    return state.owner


def changed(one: Fact, to: str, corrects: int | None = None) -> Fact:
    """The same fact that names another owner, perhaps as a correction of an entry."""
    return replace(one, data=one.data.model_copy(update={"owner": to}), corrects=corrects)


def test_who_was_named_last_answers():
    """The owner it began with, then whoever it was given to."""
    assert owner(benefit()) == "eva"
    assert owner(benefit(), OWNED) == "finn"


def test_a_correction_of_what_holds_is_what_holds():
    """Of the first statement as long as nothing came after, then of the last one; and of its correction in turn."""
    assert owner(benefit(), changed(benefit(), "gil", corrects=4)) == "gil"
    assert owner(benefit(), OWNED, changed(OWNED, "gil", corrects=5)) == "gil"
    assert owner(benefit(), OWNED, changed(OWNED, "gil", corrects=5), changed(OWNED, "hal", corrects=6)) == "hal"


def test_a_correction_of_what_holds_no_more_changes_nothing_now():
    """It holds at the time of what it corrects only."""
    assert owner(benefit(), OWNED, changed(benefit(), "gil", corrects=4)) == "finn"
