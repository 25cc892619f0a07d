"""The delivery of a product: worked examples of others told as events, and judgements that change."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portfolio_projector.folding.facts import Fact
from portfolio_projector.http.moments import Moment
from portfolio_projector.metrics.dora import Window
from portfolio_projector.read_models.delivery import answers
from portfolio_projector.read_models.delivery.causes import Causes
from portfolio_projector.read_models.delivery.fold import DELIVERY
from tests.chronicles import state_of, whole
from tests.histories import History

PAY = "product/pay"
MOMENT = Moment(0, date(2023, 6, 30), settled=True)
APRIL = Window(date(2023, 4, 1), date(2023, 4, 30))
AUTUMN = Window(date(2022, 9, 1), date(2022, 11, 30))


class Pay(History):
    """A product that is delivered."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("product.product-conceived", PAY, {"name": "Pay", "owner": "ann"}, time="2022-01-01T00:00:00Z")

    def at(self, type_: str, subject: str, time: str, data: dict[str, Any] | None = None, **attributes: Any) -> int:  # noqa: ANN401  an envelope
        """Record a fact that was true at a time of UTC."""
        return self.add(type_, subject, data or {}, time=f"{time}Z", **attributes).entry

    def deployed(self, name: str, finished: str, *shas: str, environment: str = "production", ok: bool = True) -> None:
        """Deploy something, with success or not."""
        subject = f"deployment/{name}"
        data = {"member": PAY, "scope": "service", "environment": environment, "shas": list(shas) or ["abc"]}
        self.at("deployment.deployment-started", subject, finished, data)
        outcome = "succeeded" if ok else "failed"
        self.at(f"deployment.deployment-{outcome}", subject, finished, {"finished_at": f"{finished}Z"})

    def broken(self, name: str, began: str, resolved: str | None = None) -> None:
        """Have an incident, which may be over."""
        subject = f"incident/{name}"
        data = {"member": PAY, "title": "Down", "severity": 2, "started_at": f"{began}Z"}
        self.at("incident.incident-opened", subject, began, data)
        if resolved is not None:
            self.at("incident.incident-resolved", subject, resolved, {"resolved_at": f"{resolved}Z"})

    def linked(self, name: str, deployment: str, method: str = "declared") -> None:
        """Say what caused an incident."""
        data = {"deployment": f"deployment/{deployment}", "method": method}
        self.add("incident.cause-linked", f"incident/{name}", data)

    def told(self, window: Window, causes: Causes = "all", facts: Sequence[Fact] | None = None, **options: Any) -> dict[str, Any]:  # noqa: ANN401  of state_of
        """What the history adds up to."""
        state = state_of(DELIVERY, self.facts() if facts is None else facts, PAY, **options)
        return answers.answer(state, window, causes, MOMENT, whole())


def changed(history: Pay, name: str, times: str, merge: str | None) -> None:
    """Let a change be authored, opened, reviewed and merged at four times of April 2023, or some of them."""
    authored, opened, reviewed, merged = (
        None if one == "-" else one if one.count("-") > 1 else f"2023-04-{one}" for one in times.split()
    )
    subject = f"change/{name}"
    data = {"member": PAY, "repo": "repo", "sha": f"{name}-head", "authored_at": f"{authored}Z"}
    history.at("change.change-committed", subject, authored or "", data)
    if opened:
        history.at("change.review-opened", subject, opened)
    if reviewed:
        history.at("change.first-reviewed", subject, reviewed, {"reviewer": "bob"})
    if merged:
        history.at("change.change-merged", subject, merged, {"merge_sha": merge})


@pytest.fixture
def lead_time() -> Pay:
    """Apache DevLake's end-to-end test of lead time (Apache-2.0): five pull requests, four deployments."""
    history = Pay()
    history.deployed("1", "2023-04-10T06:52:47", "commit1")
    history.deployed("2", "2023-04-10T06:54:51", "commit2")
    history.deployed("staged", "2023-04-12T07:00:00", "merge4", environment="staging")
    changed(history, "pr1", "10T04:51:47 11T04:51:47 11T04:56:47 11T05:51:47", "merge1")
    changed(history, "pr2", "13T04:51:47 12T04:51:47 12T04:51:49 12T05:51:47", "merge2")
    changed(history, "pr3", "07T04:51:47 11T06:53:51 10T06:53:51 14T06:53:51", "merge3")
    changed(history, "pr4", "05T04:51:47 13T07:55:01 14T08:55:01 13T08:55:01", "merge4")
    changed(history, "pr5", "04T04:51:47 13T07:55:01 2022-09-07T23:07:13 13T08:55:01", "merge5")
    history.deployed("5", "2023-04-13T07:29:14", "merge1", "merge2")
    history.deployed("6", "2023-04-13T07:30:34", "merge3")
    return history


