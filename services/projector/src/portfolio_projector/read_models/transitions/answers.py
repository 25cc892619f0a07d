"""The answers about transitions. Pure."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import InitiativeMode
from portfolio_projector.metrics import definitions, metric, reasons
from portfolio_projector.metrics.metric import Figure, MoneyMetric, NumberMetric, Sum
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.money.state import Account
from portfolio_projector.read_models.transitions import conservation
from portfolio_projector.read_models.transitions.conservation import FundsAnswer
from portfolio_projector.read_models.transitions.lineage import LineageAnswer
from portfolio_projector.read_models.transitions.state import Becomes, Frozen, Kind, StateName, Transition, What


class PartAnswer(BaseModel):
    """One of those that something became."""

    member: str
    share: str = Field(description="of cost and money that it took over; a promotion takes nothing over")
    opened: bool = Field(description="whether it began with the transition")


class DispositionAnswer(BaseModel):
    """What was proposed for an open work package."""

    work_package: str
    becomes: Becomes
    item: str | None
    reason: str | None


class FrozenFigures(BaseModel):
    """The figures of the last baseline, fixed for ever: later costs change none of them."""

    baseline: int
    status_date: date
    bac: MoneyMetric
    pv: MoneyMetric
    ev: MoneyMetric
    ac: MoneyMetric
    sv: MoneyMetric
    cv: MoneyMetric
    spi: NumberMetric
    cpi: NumberMetric
    eac: MoneyMetric
    earned_schedule_days: str = Field(description="working days from the first planned one")


class ConvertedAnswer(BaseModel):
    """A work package of which the rest became an item, as old as the work package."""

    work_package: str
    item: str
    remaining_budget: Sum | None
    created_at: datetime


class DroppedAnswer(BaseModel):
    """A work package of which the rest is not done."""

    work_package: str
    remaining_budget: Sum | None
    reason: str | None


class MovedAnswer(BaseModel):
    """An item that went along."""

    item: str
    to: str


class MatterAnswer(BaseModel):
    """A risk, an issue, an incident, a dependency, a benefit or a team, and what became of it."""

    subject: str
    what: What
    to: str | None = Field(description="null where it did not go along")
    owner: str | None = Field(description="of a benefit")


class TransitionAnswer(BaseModel):
    """Something became something else, or was meant to."""

    transition: int = Field(description="the entry that names it: of the decision, else of the proposal")
    kind: Kind
    state: StateName = Field(description="`replaced` by a later proposal, `lapsed` when the initiative ended otherwise")
    from_: str | None = Field(alias="from")
    to: list[PartAnswer]
    promoted: str | None = Field(description="the item that became an initiative")
    to_mode: InitiativeMode | None = Field(description="the mode in which it goes on after a change of mode")
    release: str | None = Field(description="the release that was planned with a change of mode")
    cut_over: date | None
    proposed: Act | None
    proposed_by: str | None
    decided: Act | None
    conditions: str | None
    dispositions: list[DispositionAnswer]
    frozen: FrozenFigures | None
    converted: list[ConvertedAnswer]
    dropped: list[DroppedAnswer]
    items: list[MovedAnswer]
    matters: list[MatterAnswer]
    funds: FundsAnswer | None = Field(description="null where nothing was decided, or nothing was left behind")


class TransitionsAnswer(Answer):
    """Every transition in the order of the log, and the chains that they make."""

    transitions: list[TransitionAnswer]
    lineages: list[LineageAnswer]
    next_cursor: str | None


def transition(known: Transition, currency: str | None, account: Account) -> dict[str, Any]:
    """Return a transition as answers show it, with the money of what it left."""
    return {
        "transition": known.entry,
        "kind": known.kind,
        "state": known.state,
        "from": known.source,
        "to": [{"member": part.member, "share": part.share, "opened": part.opened} for part in known.parts],
        "promoted": known.promoted,
        "to_mode": known.to_mode,
        "release": known.release,
        "cut_over": known.cut_over,
        "proposed": act_or_none(known.proposed),
        "proposed_by": known.proposed_by,
        "decided": act_or_none(known.decided),
        "conditions": known.conditions,
        "dispositions": [
            {"work_package": one.work_package, "becomes": one.becomes, "item": one.item, "reason": one.reason}
            for one in known.dispositions
        ],
        "frozen": None if known.frozen is None else _frozen(known.frozen, currency),
        "converted": [
            {
                "work_package": one.work_package,
                "item": one.item,
                "remaining_budget": _sum(one.remaining_budget, currency),
                "created_at": one.created_at,
            }
            for one in known.converted
        ],
        "dropped": [
            {"work_package": one.work_package, "remaining_budget": _sum(one.remaining_budget, currency), "reason": one.reason}
            for one in known.dropped
        ],
        "items": [{"item": one.item, "to": one.to} for one in known.items],
        "matters": [{"subject": one.subject, "what": one.what, "to": one.to, "owner": one.owner} for one in known.matters],
        "funds": conservation.funds(known, account),
    }


def _frozen(known: Frozen, currency: str | None) -> dict[str, Any]:
    """Return frozen figures, and those that follow from them alone."""
    nothing = reasons.NO_PROGRESS if known.ac else reasons.NO_COST
    return {
        "baseline": known.version,
        "status_date": known.status_date,
        "bac": _money(definitions.BAC, known.bac, currency),
        "pv": _money(definitions.PV, known.pv, currency),
        "ev": _money(definitions.EV, known.ev, currency),
        "ac": _money(definitions.AC, known.ac, currency),
        "sv": _money(definitions.SV, known.ev - known.pv, currency),
        "cv": _money(definitions.CV, known.ev - known.ac, currency),
        "spi": _index(definitions.SPI, known, known.pv, reasons.NOT_PLANNED_YET),
        "cpi": _index(definitions.CPI, known, known.ac, reasons.NO_COST),
        "eac": _money(definitions.EAC_CPI, nothing if known.eac is None else known.eac, currency),
        "earned_schedule_days": known.earned_schedule_days,
    }


def _index(definition: definitions.Definition, known: Frozen, basis: int, nothing: Unknown) -> Figure:
    if known.bac == 0:
        return metric.number(definition, reasons.NO_BUDGET)
    return metric.number(definition, Fraction(known.ev, basis) if basis else nothing)


def _money(definition: definitions.Definition, found: int | Unknown, currency: str | None) -> Figure:
    return metric.money(definition, reasons.NOT_GIVEN if currency is None else found, currency or "")


def _sum(minor: int, currency: str | None) -> dict[str, Any] | None:
    return None if currency is None else {"minor": minor, "currency": currency}
