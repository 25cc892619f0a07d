"""The answer of the one view, and how it is made of what is known of each member. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.metrics import definitions, earned_value, metric
from portfolio_projector.metrics.dora import Window
from portfolio_projector.metrics.metric import CountMetric, Figure, MoneyMetric, NumberMetric, TextMetric
from portfolio_projector.metrics.outcomes import is_reached
from portfolio_projector.metrics.reasons import (
    ENDED,
    NEVER_MOVED,
    NO_BASELINE,
    NO_DEPLOYMENTS,
    NO_END,
    NO_ESTIMATE,
    NO_RISKS,
    NO_TARGET_SET,
    NOT_GIVEN,
    NOT_SIMULATED,
    Unknown,
)
from portfolio_projector.read_models.delivery.answers import window
from portfolio_projector.read_models.delivery.five import five
from portfolio_projector.read_models.delivery.state import Delivery
from portfolio_projector.read_models.delivery.windows import Delivered
from portfolio_projector.read_models.dependencies.state import Dependencies
from portfolio_projector.read_models.funding.standing import place, standing
from portfolio_projector.read_models.funding.state import Funding
from portfolio_projector.read_models.gates.state import Gates
from portfolio_projector.read_models.initiatives.rows import BaselineRow, InitiativeRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_projector.read_models.iterations import progress
from portfolio_projector.read_models.iterations.performance import performance as agile_performance
from portfolio_projector.read_models.iterations.state import Iterations
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.outcomes import answers as outcomes
from portfolio_projector.read_models.outcomes.state import Outcomes
from portfolio_projector.read_models.overview import promises
from portfolio_projector.read_models.overview.promises import Given, Likely, Promise
from portfolio_projector.read_models.overview.state import Heard
from portfolio_projector.read_models.performance import telling
from portfolio_projector.read_models.performance.state import Performance
from portfolio_projector.read_models.products.answers import Known as Products
from portfolio_projector.read_models.products.answers import summary
from portfolio_projector.read_models.products.state import ENDINGS
from portfolio_projector.read_models.risks import answers as risks
from portfolio_projector.read_models.risks.state import Risks

Shown = dict[str, Any]


class MoneyColumns(BaseModel):
    """Money: what may be spent, what was, and what it comes to."""

    released: MoneyMetric
    spent: MoneyMetric
    balance: MoneyMetric
    runway: NumberMetric = Field(description="months")
    forecast: MoneyMetric = Field(
        description="of an initiative, or its release: the estimate at completion at the budgeted rate; a product has no end"
    )


class PromiseColumns(BaseModel):
    """What is promised next, and how reliable that was."""

    next: TextMetric
    of: str | None = Field(description="what promises it: a baseline, a release, a dependency, a target for a gate, or its end")
    p85: TextMetric = Field(description="the day by which it is kept in 85 of 100 cases")
    p85_basis: Literal["published", "simulated"] | None
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
    percent_complete: NumberMetric = Field(
        description="of an agile initiative, like its indices, as of the last closed iteration; null for a product: it has no end"
    )
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


class PortfolioTotals(BaseModel):
    """The portfolio as a whole, in its own currency: indices are of sums, never means of indices."""

    initiatives: int
    products: int
    spi: NumberMetric
    cpi: NumberMetric
    risk_exposure: MoneyMetric
    left_out: list[str] = Field(description="initiatives that are kept in another currency, and are in no sum")


class OverviewAnswer(Answer):
    """Every initiative and product, in all three ways of delivery."""

    totals: PortfolioTotals
    members: list[MemberColumns]
    next_cursor: str | None


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
    iterations: Mapping[str, Iterations]
    gates: Mapping[str, Gates]
    dependencies: Dependencies


def answer(known: Known, moment: Moment, paging: Paging) -> Shown:
    """Return a page of the view, initiatives, then products, each by id; and the totals of all."""
    register = risks.exposures(known.risks)
    teller = _Teller(known, moment, {one["member"]: one for one in register["members"]})
    initiatives, performances = list[Shown](), list[Shown]()
    for member, state in known.initiatives.items():
        for row in state.initiatives.all().values():
            told = telling.current(known.performance[member], known.money.of(member), moment.today, moment.zone)
            figures = told and {
                "complete": told["percent_complete"],
                "spi": told["spi"],
                "cpi": told["cpi"],
                "eac": told["eac_range"]["by_budget_rate"],
            }
            initiatives.append(teller.initiative(member, row, list(state.baselines.all().values()), figures))
            performances.append({"member": member, "currency": row.currency, "current": told})
    products = [teller.product(name) for name in sorted(known.products.products)]
    return {
        "totals": {
            "initiatives": len(initiatives),
            "products": len(products),
            **_indices(performances, known.rules.currency),
            "risk_exposure": register["exposure"],
        },
        "members": paging.take("members", [*initiatives, *products], lambda columns: (columns["member"],)),
        "next_cursor": paging.next_cursor,
    }


class _Teller:
    """Tells of one member after the other."""

    def __init__(self, known: Known, moment: Moment, exposures: Mapping[str, Shown]) -> None:
        self._known = known
        self._moment = moment
        self._exposures = exposures
        self._given = Given(known.dependencies, moment.zone)

    def initiative(self, member: str, row: InitiativeRow, baselines: Sequence[BaselineRow], told: Shown | None) -> Shown:
        """Return the columns of an initiative, with its figures against the current baseline, where it has one."""
        none, agile = NO_BASELINE, self._agile(member) if row.mode == "agile" else None
        figures = agile or told
        return {
            "member": member,
            "mode": row.mode,
            "name": row.name,
            "state": row.state,
            "responsible": row.sponsor,
            "money": {
                **self._money(member),
                "forecast": figures["eac"] if figures else metric.money(definitions.EAC_BUDGET_RATE, NO_ESTIMATE, row.currency),
            },
            "percent_complete": figures["complete"] if figures else metric.number(definitions.PERCENT_COMPLETE, none),
            "spi": figures["spi"] if figures else metric.number(definitions.SPI, none),
            "cpi": figures["cpi"] if figures else metric.number(definitions.CPI, none),
            "promise": self._promise_of_plan(row, baselines) if self._is_planned(row) else self._promise_of_agile(member, row),
            "change_failure_rate": self._failures(member),
            **self._common(member, row.currency),
        }

    def _agile(self, member: str) -> Shown | None:
        """Return the figures of the release that an agile initiative works on, with the scope of now."""
        state, moment = self._known.iterations.get(member) or Iterations(), self._moment
        name = progress.release_on(state, moment.today)
        if name is None:
            return None
        spent_by = progress.spent_from(self._known.money.of(member), moment.zone)
        told = agile_performance(state, state.releases[name], progress.steps(state, name, spent_by, moment.zone))
        now = told["with_current_scope"]
        return {"complete": now["actual_complete"], "spi": now["spi"], "cpi": now["cpi"], "eac": now["eac_budget_rate"]}

    def _is_planned(self, row: InitiativeRow) -> bool:
        """Tell whether an initiative goes by baselines; an agile one does that has no releases."""
        known = self._known.iterations.get(f"initiative/{row.initiative}")
        return row.mode == "waterfall" or (row.finish is not None and not (known and known.releases))

    def _promise_of_plan(self, row: InitiativeRow, baselines: Sequence[BaselineRow]) -> Shown:
        moves = _moves(baselines)
        promise = Promise(NO_BASELINE) if row.finish is None else Promise(row.finish, f"baseline {row.baseline}")
        promise = Promise(ENDED) if row.has_ended else promise
        likely = Likely(promise.next if isinstance(promise.next, Unknown) else NOT_SIMULATED)
        return self._promise(promise, likely, moves if row.baselines_approved else NO_BASELINE)

    def _promise_of_agile(self, member: str, row: InitiativeRow) -> Shown:
        state = self._known.iterations.get(member)
        promise = Promise(ENDED) if row.has_ended else promises.of_agile(state, self._given.next(member))
        likely = promises.likely_of_agile(state, promise, self._moment.zone)
        return self._promise(promise, likely, list(self._given.moves(member)))

    def _promise_of_product(self, member: str, told: Shown) -> Shown:
        has_ended = told["state"] in ENDINGS
        promise = Promise(ENDED) if has_ended else promises.of_product(told["promise"], self._given.next(member))
        likely = Likely(promise.next if isinstance(promise.next, Unknown) else NOT_SIMULATED)
        moves = [*self._given.moves(member), *promises.target_moves(self._known.gates.get(member), member)]
        return self._promise(promise, likely, moves)

    def _promise(self, promise: Promise, likely: Likely, moves: Sequence[datetime] | Unknown) -> Shown:
        is_known = not isinstance(moves, Unknown)
        since = (self._moment.today - max(moves).astimezone(self._moment.zone).date()).days if is_known and moves else NEVER_MOVED
        return {
            "next": metric.text(definitions.NEXT_PROMISE, promise.next),
            "of": promise.of,
            **likely_columns(likely),
            "moves": metric.count(definitions.PROMISE_MOVES, len(moves) if is_known else moves),
            "days_since_move": metric.count(definitions.DAYS_SINCE_MOVE, since),
        }

    def product(self, name: str) -> Shown:
        """Return the columns of a product."""
        member = f"product/{name}"
        at = place(self._known.money, self._known.rules, member, self._moment.today, self._moment.zone)
        told = summary(name, self._known.products, at)
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
            "promise": self._promise_of_product(member, told),
            "change_failure_rate": self._failures(member),
            **self._common(member, at.currency),
        }

    def _failures(self, member: str) -> Figure:
        delivered = self._known.delivery.get(member)
        if delivered is None:
            return metric.number(definitions.CHANGE_FAILURE_RATE, NO_DEPLOYMENTS)
        told = five(Delivered(delivered, _window(self._moment.today), self._moment.zone, "all"))
        return _plain(told["change_failure_rate"])

    def _money(self, member: str) -> Shown:
        told = standing(place(self._known.money, self._known.rules, member, self._moment.today, self._moment.zone))
        return {name: told[name] for name in ("released", "spent", "balance", "runway")}

    def _common(self, member: str, currency: str) -> Shown:
        heard = self._known.heard.get(member) or Heard()
        finished = heard.finished_by(self._moment.today, self._moment.zone)
        at_risk = self._exposures.get(member)
        benefits = outcomes.benefits(self._known.outcomes, self._moment.today, member)
        return {
            "finished": metric.count(definitions.FINISHED, finished),
            "risk_exposure": at_risk["exposure"] if at_risk else metric.money(definitions.RISK_EXPOSURE, NO_RISKS, currency),
            "open_risks": at_risk["open"] if at_risk else 0,
            "benefits": len(benefits),
            "benefits_met": metric.number(definitions.SHARE_MET, _met(benefits)),
            "freshness": _freshness(heard, self._moment),
        }


def likely_columns(likely: Likely) -> Shown:
    """Return the columns that say when a promise is likely to be kept."""
    return {"p85": metric.text(definitions.PROMISE_P85, likely.day), "p85_basis": likely.basis}


def simulated_promises(known: Known, members: Sequence[Shown]) -> dict[str, list[str]]:
    """Return the items that products promise next, by product: those of which a forecast can be made."""
    told = dict[str, Mapping[str, Any]]()
    for columns in members:
        member: str = columns["member"]
        if columns["mode"] == "product" and (columns["promise"]["of"] or "").startswith("target "):
            told[member] = known.products.promises(member.partition("/")[2])[0]
    return promises.promised_items(known.products.state, told)


def _met(benefits: Iterable[Shown]) -> Fraction | Unknown:
    """Return the share of benefits with a target that are realised, or measured at it or beyond."""
    promised = [one for one in benefits if one["target"] is not None]
    if not promised:
        return NO_TARGET_SET
    met = [one for one in promised if one["state"] == "Realised" or _reached(one)]
    return Fraction(len(met), len(promised))


def _reached(benefit: Shown) -> bool:
    return is_reached(_value(benefit["baseline"]), _value(benefit["target"]), _value(benefit))


def _value(stated: Shown | None) -> Decimal | None:
    return None if stated is None or stated["value"] is None else Decimal(stated["value"])


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