def test_lead_time_by_stage(lead_time: Pay):
    """Each change has the stages that DevLake works out; what is only staged, or was merged later, is not deployed."""
    told = lead_time.told(APRIL)["changes"]
    found = {one["change"]: [one[stage] for stage in ("coding", "pickup", "review", "deploy", "cycle")] for one in told}
    assert {one["change"]: one["deployment"] for one in told if one["deployment"]} == {"pr1": "5", "pr2": "5"}
    assert found == {
        "pr1": [1440, 5, 55, 2978, 4478],
        "pr2": [None, 1, 60, 1538, 1598],
        "pr3": [5883, None, 5760, None, 10203],
        "pr4": [11704, 1500, None, None, 11764],
        "pr5": [13144, None, 313068, None, 13204],
    }


def test_lead_time_says_over_which_changes(lead_time: Pay):
    """Over the two that were deployed the median is 3,038 minutes, over the five that were merged 10,203."""
    told = lead_time.told(APRIL)
    deployed, merged = told["lead_time"], told["lead_time_merged"]
    assert (deployed["value"], deployed["denominator"], deployed["lower_median"]["value"]) == ("3038", 2, "1598")
    assert (merged["value"], merged["denominator"]) == ("10203", 5)
    assert deployed["stages"]["deploy"]["value"] == "2258"
    assert told["lead_time_commit"]["value"] == "2318"


def test_lead_time_without_changes_is_none(lead_time: Pay):
    """In a window in which nothing was merged or deployed."""
    told = lead_time.told(Window(date(2023, 5, 1), date(2023, 5, 31)))
    assert (told["lead_time"]["value"], told["lead_time"]["reason"]) == (None, "NO_CHANGES")
    assert (told["lead_time_merged"]["reason"], told["changes"]) == ("NO_CHANGES", [])


def test_the_deployment_that_finished_first_brought_a_change_whenever_it_was_recorded(lead_time: Pay):
    """A deployment that is recorded late and finished early makes the lead time shorter."""
    lead_time.deployed("late", "2023-04-12T06:51:47", "merge1")
    told = {one["change"]: one for one in lead_time.told(APRIL)["changes"]}
    assert (told["pr1"]["deployment"], told["pr1"]["deploy"]) == ("late", 1500)


def test_a_commit_without_review_is_deployed_as_it_is():
    """Where nothing is merged the commits themselves are looked for, the earliest of them counts."""
    history = Pay()
    changed(history, "trunk", "11T08:00:00 - - -", None)
    history.at("change.commit-added", "change/trunk", "2023-04-11T08:10:00", {"sha": "c2", "authored_at": "2023-04-11T07:30:00Z"})
    history.deployed("1", "2023-04-11T09:00:00", "c2")
    told = history.told(APRIL)
    assert (told["lead_time"]["value"], told["lead_time_commit"]["value"]) == ("90", "90")
    assert told["changes"][0]["deployment"] == "1"


@pytest.fixture
def failing() -> Pay:
    """Apache DevLake's end-to-end test of incidents (Apache-2.0): pipelines of one project, by the finish of their last part."""
    history = Pay()
    for name, finished in [("1", "11"), ("2", "14"), ("4", "16"), ("6", "20"), ("7", "23")]:
        history.deployed(f"pipeline{name}", f"2022-09-{finished}T22:51:47")
    history.deployed("pipeline5", "2022-09-18T22:51:47", environment="staging")
    history.deployed("pipeline8", "2022-09-21T22:51:47", ok=False)
    for name, began in [
        ("1373792477", "09-15T01:56:06"), ("1371320153", "11-02T08:21:09"), ("1370816458", "11-13T01:07:21"),
        ("1367714738", "11-13T23:37:21"), ("1372644519", "11-16T21:34:01"), ("1372381019", "11-28T01:46:47"),
    ]:  # fmt: skip
        history.broken(name, f"2022-{began}")
    return history


