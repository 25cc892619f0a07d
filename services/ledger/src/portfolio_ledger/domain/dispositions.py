"""Dispositions: what becomes of each open work package of an initiative that goes on differently."""

from collections import Counter
from collections.abc import Sequence

from portfolio_ledger.domain import earned_value, work_package
from portfolio_ledger.domain.baseline import Plan
from portfolio_ledger.domain.decider import Consequence, Refused, States
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import Disposition
from portfolio_schemas.events.item import ItemAdded
from portfolio_schemas.events.work_package import WorkPackageConverted, WorkPackageDropped
from portfolio_schemas.values import Money


def item_of(disposition: Disposition) -> str:
    """Return the item that a work package becomes: the one that is named, else one of its own id."""
    return disposition.item or f"item/{disposition.work_package.partition('/')[2]}"


def check(
    subject: str, plan: Plan, named: Sequence[Disposition], states: States, *, reason: str | None, is_final: bool
) -> Refused | None:
    """Refuse dispositions that leave open scope unaccounted for.

    `reason` is that of whoever states them, for what is dropped without one of its own. `is_final`: they happen now. What was
    completed since they were proposed needs none; what was to be finished is.
    """
    open_ = {key for key in plan.parts if _is_open(states, key)}
    twice = _twice([one.work_package for one in named])
    if twice:
        return Refused(codes.UNACCOUNTED_SCOPE, f"{twice} has two dispositions: name what becomes of it once.")
    missing = sorted(open_ - {one.work_package for one in named})
    if missing:
        return Refused(
            codes.UNACCOUNTED_SCOPE,
            f"{missing[0]} is open and has no disposition ({len(missing)} in all): say what becomes of each.",
        )
    for one in named:
        if one.work_package not in open_:
            if is_final and one.work_package in plan.parts:
                continue
            return Refused(codes.UNACCOUNTED_SCOPE, f"{one.work_package} is no open work package of {subject}: leave it out.")
        refused = _check_one(one, states, reason=reason, is_final=is_final)
        if refused:
            return refused
    twice = _twice([item_of(one) for one in named if one.becomes == "item"])
    return (
        Refused(codes.ALREADY_EXISTS, f"Two work packages would become {twice}: give each an `item` of its own.")
        if twice
        else None
    )


def consequences(
    plan: Plan, named: Sequence[Disposition], states: States, *, backlog: str, currency: str, reason: str | None
) -> list[Consequence]:
    """Convert or drop what is open: items enter the top of the backlog in the order of the dispositions."""
    following, after = list[Consequence](), None
    for one in named:
        part, state = plan.parts.get(one.work_package), work_package.of(states, one.work_package)
        if part is None or state is None or not state.is_open:
            continue
        left = Money(minor=earned_value.remaining(part, state), currency=currency)
        if one.becomes == "dropped":
            dropped = WorkPackageDropped(remaining_budget=left)
            following.append(Consequence(one.work_package, dropped, one.reason or reason))
            continue
        key = item_of(one)
        converted = WorkPackageConverted(item=key, remaining_budget=left, created_at=state.born_at)
        added = ItemAdded(
            backlog=backlog,
            title=one.title or part.name,
            kind=one.kind,
            after=after,
            created_at=state.born_at,
            converted_from=one.work_package,
        )
        following += [Consequence(one.work_package, converted), Consequence(key, added)]
        after = key
    return following


def _is_open(states: States, key: str) -> bool:
    state = work_package.of(states, key)
    return state is not None and state.is_open


def _check_one(one: Disposition, states: States, *, reason: str | None, is_final: bool) -> Refused | None:
    match one.becomes:
        case "item":
            key = item_of(one)
            return (
                Refused(codes.ALREADY_EXISTS, f"{key} exists already: choose another id.")
                if states.get(key) is not None
                else None
            )
        case "dropped":
            if one.reason is None and reason is None:
                return Refused(
                    codes.NO_REASON, f"Say why {one.work_package} is dropped, in its disposition or in the envelope's `reason`."
                )
            return None
        case "finish_in_project":
            if is_final:
                return Refused(
                    codes.UNFINISHED,
                    f"{one.work_package} was to be finished before, and is not: complete it, or propose anew what becomes of it.",
                )
            return None


def _twice(keys: Sequence[str]) -> str | None:
    return next((key for key, count in Counter(keys).items() if count > 1), None)
