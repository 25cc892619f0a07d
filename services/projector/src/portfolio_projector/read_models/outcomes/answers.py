"""The answer about outcomes, and how it is made of what is known. Pure."""

from datetime import date
from typing import Any

from portfolio_projector.http.answers import Answer
from portfolio_projector.read_models.outcomes.benefits import BenefitAnswer, benefit
from portfolio_projector.read_models.outcomes.objectives import ObjectiveAnswer, objective
from portfolio_projector.read_models.outcomes.state import Outcomes


class OutcomesAnswer(Answer):
    """Benefits and objectives, by id."""

    benefits: list[BenefitAnswer]
    objectives: list[ObjectiveAnswer]


def answer(state: Outcomes, today: date, member: str | None) -> dict[str, Any]:
    """Return outcomes, of one member where one is named."""
    return {
        "benefits": [benefit(name, one, today) for name, one in sorted(state.benefits.items()) if member in (None, one.member)],
        "objectives": [
            objective(name, one, today) for name, one in sorted(state.objectives.items()) if member in (None, one.member)
        ],
    }
