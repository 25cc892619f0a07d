"""What may happen to what is common to all modes of delivery: risks, issues, dependencies, benefits, teams."""

from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import CONCEIVED, life, proposed

APOLLO, PAYMENTS, GEMINI = "initiative/apollo", "product/payments", "initiative/gemini"
MEMBERS = (OPENED, proposed(), proposed(GEMINI), CONCEIVED)
CANCELLED = life("cancelled", at=9)


def risk(member: str = APOLLO):
    """A risk is seen."""
    return fact("risk-identified.v1", "risk/1", at=1, member=member, title="Late", category="supplier")


def issue(member: str = APOLLO, severity: int = 2):
    """An issue comes up."""
    return fact("issue-opened.v1", "issue/1", at=1, member=member, title="Broken", severity=severity)


def dependency(to: str = PAYMENTS, *, waits: str = APOLLO):
    """One member waits for another."""
    ends: dict[str, Any] = {"from": waits, "to": to}
    return fact("dependency-identified.v1", "dependency/1", at=1, kind="needs", **ends)


def repointed(old: str, new: str):
    """An end of the dependency is another one now."""
    return fact("dependency-repointed.v1", "dependency/1", at=2, old=old, new=new)


def benefit(member: str = APOLLO):
    """A benefit is expected."""
    return fact("benefit-identified.v1", "benefit/1", at=1, member=member, title="Saved", owner="eva", kind="cash", unit="EUR")


def assigned(share: str, to: str = APOLLO, start: str = "2026-03-02", until: str | None = None):
    """A share of the team works for a member."""
    return fact("team-assigned.v1", "team/1", at=2, to=to, share=share, start=start, until=until)


CLOSED = fact("risk-closed.v1", "risk/1", at=2, why="Gone")
RESOLVED = fact("issue-resolved.v1", "issue/1", at=2)
FULFILLED = fact("dependency-fulfilled.v1", "dependency/1", at=3)
TARGET = fact("benefit-target-set.v1", "benefit/1", by="ines", at=2, value="5", date="2026-12-31", proposed_by="eva")
FORMED = fact("team-formed.v1", "team/1", at=1, name="One", kind="temporary")
FREED = fact("team-freed.v1", "team/1", at=3, member=APOLLO)
FIXED, WRONG_STATE = refused("CORRECTION_FIXED"), refused("WRONG_STATE")
TEAM = (*MEMBERS, FORMED)

SPECIFICATIONS = [
    Specification("a risk is seen", MEMBERS, risk(), RECORDED),
    Specification("a risk of a product is seen", MEMBERS, risk(PAYMENTS), RECORDED),
    Specification("a risk is described anew", (*MEMBERS, risk()), replace(risk(), corrects=4), RECORDED),
    Specification("a risk stays with its member", (*MEMBERS, risk()), replace(risk(PAYMENTS), corrects=4), FIXED),
    Specification("a risk is closed", (*MEMBERS, risk()), CLOSED, RECORDED),
    Specification("a risk is closed once", (*MEMBERS, risk(), CLOSED), CLOSED, WRONG_STATE),
    Specification("an issue comes up", MEMBERS, issue(), RECORDED),
    Specification("an issue is described anew", (*MEMBERS, issue()), replace(issue(severity=1), corrects=4), RECORDED),
    Specification("an issue stays with its member", (*MEMBERS, issue()), replace(issue(PAYMENTS), corrects=4), FIXED),
    Specification("an issue is resolved", (*MEMBERS, issue()), RESOLVED, RECORDED),
    Specification("an issue is resolved once", (*MEMBERS, issue(), RESOLVED), RESOLVED, WRONG_STATE),
    Specification("one member waits for another", MEMBERS, dependency(), RECORDED),
    Specification("no member waits for itself", MEMBERS, dependency(APOLLO), refused("SELF_DEPENDENCY")),
    Specification("an end is repointed", (*MEMBERS, dependency()), repointed(PAYMENTS, GEMINI), RECORDED),
    Specification("the other end is repointed", (*MEMBERS, dependency()), repointed(APOLLO, GEMINI), RECORDED),
    Specification("an end that is none", (*MEMBERS, dependency()), repointed(GEMINI, APOLLO), WRONG_STATE),
    Specification("an end to the other", (*MEMBERS, dependency()), repointed(PAYMENTS, APOLLO), refused("SELF_DEPENDENCY")),
    Specification("what was needed is there", (*MEMBERS, dependency()), FULFILLED, RECORDED),
    Specification("what was needed is there once", (*MEMBERS, dependency(), FULFILLED), FULFILLED, WRONG_STATE),
    Specification(
        "nobody waits for what is there", (*MEMBERS, dependency(), FULFILLED), repointed(PAYMENTS, GEMINI), WRONG_STATE
    ),
    Specification("a benefit is expected", MEMBERS, benefit(), RECORDED),
    Specification("a benefit is described anew", (*MEMBERS, benefit()), replace(benefit(), corrects=4), RECORDED),
    Specification("a benefit stays with its member", (*MEMBERS, benefit()), replace(benefit(PAYMENTS), corrects=4), FIXED),
    Specification("a benefit is promised", (*MEMBERS, benefit()), TARGET, RECORDED),
    Specification("a benefit is promised after its member has ended", (*MEMBERS, benefit(), CANCELLED), TARGET, flagged()),
    Specification("a team is formed", MEMBERS, FORMED, RECORDED),
    Specification("all of a team works for one member", TEAM, assigned("1"), RECORDED),
    Specification("all of a team works for two", (*TEAM, assigned("0.6")), assigned("0.4", PAYMENTS), RECORDED),
    Specification("more than all of a team", (*TEAM, assigned("0.6")), assigned("0.41", PAYMENTS), refused("OVER_ALLOCATED")),
    Specification("a share is set anew", (*TEAM, assigned("0.6")), assigned("1"), RECORDED),
    Specification("a team for a day", TEAM, assigned("1", until="2026-03-02"), RECORDED),
    Specification("a team until before it began", TEAM, assigned("1", until="2026-03-01"), refused("PLAN_ORDER")),
    Specification("a team for what has ended", (*TEAM, CANCELLED), assigned("1"), refused("ENDED")),
    Specification("a team is freed", (*TEAM, assigned("1")), FREED, RECORDED),
    Specification("a team is freed of what it does not do", TEAM, FREED, refused("NOT_ASSIGNED")),
]
