"""DORA: worked examples of others, retyped, and what must hold for any deployments."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import dora
from portfolio_projector.metrics.dora import Change, Nearest, Stages, Window
from portfolio_projector.metrics.reasons import NO_DEPLOYMENTS, NO_INCIDENTS


def at(text: str) -> datetime:
    """A moment of April 2023, `10T04:51:47`, or one with its month."""
    return datetime.fromisoformat(text if text.count("-") > 1 else f"2023-04-{text}").replace(tzinfo=UTC)


MERGED = {
    "pr1": Change(at("10T04:51:47"), at("11T04:51:47"), at("11T04:56:47"), at("11T05:51:47"), at("13T07:29:14")),
    "pr2": Change(at("13T04:51:47"), at("12T04:51:47"), at("12T04:51:49"), at("12T05:51:47"), at("13T07:29:14")),
    "pr3": Change(at("07T04:51:47"), at("11T06:53:51"), at("10T06:53:51"), at("14T06:53:51")),
    "pr4": Change(at("05T04:51:47"), at("13T07:55:01"), at("14T08:55:01"), at("13T08:55:01")),
    "pr5": Change(at("04T04:51:47"), at("13T07:55:01"), at("2022-09-07T23:07:13"), at("13T08:55:01")),
}
"""Pull requests of Apache DevLake's end-to-end test of lead time (Apache-2.0), with the deployments that hold them."""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pr1", Stages(coding=1440, pickup=5, review=55, deploy=2978, cycle=4478)),
        ("pr2", Stages(coding=None, pickup=1, review=60, deploy=1538, cycle=1598)),
        ("pr3", Stages(coding=5883, pickup=None, review=5760, deploy=None, cycle=10203)),
        ("pr4", Stages(coding=11704, pickup=1500, review=None, deploy=None, cycle=11764)),
        ("pr5", Stages(coding=13144, pickup=None, review=313068, deploy=None, cycle=13204)),
    ],
)
def test_lead_time_has_the_stages_that_devlake_works_out(name: str, expected: Stages):
    """Minutes are rounded up, and a stage that would end before it begins is none."""
    assert dora.stages(MERGED[name]) == expected


def test_lead_time_depends_on_which_changes_are_asked_about():
    """The median over everything that was merged is thrice the one over what was deployed."""
    cycles = {name: dora.stages(change).cycle or 0 for name, change in MERGED.items()}
    assert dora.median(list(cycles.values())) == 10203
    assert dora.median([cycles["pr1"], cycles["pr2"]]) == 3038


def test_a_change_without_review_is_coded_until_it_is_merged():
    """No time is lost between the commit and the merge when nobody opened a review."""
    change = Change(at("10T08:00:00"), merged_at=at("10T09:00:00"), deployed_at=at("10T09:30:00"))
    assert dora.stages(change) == Stages(coding=60, pickup=None, review=None, deploy=30, cycle=90)


def test_a_commit_that_is_deployed_without_a_merge_has_the_time_in_between():
    """Where nothing is merged the lead time is that from commit to deployment."""
    change = Change(at("10T08:00:00"), deployed_at=at("10T09:30:00"))
    assert (dora.stages(change).cycle, dora.commit_to_deployment(change)) == (90, 90)
    assert dora.stages(Change(at("10T08:00:00"))).cycle is None


def test_a_deployment_at_the_moment_of_its_commit_has_no_lead_time_after_fourkeys():
    """What takes no time, or less, is left out."""
    assert dora.commit_to_deployment(Change(at("10T08:00:00"), deployed_at=at("10T08:00:00"))) is None
    assert dora.commit_to_deployment(Change(at("10T08:00:00"), deployed_at=at("10T07:00:00"))) is None


