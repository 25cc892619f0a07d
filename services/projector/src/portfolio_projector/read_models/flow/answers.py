"""The answers about flow: what a window of days looked like, and what is in work now."""

from typing import Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import Day
from portfolio_projector.metrics.metric import CountMetric, NumberMetric, TextMetric
from portfolio_schemas.events.item import ItemKind


class FlowState(BaseModel):
    """A state of the workflow."""

    name: str
    active: bool = Field(description="somebody works on items there")
    counts_from: bool = Field(description="an item is committed once it is there")


class WorkflowVersion(BaseModel):
    """A workflow as it was defined."""

    version: int = Field(description="from 1; 0 where none was defined and an item's own life is taken for one")
    entry: int | None = Field(description="the entry that defined it")
    states: list[FlowState]


class Conventions(BaseModel):
    """What could have been counted in another way."""

    cycle_time: Literal["elapsed", "inclusive"] = Field(description="`elapsed` days, or `inclusive` of the day of commitment")
    backward_move: Literal["last_entry", "first_entry"] = Field(
        description="after an item went back its `last_entry` into a state counts, or its `first_entry`"
    )
    dropped: Literal["excluded", "counted"] = Field(
        description="dropped items are `excluded` since they left, or `counted` as done"
    )
    zone: str = Field(description="the zone in which days begin and end")


class FlowBasis(BaseModel):
    """What the figures rest on."""

    workflow: WorkflowVersion = Field(description="the one that holds, through which all items are counted")
    committed: str = Field(description="the state from which flow counts")
    workflows: list[WorkflowVersion] = Field(description="all that were ever defined, the oldest first")
    conventions: Conventions


class FlowDay(BaseModel):
    """The cumulative flow at the end of a day, and what came and went on it."""

    day: Day
    added: int = Field(description="items that had entered the backlog")
    states: dict[str, int] = Field(description="items that had reached each state or a later one, in the order of the workflow")
    done: int
    wip: int = Field(description="committed and not done")
    arrivals: int = Field(description="items that were committed on the day")
    departures: int = Field(description="items that were done on the day")
    net_flow: int = Field(description="arrivals less departures")


class KindCounts(BaseModel):
    """Items by kind."""

    feature: int
    defect: int
    risk: int
    debt: int


class FlowWeek(BaseModel):
    """A week from Monday to Sunday."""

    week: str = Field(description="the ISO week", examples=["2026-W27"])
    first_day: Day
    last_day: Day
    whole: bool = Field(description="all of it is in the window and over")
    throughput: int
    kinds: KindCounts
    moves: int
    additions: int
    drops: int
    churn: NumberMetric


class PercentileMetric(NumberMetric):
    """A percentile, by linear interpolation."""

    share: str = Field(description="0.85 for the 85th", examples=["0.85"])


class CompletedItem(BaseModel):
    """An item that was done in the window."""

    item: str
    kind: ItemKind
    committed_on: Day | None
    done_on: Day
    cycle_time_days: int | None = Field(description="null where it is in no figure")
    excluded: Literal["DONE_BEFORE_COMMITTED", "NEVER_COMMITTED"] | None = Field(description="why it is in no figure")


class CycleTimes(BaseModel):
    """How long items took that were done in the window."""

    completed: int
    excluded: int = Field(description="items among them that are in no figure: see `completed`")
    percentiles: list[PercentileMetric]
    mean: NumberMetric


class FlowShares(BaseModel):
    """What was done in the window, by kind."""

    feature: NumberMetric
    defect: NumberMetric
    risk: NumberMetric
    debt: NumberMetric


class LittlesLaw(BaseModel):
    """A check whether the figures of the window hang together: it corrects none of them."""

    average_wip: NumberMetric
    implied_wip: NumberMetric
    ratio: NumberMetric
    warning: str | None = Field(description="what the difference may mean, where there is one")


class ItemInWork(BaseModel):
    """An item that is committed and not done."""

    item: str
    kind: ItemKind
    state: str | None
    committed_on: Day
    age_days: int
    blocked: bool


class InWork(BaseModel):
    """What is in work now: the items, the oldest first."""

    load: CountMetric
    age: list[PercentileMetric]
    items: list[ItemInWork]


class WipLimit(BaseModel):
    """The limit of a state, and whether it is kept."""

    state: str
    limit: int
    since_entry: int
    items: int = Field(description="items in the state now")
    exceeded: bool
    days_exceeded: int = Field(description="days of the window at whose end there were more than was allowed that day")


class FlowAnswer(Answer):
    """The flow of a product."""

    product: str
    first_day: Day
    last_day: Day
    basis: FlowBasis
    cfd: list[FlowDay]
    weeks: list[FlowWeek]
    cycle_time: CycleTimes
    completed: list[CompletedItem] = Field(description="the last ones that were done in the window")
    flow_efficiency: NumberMetric
    distribution: FlowShares
    churn: NumberMetric
    littles_law: LittlesLaw
    in_work: InWork
    wip_limits: list[WipLimit]


class Sample(BaseModel):
    """A week that futures are drawn from."""

    first_day: Day
    throughput: int


class ForecastWhen(BaseModel):
    """When what remains is done, at the latest, in a share of all futures."""

    share: str = Field(description="0.85: in 85 of 100 futures", examples=["0.85"])
    weeks: CountMetric
    day: TextMetric


class ForecastAmount(CountMetric):
    """How many items are done, at least, in a share of all futures."""

    share: str = Field(description="0.85: in 85 of 100 futures", examples=["0.85"])


class ForecastAnswer(Answer):
    """What is to be expected of a product's backlog, if the weeks to come are like those that it has had."""

    product: str
    samples: list[Sample] = Field(description="whole weeks that are over, those without anything done too")
    method: Literal["monte_carlo"]
    generator: Literal["mt19937"] = Field(
        description="how futures are drawn: see `/docs`; `mt19937` is Python's `random.Random(seed).random()`"
    )
    seed: int = Field(description="with the same seed the same futures are drawn again, in every version")
    runs: int = Field(description="how many futures were drawn")
    remaining: int = Field(description="items that must be done")
    remaining_is: Literal["open_items", "given", "place"] = Field(
        description="`open_items`, `given`, or the `place` of an item: all up to it and with it"
    )
    item: str | None
    when: list[ForecastWhen]
    when_exactly: list[ForecastWhen] | None = Field(description="of all possible futures; null where they are too many to count")
    weeks: int = Field(description="weeks ahead for `how_many`")
    last_day: Day = Field(description="the day on which they end")
    how_many: list[ForecastAmount]
    how_many_exactly: list[ForecastAmount] | None
