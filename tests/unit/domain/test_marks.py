"""The rules that hold across types, on every type that bears their mark: its event in the published story is what is accepted."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from msgspec.structs import replace

from portfolio_ledger.domain import books, zones
from portfolio_ledger.domain.decider import Fact, Member
from portfolio_ledger.domain.initiative import Initiative
from portfolio_ledger.domain.product import Product
from portfolio_schemas import catalogue, codes
from portfolio_schemas.events.event_data import EventType
from portfolio_schemas.values import Calendar
from tests import story
from tests.rules import RECORDED, Rules, outcome, refused
from tests.story import Moment

BORN = datetime(2000, 1, 1, tzinfo=UTC)
OF_MODE: dict[str, Member] = {
    "waterfall": Initiative(state="Active", mode="waterfall", since=BORN, proposed_by="ben", currency="EUR", born_at=BORN),
    "agile": Initiative(state="Active", mode="agile", since=BORN, proposed_by="ben", currency="EUR", born_at=BORN),
    "product": Product(state="Active", owner="eva", currency=None, born_at=BORN),
}
ENDED = Initiative(state="Cancelled", mode="waterfall", since=BORN, proposed_by="ben", currency="EUR", born_at=BORN)
MOMENTS = {name: moment for name, moment in story.first_moments().items() if not catalogue.TYPES[name].event_type.ledger_only}
TYPES = {name: catalogue.TYPES[name].event_type for name in MOMENTS}


def bearing(*marks: str) -> list[str]:
    """The types that bear any of the marks."""
    return [name for name, stated in TYPES.items() if any(getattr(stated, mark) for mark in marks)]


def occurring(occurs: str) -> list[str]:
    """The types that are the first event of a subject, or a later one."""
    return [name for name, stated in TYPES.items() if stated.occurs == occurs]


def told(name: str) -> tuple[Fact, Rules]:
    """A type's event in the story, and the rules just before it."""
    moment = MOMENTS[name]
    return moment.fact, moment.rules()


def changed(fact: Fact, **fields: Any) -> Fact:  # noqa: ANN401  fields are as they come
    """The same fact with another body."""
    return replace(fact, data=fact.data.model_copy(update=fields))


def member_key(fact: Fact, stated: EventType, rules: Rules) -> str | None:
    """The member that a fact belongs to."""
    if stated.member:
        return getattr(fact.data, stated.member)
    state = rules.states.get(getattr(fact.data, stated.through) if stated.through else fact.subject)
    return fact.subject if isinstance(state, Member) else getattr(state, "member", None)


@pytest.mark.parametrize("name", TYPES)
def test_nothing_happens_in_a_portfolio_that_is_not_open(name: str):
    """Every type but the opening itself is refused."""
    fact, _ = told(name)
    expected = RECORDED if name.endswith("portfolio-opened.v1") else refused("NOT_OPEN")
    assert outcome(Rules().submit(fact)) == expected


@pytest.mark.parametrize("name", TYPES)
def test_a_fact_that_lies_ahead_is_refused(name: str):
    """By whoever it is stated, whatever it is."""
    fact, rules = told(name)
    assert outcome(rules.submit(replace(fact, time=rules.now.replace(year=2099)))) == refused("FUTURE")


@pytest.mark.parametrize("name", bearing("needs_reason"))
def test_a_reason_is_required(name: str):
    """The envelope says why."""
    fact, rules = told(name)
    assert outcome(rules.submit(replace(fact, reason=None))) == refused("NO_REASON")


@pytest.mark.parametrize("name", [name for name in bearing("second_person") if hasattr(MOMENTS[name].fact.data, "proposed_by")])
def test_who_approves_is_not_who_proposed(name: str):
    """Where the body names who proposed it, the actor is somebody else."""
    fact, rules = told(name)
    assert outcome(rules.submit(replace(fact, actor=cast("Any", fact.data).proposed_by))) == refused("SELF_APPROVAL")


@pytest.mark.parametrize("name", occurring("first"))
def test_a_subject_begins_once(name: str):
    """The same again is refused."""
    fact, rules = told(name)
    rules.submit(fact)
    assert outcome(rules.submit(fact)) == refused("ALREADY_EXISTS")


@pytest.mark.parametrize("name", occurring("later"))
def test_a_subject_begins_before_anything_else_happens_to_it(name: str):
    """Of a subject that nobody knows nothing is recorded."""
    fact, rules = told(name)
    unknown = replace(fact, subject=f"{TYPES[name].aggregate}/nobody-knows-it", corrects=None)
    assert outcome(rules.submit(unknown)) == refused(TYPES[name].unknown.name)


@pytest.mark.parametrize("name", bearing("member", "refers"))
def test_what_a_body_names_exists(name: str):
    """A reference to a subject that nobody knows is refused, field by field."""
    fact, rules = told(name)
    stated = TYPES[name]
    for field in (*((stated.member,) if stated.member else ()), *stated.refers):
        value = getattr(fact.data, field)
        aggregate = "initiative" if value is None else (value if isinstance(value, str) else value[0]).partition("/")[0]
        unknown = f"{aggregate}/nobody-knows-it"
        wrong = changed(fact, **{field: [unknown] if isinstance(value, list) else unknown})
        assert outcome(rules.submit(wrong)) == refused("UNKNOWN_AGGREGATE"), field


@pytest.mark.parametrize("name", bearing("has_money"))
def test_amounts_are_in_the_currency_of_their_member(name: str):
    """Every amount of every type; the story shows one."""
    moment = next(one for one in story.moments() if one.fact.data.event_type.name == name and _amounts(one))
    assert outcome(moment.rules().submit(_in_dollars(moment.fact))) == refused("CURRENCY")


