"""The answer of the one view, and how it is made of what is known of each member. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.moments import Moment
from portfolio_projector.metrics import definitions, earned_value, metric
from portfolio_projector.metrics.dora import Window
from portfolio_projector.metrics.metric import CountMetric, Figure, MoneyMetric, NumberMetric, TextMetric
from portfolio_projector.metrics.reasons import (
    NEVER_MOVED,
    NO_BASELINE,
    NO_DEPLOYMENTS,
    NO_END,
    NO_ESTIMATE,
    NO_RISKS,
    NO_TARGET_SET,
    NOT_COUNTED,
    NOT_GIVEN,
    NOT_PROMISED,
    Unknown,
)
from portfolio_projector.read_models.delivery.answers import window
from portfolio_projector.read_models.delivery.five import five
from portfolio_projector.read_models.delivery.state import Delivery
from portfolio_projector.read_models.delivery.windows import Delivered
from portfolio_projector.read_models.funding.standing import place, standing
from portfolio_projector.read_models.funding.state import Funding
from portfolio_projector.read_models.initiatives.rows import BaselineRow, InitiativeRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.outcomes import answers as outcomes
from portfolio_projector.read_models.outcomes.state import Outcomes
from portfolio_projector.read_models.overview.state import Heard
from portfolio_projector.read_models.performance import telling
from portfolio_projector.read_models.performance.state import Performance
from portfolio_projector.read_models.products.answers import Known as Products
from portfolio_projector.read_models.products.answers import summary
from portfolio_projector.read_models.risks import answers as risks
from portfolio_projector.read_models.risks.state import Risks

FINISHED_DAYS = 28

Shown = dict[str, Any]


class MoneyColumns(BaseModel):
    """Money: what may be spent, what was, and what it comes to."""

    released: MoneyMetric
    spent: MoneyMetric
    balance: MoneyMetric
    runway: NumberMetric = Field(description="months")
    forecast: MoneyMetric = Field(
        description="of an initiative: the estimate at completion at the budgeted rate; a product has no end"
    )


class PromiseColumns(BaseModel):
    """What is promised next, and how reliable that was."""

    next: TextMetric
    moves: CountMetric
    days_since_move: CountMetric


class SourceWord(BaseModel):
    """When a source was last heard."""

    source: str
    entry: int
    time: datetime = Field(description="the latest time that anything it said was true")


class Freshness(BaseModel):
    """How old what is known is."""

    days: CountMetric
    entry: int | None
    sources: list[SourceWord]


class MemberColumns(BaseModel):
    """One initiative or product, by columns that do not depend on how it is delivered."""

    member: str
    mode: Literal["waterfall", "agile", "product"]
    name: str
    state: str
    responsible: str | None = Field(description="the sponsor of an initiative, the owner of a product")
    money: MoneyColumns
    percent_complete: NumberMetric = Field(description="null for a product: it has no end")
    spi: NumberMetric
    cpi: NumberMetric
    promise: PromiseColumns
    finished: CountMetric
    change_failure_rate: NumberMetric
    risk_exposure: MoneyMetric
    open_risks: int
    benefits: int
    benefits_met: NumberMetric
    freshness: Freshness


class Totals(BaseModel):
    """The portfolio as a whole, in its own currency: indices are of sums, never means of indices."""

    initiatives: int
    products: int
    spi: NumberMetric
    cpi: NumberMetric
    risk_exposure: MoneyMetric
    left_out: list[str] = Field(description="initiatives that are kept in another currency, and are in no sum")


class OverviewAnswer(Answer):
    """Every initiative and product, in all three ways of delivery."""

    totals: Totals
    members: list[MemberColumns]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """All that the view is made of; what is by member is by its subject."""

    initiatives: Mapping[str, Initiatives]
    performance: Mapping[str, Performance]
    delivery: Mapping[str, Delivery]
    heard: Mapping[str, Heard]
    products: Products
    money: Money
    rules: Funding
    risks: Risks
    outcomes: Outcomes


def answer(known: Known, moment: Moment) -> Shown:
    """Return the view: initiatives, then products, each by id."""
    register = risks.answer(known.risks, moment.today, None)
    teller = _Teller(known, moment, {one["member"]: one for one in register["members"]})
    initiatives, performances = list[Shown](), list[Shown]()
    for member, state in known.initiatives.items():
        for row in state.initiatives.all().values():
            told = telling.tell(known.performance[member], known.money.of(member), moment.today, moment.zone)["today"]["current"]
            initiatives.append(teller.initiative(member, row, list(state.baselines.all().values()), told))
            performances.append({"member": member, "currency": row.currency, "current": told})
    products = [teller.product(name) for name in sorted(known.products.products)]
    return {
        "totals": {
            "initiatives": len(initiatives),
            "products": len(products),
            **_indices(performances, known.rules.currency),
            "risk_exposure": register["exposure"],
        },
        "members": [*initiatives, *products],
    }


class _Teller:
    """Tells of one member after the other."""

    def __init__(self, known: Known, moment: Moment, exposures: Mapping[str, Shown]) -> None:
        self._known = known
        self._moment = moment
        self._exposures = exposures

    def initiative(self, member: str, row: InitiativeRow, baselines: Sequence[BaselineRow], told: Shown | None) -> Shown:
        """Return the columns of an initiative, with its figures against the current baseline, where it has one."""
        moves = _moves(baselines)
        since = (self._moment.today - moves[-1].astimezone(self._moment.zone).date()).days if moves else NEVER_MOVED
        none = NO_BASELINE
        return {
            "member": member,
            "mode": row.mode,
            "name": row.name,
            "state": row.state,
            "responsible": row.sponsor,
            "money": {
                **self._money(member),
                "forecast": told["eac_range"]["by_budget_rate"]
                if told
                else metric.money(definitions.EAC_BUDGET_RATE, NO_ESTIMATE, row.currency),
            },
            "percent_complete": told["percent_complete"] if told else metric.number(definitions.PERCENT_COMPLETE, none),
            "spi": told["spi"] if told else metric.number(definitions.SPI, none),
            "cpi": told["cpi"] if told else metric.number(definitions.CPI, none),
            "promise": {
                "next": metric.text(definitions.NEXT_PROMISE, none if row.finish is None else row.finish),
                "moves": metric.count(definitions.PROMISE_MOVES, len(moves) if row.baselines_approved else none),
                "days_since_move": metric.count(definitions.DAYS_SINCE_MOVE, since),
            },
            "change_failure_rate": metric.number(definitions.CHANGE_FAILURE_RATE, NO_DEPLOYMENTS),
            **self._common(member, row.currency),
        }

    def product(self, name: str) -> Shown:
        """Return the columns of a product."""
        member = f"product/{name}"
        at = place(self._known.money, self._known.rules, member, self._moment.today, self._moment.zone)
        told = summary(name, self._known.products, at)
        promise = told["promise"]
        delivered = self._known.delivery.get(member)
        rate = (
            metric.number(definitions.CHANGE_FAILURE_RATE, NO_DEPLOYMENTS)
            if delivered is None
            else _plain(five(Delivered(delivered, _window(self._moment.today), self._moment.zone, "all"))["change_failure_rate"])
        )
        promised: str | Unknown = NOT_PROMISED if promise is None else str(promise["date"] or promise["target"])
        return {
            "member": member,
            "mode": "product",
            "name": told["name"],
            "state": told["state"],
            "responsible": told["owner"],
            "money": {**self._money(member), "forecast": metric.money(definitions.EAC_BUDGET_RATE, NO_END, at.currency)},
            "percent_complete": metric.number(definitions.PERCENT_COMPLETE, NO_END),
            "spi": metric.number(definitions.SPI, NO_END),
            "cpi": metric.number(definitions.CPI, NO_END),
            "promise": {
                "next": metric.text(definitions.NEXT_PROMISE, promised),
                "moves": metric.count(definitions.PROMISE_MOVES, NOT_COUNTED),
                "days_since_move": metric.count(definitions.DAYS_SINCE_MOVE, NOT_COUNTED),
            },
            "change_failure_rate": rate,
            **self._common(member, at.currency),
        }

    def _money(self, member: str) -> Shown:
        told = standing(place(self._known.money, self._known.rules, member, self._moment.today, self._moment.zone))
        return {name: told[name] for name in ("released", "spent", "balance", "runway")}

    def _common(self, member: str, currency: str) -> Shown:
        heard = self._known.heard.get(member) or Heard()
        last = self._moment.today.isoformat()
        first = (self._moment.today - timedelta(days=FINISHED_DAYS - 1)).isoformat()
        finished = sum(count for day, count in heard.finished.items() if first <= day <= last)
        at_risk = self._exposures.get(member)
        benefits = outcomes.answer(self._known.outcomes, self._moment.today, member)["benefits"]
        return {
            "finished": metric.count(definitions.FINISHED, finished),
            "risk_exposure": at_risk["exposure"] if at_risk else metric.money(definitions.RISK_EXPOSURE, NO_RISKS, currency),
            "open_risks": at_risk["open"] if at_risk else 0,
            "benefits": len(benefits),
            "benefits_met": metric.number(definitions.SHARE_MET, _met(benefits)),
            "freshness": _freshness(heard, self._moment),
        }


def _met(benefits: Iterable[Shown]) -> Fraction | Unknown:
    """Return the share of benefits with a target that are realised, or measured at it or beyond."""
    promised = [one for one in benefits if one["target"] is not None]
    if not promised:
        return NO_TARGET_SET
    met = [one for one in promised if one["state"] == "Realised" or _reached(one)]
    return Fraction(len(met), len(promised))


def _reached(benefit: Shown) -> bool:
    gained = benefit["gained"]["value"] or benefit["realised"]["value"]
    return gained is not None and Fraction(gained) >= 1


def _freshness(heard: Heard, moment: Moment) -> Shown:
    words = sorted(heard.sources.items(), key=lambda one: (-one[1].entry, one[0]))
    last = max((word.time for _, word in words), default=None)
    days = NOT_GIVEN if last is None else (moment.today - last.astimezone(moment.zone).date()).days
    return {
        "days": metric.count(definitions.SILENT_DAYS, days),
        "entry": words[0][1].entry if words else None,
        "sources": [{"source": source, "entry": word.entry, "time": word.time} for source, word in words],
    }


def _moves(baselines: Sequence[BaselineRow]) -> list[datetime]:
    """Return when an approved baseline had another finish than the one approved before."""
    approved = sorted(
        (one for one in baselines if one.effective_date is not None and one.decided_entry is not None),
        key=lambda one: one.decided_entry or 0,
    )
    return [
        later.decided_at
        for earlier, later in pairwise(approved)
        if earlier.finish != later.finish and later.decided_at is not None
    ]


def _indices(performances: Iterable[Shown], currency: str | None) -> Shown:
    """Return SPI and CPI of the sums over initiatives in the portfolio's currency that have a budget."""
    pv = ev = ac = bac = 0
    left_out = list[str]()
    for one in performances:
        current = one["current"]
        if current is None or current["ev"]["value"] is None:
            continue
        if one["currency"] != currency:
            left_out.append(one["member"])
            continue
        amounts = [current[name]["value"] for name in ("pv", "ev", "ac", "bac")]
        sums = [0 if amount is None else amount["minor"] for amount in amounts]
        pv, ev, ac, bac = pv + sums[0], ev + sums[1], ac + sums[2], bac + sums[3]
    return {
        "spi": metric.number(definitions.SPI, earned_value.spi(bac, pv, ev) if bac else NO_BASELINE),
        "cpi": metric.number(definitions.CPI, earned_value.cpi(bac, ev, ac) if bac else NO_BASELINE),
        "left_out": left_out,
    }


def _window(today: date) -> Window:
    return window(None, None, today)


def _plain(figure: Figure) -> Figure:
    """Return a figure without what only its own page tells."""
    return {name: figure[name] for name in ("value", "reason", "definition")}
