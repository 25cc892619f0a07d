"""The fold of `concerns`: which members an entry concerns, and since when. Pure.

A fact concerns the member that is its subject or that its subject belongs to, and every member that it names. What is said of the
portfolio or of its books, and of no member, concerns `EVERYONE`. When a subject goes over to another member, everything that was
said of it before concerns that member too, from then on; and of what it was made of, by splits, whatever parts have from that. A
correction of the latter concerns the members that parts have gone over to since.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple, cast

from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.folding.quick import maker
from portfolio_projector.folding.rows import Rows
from portfolio_projector.read_models.concerns.references import members_named, names_members
from portfolio_schemas import catalogue
from portfolio_schemas.events import Event
from portfolio_schemas.events.benefit import BenefitCarriedOver
from portfolio_schemas.events.funding import FundingRequested
from portfolio_schemas.events.incident import IncidentCarriedOver
from portfolio_schemas.events.initiative import BaselineProposed
from portfolio_schemas.events.issue import IssueCarriedOver
from portfolio_schemas.events.item import ItemAdded, ItemReclassified, ItemSplit, ItemTransferred
from portfolio_schemas.events.risk import RiskCarriedOver

EVERYONE = ""
"""Stands for all members of a portfolio."""

_MEMBERS = ("initiative", "product")
_OF_ALL = ("portfolio", "funding")
_WITHOUT_HOME = (*_MEMBERS, *_OF_ALL, "team")
_BIRTHS = ("first", "ever")
"""With a fact of these kinds a subject may begin; one that may be stated again says again whose it is."""

_BEARING = types_of(BaselineProposed, ItemSplit, FundingRequested)
_MOVING = types_of(ItemTransferred, RiskCarriedOver, IssueCarriedOver, BenefitCarriedOver, IncidentCarriedOver)
HANDED_ON = types_of(ItemAdded, ItemTransferred, ItemReclassified, ItemSplit)
"""What parts have from what they are made of: that they began, in which backlog, and of which kind they are."""

Key = tuple[str, str]


class HomeRow(NamedTuple):
    """The member that a subject belongs to.

    `made_of` is the subject that the entry `made_by` split it off from, if one did; `parts` are those that it was
    split into, with a space between them.
    """

    portfolio: str
    subject: str
    member: str
    made_of: str | None = None
    made_by: int | None = None
    parts: str | None = None


class ConcernRow(NamedTuple):
    """An entry that concerns a member, since the entry `since`; it changes what was known of entries from `reaches` on."""

    portfolio: str
    member: str
    entry: int
    since: int
    reaches: int


_concern_row = maker(ConcernRow)


class Moved(NamedTuple):
    """A subject that went over to another member at an entry."""

    portfolio: str
    subject: str
    member: str
    since: int


class Concerns:
    """Where subjects belong, and the concerns that are new."""

    def __init__(self, complete: bool) -> None:  # noqa: FBT001  the description of a read model says what it is
        self.homes = Rows[Key, HomeRow]("homes", HomeRow, itemgetter(0, 1), complete=complete, narrow=True)
        self.concerns = list[ConcernRow]()
        self.moved = list[Moved]()

    @property
    def size(self) -> int:
        """How many bytes are known, about."""
        return self.homes.size

    def keep(self) -> None:
        """Take what changed as stored; homes are as they are in the table."""
        self.concerns.clear()
        self.moved.clear()
        self.homes.keep()

    def forget(self, share: float) -> None:
        """Forget a share of the homes."""
        self.homes.forget(share)


def fold(state: Concerns, fact: Fact) -> None:
    """Find whom one fact concerns.

    Raises:
        NotLoaded: when nobody looked yet where a part of its subject belongs.

    """
    aggregate, portfolio, number = fact.aggregate, fact.portfolio, fact.number
    home = None if aggregate in _WITHOUT_HOME else _home_of(state, (portfolio, fact.subject))
    own = fact.subject if aggregate in _MEMBERS else home
    named: Iterable[str] = () if own is None else (own,)
    if fact.corrects is not None and fact.type in HANDED_ON:
        named = dict.fromkeys((*named, *_homes_of_parts(state, portfolio, fact.subject)))
    if _says_whose(fact.type):
        data = fact.data
        named = dict.fromkeys((*named, *members_named(data)))
        if (key := _through(fact)) is not None and (other := _home_of(state, key)) is not None:
            named[other] = None
        _settle(state, fact, data, home)
    if not named and aggregate in _OF_ALL:
        named = (EVERYONE,)
    reaches = number if fact.corrects is None else fact.corrects
    for member in named:
        state.concerns.append(_concern_row((portfolio, member, number, number, reaches)))


def wants(facts: Sequence[Fact]) -> tuple[set[Key], list[Key]]:
    """Return the subjects whose homes facts ask for, and those that begin: they have none yet.

    A body that cannot be read asks for nothing: the fold will say why.
    """
    wanted, born = set[Key](), list[Key]()
    for fact in facts:
        if fact.aggregate not in _WITHOUT_HOME:
            if fact.begins:
                born.append((fact.portfolio, fact.subject))
            else:
                wanted.add((fact.portfolio, fact.subject))
        if _says_whose(fact.type):
            try:
                key = _through(fact)
                wanted |= {(fact.portfolio, subject) for subject, _ in _born(fact, fact.data)}
            except ValueError:
                continue
            if key is not None:
                wanted.add(key)
    return wanted, born


def _through(fact: Fact) -> Key | None:
    """Return the subject that a body names as the one that says whose it is."""
    name = catalogue.find(fact.type).event_type.through
    return None if name is None else (fact.portfolio, getattr(fact.data, name))


@cache
def _says_whose(type_: str) -> bool:
    """Tell whether the bodies of a type say something about members, or about subjects that begin."""
    body = catalogue.find(type_)
    return names_members(body) or body.event_type.through is not None or type_ in _BEARING


def _settle(state: Concerns, fact: Fact, data: Event, home: str | None) -> None:
    """Remember where subjects belong, and which go over to another member."""
    made = (None, None)
    if isinstance(data, ItemSplit):
        made = (fact.subject, fact.number)
        if (whole := state.homes.get((fact.portfolio, fact.subject))) is not None:
            state.homes.put(whole._replace(parts=" ".join(new.item for new in data.into)))
    for subject, named in _born(fact, data):
        member = named or home
        if member is not None:
            state.homes.put(HomeRow(fact.portfolio, subject, member, *made))
    if fact.type in _MOVING:
        to = cast("ItemTransferred", data).to
        before = state.homes.get((fact.portfolio, fact.subject))
        state.homes.put(HomeRow(fact.portfolio, fact.subject, to) if before is None else before._replace(member=to))
        state.moved.append(Moved(fact.portfolio, fact.subject, to, fact.number))


def _born(fact: Fact, data: Event) -> Iterable[tuple[str, str | None]]:
    """Return the subjects that begin with a fact, and the member that each belongs to; None: the one that the subject does."""
    if fact.type in _BEARING:
        match data:
            case BaselineProposed(work_packages=parts):
                return [(f"work-package/{part.id}", fact.subject) for part in parts]
            case ItemSplit(into=into):
                return [(new.item, None) for new in into]
            case _:
                return [(fact.subject, cast("FundingRequested", data).member)]
    stated = data.event_type
    bears = stated.occurs in _BIRTHS and stated.member is not None and stated.aggregate not in _WITHOUT_HOME
    return [(fact.subject, getattr(data, stated.member))] if bears and stated.member else []


def _homes_of_parts(state: Concerns, portfolio: str, subject: str) -> list[str]:
    """Return the members to which everything belongs that a subject was split into, at any remove."""
    rows = [state.homes.get((portfolio, subject))]
    for row in rows:
        rows += [state.homes.get((portfolio, part)) for part in (row.parts.split() if row is not None and row.parts else ())]
    return [row.member for row in rows[1:] if row is not None]


def _home_of(state: Concerns, key: Key) -> str | None:
    row = state.homes.get(key)
    return None if row is None else row.member


FOLDING = Folding(name="concerns", version=4, types=frozenset(catalogue.TYPES), begin=Concerns, fold=fold)
