"""The delivery of random histories, at random entries, beside what is counted from the facts one by one."""

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

import pytest

from portfolio_projector.folding.facts import Fact
from portfolio_projector.http.moments import Moment
from portfolio_projector.metrics.dora import Window
from portfolio_projector.read_models.delivery import answers
from portfolio_projector.read_models.delivery.fold import DELIVERY
from tests.chronicles import state_of, whole
from tests.histories import History

PAY = "product/pay"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = Window(date(2026, 1, 10), date(2026, 1, 24))


def moment(chance: random.Random) -> str:
    """A moment of January."""
    return (BEGIN + timedelta(minutes=chance.randrange(30 * 24 * 60))).isoformat()


def played(seed: int) -> History:
    """Deployments, incidents and judgements in any order that a log can hold, facts late and early."""
    chance = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
    history = History("acme")
    history.add("product.product-conceived", PAY, {"name": "Pay"})
    deployments, incidents = list[str](), list[str]()

    for number in range(120):
        what = chance.choice(("deploy", "deploy", "incident", "link", "link", "unlink", "resolve", "reopen", "cancel", "rework"))
        when = moment(chance)
        if what == "deploy":
            name, environment = f"deployment/{number}", chance.choice(("production", "production", "staging"))
            data = {"member": PAY, "scope": "s", "environment": environment, "shas": ["c"]}
            history.add("deployment.deployment-started", name, data, time=when)
            outcome = chance.choice(("succeeded", "succeeded", "failed"))
            history.add(f"deployment.deployment-{outcome}", name, {"finished_at": moment(chance)}, time=when)
            deployments.append(name)
        elif what == "incident":
            name = f"incident/{number}"
            data = {"member": PAY, "title": "Down", "severity": 2, "started_at": moment(chance)}
            history.add("incident.incident-opened", name, data, time=when)
            incidents.append(name)
        elif what == "rework" and deployments and incidents:
            data = {"incident": chance.choice(incidents)}
            history.add("deployment.deployment-marked-rework", chance.choice(deployments), data, time=when)
        elif incidents and what in {"link", "unlink", "resolve", "reopen", "cancel"}:
            _happen(history, chance, what, chance.choice(incidents), deployments)
    return history


def _happen(history: History, chance: random.Random, what: str, incident: str, deployments: list[str]) -> None:
    when = moment(chance)
    match what:
        case "link" if deployments:
            data = {"deployment": chance.choice(deployments), "method": chance.choice(("declared", "nearest"))}
            history.add("incident.cause-linked", incident, data, time=when)
        case "unlink":
            history.add("incident.cause-unlinked", incident, {}, reason="It was not", time=when)
        case "resolve":
            history.add("incident.incident-resolved", incident, {"resolved_at": when}, time=when)
        case "reopen":
            history.add("incident.incident-reopened", incident, {}, time=when)
        case "cancel" if chance.random() < 0.2:
            history.add("incident.incident-cancelled", incident, {}, time=when)
        case _:
            pass


def about(facts: list[Fact], subject: str, *kinds: str) -> list[Any]:
    """What was said of a subject in some types, in order."""
    return [fact.data for fact in facts if fact.subject == subject and type(fact.data).__name__ in kinds]


def counted(facts: list[Fact]) -> dict[str, Any]:
    """The figures, by looking for each in all facts."""
    finished = dict[str, datetime]()
    for fact in facts:
        if type(fact.data).__name__ == "DeploymentSucceeded":
            started: Any = about(facts, fact.subject, "DeploymentStarted")[0]
            if started.environment == "production":
                finished[fact.subject] = about(facts, fact.subject, "DeploymentSucceeded")[0].finished_at
    inside = {name for name, instant in finished.items() if WINDOW.first <= instant.date() <= WINDOW.last}
    failed, spans, reworked = set[str](), list[int](), 0
    for name in inside:
        reworked += bool(about(facts, name, "DeploymentMarkedRework"))
    for incident in {fact.subject for fact in facts if type(fact.data).__name__ == "IncidentOpened"}:
        if about(facts, incident, "IncidentCancelled"):
            continue
        opened: Any = about(facts, incident, "IncidentOpened")[0]
        judged = about(facts, incident, "CauseLinked", "CauseUnlinked")
        before = [(instant, name) for name, instant in finished.items() if instant <= opened.started_at]
        cause = getattr(judged[-1], "deployment", None) if judged else max(before)[1] if before else None
        failed |= {cause} & inside
        life = about(facts, incident, "IncidentResolved", "IncidentReopened")
        resolved: datetime | None = getattr(life[-1], "resolved_at", None) if life else None
        if resolved and resolved >= opened.started_at and WINDOW.first <= opened.started_at.date() <= WINDOW.last:
            spans.append(-((opened.started_at - resolved) // timedelta(minutes=1)))
    return {
        "deployment_frequency": Fraction(len(inside), WINDOW.days)
        if any(one.date() <= WINDOW.last for one in finished.values())
        else None,
        "change_failure_rate": Fraction(len(failed), len(inside)) if inside else None,
        "rework_rate": Fraction(reworked, len(inside)) if inside else None,
        "recovery_from_incident": Fraction(median(spans)).limit_denominator(2) if spans else None,
    }


@pytest.mark.parametrize("seed", range(20))
def test_the_figures_are_those_that_a_count_of_the_facts_finds(seed: int):
    """At the end, and at entries on the way: what is judged later changes what a window says."""
    history = played(seed)
    for entry in (history.head.entry, *random.Random(seed).sample(range(1, history.head.entry), 5)):  # noqa: S311  the same
        facts = history.facts()[: entry + 1]
        told = answers.answer(
            state_of(DELIVERY, facts, PAY), WINDOW, "all", Moment(entry, date(2026, 2, 1), settled=True), whole()
        )
        for name, expected in counted(facts).items():
            found = told[name]["value"]
            assert (found is None) == (expected is None), (name, entry)
            if expected is not None:
                assert abs(Fraction(found) - expected) <= Fraction(1, 20000), (name, entry)
