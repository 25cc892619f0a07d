"""`ledger resume`, `projector resume`: what stands still goes on after it was put right, alone, and not before."""

import asyncio
import dataclasses
from typing import Any

import httpx
import pytest

from portfolio_deploy.local import services
from portfolio_deploy.local.services import Still
from portfolio_projector.instructions.storage import Wish
from portfolio_projector.read_models import READ_MODELS, backlogs
from portfolio_projector.read_models.flow.fold import FLOW
from portfolio_schemas import codec, entries
from portfolio_schemas.entries import Entry
from tests import waiting
from tests.integration.ledger.stories import added, begin, post
from tests.integration.operators.conftest import Site, publish


def orphan(head: Entry) -> Entry:
    """An entry that follows something that is not there."""
    document: dict[str, Any] = {**head.document, "entry": head.entry + 5, "append": head.entry + 5, "previous": "f" * 64}
    return entries.build(document)


def repair(portfolio: str, orphans: list[Entry], head: Entry) -> bytes:
    """An operator's record that sets orphans aside."""
    body: codec.Document = {
        "orphans": [one.hash for one in orphans],
        "head": {"entry": head.entry, "hash": head.hash},
        "reason": "test",
        "actor": "ines",
    }
    return codec.canonical({"portfolio": portfolio, "repair": body})


async def until_stopped(site: Site, portfolio: str) -> None:
    """Return once ledger and projector have stopped a portfolio."""

    async def stopped() -> bool:
        async with site.ledgers.database() as connection:
            ledger = await connection.fetchval("SELECT stop_offset FROM ledger.portfolios WHERE portfolio = $1", portfolio)
            models = await connection.fetch("SELECT stop_offset FROM projector.heads WHERE portfolio = $1", portfolio)
        return ledger is not None and all(row[0] is not None for row in models)

    await waiting.until(stopped, f"{portfolio} stopped by all readers")


async def until_failed(site: Site, portfolio: str, entry: int) -> None:
    """Return once the backlogs stand still at an entry."""

    async def failed() -> bool:
        async with site.projectors.connection() as connection:
            query = "SELECT failed_entry FROM projector.heads WHERE read_model = 'backlogs' AND portfolio = $1"
            return await connection.fetchval(query, portfolio) == entry

    await waiting.until(failed, f"backlogs failed at entry {entry}")


async def test_what_does_not_stand_still_or_is_unknown_is_said_so(site: Site, portfolio_id: str):
    """Exit code 0 when there is nothing to do, 1 for what nobody knows, 2 for wrong use; one sentence each."""
    async with site.running() as client:
        await begin(client, portfolio_id)
        await publish_item(site, client, portfolio_id)
        for service in ("portfolio_ledger", "portfolio_projector"):
            fine = await site.command(service, "resume", portfolio_id)
            assert (fine.code, fine.text.count("\n")) == (0, 1)
            assert "is not stopped" in fine.text
            unknown = await site.command(service, "resume", "nobody")
            assert (unknown.code, unknown.text.count("\n")) == (1, 1)
            assert "knows no portfolio nobody" in unknown.text
            assert (await site.command(service, "resume")).code == 2
        model = await site.resume_projector(Wish(read_model="backlogs", portfolio=portfolio_id))
        assert model.done
        assert "does not stand still" in model.text
        wrong = await site.resume_projector(Wish(read_model="backlog", portfolio=portfolio_id))
        there_are = ", ".join(model.name for model in READ_MODELS)
        assert wrong.text == f"There is no read model backlog. There are {there_are}."
    skip = await site.command("portfolio_projector", "resume", "backlogs", portfolio_id, "--skip", "3")
    assert skip.code == 2
    assert "needs a --reason" in skip.text


