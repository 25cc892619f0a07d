"""Lineage: what each initiative and product came from, what it became, and what it cost over its whole life. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.values import Mode
from portfolio_projector.metrics import definitions, lifetimes, metric, reasons
from portfolio_projector.metrics.lifetimes import Cost, Step
from portfolio_projector.metrics.metric import Figure, MoneyMetric
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.transitions.state import Kind, Transition, Transitions


class Link(BaseModel):
    """One step in a chain: the other end, and the transition that made it."""

    member: str
    kind: Kind
    share: str = Field(description="of cost and money; a promotion takes nothing over")
    transition: int = Field(description="the entry that names the transition")


class LineageAnswer(BaseModel):
    """The chain of a member in both directions, and what it cost with all that it came from."""

    member: str
    name: str | None
    mode: Mode | None
    born: Act | None
    ended: Act | None = Field(description="since when it is something else")
    origins: list[Link]
    successors: list[Link]
    ancestors: list[str] = Field(description="all that it came from, near and far")
    descendants: list[str] = Field(description="all that came from it, near and far")
    own_cost: MoneyMetric
    inherited_cost: MoneyMetric
    lifetime_cost: MoneyMetric


def lineages(state: Transitions, own: Mapping[str, Cost], only: str | None) -> list[dict[str, Any]]:
    """Return the chains of all members that a transition made or ended, or of those that are of one family with one."""
    done = [one for one in state.transitions if one.state == "done" and one.source is not None and one.parts]
    forward, backward = _links(done)
    inherited = lifetimes.inherited(own, _steps(done))
    members = sorted({*forward, *backward})
    if only is not None:
        family = {only, *_reached(forward, only, back=False), *_reached(backward, only, back=True)}
        members = [member for member in members if member in family]
    shown = list[dict[str, Any]]()
    for member in members:
        known = state.members.get(member)
        shown.append(
            {
                "member": member,
                "name": None if known is None else known.name,
                "mode": None if known is None else known.mode,
                "born": None if known is None else act(known.born),
                "ended": None if known is None else act_or_none(known.ended),
                "origins": backward.get(member, []),
                "successors": forward.get(member, []),
                "ancestors": _reached(backward, member, back=True),
                "descendants": _reached(forward, member, back=False),
                **_costs(own.get(member, Cost(0, None)), inherited.get(member, Cost(0, None))),
            }
        )
    return shown


Links = Mapping[str, list[dict[str, Any]]]


def _links(done: Iterable[Transition]) -> tuple[Links, Links]:
    forward, backward = dict[str, list[dict[str, Any]]](), dict[str, list[dict[str, Any]]]()
    for one in done:
        for part in one.parts if one.source is not None else ():
            link = {"kind": one.kind, "share": part.share, "transition": one.entry}
            forward.setdefault(str(one.source), []).append({"member": part.member, **link})
            backward.setdefault(part.member, []).append({"member": one.source, **link})
    return forward, backward


def _steps(done: Iterable[Transition]) -> list[Step]:
    """Return the transitions that pass cost on: what is promoted takes none, since the product goes on."""
    return [
        Step(one.source, [(part.member, Decimal(part.share)) for part in one.parts])
        for one in done
        if one.source is not None and one.kind != "promotion"
    ]


def _reached(links: Links, member: str, *, back: bool) -> list[str]:
    """Return all members that links lead to, the nearest first: back in time to what was before, or on to what came after.

    A link leads on from where another led only when it lies beyond it: what a product took over later did not go into what was
    promoted from it before.
    """
    sign = -1 if back else 1
    bounds, waiting = {member: -1 if not back else -(2**53)}, [member]
    for one in waiting:
        for link in links.get(one, ()):
            place, other = sign * link["transition"], str(link["member"])
            if place > bounds[one] and place < bounds.get(other, place + 1):
                bounds[other] = place
                waiting.append(other)
    return [one for one in bounds if one != member]


def _costs(own: Cost, inherited: Cost | Unknown) -> dict[str, Figure]:
    """Return what a member cost; one that took costs over has spent nothing of its own before its first."""
    if own.currency is None and isinstance(inherited, Cost):
        own = own._replace(currency=inherited.currency)
    return {
        "own_cost": _money(definitions.OWN_COST, own),
        "inherited_cost": _money(definitions.INHERITED_COST, inherited),
        "lifetime_cost": _money(definitions.LIFETIME_COST, lifetimes.total(own, inherited)),
    }


def _money(definition: definitions.Definition, found: Cost | Unknown) -> Figure:
    if isinstance(found, Unknown):
        return metric.money(definition, found, "")
    return metric.money(definition, reasons.NO_COST if found.currency is None else found.minor, found.currency or "")
