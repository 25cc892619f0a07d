"""What every event type is: a frozen body with a name that is the storage format."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from portfolio_schemas.codes import CODES, Code
from portfolio_schemas.values import Value

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """What is said of a type beside the fields of its body.

    `name` is what stands in an event's `type`. `needs_reason`: the envelope must say why. `second_person`: who approves must
    not be who proposed. `ledger_only`: a consequence, which only the ledger itself may state. `codes`: what its own rules may
    refuse or flag it with, beside the codes that every type may get.
    """

    name: str
    aggregate: str
    version: int
    needs_reason: bool = False
    second_person: bool = False
    ledger_only: bool = False
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
    needs_reason: bool = False,
    second_person: bool = False,
    ledger_only: bool = False,
    codes: str = "",
) -> Callable[[Body], Body]:
    """Declare a type of event by the class of its body.

    `ItemDropped` of the aggregate `item` is `portfolio.item.item-dropped.v1`. These names are written into the log for ever. An
    older version is a class of its own, with the `class_name` that the newest has, whose `upcast` returns the newest body.
    `codes` are the names of what its own rules may answer.
    """
    implied = {"NO_REASON": needs_reason, "SELF_APPROVAL": second_person, "LEDGER_ONLY": ledger_only}
    answers = tuple(CODES[code] for code in (*(code for code, holds in implied.items() if holds), *codes.split()))

    def declare(body: Body) -> Body:
        words = _WORD.sub("-", class_name or body.__name__).lower()
        body.event_type = EventType(
            name=f"portfolio.{aggregate}.{words}.v{version}",
            aggregate=aggregate,
            version=version,
            needs_reason=needs_reason,
            second_person=second_person,
            ledger_only=ledger_only,
            codes=answers,
        )
        return body

    return declare