async def test_what_is_told_from_entries_has_no_rows_to_go_on_with(site: Site, portfolio_id: str):
    """A chronicle is neither resumed nor rebuilt, and nothing of it is skipped that can be told: each says what to do instead."""
    async with site.running() as client:
        await begin(client, portfolio_id)
        await publish_item(site, client, portfolio_id)
        goes_on = await site.resume_projector(Wish(read_model="flow", portfolio=portfolio_id))
        assert (goes_on.done, "goes on by itself" in goes_on.text) == (True, True)
        anew = await site.resume_projector(Wish(read_model="flow", portfolio=portfolio_id, rebuild=True))
        assert not anew.done
        assert f"portfolio resume concerns {portfolio_id} --rebuild" in anew.text
        fine = await site.resume_projector(Wish(read_model="flow", portfolio=portfolio_id, skip=2, reason="Why?", actor="ines"))
        assert not fine.done
        assert "Nothing was skipped: flow can be told of entry 2" in fine.text
        made = await site.resume_projector(Wish(read_model="concerns", portfolio=portfolio_id, rebuild=True))
        assert made.done, made.text
    for name, instead in (
        ("concerns", "portfolio resume concerns PORTFOLIO --rebuild"),
        ("entries", "portfolio resume PORTFOLIO --rebuild"),
        ("flow", "it is told from entries at each question"),
    ):
        said = await site.command("portfolio_projector", "rebuild", name)
        assert (said.code, said.text.count("\n")) == (1, 1)
        assert instead in said.text
    assert (await site.command("portfolio_projector", "rebuild", "backlog")).code == 2


async def test_what_a_chronicle_cannot_fold_is_skipped_and_its_answers_say_so(site: Site, portfolio_id: str):
    """It cannot be told from there on, which status and metrics say, until somebody says that it passes over that entry."""
    fold = FLOW.fold
    broken = list[int]()

    def failing(state: Any, fact: Any) -> None:  # noqa: ANN401  a fold's
        if fact.number in broken:
            raise ValueError("as a defect would")
        fold(state, fact)

    object.__setattr__(FLOW, "fold", failing)
    try:
        async with site.running() as client, site.projectors.serving() as reading:
            await begin(client, portfolio_id)
            await publish_item(site, client, portfolio_id)
            broken.append(2)
            path = f"/portfolios/{portfolio_id}/products/pay/flow"
            before = await reading.get(path, params={"min_entry": 2})
            assert (before.status_code, before.json()["code"]) == (503, "READ_MODEL_STOPPED")
            assert (await reading.get(path, params={"as_of": 1})).status_code == 200
            assert await standing(reading) == [
                Still(
                    what=f"flow of product/pay in portfolio {portfolio_id}",
                    detail="Entry 2 cannot be folded: ValueError: as a defect would",
                    command=f"portfolio resume flow {portfolio_id} --skip 2 --reason TEXT",
                    portfolio=portfolio_id,
                    read_model="flow",
                    member="product/pay",
                    entry=2,
                )
            ]
            metric = 'portfolio_projector_stopped_portfolios{read_model="flow",why="fold"} 1.0'
            assert metric in (await reading.get("/metrics")).text
            wrong = await site.resume_projector(
                Wish(read_model="flow", portfolio=portfolio_id, skip=1, reason="No.", actor="ines")
            )
            assert (wrong.done, "Nothing was skipped" in wrong.text) == (False, True)
            said = await site.resume_projector(
                Wish(read_model="flow", portfolio=portfolio_id, skip=2, reason="So.", actor="ines")
            )
            assert said.done, said.text
            assert await standing(reading) == []
            after = await reading.get(path)
            assert after.status_code == 200, after.text
            assert metric not in (await reading.get("/metrics")).text
            assert [(one["read_model"], one["entry"], one["reason"]) for one in after.json()["skipped"]] == [("flow", 2, "So.")]
    finally:
        object.__setattr__(FLOW, "fold", fold)


async def standing(reading: httpx.AsyncClient) -> list[Still]:
    """What `portfolio status` finds standing still in the read API."""
    assert reading.base_url.port is not None
    return list((await asyncio.to_thread(services.look, reading.base_url.port)).still)


async def publish_item(site: Site, client: Any, portfolio: str) -> None:  # noqa: ANN401  a client
    """Add an item and see it projected."""
    assert (await post(client, added(portfolio, "A"))).status_code == 201
    await site.until_projected(portfolio, 2)


async def test_an_instruction_waits_for_whoever_serves_the_partition(site: Site, portfolio_id: str):
    """Nobody runs: exit code 1 says that it is stored; the next ledger and projector carry it out."""
    async with site.running() as client:
        await begin(client, portfolio_id)
        await publish_item(site, client, portfolio_id)
    for service in ("portfolio_ledger", "portfolio_projector"):
        said = await site.command(service, "resume", portfolio_id, "--rebuild", "--wait", "0.5")
        assert said.code == 1
        assert "It is stored" in said.text
    async with site.running() as client, site.ledgers.database() as connection:

        async def answered() -> bool:
            query = "SELECT done FROM ledger.instructions UNION ALL SELECT done FROM projector.instructions"
            return [row[0] for row in await connection.fetch(query)] == [True, True]

        await waiting.until(answered, "both carried out")
        await publish(client, portfolio_id, 0, 3)
        assert await site.is_sound(portfolio_id) == 5