def test_change_failure_rate_counts_a_deployment_once(failing: Pay):
    """Six incidents, five of one deployment and one of another: two of five deployments failed."""
    told = failing.told(AUTUMN)
    rate = told["change_failure_rate"]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == ("0.4", 2, 5)
    assert rate["failed"] == ["pipeline2", "pipeline7"]
    assert rate["incidents"] == {"declared": 0, "nearest": 0, "assumed": 6}
    causes = {one["incident"]: one["cause"]["deployment"] for one in told["incidents"]}
    assert causes["1373792477"] == "pipeline2"
    assert {cause for incident, cause in causes.items() if incident != "1373792477"} == {"pipeline7"}


def test_a_deployment_of_the_window_fails_by_an_incident_after_it(failing: Pay):
    """In September's window the incidents of November are shown with the deployment that they are laid to."""
    told = failing.told(Window(date(2022, 9, 23), date(2022, 9, 23)))
    assert told["change_failure_rate"]["value"] == "1"
    assert len(told["incidents"]) == 5
    assert told["recovery_from_incident"]["unresolved"] == 0


def test_a_declared_cause_stands_before_the_nearest(failing: Pay):
    """And when it is taken back, nothing caused the incident: the same window has another figure each time."""
    before = failing.head.entry
    for incident in ("1371320153", "1370816458", "1367714738", "1372644519", "1372381019"):
        failing.linked(incident, "pipeline6" if incident == "1371320153" else "pipeline7")
    declared = failing.head.entry
    failing.add("incident.cause-unlinked", "incident/1371320153", {}, reason="It was the network.")

    def rate(entry: int, causes: Causes = "all") -> Any:  # noqa: ANN401  JSON
        facts = [fact for fact in failing.facts() if fact.number <= entry]
        return failing.told(AUTUMN, causes, facts)["change_failure_rate"]["value"]

    assert [rate(before), rate(declared), rate(failing.head.entry)] == ["0.4", "0.6", "0.4"]
    assert [rate(before, "linked"), rate(declared, "linked"), rate(failing.head.entry, "linked")] == ["0", "0.4", "0.2"]
    judged = {one["incident"]: one for one in failing.told(AUTUMN)["incidents"]}["1371320153"]
    assert judged["cause"] is None
    assert [one["deployment"] for one in judged["judgements"]] == ["pipeline6", None]
    assert judged["judgements"][1]["judged"]["reason"] == "It was the network."


def test_a_link_by_nearness_is_no_declaration(failing: Pay):
    """Who wants only what somebody declared leaves it out."""
    failing.linked("1371320153", "pipeline6", "nearest")
    counted = [failing.told(AUTUMN, causes)["change_failure_rate"]["incidents"] for causes in ("all", "linked", "declared")]
    assert counted == [
        {"declared": 0, "nearest": 1, "assumed": 5},
        {"declared": 0, "nearest": 1, "assumed": 0},
        {"declared": 0, "nearest": 0, "assumed": 0},
    ]


def test_an_incident_that_was_anothers_is_laid_to_no_deployment_by_itself(failing: Pay):
    """It came along with what became a part of the product, is to be resolved there, and may be linked by somebody."""
    data = {"member": "product/gateway", "title": "Down", "severity": 2, "started_at": "2022-09-21T00:00:00Z"}
    failing.add("incident.incident-opened", "incident/gateway", data)
    failing.add("incident.incident-carried-over", "incident/gateway", {"to": PAY})
    told = failing.told(AUTUMN)
    shown = {one["incident"]: one for one in told["incidents"]}["gateway"]
    assert (shown["member"], shown["cause"], told["recovery_from_incident"]["without_cause"]) == (PAY, None, 1)
    assert told["change_failure_rate"]["failed"] == ["pipeline2", "pipeline7"]
    failing.linked("gateway", "pipeline6")
    assert failing.told(AUTUMN)["change_failure_rate"]["failed"] == ["pipeline2", "pipeline6", "pipeline7"]


def test_a_cancelled_incident_counts_nowhere(failing: Pay):
    """The only one that was laid to a deployment takes the failure away with it."""
    failing.add("incident.incident-cancelled", "incident/1373792477", {})
    told = failing.told(AUTUMN)
    assert (told["change_failure_rate"]["value"], len(told["incidents"])) == ("0.2", 5)


