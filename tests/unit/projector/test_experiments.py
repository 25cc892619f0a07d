"""Experiments: what was put to the test and what came of it, and how many see a feature."""

from datetime import date
from typing import Any

from portfolio_projector.http.paging import Paging
from portfolio_projector.read_models.experiments import answers
from portfolio_projector.read_models.experiments.fold import EXPERIMENTS
from tests.chronicles import state_of
from tests.histories import History

PAY, PORTAL = "product/pay", "product/portal"


class Trials(History):
    """What products try out."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})

    def start(self, name: str, member: str = PAY) -> None:
        """Put an assumption to the test."""
        data = {"member": member, "hypothesis": "More pay", "metric": "paid", "stop_rule": "After a week"}
        self.add("experiment.experiment-started", f"experiment/{name}", data)

    def expose(self, name: str, share: str, *, member: str = PAY, **attributes: Any) -> None:  # noqa: ANN401  an envelope
        """Let a share of users see a feature."""
        data = {"member": member, "flag": f"{member[8:]}:{name}", "share": share}
        self.add("feature.feature-exposed", f"feature/{name}", data, **attributes)

    def told(self, member: str | None = None, **options: Any) -> dict[str, Any]:  # noqa: ANN401  of state_of
        """The answer."""
        told = answers.answer(state_of(EXPERIMENTS, self.facts(), **options), member, Paging("experiments", None, 1000))
        answers.ExperimentsAnswer.model_validate(
            {"portfolio": "acme", "entry": 0, "settled": True, "model": "experiments/2", **told}
        )
        return told


def test_an_experiment_goes_on_until_something_is_decided_by_it():
    """Then it says what, and what was found."""
    trials = Trials()
    trials.start("one")
    assert (trials.told()["experiments"][0]["conclusion"], trials.told()["experiments"][0]["concluded"]) == (None, None)
    data = {"decision": "drop", "findings": "Nobody noticed."}
    trials.add("experiment.experiment-concluded", "experiment/one", data)
    (one,) = trials.told()["experiments"]
    assert (one["conclusion"], one["findings"]) == ("drop", "Nobody noticed.")
    assert one["concluded"]["entry"] == trials.head.entry


def test_how_many_see_a_feature_is_what_was_true_last():
    """Whenever it was recorded; nobody sees what was withdrawn."""
    trials = Trials()
    trials.expose("new", "0.5", time="2026-03-02T09:00:00Z")
    trials.expose("new", "0.05", time="2026-03-01T09:00:00Z")
    (one,) = trials.told()["features"]
    assert (one["flag"], one["share"], [step["share"] for step in one["exposures"]]) == ("pay:new", "0.5", ["0.05", "0.5"])
    trials.add("feature.feature-withdrawn", "feature/new", {}, time="2026-03-03T09:00:00Z")
    assert trials.told()["features"][0]["share"] is None


def test_a_feature_is_whose_and_behind_which_flag_was_true_last():
    """As its share is: one that was told late changes none of them, and is found under the member that has it."""
    trials = Trials()
    trials.expose("new", "0.5", member=PORTAL, time="2026-03-02T09:00:00Z")
    trials.expose("new", "0.05", time="2026-03-01T09:00:00Z")
    (one,) = trials.told(PORTAL)["features"]
    assert (one["member"], one["flag"], one["share"]) == (PORTAL, "portal:new", "0.5")
    assert trials.told(PAY)["features"] == []


def test_a_feature_that_was_withdrawn_stays_so_when_an_earlier_exposure_is_told_late():
    """Also on a day by which the exposure that was told first had not been yet; what nobody saw is no feature."""
    trials = Trials()
    trials.expose("new", "0.5", time="2026-03-09T09:00:00Z")
    trials.add("feature.feature-withdrawn", "feature/new", {}, time="2026-03-05T09:00:00Z")
    assert trials.told(effective=date(2026, 3, 6))["features"] == []
    trials.expose("new", "0.05", time="2026-03-01T09:00:00Z")
    (one,) = trials.told(effective=date(2026, 3, 6))["features"]
    assert (one["share"], [step["share"] for step in one["exposures"]]) == (None, ["0.05", None])


def test_one_members_experiments_and_features_alone():
    """And in order, whoever came first."""
    trials = Trials()
    trials.start("two", PORTAL)
    trials.start("one", PORTAL)
    trials.start("three")
    trials.expose("new", "1")
    assert [one["experiment"] for one in trials.told()["experiments"]] == ["one", "three", "two"]
    told = trials.told(PORTAL)
    assert ([one["experiment"] for one in told["experiments"]], told["features"]) == (["one", "two"], [])
