"""The answers about stages, gates and targets. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import InitiativeMode
from portfolio_projector.read_models.gates import stages, targets
from portfolio_projector.read_models.gates.stages import StageAnswer, StageStanding
from portfolio_projector.read_models.gates.state import Decision, Gates, Item, Review
from portfolio_projector.read_models.gates.targets import ItemAnswer, TargetMoves


class Criterion(BaseModel):
    """What was to be shown at a gate."""

    criterion: str
    kind: Literal["must", "should"]
    met: bool


class GateReviewAnswer(BaseModel):
    """One gate review: `held.by` decided on what `proposed_by` asked for."""

    gate: str
    stage: str | None = Field(description="the stage in which the initiative was")
    decision: Decision
    conditions: list[str]
    criteria: list[Criterion]
    unmet: list[str] = Field(description="the criteria that were not met")
    evidence: list[str]
    proposed_by: str
    held: Act


class GateAnswer(BaseModel):
    """A gate, by its last review."""

    gate: str
    passed: bool
    decision: Decision
    conditions: list[str]
    reviews: int


class ModeChanged(BaseModel):
    """The initiative went on in another mode: its stages are history from then on."""

    to: str
    changed: Act


class GatesAnswer(Answer):
    """How an initiative goes through its stages and gates, and what is reported of the items of its backlog."""

    initiative: str
    name: str | None
    mode: InitiativeMode | None
    mode_changes: list[ModeChanged]
    standing: StageStanding
    stages: list[StageAnswer]
    gates: list[GateAnswer]
    reviews: list[GateReviewAnswer]
    target_moves: TargetMoves
    items: list[ItemAnswer]
    next_cursor: str | None


class ProductGatesAnswer(Answer):
    """What sources report of a product's items: stages, and targets for gates with every move."""

    product: str
    name: str | None
    target_moves: TargetMoves
    items: list[ItemAnswer]
    next_cursor: str | None


def of_initiative(state: Gates, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """Return the stages and gates of an initiative."""
    return {
        "name": state.name,
        "mode": state.mode,
        "mode_changes": [{"to": change.to, "changed": act(change.act)} for change in state.mode_changes],
        "standing": stages.standing(state),
        "stages": stages.stages(state, today, zone),
        "gates": _gates(state.reviews),
        "reviews": [_review(review) for review in state.reviews],
    }


def items_of(state: Gates, member: str, only: str | None = None) -> list[tuple[str, Item]]:
    """Return the reported items that are in a member's backlog, by name."""
    found = state.items.items() if only is None else [(only, state.items[only])] if only in state.items else []
    return sorted((name, known) for name, known in found if known.moved_to in {None, member})


def page(found: Sequence[tuple[str, Item]], after: str, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Return so many of the items after one, and whether there are more."""
    later = [(name, known) for name, known in found if name > after]
    return [targets.item(name, known) for name, known in later[:limit]], len(later) > limit


def _gates(reviews: Sequence[Review]) -> list[dict[str, Any]]:
    by_gate = dict[str, list[Review]]()
    for review in reviews:
        by_gate.setdefault(review.gate, []).append(review)
    return [
        {
            "gate": gate,
            "passed": last.decision in {"go", "conditional_go"},
            "decision": last.decision,
            "conditions": last.conditions,
            "reviews": len(held),
        }
        for gate, held in by_gate.items()
        for last in in_time(held)[-1:]
    ]


def _review(review: Review) -> dict[str, Any]:
    return {
        "gate": review.gate,
        "stage": review.stage,
        "decision": review.decision,
        "conditions": review.conditions,
        "criteria": [{"criterion": name, "kind": kind, "met": met} for name, kind, met in review.criteria],
        "unmet": [name for name, _, met in review.criteria if not met],
        "evidence": review.evidence,
        "proposed_by": review.proposed_by,
        "held": act(review.act),
    }