def test_recovery_by_both_clocks():
    """Finished at ten, broken at twenty past, over at eleven: an hour by one clock and forty minutes by the other."""
    history = Pay()
    history.deployed("d", "2023-04-10T10:00:00")
    history.broken("over", "2023-04-10T10:20:00", "2023-04-10T11:00:00")
    history.broken("open", "2023-04-11T10:20:00")
    told = history.told(APRIL)
    assert (told["recovery"]["value"], told["recovery_from_incident"]["value"]) == ("60", "40")
    assert (told["recovery"]["denominator"], told["recovery"]["unresolved"]) == (1, 1)
    history.add("incident.incident-reopened", "incident/over", {})
    reopened = history.told(APRIL)["recovery"]
    assert (reopened["value"], reopened["reason"], reopened["unresolved"]) == (None, "NO_INCIDENTS", 2)


def test_rework_and_rollbacks_are_counted_beside_failures():
    """What an incident made necessary is rework; what was rolled back without an incident fails by the wider definition only."""
    history = Pay()
    for day in (10, 11, 12, 13):
        history.deployed(f"d{day}", f"2023-04-{day}T10:00:00")
    history.broken("i", "2023-04-11T11:00:00")
    history.linked("i", "d10")
    history.add("deployment.deployment-marked-rework", "deployment/d12", {"incident": "incident/i"})
    history.add("deployment.deployment-rolled-back", "deployment/d13", {"to": "deployment/d12"})
    told = history.told(APRIL)
    rates = [told[name]["value"] for name in ("change_failure_rate", "change_failure_rate_with_rollbacks", "rework_rate")]
    assert rates == ["0.25", "0.5", "0.25"]
    shown = {one["deployment"]: one for one in told["deployments"]}
    assert (shown["d12"]["rework_of"], shown["d13"]["state"], shown["d13"]["rolled_back_to"]) == ("i", "RolledBack", "d12")
    assert (shown["d10"]["incidents"], shown["d11"]["incidents"]) == (["i"], [])


def test_frequency_says_what_it_counts(failing: Pay):
    """Five deployments in 91 days; staging and failures are attempts."""
    told = failing.told(AUTUMN)
    frequency = told["deployment_frequency"]
    assert (frequency["value"], frequency["numerator"], frequency["denominator"]) == ("0.0549", 5, 91)
    assert [(one["median"], one["days_per_week"]["value"], one["band"]["value"]) for one in frequency["bands"]] == [
        ("mean", "0", "yearly"),
        ("lower", "0", "yearly"),
    ]
    attempts = {one["environment"]: one for one in told["attempts"]}
    assert (attempts["production"]["attempts"], attempts["production"]["failed"], attempts["staging"]["succeeded"]) == (6, 1, 1)


def test_nothing_deployed_in_a_window_is_a_frequency_of_0_and_nothing_ever_is_none(failing: Pay):
    """A rate of 0 is known where deployments are reported; rates of deployments are not, in either."""
    after, before = Window(date(2023, 1, 1), date(2023, 1, 31)), Window(date(2022, 1, 1), date(2022, 1, 31))
    for window, value, reason in ((after, "0", None), (before, None, "NO_DEPLOYMENTS")):
        told = failing.told(window)
        assert (told["deployment_frequency"]["value"], told["deployment_frequency"]["reason"]) == (value, reason)
        assert told["deployment_frequency"]["bands"][0]["band"]["reason"] == "NO_DEPLOYMENTS"
        for name in ("change_failure_rate", "change_failure_rate_with_rollbacks", "rework_rate"):
            assert (told[name]["value"], told[name]["reason"]) == (None, "NO_DEPLOYMENTS")


def test_a_window_is_of_days_in_the_portfolios_zone(failing: Pay):
    """Pipelines that finish at 22:51 UTC finish on the next day in Brussels."""
    state = state_of(DELIVERY, failing.facts(), PAY)
    brussels = Moment(0, MOMENT.today, settled=True, zone=ZoneInfo("Europe/Brussels"))
    day = Window(date(2022, 9, 24), date(2022, 9, 24))
    assert [one["deployment"] for one in answers.answer(state, day, "all", brussels, whole())["deployments"]] == ["pipeline7"]
    assert answers.answer(state, day, "all", MOMENT, whole())["deployments"] == []


