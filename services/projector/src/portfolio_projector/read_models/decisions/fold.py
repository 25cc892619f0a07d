"""The fold of `decisions`. Pure: the order is the log's."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.decisions.state import Choice, Decision, Decisions, Note, Review, Seal
from portfolio_schemas.events import decision as decisions
from portfolio_schemas.events import portfolio as portfolios

Known = decisions.DecisionRecorded | decisions.AuditNoteAdded | decisions.AttachmentSealed | portfolios.ReviewHeld


def fold(state: Decisions, fact: Fact) -> None:
    """Change the state by one fact."""
    data, act = cast("Known", fact.data), act_of(fact)
    if isinstance(data, portfolios.ReviewHeld):
        state.reviews.append(Review(data.attendees, data.decisions, data.summary, act))
        return
    decision = state.decisions.setdefault(fact.id, Decision())
    match data:
        case decisions.DecisionRecorded():
            decision.choice = Choice(data.question, data.choice, data.options, data.decided_by, data.about, act)
        case decisions.AuditNoteAdded():
            decision.notes.append(Note(data.note, data.about, data.entry, act))
        case decisions.AttachmentSealed():
            decision.seals.append(Seal(data.name, data.sha256, data.size, data.media_type, data.about, act))
        case _:
            assert_never(data)


DECISIONS = chronicle("decisions", 1, types=types_of(*get_args(Known)), state=Decisions, fold=fold, of_portfolio=True)