FINISHED = {
    "pipeline1": at("2022-09-11T22:51:47"),
    "pipeline2": at("2022-09-14T22:51:47"),
    "pipeline4": at("2022-09-16T22:51:47"),
    "pipeline6": at("2022-09-20T22:51:47"),
    "pipeline7": at("2022-09-23T22:51:47"),
}
"""What succeeded in production in Apache DevLake's end-to-end test of incidents, by the finish of its last part."""

BEGAN = {
    "1373792477": at("2022-09-15T01:56:06"),
    "1371320153": at("2022-11-02T08:21:09"),
    "1370816458": at("2022-11-13T01:07:21"),
    "1367714738": at("2022-11-13T23:37:21"),
    "1372644519": at("2022-11-16T21:34:01"),
    "1372381019": at("2022-11-28T01:46:47"),
}


def test_an_incident_is_laid_to_the_last_deployment_before_it():
    """The deployment that had finished last when the incident began, which may be long ago."""
    nearest = Nearest(FINISHED)
    found = {incident: nearest.before(began) for incident, began in BEGAN.items()}
    assert found == {incident: "pipeline2" if incident == "1373792477" else "pipeline7" for incident in BEGAN}
    assert nearest.before(at("2022-09-11T22:51:46")) is None
    assert nearest.before(at("2022-09-11T22:51:47")) == "pipeline1"


def test_a_deployment_fails_once_however_many_incidents_it_causes():
    """Two of five deployments caused six incidents: 40 %, not 120 %."""
    nearest = Nearest(FINISHED)
    assert dora.change_failure_rate(FINISHED, map(nearest.before, BEGAN.values())) == Fraction(2, 5)


@pytest.mark.parametrize(
    ("deployments", "causes", "expected"),
    [(23, [1, 2, 3, 4, 4, 4], "0.174"), (5, [0, 1], "0.400"), (4, [2], "0.250"), (5, [2], "0.200")],
)
def test_published_rates(deployments: int, causes: list[int], expected: str):
    """DevLake's corrected dashboard (4 of 23, not 6 of 23), its documentation, fourkeys and openo11y."""
    found = dora.change_failure_rate(map(str, range(deployments)), map(str, causes))
    assert isinstance(found, Fraction)
    assert f"{float(found):.3f}" == expected


def test_there_is_no_failure_rate_without_deployments():
    """A cause elsewhere changes nothing."""
    assert dora.change_failure_rate([], ["d1"]) == NO_DEPLOYMENTS
    assert dora.change_failure_rate(["d1"], ["d2", None]) == 0


def test_recovery_has_two_clocks():
    """From the deployment that failed an hour, from the incident forty minutes."""
    deployed, began, resolved = at("10T10:00:00"), at("10T10:20:00"), at("10T11:00:00")
    assert (dora.recovery([(deployed, resolved)]), dora.recovery([(began, resolved)])) == (60, 40)


def test_what_is_not_over_has_no_recovery():
    """It is left out, and where nothing is left there is no figure."""
    began = at("10T10:20:00")
    assert dora.recovery([(began, None)]) == NO_INCIDENTS
    assert dora.recovery([(began, None), (None, began), (began, began + timedelta(minutes=7))]) == 7


def test_the_median_of_an_even_count_depends_on_its_kind():
    """The mean of the two in the middle, or the lower one."""
    assert (dora.median([4, 1, 3, 2]), dora.median([4, 1, 3, 2], "lower")) == (Fraction(5, 2), 2)
    assert (dora.median([3, 1, 2]), dora.median([3, 1, 2], "lower"), dora.median([])) == (2, 2, None)


WEEKS = Window(date(2026, 6, 1), date(2026, 6, 28))
"""Four weeks from a Monday on."""


def days(*numbers: int) -> list[date]:
    """Days of June 2026."""
    return [date(2026, 6, number) for number in numbers]