def test_an_error_budget_is_spent_by_what_goes_wrong():
    """Of 1 % that may go wrong 0.4 % did: six tenths are left; then 1.5 % did, and half as much again is spent."""
    history = Pay()
    subject = "service-level/checkout"
    slo = {"member": PAY, "sli": "Checkouts that succeed", "target": "0.99", "window_days": 28, "proposed_by": "ann"}
    history.at("service-level.slo-set", subject, "2023-04-01T00:00:00", slo)
    unmeasured = history.told(APRIL)["service_levels"][0]
    assert (unmeasured["budget_left"]["reason"], unmeasured["error_budget"]["value"], unmeasured["kept"]) == (
        "NOT_MEASURED",
        "0.01",
        None,
    )
    history.at("service-level.slo-measured", subject, "2023-04-20T00:00:00", {"value": "0.985"})
    history.at("service-level.slo-measured", subject, "2023-04-10T00:00:00", {"value": "0.996"})
    history.at("service-level.error-budget-exhausted", subject, "2023-04-20T01:00:00")
    early, late = history.told(Window(date(2023, 4, 1), date(2023, 4, 15))), history.told(APRIL)
    (first,), (second,) = early["service_levels"], late["service_levels"]
    assert (first["budget_spent"]["value"], first["budget_left"]["value"], first["kept"]) == ("0.4", "0.6", True)
    assert (second["budget_spent"]["value"], second["budget_left"]["value"], second["kept"]) == ("1.5", "-0.5", False)
    assert ([one["value"] for one in second["measures"]], len(second["exhausted"]), first["exhausted"]) == (
        ["0.996", "0.985"],
        1,
        [],
    )


def test_what_was_measured_is_judged_by_what_was_promised_then():
    """A promise that is raised later breaks none that was kept: neither in a past window, nor by an earlier measure."""
    history = Pay()
    subject = "service-level/checkout"
    for day, target in (("01", "0.99"), ("15", "0.999")):
        slo = {"member": PAY, "sli": "Checkouts that succeed", "target": target, "window_days": 28, "proposed_by": "ann"}
        history.at("service-level.slo-set", subject, f"2023-04-{day}T00:00:00", slo)
    for day in ("10", "20"):
        history.at("service-level.slo-measured", subject, f"2023-04-{day}T00:00:00", {"value": "0.996"})
    windows = [Window(date(2023, first, 1), date(2023, last, day)) for first, last, day in ((3, 3, 31), (4, 4, 14), (4, 4, 30))]
    before, early, late = [history.told(window)["service_levels"][0] for window in windows]
    assert (before["target"], before["error_budget"]["reason"], before["kept"]) == (None, "NOT_PROMISED", None)
    assert (early["target"], early["set_before"], early["kept"]) == ("0.99", 0, True)
    assert (late["target"], late["set_before"], late["kept"]) == ("0.999", 1, False)
    assert [one["budget_left"]["value"] for one in late["measures"]] == ["0.6", "-3"]


def test_corrections_move_past_figures():
    """A finish that is corrected moves a deployment out of the window; the incident is laid to the one before it."""
    history = Pay()
    history.deployed("a", "2023-04-10T10:00:00")
    history.deployed("b", "2023-04-12T10:00:00")
    wrong = history.head.entry
    history.broken("i", "2023-04-13T10:00:00")
    before = history.told(APRIL)
    history.at(
        "deployment.deployment-succeeded",
        "deployment/b",
        "2023-05-02T10:00:00",
        {"finished_at": "2023-05-02T10:00:00Z"},
        corrects=wrong,
    )
    after = history.told(APRIL)
    assert [one["change_failure_rate"]["failed"] for one in (before, after)] == [["b"], ["a"]]
    assert [one["deployment_frequency"]["numerator"] for one in (before, after)] == [2, 1]


def test_what_was_true_later_is_not_known_on_a_day():
    """On the day before it was resolved the incident was open."""
    history = Pay()
    history.deployed("d", "2023-04-10T10:00:00")
    history.broken("i", "2023-04-11T10:00:00", "2023-04-13T10:00:00")
    assert history.told(APRIL, effective=date(2023, 4, 12))["recovery"]["unresolved"] == 1
    assert history.told(APRIL, effective=date(2023, 4, 13))["recovery"]["unresolved"] == 0


def test_windows_end_today_and_have_ninety_days():
    """Unless the reader says otherwise."""
    today = date(2023, 6, 30)
    assert answers.window(None, None, today) == (date(2023, 4, 2), today)
    assert answers.window(date(2023, 6, 1), None, today) == (date(2023, 6, 1), today)
    assert answers.window(None, date(2023, 5, 1), today).days == 90
