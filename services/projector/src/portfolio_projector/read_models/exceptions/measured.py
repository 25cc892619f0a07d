"""What other chronicles know of what tolerances limit: cost at the rate so far, benefits that lack, exposure. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from portfolio_projector.metrics import reasons
from portfolio_projector.metrics.metric import Known
from portfolio_projector.metrics.reasons import Unknown

Shown = Mapping[str, Any]


class Measured(NamedTuple):
    """Figures beside those that people report. Money is in minor units of the initiative's currency.

    `cost_by_cpi`: by how much the budget will be missed if the rest costs what the work so far did. `shortfall`: the share that
    is missing of the benefit that lacks most. `exposure`: what open risks may cost.
    """

    cost_by_cpi: Known = reasons.NO_BASELINE
    shortfall: Known = reasons.NO_TARGET_SET
    exposure: Known = reasons.NO_RISKS


def measure(current: Shown | None, benefits: Iterable[Shown], exposure: Shown | None) -> Measured:
    """Return the figures, given those of the performance today, the benefits and the exposure as their own pages show them."""
    return Measured(
        reasons.NO_BASELINE if current is None else _beyond(current["eac_range"]["by_cpi"], current["bac"]),
        _shortfall(benefits),
        reasons.NO_RISKS if exposure is None else _minor(exposure["exposure"]),
    )


def _beyond(eac: Shown, bac: Shown) -> Known:
    estimate, budget = _minor(eac), _minor(bac)
    if isinstance(estimate, Unknown) or isinstance(budget, Unknown):
        return estimate if isinstance(estimate, Unknown) else budget
    return estimate - budget


def _minor(figure: Shown) -> int | Unknown:
    return Unknown(figure["reason"]) if figure["value"] is None else int(figure["value"]["minor"])


def _shortfall(benefits: Iterable[Shown]) -> Known:
    """Return the share that the benefit lacks that lacks most, of those that were promised and measured."""
    promised = [one for one in benefits if one["target"] is not None]
    gained = [Decimal(one["gained"]["value"]) for one in promised if one["gained"]["value"] is not None]
    if not promised:
        return reasons.NO_TARGET_SET
    return max(1 - min(gained), Decimal(0)) if gained else reasons.NOT_MEASURED