@pytest.mark.parametrize("name", bearing("has_calendar"))
def test_the_zone_of_a_calendar_is_one_that_there_is(name: str):
    """A name that nobody could tell a day by is refused, with the one that was probably meant; a link is as good as a zone."""
    fact, rules = told(name)
    ours = {"name": "Ours", "working_hours": ["09:00-17:00"], "working_days": ["mon"], "zone": "Europe/Amsterdm"}
    typed = Calendar.model_validate(ours)
    meant = typed.model_copy(update={"zone": "Europe/Amsterdam"})
    assert outcome(rules.submit(changed(fact, calendar=typed))) == refused("UNKNOWN_ZONE")
    assert outcome(rules.submit(changed(fact, calendar=meant))) != refused("UNKNOWN_ZONE")
    assert zones.find_like("europe/amsterdm") == "Europe/Amsterdam"


@pytest.mark.parametrize("name", bearing("modes"))
def test_what_belongs_to_other_modes_is_refused(name: str):
    """The member is governed by a mode of delivery that knows such a thing."""
    fact, rules = told(name)
    stated = TYPES[name]
    key = member_key(fact, stated, rules)
    assert key is not None
    for mode in OF_MODE.keys() - set(stated.modes):
        rules.states[key] = OF_MODE[mode]
        assert outcome(rules.submit(fact)) == refused("MODE"), mode


@pytest.mark.parametrize("name", bearing("posts"))
def test_nothing_is_posted_into_a_closed_period(name: str):
    """Closed books stay as they are; the next period is open."""
    fact, rules = told(name)
    rules.states[books.KEY] = books.Books(frozenset({cast("Any", fact.data).period}))
    assert outcome(rules.submit(fact)) == refused("PERIOD_CLOSED")


@pytest.mark.parametrize("name", [name for name, stated in TYPES.items() if not stated.after_end])
def test_nothing_happens_after_the_end(name: str):
    """Of a member that has ended, and of what belongs to it, nothing more is recorded."""
    fact, rules = told(name)
    key = member_key(fact, TYPES[name], rules)
    if key is not None:
        rules.states[key] = ENDED
        assert outcome(rules.submit(replace(fact, corrects=None))) == refused("ENDED")


@pytest.mark.parametrize("name", TYPES)
def test_a_correction_names_what_it_can_correct(name: str):
    """An entry that is not there, or of another subject, or of a type that this one corrects not, cannot be corrected."""
    fact, rules = told(name)
    rules.submit(fact)
    other = next(one.entry for one in rules.recorded if one.subject != fact.subject or len(rules.recorded) == 1)
    assert outcome(rules.submit(replace(fact, corrects=10_000))) == refused("CORRECTS_UNKNOWN")
    if len(rules.recorded) > 1:
        assert outcome(rules.submit(replace(fact, corrects=other))) == refused("CORRECTS_UNKNOWN")


@pytest.mark.parametrize("name", [name for name, stated in TYPES.items() if stated.restated == "freely"])
def test_what_no_rule_depends_on_is_corrected_freely_and_once(name: str):
    """The same type states it anew, and changes no state; the entry is corrected then, and the correction may be corrected."""
    fact, rules = told(name)
    rules.submit(replace(fact, corrects=None))
    number = rules.recorded[-1].entry
    states = dict(rules.states)
    assert outcome(rules.submit(replace(fact, corrects=number)))[0] == "recorded"
    assert {key: state for key, state in rules.states.items() if key != f"corrected/{number}"} == states
    assert outcome(rules.submit(replace(fact, corrects=number))) == refused("CORRECTS_TWICE")
    assert outcome(rules.submit(replace(fact, corrects=rules.recorded[-1].entry)))[0] == "recorded"


def test_a_type_that_is_restated_freely_corrects_nothing_else():
    """What is folded without being judged never comes from another type."""
    assert [stated.name for stated in TYPES.values() if stated.restated == "freely" and stated.corrects != (stated.stem,)] == []


def test_what_a_type_corrects_is_a_type():
    """The marks name stems of types that there are."""
    stems = {stated.stem for stated in TYPES.values()}
    assert all(set(stated.corrects) <= stems for stated in TYPES.values())


def implied(stated: EventType) -> set[str]:
    """The codes of a type that follow from its marks, and that are shown here."""
    marks = {code.name for code in stated.codes} & {
        "NO_REASON", "ALREADY_EXISTS", "MODE", "CURRENCY", "UNKNOWN_ZONE", "PERIOD_CLOSED", "UNKNOWN_AGGREGATE",
        stated.unknown.name,
    }  # fmt: skip
    named = (
        {"SELF_APPROVAL"} if stated.second_person and "proposed_by" in catalogue.TYPES[stated.name].model_fields else set[str]()
    )
    return (marks | named) - {"" if stated.needs_reason else "NO_REASON"}


def _amounts(moment: Moment) -> bool:
    return '"currency"' in moment.fact.data.model_dump_json().replace('"currency":"EUR","sponsor"', "")


def _in_dollars(fact: Fact) -> Fact:
    text = fact.data.model_dump_json(by_alias=True)
    dollars = text.replace('"currency":"EUR"}', '"currency":"USD"}')
    assert dollars != text
    return replace(fact, data=type(fact.data).model_validate_json(dollars))


def test_every_code_of_a_mark_is_known():
    """Codes that follow from marks are codes that there are."""
    assert all(implied(stated) <= codes.CODES.keys() for stated in TYPES.values())
