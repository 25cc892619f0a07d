"""What every event type is: a frozen body with a name that is the storage format, and marks that say which rules it is under."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar

from portfolio_schemas.codes import CODES, Code
from portfolio_schemas.events import amounts
from portfolio_schemas.values import Value

_UNKNOWN = {"work-package": "UNKNOWN_WORK_PACKAGE"}
"""Aggregates whose missing subjects are refused with a code of their own: a work package is born of a baseline."""

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Occurs = Literal["first", "later", "ever"]
Mode = Literal["waterfall", "agile", "product"]
Restated = Literal["never", "freely", "judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """What is said of a type beside the fields of its body. The rules that these marks stand for hold for every type alike.

    `name` is what stands in an event's `type`, `stem` the same without its version. `occurs`: it is the first event of its
    subject, a later one, or either; `unknown` refuses a later one of a subject that does not exist. `needs_reason`: the envelope
    must say why. `second_person`: who approves must not be who proposed. `ledger_only`: a consequence, which only the ledger
    itself may state. `after_end`: it may be stated of what has ended. `member` is the field that names the initiative or product
    it belongs to, where its subject does not say so, `through` one that names a subject which does; `modes` are those of the
    member that know it. `refers` are the fields whose subjects must exist. `posts`: its `period` of the books must be open.
    `has_money`: amounts are in the member's currency. `has_calendar`: the time zone of its `calendar` must be one that there is.

    `corrects` are the stems of what an event of this type may correct. `restated` says whether its own type is among them:
    `freely` where no rule depends on the body, `judged` where the aggregate's rules look at the new body. `always_corrects`: it
    means nothing without `corrects`.

    `codes`: what rules may refuse or flag it with, beside the codes that every type may get.
    """

    name: str
    stem: str
    aggregate: str
    version: int
    unknown: Code
    occurs: Occurs = "later"
    needs_reason: bool = False
    second_person: bool = False
    ledger_only: bool = False
    after_end: bool = False
    member: str | None = None
    through: str | None = None
    modes: tuple[Mode, ...] = ()
    refers: tuple[str, ...] = ()
    posts: bool = False
    has_money: bool = False
    has_calendar: bool = False
    corrects: tuple[str, ...] = ()
    restated: Restated = "never"
    always_corrects: bool = False
    codes: tuple[Code, ...] = ()


class EventData(Value):
    """The body of one type of event, in one version."""

    event_type: ClassVar[EventType]

    def upcast(self) -> "EventData":
        """Return the body in the newest version of its type."""
        return self


Body = TypeVar("Body", bound=type[EventData])


def event_type(
    aggregate: str,
    *,
    version: int = 1,
    class_name: str | None = None,
    occurs: Occurs = "later",
    needs_reason: bool = False,
    second_person: bool = False,
    ledger_only: bool = False,
    after_end: bool = False,
    member: str | None = None,
    through: str | None = None,
    modes: tuple[Mode, ...] = (),
    refers: str = "",
    posts: bool = False,
    corrects: str = "",
    restated: Restated = "never",
    always_corrects: bool = False,
    codes: str = "",
) -> Callable[[Body], Body]:
    """Declare a type of event by the class of its body; `EventType` says what the marks mean.

    `ItemDropped` of the aggregate `item` is `portfolio.item.item-dropped.v1`. These names are written into the log for ever. An
    older version is a class of its own, with the `class_name` that the newest has, whose `upcast` returns the newest body.
    `refers` are names of fields, `corrects` names of classes of the same aggregate, `codes` the names of what the aggregate's
    own rules may answer; the codes of the marks follow from them.
    """

    def stem_of(class_name: str) -> str:
        return f"portfolio.{aggregate}.{_WORD.sub('-', class_name).lower()}"

    def declare(body: Body) -> Body:
        stem, has_money = stem_of(class_name or body.__name__), amounts.has_money(body)
        has_calendar = "calendar" in body.model_fields
        unknown = _UNKNOWN.get(aggregate, "UNKNOWN_AGGREGATE")
        implied = {
            "NO_REASON": needs_reason,
            "SELF_APPROVAL": second_person,
            "LEDGER_ONLY": ledger_only,
            "ALREADY_EXISTS": occurs == "first" and not ledger_only,
            "UNKNOWN_AGGREGATE": bool(member or through or refers) and not ledger_only,
            "MODE": bool(modes),
            "CURRENCY": has_money and not ledger_only,
            "UNKNOWN_ZONE": has_calendar,
            "PERIOD_CLOSED": posts,
        }
        missing = (unknown,) if occurs == "later" and not ledger_only else ()
        answers = (*(code for code, holds in implied.items() if holds), *missing, *codes.split())
        body.event_type = EventType(
            name=f"{stem}.v{version}",
            stem=stem,
            aggregate=aggregate,
            version=version,
            unknown=CODES[unknown],
            occurs=occurs,
            needs_reason=needs_reason,
            second_person=second_person,
            ledger_only=ledger_only,
            after_end=after_end,
            member=member,
            through=through,
            modes=modes,
            refers=tuple(refers.split()) if through is None else (through, *refers.split()),
            posts=posts,
            has_money=has_money,
            has_calendar=has_calendar,
            corrects=(*(() if restated == "never" else (stem,)), *map(stem_of, corrects.split())),
            restated=restated,
            always_corrects=always_corrects,
            codes=tuple(CODES[code] for code in dict.fromkeys(answers)),
        )
        return body

    return declare