async def test_a_broken_portfolio_stays_stopped_until_its_log_is_put_right(site: Site, portfolio_id: str):
    """Resumed too early it answers no and names the orphan; after the repair record it goes on by itself."""
    async with site.running() as client:
        await begin(client, portfolio_id)
        await publish_item(site, client, portfolio_id)
        head = (await site.entries(portfolio_id))[-1]
        wrong = orphan(head)
        await site.append(portfolio_id, wrong.value)
        await until_stopped(site, portfolio_id)
        await shown_as_stopped(site, client, portfolio_id)
        for said in (await site.resume_ledger(portfolio_id), await site.resume_projector(Wish(portfolio=portfolio_id))):
            assert not said.done
            assert "is an orphan" in said.text
            assert f"portfolio repair {portfolio_id}" in said.text
        await site.append(portfolio_id, repair(portfolio_id, [wrong], head))
        await waiting.until(lambda: is_open(client, portfolio_id), "the door open again")
        assert await site.is_sound(portfolio_id) == 3


async def shown_as_stopped(site: Site, client: Any, portfolio: str) -> None:  # noqa: ANN401  a client
    """Both services are ready, and name the portfolio, why it is stopped, and the command that answers it; so do the metrics."""
    async with site.projectors.serving() as reader:
        for service in (client, reader):

            async def shown(service: Any = service) -> bool:  # noqa: ANN401  a client
                answer = await service.get("/health/ready")
                stopped = {one["portfolio"]: one for one in answer.json()["stopped"]}
                return answer.status_code == 200 and (
                    "is an orphan" in stopped.get(portfolio, {}).get("detail", "")
                    and stopped[portfolio]["command"] == f"portfolio repair {portfolio}"
                )

            await waiting.until(shown, "readiness names the portfolio")
        assert 'stopped_portfolios{read_model="backlogs",why="log"} 1.0' in (await reader.get("/metrics")).text

    async def counted() -> bool:
        return "ledger_portfolios_stopped 1.0" in (await client.get("/metrics")).text

    await waiting.until(counted, "the ledger counts it")


async def is_open(client: Any, portfolio: str) -> bool:  # noqa: ANN401  a client
    """Whether an event is recorded."""
    return (await post(client, added(portfolio, "B"), prefer="wait=2")).status_code in {200, 201}


async def test_a_repair_that_nobody_can_agree_with_is_set_aside_by_another(site: Site, portfolio_id: str):
    """A record that came too late names an old head and stops everybody; one that names that head among its orphans heals it."""
    async with site.running() as client:
        await begin(client, portfolio_id)
        await publish_item(site, client, portfolio_id)
        log = await site.entries(portfolio_id)
        await site.append(portfolio_id, repair(portfolio_id, [], log[1]))
        await until_stopped(site, portfolio_id)
        for said in (await site.resume_ledger(portfolio_id), await site.resume_projector(Wish(portfolio=portfolio_id))):
            assert not said.done
            assert "this reader holds another" in said.text
        await site.append(portfolio_id, repair(portfolio_id, [log[1]], log[-1]))
        await waiting.until(lambda: is_open(client, portfolio_id), "the door open again")
        assert await site.is_sound(portfolio_id) == 3


async def test_a_failed_read_model_folds_on_with_a_program_that_can(
    site: Site, portfolio_id: str, monkeypatch: pytest.MonkeyPatch
):
    """Resumed with the same program it fails at the same entry; with one that can fold it, it has every row."""
    with monkeypatch.context() as patched:
        break_the_fold(patched, 3)
        async with site.running() as client:
            await begin(client, portfolio_id)
            assert (await post(client, added(portfolio_id, "A"))).status_code == 201
            await publish(client, portfolio_id, 0, 4)
            await until_failed(site, portfolio_id, 3)
            said = await site.resume_projector(Wish(read_model="backlogs", portfolio=portfolio_id))
            assert not said.done
            assert "Entry 3 cannot be folded" in said.text
            hint = await site.resume_projector(Wish(portfolio=portfolio_id))
            assert f"portfolio resume backlogs {portfolio_id}" in hint.text
    async with site.running() as client:
        await publish(client, portfolio_id, 4, 2)
        said = await site.resume_projector(Wish(read_model="backlogs", portfolio=portfolio_id))
        assert said.done, said.text
        assert await site.is_sound(portfolio_id) == 8


