"""What is told of a moment is what the log alone gives: at every entry, by every day, with snapshots and without."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pytest

from portfolio_projector.folding.chronicles import WHOLE, Chronicle, chronicle
from portfolio_projector.folding.facts import Fact
from portfolio_projector.telling.past import EVER, Wanted, tell
from portfolio_projector.telling.pasts import Pasts
from portfolio_projector.telling.present import Present
from portfolio_projector.telling.snapshots import Snapshots
from portfolio_schemas import catalogue
from tests.histories import BEGINNING, History
from tests.integration.projector.conftest import Place
from tests.integration.projector.test_batches import pool, project
from tests.wanderings import HOMES, HOURS, OF_ITEMS, Wanderings, frozen

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

PRODUCTS = ("product/pay", "product/till")
MEMBERS = (*PRODUCTS, "initiative/apollo")
Corrections = Literal["applied", "seen"]
Seen = tuple[int, int, datetime]


class Heard(msgspec.Struct):
    """Every fact that was folded: its entry, the entry whose body it has, and when it was true."""

    facts: list[Seen] = []


def heard(corrections: Corrections, *, of_portfolio: bool = False) -> Chronicle[Heard]:
    """A chronicle that remembers everything it is told."""

    def fold(state: Heard, fact: Fact) -> None:
        state.facts.append((fact.number, fact.corrected_by or fact.number, fact.time))

    name = f"heard-{corrections}-{'all' if of_portfolio else 'member'}"
    types = frozenset(catalogue.TYPES)
    return chronicle(name, 1, types=types, state=Heard, fold=fold, corrections=corrections, of_portfolio=of_portfolio)


@dataclass(kw_only=True, slots=True)
class Known:
    """What the test knows of an entry: whom it concerned when it was recorded, its subject, its time, what it corrects."""

    entry: int
    members: set[str]
    subject: str
    time: datetime
    corrects: int | None = None


@dataclass(kw_only=True)
class Tale:
    """A random history of two products and an initiative, with corrections, refusals, and items that change sides."""

    chance: random.Random
    history: History = field(default_factory=lambda: History("acme"))
    known: list[Known] = field(default_factory=list[Known])
    homes: dict[str, str] = field(default_factory=dict[str, str])
    moved: dict[str, list[tuple[int, str]]] = field(default_factory=dict[str, list[tuple[int, str]]])
    costs: list[int] = field(default_factory=list[int])

    def begin(self) -> None:
        """Open the portfolio and its members."""
        self._add("portfolio.portfolio-opened", f"portfolio/{self.history.portfolio}", {"name": "Acme", "currency": "EUR"}, {""})
        for product in PRODUCTS:
            self._add("product.product-conceived", product, {"name": "It", "owner": "ann"}, {product})
        data = {"name": "Apollo", "mode": "waterfall", "currency": "EUR"}
        self._add("initiative.initiative-proposed", "initiative/apollo", data, {"initiative/apollo"})

    def play(self, steps: int) -> None:
        """Go on."""
        for _ in range(steps):
            self.chance.choice(
                (
                    self._item,
                    self._item,
                    self._start,
                    self._transfer,
                    self._cost,
                    self._cost,
                    self._correct,
                    self._close,
                    self._refuse,
                )
            )()

    def wanted(self, scope: str, entry: int, until: datetime, corrections: Corrections) -> list[Seen]:
        """What must be heard of a scope: at an entry, of what was true by an instant."""
        there = [one for one in self.known if one.entry <= entry and (scope == WHOLE or self._concerns(one, scope, entry))]
        by = {one.entry: one for one in self.known}
        roots = {one.entry: next(iter([*self._chain(one, by)][::-1])) for one in there}
        last = {root: one.entry for one in there for root in (roots[one.entry],)}
        if corrections == "seen":
            return [(one.entry, one.entry, one.time) for one in there if by[roots[one.entry]].time <= until]
        return [(one.entry, last[one.entry], one.time) for one in there if one.corrects is None and one.time <= until]

    def _chain(self, one: Known, by: dict[int, Known]) -> Iterator[int]:
        yield one.entry
        if one.corrects is not None:
            yield from self._chain(by[one.corrects], by)

    def _concerns(self, one: Known, scope: str, entry: int) -> bool:
        later = {member for at, member in self.moved.get(one.subject, ()) if one.entry < at <= entry}
        return bool({scope, ""} & one.members) or scope in later

    def _add(self, type_: str, subject: str, data: dict[str, Any], members: set[str], **attributes: Any) -> int:  # noqa: ANN401
        time = BEGINNING + timedelta(hours=self.chance.randint(0, 2000))
        entry = self.history.add(type_, subject, data, time=time.isoformat(), **attributes).entry
        self.known.append(Known(entry=entry, members=members, subject=subject, time=time, corrects=attributes.get("corrects")))
        return entry

    def _item(self) -> None:
        item, home = f"item/I-{len(self.known)}", self.chance.choice(PRODUCTS)
        self.homes[item] = home
        self._add("item.item-added", item, {"product": home, "title": "It", "kind": "feature"}, {home})

    def _start(self) -> None:
        if self.homes:
            item = self.chance.choice(list(self.homes))
            self._add("item.item-started", item, {}, {self.homes[item]})

    def _transfer(self) -> None:
        if self.homes and self.chance.random() < 0.5:
            item = self.chance.choice(list(self.homes))
            home, to = self.homes[item], self.chance.choice(PRODUCTS)
            if to != home:
                self.homes[item] = to
                entry = self._add("item.item-transferred", item, {"to": to, "after": None}, {home, to})
                self.moved.setdefault(item, []).append((entry, to))

    def _cost(self, **attributes: int) -> None:
        amount = {"minor": self.chance.randint(1, 1000), "currency": "EUR"}
        data = {"member": "initiative/apollo", "amount": amount, "period": "2026-02", "category": "labour", "treatment": "opex"}
        entry = self._add("funding.cost-posted", "funding/apollo", data, {"initiative/apollo"}, **attributes)
        self.costs.append(entry)

    def _correct(self) -> None:
        """Correct a cost: one that was not corrected before, as the ledger has it."""
        if self.costs:
            corrected = self.costs.pop(self.chance.randrange(len(self.costs)))
            self._cost(corrects=corrected)

    def _refuse(self) -> None:
        """Refuse a move of an item: an entry of which nothing is heard."""
        self.history.refuse("item/I-1", "CLOSED_ITEM")

    def _close(self) -> None:
        if self.chance.random() < 0.2:
            self._add("funding.accounting-period-closed", "funding/books", {"period": "2026-01"}, {""})


CHRONICLES = [heard(corrections, of_portfolio=whole) for corrections in ("applied", "seen") for whole in (False, True)]


def scopes(told: Chronicle[Heard]) -> Sequence[str]:
    """What a chronicle is told of."""
    return (WHOLE,) if told.of_portfolio else MEMBERS


async def compare(connection: "Connection", tale: Tale, chance: random.Random, pasts: Pasts) -> None:
    """Compare moments with what they must be: told from snapshots, and then from what is remembered of that."""
    last = tale.history.head.entry
    for told in CHRONICLES:
        for scope in scopes(told):
            for entry in {last, *(chance.randrange(last + 1) for _ in range(6))}:
                for until in (EVER, BEGINNING + timedelta(hours=chance.randint(0, 2000))):
                    asked, wanted = Wanted("acme", entry, until), tale.wanted(scope, entry, until, told.corrections)
                    async with connection.transaction(isolation="repeatable_read"):
                        for _ in range(2):
                            found = await pasts.tell(connection, told, asked, [scope])
                            assert wanted == found[scope].state.facts, (told.name, scope, entry, until)


@pytest.mark.parametrize("seed", range(2))
async def test_every_moment_is_exact_whatever_snapshots_there_are(place: Place, seed: int):
    """Random histories, batches of all sizes, snapshots every few entries made at odd times: each moment is exact."""
    chance = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
    tale = Tale(chance=chance)
    tale.begin()
    entries = tale.history.entries
    async with pool(place) as opened:
        snapshots = Snapshots(opened, CHRONICLES, facts_between=7)
        remembered = chance.choice([50, 100_000])
        present = Present(facts_remembered_max=remembered, facts_folded_max=100_000)
        pasts = Pasts(facts_remembered_max=remembered, facts_folded_max=100_000)
        for _ in range(6):
            tale.play(chance.randint(5, 60))
            await project(opened, entries, chance)
            async with opened.acquire() as connection:
                await compare_present(connection, tale, present, chance)
                await compare(connection, tale, chance, pasts)
            for _ in range(chance.randint(0, 5)):
                await snapshots.make()
        while await snapshots.make():
            pass
        async with opened.acquire() as connection:
            assert await connection.fetchval("SELECT count(*) FROM projector.snapshots") > 20
            await compare(connection, tale, chance, pasts)


@pytest.mark.parametrize("seed", range(2))
async def test_wherever_items_wander_their_pasts_are_folds_of_the_log(place: Place, seed: int):
    """Split, merged, promoted, handed over: what tells of items can be folded anywhere, and is what the log gives."""
    chance, made = random.Random(seed), Wanderings(seed)  # noqa: S311  a seed is what makes a test repeatable
    entries = made.history.entries
    async with pool(place) as opened:
        snapshots = Snapshots(opened, OF_ITEMS, facts_between=7)
        present = Present(facts_remembered_max=100_000, facts_folded_max=100_000)
        for _ in range(5):
            made.play(chance.randint(20, 60))
            facts, last = made.history.facts(), made.history.head.entry
            await project(opened, entries, chance)
            for told in OF_ITEMS:
                for scope in HOMES:
                    async with opened.acquire() as connection, connection.transaction(isolation="repeatable_read"):
                        found = await present.tell(connection, told, "acme", [scope], (last, made.history.head.hash))
                        assert told.freeze(found[scope].state) == frozen(told, facts, scope), (told.name, scope, last)
                        for hours in (None, chance.randint(0, HOURS)):
                            entry = chance.randrange(last + 1)
                            until = EVER if hours is None else BEGINNING + timedelta(hours=hours)
                            past = await tell(connection, told, Wanted("acme", entry, until), [scope], facts_max=10_000)
                            expected = frozen(told, facts[: entry + 1], scope, hours)
                            assert told.freeze(past[scope].state) == expected, (told.name, scope, entry, hours)
            for _ in range(chance.randint(0, 6)):
                await snapshots.make()
        async with opened.acquire() as connection:
            assert await connection.fetchval("SELECT count(DISTINCT chronicle) FROM projector.snapshots") == len(OF_ITEMS)


async def compare_present(connection: "Connection", tale: Tale, present: Present, chance: random.Random) -> None:
    """Compare what is remembered with what it must be, some scopes now and others another time."""
    head = (tale.history.head.entry, tale.history.head.hash)
    for told in CHRONICLES:
        asked = scopes(told)[: chance.randint(1, 3)]
        async with connection.transaction(isolation="repeatable_read"):
            found = await present.tell(connection, told, "acme", asked, head)
        for scope in asked:
            assert tale.wanted(scope, head[0], EVER, told.corrections) == found[scope].state.facts, (told.name, scope)


async def test_another_past_under_the_same_number_is_not_taken_for_the_same(place: Place):
    """What was remembered, and snapshots, of entries that an operator gave up are of no use: others bear their numbers now."""
    given_up, kept = [Tale(chance=random.Random(seed)) for seed in (1, 2)]  # noqa: S311  the same
    for tale in (given_up, kept):
        tale.begin()
        tale.play(60)
    present = Present(facts_remembered_max=10_000, facts_folded_max=10_000)
    pasts = Pasts(facts_remembered_max=10_000, facts_folded_max=10_000)
    async with pool(place) as opened:
        snapshots = Snapshots(opened, CHRONICLES, facts_between=7)
        for tale in (given_up, kept):
            async with opened.acquire() as connection:
                await connection.execute(
                    "DELETE FROM projector.concerns; DELETE FROM projector.homes; DELETE FROM projector.scopes"
                )
                await connection.execute(
                    "DELETE FROM projector.entries; DELETE FROM projector.refusals; DELETE FROM projector.portfolios"
                )
                await connection.execute("DELETE FROM projector.spans")
                await connection.execute(
                    "DELETE FROM projector.heads; DELETE FROM projector.positions; DELETE FROM projector.backlog_items"
                )
                await connection.execute("DELETE FROM projector.backlog_products; DELETE FROM projector.backlog_moves")
                await connection.execute("DELETE FROM projector.backlog_sizes")
                await connection.execute("DELETE FROM projector.initiatives; DELETE FROM projector.initiative_costs")
            await project(opened, tale.history.entries, random.Random(1))  # noqa: S311  the same
            async with opened.acquire() as connection:
                await compare_present(connection, tale, present, random.Random(1))  # noqa: S311  the same
                await compare(connection, tale, random.Random(1), pasts)  # noqa: S311  the same
            while await snapshots.make():
                pass


async def test_a_chronicle_that_fails_keeps_nobody_from_snapshots(place: Place):
    """Neither a fold that raises nor a state that cannot be written down: the others have theirs, and the projector goes on."""

    def refuse(*_: object) -> None:
        raise TypeError("no")

    told = heard("applied")
    broken = [replace(told, name="unfoldable", fold=refuse), replace(told, name="unwritable", freeze=refuse), told]
    tale = Tale(chance=random.Random(3))  # noqa: S311  a seed is what makes a test repeatable
    tale.begin()
    tale.play(80)
    async with pool(place) as opened:
        await project(opened, tale.history.entries, tale.chance)
        snapshots = Snapshots(opened, broken, facts_between=7)
        while await snapshots.make():
            pass
        async with opened.acquire() as connection:
            names = await connection.fetch("SELECT DISTINCT chronicle FROM projector.snapshots")
            assert [told.name] == [row["chronicle"] for row in names]
            pasts = Pasts(facts_remembered_max=10_000, facts_folded_max=10_000)
            await compare(connection, tale, tale.chance, pasts)


async def test_after_a_bulk_load_the_end_is_told_first(place: Place):
    """Snapshots are made ahead, up to the end, before those between; they go when these are there, and every moment is exact."""
    tale = Tale(chance=random.Random(9))  # noqa: S311  a seed is what makes a test repeatable
    tale.begin()
    pasts = Pasts(facts_remembered_max=0, facts_folded_max=10_000)
    those_ahead = "SELECT count(*) FROM projector.snapshots WHERE is_ahead"
    those_between = "SELECT count(*) FROM projector.snapshots WHERE NOT is_ahead"
    overtaken = (
        "SELECT count(*) FROM projector.snapshots AS a JOIN projector.snapshots AS b USING (chronicle, scope) "
        "WHERE a.is_ahead AND NOT b.is_ahead AND b.entry > a.entry"
    )
    async with pool(place) as opened:
        snapshots = Snapshots(opened, CHRONICLES, facts_between=7, leap=50)
        for _ in range(2):
            tale.play(200)
            await project(opened, tale.history.entries, tale.chance)
            async with opened.acquire() as connection:
                between = await connection.fetchval(those_between)
                for _ in range(4):
                    await snapshots.make()
                assert await connection.fetchval(those_ahead) >= 12
                assert await connection.fetchval(those_between) == between
                await compare(connection, tale, tale.chance, pasts)
                while await snapshots.make():
                    pass
                assert await connection.fetchval(overtaken) == 0
                assert await connection.fetchval(those_between) > between + 50
                await compare(connection, tale, tale.chance, pasts)


async def test_a_snapshot_ahead_is_of_the_end_also_for_who_begins_anew(place: Place):
    """A projector that was started again goes on where the one before it was, and does nothing twice."""
    tale = Tale(chance=random.Random(10))  # noqa: S311  a seed is what makes a test repeatable
    tale.begin()
    tale.play(300)
    async with pool(place) as opened:
        await project(opened, tale.history.entries, tale.chance)
        for _ in range(12):
            await Snapshots(opened, CHRONICLES, facts_between=7, leap=50).make()
        async with opened.acquire() as connection:
            last = await connection.fetchval("SELECT max(entry) FROM projector.snapshots WHERE is_ahead")
            assert tale.history.head.entry - last < 10
            assert await connection.fetchval("SELECT count(*) FROM projector.snapshots WHERE NOT is_ahead") > 0


async def test_what_begins_late_is_told_from_a_snapshot_in_which_there_was_nothing(place: Place):
    """The first risk of a portfolio may be its thousandth entry."""
    told = replace(heard("applied", of_portfolio=True), types=frozenset({"portfolio.risk.risk-identified.v1"}))
    tale = Tale(chance=random.Random(7))  # noqa: S311  a seed is what makes a test repeatable
    tale.begin()
    tale.play(400)
    tale.history.add("risk.risk-identified", "risk/R-1", {"member": PRODUCTS[0], "title": "R", "category": "cost"})
    head = tale.history.head
    async with pool(place) as opened:
        await project(opened, tale.history.entries, tale.chance)
        snapshots = Snapshots(opened, [told], facts_between=7)
        while await snapshots.make():
            pass
        present = Present(facts_remembered_max=100, facts_folded_max=100)
        async with opened.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            assert await connection.fetchval("SELECT count(*) FROM projector.snapshots") > 3
            found = await present.tell(connection, told, "acme", [WHOLE], (head.entry, head.hash))
            assert [seen[0] for seen in found[WHOLE].state.facts] == [head.entry]


async def test_a_past_is_not_told_again_while_it_is_remembered(place: Place):
    """The next page of one is of the same state; one too many goes, and is told anew."""
    told, tale = heard("applied"), Tale(chance=random.Random(5))  # noqa: S311  a seed is what makes a test repeatable
    tale.begin()
    tale.play(40)
    pasts = Pasts(facts_remembered_max=30, facts_folded_max=10_000)
    async with pool(place) as opened:
        await project(opened, tale.history.entries, random.Random(1))  # noqa: S311  the same
        async with opened.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            first = (await pasts.tell(connection, told, Wanted("acme", 20), MEMBERS[:1]))[MEMBERS[0]]
            assert (await pasts.tell(connection, told, Wanted("acme", 20), MEMBERS[:1]))[MEMBERS[0]] is first
            for entry in range(21, 40):
                (await pasts.tell(connection, told, Wanted("acme", entry), MEMBERS[:1]))[MEMBERS[0]]
            again = (await pasts.tell(connection, told, Wanted("acme", 20), MEMBERS[:1]))[MEMBERS[0]]
            assert again is not first
            assert again.state == first.state


@pytest.mark.parametrize("corrections", ["applied", "seen"])
async def test_a_past_without_a_skipped_entry_is_told_from_snapshots_too(place: Place, corrections: Corrections):
    """Those from before it serve as they are, those after it are made anew without it: a moment stays near to one."""
    told, tale = heard(corrections), Tale(chance=random.Random(7))  # noqa: S311  a seed is what makes a test repeatable
    tale.begin()
    tale.play(120)
    last = tale.history.head.entry
    skipped = next(one.entry for one in tale.known[40:] if PRODUCTS[0] in one.members and one.corrects is None)
    pasts = Pasts(facts_remembered_max=0, facts_folded_max=10_000)
    async with pool(place) as opened:
        await project(opened, tale.history.entries, tale.chance)
        snapshots = Snapshots(opened, [told], facts_between=7)
        while await snapshots.make():
            pass
        async with opened.acquire() as connection:
            skip = "INSERT INTO projector.skips (read_model, portfolio, entry, reason, actor) VALUES ($1, 'acme', $2, '-', 'ann')"
            await connection.execute(skip, told.name, skipped)
        while await snapshots.make():
            pass
        folded = list[int]()
        async with opened.acquire() as connection:
            for entry in range(skipped - 20, last + 1):
                async with connection.transaction(isolation="repeatable_read"):
                    wanted = Wanted("acme", entry, skipped=frozenset({skipped}))
                    found = (await pasts.tell(connection, told, wanted, PRODUCTS))[PRODUCTS[0]]
                facts = tale.wanted(PRODUCTS[0], entry, EVER, corrections)
                assert [fact for fact in facts if fact[0] != skipped] == found.state.facts, entry
                folded.append(found.folded)
        assert folded[-1] < len(tale.wanted(PRODUCTS[0], last, EVER, corrections)) // 2
