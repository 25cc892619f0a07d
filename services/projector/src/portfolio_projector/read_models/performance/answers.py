"""The shape of what is told of an initiative's performance, for the OpenAPI document and the clients made of it."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import ChangeClass, InitiativeMode
from portfolio_projector.metrics.metric import CountMetric, MoneyMetric, NumberMetric, Sum, TextMetric
from portfolio_projector.read_models.iterations.performance import ReleasePerformance

Flag = Literal["COST_MISSING", "COST_FELL"]


class Range(BaseModel):
    """What all of it will cost: if the rest costs what was budgeted, and if it costs what the work so far did."""

    by_budget_rate: MoneyMetric
    by_cpi: MoneyMetric


class Estimate(BaseModel):
    """One way to estimate what all of it costs. Only `budget_rate`, `cpi` and `bottom_up` are to be read alone."""

    method: str
    performance: NumberMetric | None = Field(description="what the remaining work is divided by; null for `bottom_up`")
    etc: MoneyMetric
    eac: MoneyMetric
    vac: MoneyMetric
    tcpi: NumberMetric = Field(description="the cost performance that the rest needs, for all of it to cost that")


class Time(BaseModel):
    """Earned schedule, in working hours of the baseline's calendar since its planned start."""

    grid: Literal["hour"] = Field(description="planned value is taken at each whole working hour, and interpolated between")
    at: NumberMetric
    pd: NumberMetric
    es: NumberMetric
    es_date: TextMetric
    sv_t: NumberMetric
    spi_t: NumberMetric
    tspi: NumberMetric
    ieac_t_by_plan_rate: NumberMetric
    ieac_t_by_spi_t: NumberMetric
    finish_by_plan_rate: TextMetric
    finish_by_spi_t: TextMetric


class TimeInWholeHours(BaseModel):
    """The same as ProTrack prints it: without the part of an hour that has begun."""

    grid: Literal["whole-hour"]
    es: NumberMetric
    es_date: TextMetric
    sv_t: NumberMetric
    spi_t: NumberMetric


class Against(BaseModel):
    """The figures of a moment against one baseline."""

    baseline: int = Field(description="the version of the plan")
    is_final: bool = Field(description="whether the figures were frozen, and are the same for ever after")
    bac: MoneyMetric
    pv: MoneyMetric
    ev: MoneyMetric
    ac: MoneyMetric
    sv: MoneyMetric
    cv: MoneyMetric
    spi: NumberMetric
    cpi: NumberMetric
    percent_complete: NumberMetric
    percent_spent: NumberMetric
    percent_planned: NumberMetric
    tcpi: NumberMetric
    eac_range: Range
    estimates: list[Estimate]
    time: Time
    time_in_whole_hours: TimeInWholeHours


class Stated(BaseModel):
    """What the source's own tool said at the end of the period."""

    pv: Sum | None
    ev: Sum | None
    ac: Sum | None


class Period(BaseModel):
    """The figures at the end of a period, or today, against three baselines side by side."""

    period: str | None = Field(description="as its source named it; a month such as `2026-03` where none are stated; null: today")
    status_date: date = Field(description="the last day of it")
    at: datetime = Field(description="the moment of the figures: the end of that day, or when the period was closed on it")
    entry: int | None = Field(description="the entry that closed it, where one did")
    stated: Stated | None
    ac: MoneyMetric
    current: Against | None = Field(description="against the baseline that was current then; null where there never was one")
    previous: Against | None = Field(description="against the baseline before that")
    original: Against | None = Field(description="against the first baseline of all")
    flags: list[Flag] = Field(description="COST_MISSING: work is done and no cost posted; COST_FELL: less is spent than before")


class Approved(BaseModel):
    """A baseline that was approved, and by whom, when and why."""

    baseline: int
    entry: int
    corrected_by: int | None
    at: datetime
    by: str
    reason: str | None
    effective_date: date
    change_class: ChangeClass
    variances_kept: bool
    change_request: str | None
    bac: Sum
    calendar: str | None = Field(description="the working calendar that its times are counted by")
    zone: str


class Point(BaseModel):
    """A point of the S-curve, at the end of a day. What lies after today is planned only."""

    day: date
    current_pv: int | None = Field(description="planned by the current baseline, in minor units")
    original_pv: int | None = Field(description="planned by the first baseline, in minor units")
    ev: int | None
    ac: int | None


class PerformanceAnswer(Answer):
    """Earned value and earned schedule of an initiative: by period, and today."""

    initiative: str
    mode: InitiativeMode
    currency: str
    zone: str = Field(description="the zone in which its days begin and end")
    periods_by: Literal["reporting", "month"] = Field(description="whether periods were stated, or are months")
    baselines: list[Approved] = Field(description="in the order in which they were approved")
    rebaselines: CountMetric
    days_since_rebaseline: CountMetric
    today: Period
    periods: list[Period]
    s_curve: list[Point]
    agile: list[ReleasePerformance] = Field(
        description="of an agile initiative: earned value of each release as of its last closed iteration, and of all before"
    )
    next_cursor: str | None = Field(description="goes on with periods, baselines and agile; the S-curve has about sixty points")
