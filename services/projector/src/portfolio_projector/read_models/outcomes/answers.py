"""The answer about outcomes, and how it is made of what is known. Pure."""

from datetime import date
from typing import Any

from pydantic import Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.read_models.outcomes.benefits import BenefitAnswer, benefit
from portfolio_projector.read_models.outcomes.objectives import ObjectiveAnswer, objective
from portfolio_projector.read_models.outcomes.state import Outcomes


class OutcomesAnswer(Answer):
    """Benefits and objectives, by id."""

    benefits: list[BenefitAnswer]
    objectives: list[ObjectiveAnswer]
    next_cursor: str | None = Field(description="goes on with both lists")


def answer(state: Outcomes, today: date, member: str | None, paging: Paging) -> dict[str, Any]:
    """Return a page of outcomes, of one member where one is named."""
    benefits_ = [name for name, one in state.benefits.items() if member in (None, one.member)]
    objectives_ = [name for name, one in state.objectives.items() if member in (None, one.member)]
    return {
        "benefits": [benefit(name, state.benefits[name], today) for name in paging.take("benefits", benefits_, _by_name)],
        "objectives": [
            objective(name, state.objectives[name], today) for name in paging.take("objectives", objectives_, _by_name)
        ],
        "next_cursor": paging.next_cursor,
    }


def benefits(state: Outcomes, today: date, member: str) -> list[dict[str, Any]]:
    """Return all benefits of a member."""
    return [benefit(name, one, today) for name, one in sorted(state.benefits.items()) if one.member == member]


def _by_name(name: str) -> Key:
    return (name,)