def test_frequency_counts_days_on_which_nothing_happened():
    """Seven deployments, two of them on one day, in 28 days; a week without counts as one with 0."""
    found = dora.frequency([*days(1, 2, 3, 3, 9, 16, 17), date(2026, 7, 1)], WEEKS)
    assert (found.deployments, found.days, found.per_day) == (7, 28, Fraction(1, 4))
    assert (found.weeks, found.months) == ((3, 1, 2, 0), (6,))
    assert (found.days_per_week("mean"), found.days_per_week("lower")) == (Fraction(3, 2), 1)


@pytest.mark.parametrize(
    ("deployed_on", "band", "by_lower_median"),
    [
        (days(1, 2, 3, 8, 9, 10, 15, 16, 17, 22, 23, 24), "daily", "daily"),
        (days(1, 2, 3, 8, 9, 10, 15, 16, 22, 23), "weekly", "weekly"),
        (days(1, 2, 3, 8, 9, 10, 11, 15, 22), "weekly", "weekly"),
        (days(1, 2, 8), "monthly", "monthly"),
        (days(1, 8), "monthly", "monthly"),
        (days(1, 2, 8, 9), "weekly", "monthly"),
        ([], NO_DEPLOYMENTS, NO_DEPLOYMENTS),
    ],
)
def test_the_band_is_that_of_the_usual_week(deployed_on: list[date], band: object, by_lower_median: object):
    """Three days a week are daily; one week in two without a deployment is weekly by one median and not by the other."""
    found = dora.frequency(deployed_on, WEEKS)
    assert (found.band("mean"), found.band("lower")) == (band, by_lower_median)


def test_one_deployment_in_a_quarter_is_yearly():
    """Two months of three have none."""
    assert dora.frequency(days(1), Window(date(2026, 4, 1), date(2026, 6, 30))).band("mean") == "yearly"


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  bounds are naive here


@given(st.builds(Change, *[st.none() | moments] * 5))
def test_no_stage_is_below_zero_and_the_cycle_holds_what_it_is_made_of(change: Change):
    """Whatever order things are said to have happened in."""
    found = dora.stages(change)
    assert all(part is None or part >= 0 for part in found)
    if change.merged_at is not None:
        assert found.cycle is not None
        assert found.cycle >= (found.coding or 0) + (found.deploy or 0)


@given(st.lists(moments, unique=True), moments)
def test_the_nearest_deployment_is_the_one_that_a_search_finds(instants: list[datetime], began: datetime):
    """The latest of those that are not later."""
    finished = {str(number): instant for number, instant in enumerate(instants)}
    before = [name for name, instant in finished.items() if instant <= began]
    assert Nearest(finished).before(began) == max(before, key=finished.__getitem__, default=None)


@given(st.lists(st.integers(0, 20)), st.lists(st.none() | st.integers(0, 30)))
def test_the_failure_rate_lies_between_nothing_and_everything(made: list[int], causes: list[int | None]):
    """More incidents never make more deployments fail than there are, and another one never makes it lower."""
    deployments, blamed = list(map(str, made)), [None if cause is None else str(cause) for cause in causes]
    found = dora.change_failure_rate(deployments, blamed)
    if not deployments:
        assert found == NO_DEPLOYMENTS
        return
    more = dora.change_failure_rate(deployments, [*blamed, deployments[0]])
    assert isinstance(found, Fraction)
    assert isinstance(more, Fraction)
    assert 0 <= found <= more <= 1


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 31))), st.dates(date(2026, 1, 1), date(2026, 3, 31)), st.integers(0, 60))
def test_every_deployment_of_the_window_is_counted_on_its_day(deployed_on: list[date], first: date, length: int):
    """Days in weeks and days in months are the same days, and no more than there are deployments or days."""
    window = Window(first, first + timedelta(days=length))
    found = dora.frequency(deployed_on, window)
    inside = [day for day in deployed_on if window.first <= day <= window.last]
    assert found.deployments == len(inside)
    assert sum(found.weeks) == sum(found.months) == len(set(inside)) <= found.days == length + 1
    assert found.days_per_week("lower") <= found.days_per_week("mean") <= 7