async def test_an_entry_is_skipped_by_its_number_and_with_a_reason(
    site: Site, portfolio_id: str, monkeypatch: pytest.MonkeyPatch
):
    """Another number is refused; the skip is shown in answers and in the history, and holds when the rows are made anew."""
    break_the_fold(monkeypatch, 3)
    async with site.running() as client, site.projectors.serving() as reader:
        await begin(client, portfolio_id)
        assert (await post(client, added(portfolio_id, "A"))).status_code == 201
        await publish(client, portfolio_id, 0, 4)
        await until_failed(site, portfolio_id, 3)
        backlogs_here = Wish(read_model="backlogs", portfolio=portfolio_id, actor="ines")
        wrong = await site.resume_projector(backlogs_here._replace(skip=4, reason="a guess"))
        assert not wrong.done
        assert "stands still at entry 3, not 4" in wrong.text
        never = await site.resume_projector(Wish(read_model="entries", portfolio=portfolio_id, skip=3, reason="no"))
        assert not never.done
        said = await site.resume_projector(backlogs_here._replace(skip=3, reason="odd"))
        assert said.done, said.text
        await site.until_projected(portfolio_id, 6)
        skip = {"entry": 3, "read_model": "backlogs", "reason": "odd", "actor": "ines"}
        answers = [
            await reader.get(f"/portfolios/{portfolio_id}/products/pay/backlog"),
            await reader.get(f"/portfolios/{portfolio_id}/products/pay/backlog", params={"as_of": 5}),
            await reader.get(f"/portfolios/{portfolio_id}/subjects/item/A/history"),
        ]
        assert [[{name: one[name] for name in skip} for one in answer.json()["skipped"]] for answer in answers] == [[skip]] * 3
        before = await reader.get(f"/portfolios/{portfolio_id}/products/pay/backlog", params={"as_of": 2})
        other = await reader.get(f"/portfolios/{portfolio_id}/initiatives")
        assert ("skipped" in before.json(), "skipped" in other.json()) == (False, False)
        anew = await site.resume_projector(backlogs_here._replace(rebuild=True))
        assert anew.done, anew.text
        await site.until_projected(portfolio_id, 6)


def break_the_fold(patched: pytest.MonkeyPatch, entry: int) -> None:
    """Have the fold of backlogs fail at an entry, as a program with a defect would."""
    folding = backlogs.MODEL.folding

    def fold(state: Any, fact: Any) -> None:  # noqa: ANN401  as the fold takes them
        if fact.number == entry:
            raise ZeroDivisionError("a defect")
        folding.fold(state, fact)

    patched.setattr("portfolio_projector.projecting.running.READ_MODELS", with_backlogs(fold))


def with_backlogs(fold: Any) -> tuple[Any, ...]:  # noqa: ANN401  a fold
    """All read models, of which the backlogs fold otherwise."""
    from portfolio_projector.read_models import READ_MODELS  # noqa: PLC0415  before it is replaced elsewhere

    broken = dataclasses.replace(backlogs.MODEL, folding=dataclasses.replace(backlogs.MODEL.folding, fold=fold))
    return tuple(broken if model is backlogs.MODEL else model for model in READ_MODELS)


async def test_rows_are_made_anew_where_nothing_is_wrong(site: Site, portfolio_id: str):
    """`--rebuild`: a read model in a portfolio, and all of a portfolio, are what they were; neighbours are not touched."""
    async with site.running() as client:
        await begin(client, portfolio_id)
        await publish_item(site, client, portfolio_id)
        await publish(client, portfolio_id, 0, 20)
        for read_model in ("backlogs", "initiatives", None):
            said = await site.resume_projector(Wish(read_model=read_model, portfolio=portfolio_id, rebuild=True))
            assert said.done, said.text
        said = await site.resume_ledger(portfolio_id, rebuild=True)
        assert said.done, said.text
        await waiting.until(lambda: is_open(client, portfolio_id), "the door open again")
        await publish(client, portfolio_id, 20, 5)
        assert await site.is_sound(portfolio_id) == 28
