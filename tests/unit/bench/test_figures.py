"""The figures of the benchmarks: medians, goals, and what is said where something could not be measured."""

import json

import pytest

from tests.bench.figures import Goal, Report, at_least, at_most


def read(report: Report) -> dict[str, dict[str, object]]:
    """What a report says, by figure."""
    written = list[str]()
    report.print_json(written.append)
    return {figure["what"]: figure for figure in json.loads("".join(written))["figures"]}


@pytest.mark.parametrize(
    ("goal", "values", "met"),
    [
        (at_least(3), [2.0, 3.0, 9.0], True),
        (at_least(3), [2.0, 2.9, 9.0], False),
        (at_most(1.3), [1.0, 1.3, 7.0], True),
        (at_most(1.3), [1.0, 1.4, 1.5], False),
    ],
)
def test_the_median_is_held_against_the_goal(goal: Goal, values: list[float], met: bool):  # noqa: FBT001  what is expected
    """One slow or quick repeat decides nothing."""
    report = Report("title")
    for value in values:
        report.add("figure", value, "x", goal=goal)

    assert read(report)["figure"]["met"] is met


def test_what_was_not_measured_meets_no_goal():
    """A figure without a value says why, and neither meets nor misses its goal."""
    report = Report("title")
    report.add("figure", None, "x", goal=at_least(3), note="no Java")

    figure = read(report)["figure"]
    assert (figure["median"], figure["met"], figure["notes"]) == (None, None, ["no Java"])
