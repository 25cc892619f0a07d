"""`portfolio tail`, `show`, `diff`, `replay` and `rebuild` against the whole system."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import systems, wires
from tests.acceptance import terminals
from tests.wires import Fate

STORY = Path(__file__).parents[2] / "schemas" / "examples" / "story.json"

Document = dict[str, Any]


@pytest.fixture
async def told(ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str) -> Document:
    """The last receipt of the golden examples, told in a portfolio of their own and read back; the last one is a refusal."""
    text = STORY.read_text().replace('"portfolio": "acme"', f'"portfolio": "{portfolio_id}"')
    story: list[Document] = json.loads(text.replace('"portfolio/acme"', f'"portfolio/{portfolio_id}"'))
    moved = next(event for event in story if event["type"] == "portfolio.item.item-moved.v1")
    story.append({**moved, "id": "again", "data": {"after": moved["subject"]}})
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    answer = await ledger.post("/events", content=json.dumps(story), headers=headers)
    last = answer.json()["receipts"][-1]
    await reader.get(f"/portfolios/{portfolio_id}/entries", params={"min_entry": last["entry"]})
    return last


async def test_a_tail_shows_every_entry_once_over_lost_connections(system: systems.System, told: Document, portfolio_id: str):
    """The stream is cut again and again in the middle of an entry; what is printed is the log, entry by entry."""
    fates = [Fate(bytes_max=size) for size in (700, 5000, 3000, 0, 20_000)]
    count = str(told["entry"] + 1)
    async with wires.to(system.read_api, wires.in_turn(*fates)) as wire:
        said = await terminals.run("tail", portfolio_id, "--from", "0", "--count", count, "--json", "--read-api", wire.address)
    assert said.code == 0, said.err
    assert [json.loads(line)["entry"] for line in said.out.splitlines()] == list(range(told["entry"] + 1))
    assert "following" in said.err


async def test_a_tail_prints_a_line_for_each_entry_and_shows_refusals(system: systems.System, told: Document, portfolio_id: str):
    """One line each without escapes for colours; the refusal stands among them with its code."""
    count = str(told["entry"] + 1)
    said = await terminals.run("tail", portfolio_id, "--from", "0", "--count", count, "--read-api", system.read_api)
    lines = said.out.splitlines()
    assert (said.code, len(lines), "\x1b" in said.out) == (0, told["entry"] + 1, False)
    assert lines[0].startswith(f"{portfolio_id}@0  ")
    assert "REFUSED CLOSED_ITEM: " in lines[-1]


async def test_a_tail_begins_now_and_ends_with_ctrl_c(
    system: systems.System, ledger: httpx.AsyncClient, told: Document, portfolio_id: str
):
    """Without --from nothing of the past is shown, and what is recorded from then on is; Ctrl-C ends with 130 and a sentence."""
    event = json.loads(STORY.read_text())[0]
    streaming = asyncio.Event()

    def note(line: str) -> Fate:
        if "/stream" in line:
            streaming.set()
        return wires.THROUGH

    async def refused_again() -> None:
        await streaming.wait()
        again = {**event, "id": "again-2", "portfolio": portfolio_id, "subject": f"portfolio/{portfolio_id}"}
        answer = await ledger.post("/events", json=again)
        assert answer.json()["code"] == "ALREADY_EXISTS"

    async with wires.to(system.read_api, note) as wire:
        arguments = ("tail", portfolio_id, "--read-api", wire.address)
        one = asyncio.create_task(terminals.run(*arguments, "--count", "1"))
        await refused_again()
        said = await one
        streaming.clear()
        ended = await terminals.run(*arguments, interrupt_when=streaming.wait)
    assert (said.code, said.out.splitlines()[0].split("  ")[0]) == (0, f"{portfolio_id}@{told['entry'] + 1}")
    assert "REFUSED ALREADY_EXISTS" in said.out
    assert (ended.code, ended.out, ended.err) == (130, "", "portfolio: Ended after 0 entries.\n")


async def test_a_tail_of_all_portfolios_has_each(system: systems.System, told: Document, portfolio_id: str):
    """Without a name every portfolio is followed; a name that nobody has is an error, not an endless wait."""
    said = await terminals.run("tail", "--from", str(told["entry"]), "--count", "1", "--read-api", system.read_api)
    assert (said.code, len(said.out.splitlines())) == (0, 1)
    nobody = await terminals.run("tail", f"{portfolio_id}-nobody", "--read-api", system.read_api)
    assert (nobody.code, nobody.err) == (1, f"portfolio: There is no portfolio {portfolio_id}-nobody.\n")


@pytest.mark.usefixtures("told")
async def test_an_initiative_is_shown_with_its_plans(system: systems.System, portfolio_id: str):
    """Promise, money and every baseline with what it moved and why; at an earlier entry, what was promised then."""
    arguments = ("show", "initiative/apollo", "--portfolio", portfolio_id, "--read-api", system.read_api)
    now = await terminals.run(*arguments)
    assert (now.code, "\x1b" in now.out) == (0, False), now.err
    assert "2025-09-12, by baseline 3 of 2025-03-31; 2 were approved so far" in now.out
    assert "EUR 76,150, 13 % of the budget" in now.out
    assert "+14 d" in now.out
    assert "Moving the customers is planned without the call centre." in " ".join(now.out.split())
    then = await terminals.run(*arguments, "--as-of", "7")
    assert "2025-08-29, by baseline 2 of 2025-02-03" in then.out
    assert "no cost posted yet" in then.out
    as_json = await terminals.run(*arguments, "--json")
    document = json.loads(as_json.out)
    assert (document["initiative"]["baseline"], [one["version"] for one in document["baselines"]]) == (3, [1, 2, 3])


@pytest.mark.usefixtures("told")
async def test_a_product_and_a_portfolio_are_shown(system: systems.System, portfolio_id: str):
    """The backlog in its order, cut where asked; the portfolio with all three ways of delivery; no line is too long."""
    where = ("--read-api", system.read_api)
    product = await terminals.run("show", "product", "payments", "--portfolio", portfolio_id, "--items", "2", *where)
    document = json.loads((await terminals.run("show", "product/payments", "--portfolio", portfolio_id, "--json", *where)).out)
    order = [item["item"] for item in document["backlog"]]
    backlog, _, flow = product.out.partition("Flow, ")
    assert [line.split()[1] for line in backlog.splitlines() if line.strip()[:1].isdigit()] == order[:2]
    assert f"{len(order)} open items" in flow
    assert (document["flow"]["product"], document["forecast"]["remaining"]) == ("payments", len(order))
    assert f"and {len(order) - 2} more; --items {len(order)} shows them" in product.out
    portfolio = await terminals.run("show", f"portfolio/{portfolio_id}", *where)
    begins = [line.split()[0] for line in portfolio.out.splitlines() if line.strip()]
    assert [begins.count(name) for name in ("apollo", "gemini", "mercury", "payments")] == [1, 1, 1, 1]
    assert max(map(len, portfolio.out.splitlines())) <= 120
    whole = json.loads((await terminals.run("show", f"portfolio/{portfolio_id}", "--json", *where)).out)
    assert f"Anomalies: {whole['anomalies']['total']}" in portfolio.out
    assert {one["member"] for one in whole["overview"]["members"]} >= {"initiative/apollo", "product/payments"}


@pytest.mark.usefixtures("told")
async def test_a_product_is_shown_with_its_money_and_its_delivery(system: systems.System, portfolio_id: str):
    """As of a day: what is left, who works on it, what was deployed and broken, and what is kept of promises; whole as JSON."""
    arguments = (
        "show",
        "product/payments",
        "--portfolio",
        portfolio_id,
        "--effective",
        "2025-10-20",
        "--read-api",
        system.read_api,
    )
    said = await terminals.run(*arguments)
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    for line in (
        "money EUR 418,250 left of EUR 431,250",
        "team team/reminders 20 %",
        "came from product/letters (25 %), product/gateway",
        "Delivery, 2025-07-23 to 2025-10-20",
        "deployments 3 in 90 days, yearly",
        "failed 33 %, 1 of 3",
        "rework 33 %, 1 of 3",
    ):
        assert line in lines, said.out + said.err
    document = json.loads((await terminals.run(*arguments, "--json")).out)
    assert (document["funding"]["balance"]["value"]["minor"], document["delivery"]["days"]) == (41825000, 90)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("initiative/nobody",), 1, "There is no initiative nobody."),
        (("initiative/apollo", "--as-of", "yesterday"), 2, "as_of is an entry number, or an instant with an offset"),
        (("initiative/apollo", "--as-of", "999999"), 1, "entry 999999 is asked for"),
    ],
)
async def test_what_cannot_be_shown_says_why(
    system: systems.System, portfolio_id: str, arguments: tuple[str, ...], code: int, sentence: str
):
    """Unknown subjects and moments: one sentence of the read API, and the exit code of its kind."""
    said = await terminals.run("show", *arguments, "--portfolio", portfolio_id, "--read-api", system.read_api)
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)
    assert sentence in said.err


async def test_what_changed_is_shown_with_who_did_it_and_why(system: systems.System, told: Document, portfolio_id: str):
    """By subject, each with its entries; as JSON all of it; the exit code says when nothing did; wrong moments are named."""
    where = ("--read-api", system.read_api)
    said = await terminals.run("diff", portfolio_id, "0", *where)
    assert said.code == 0, said.err
    assert said.out.startswith(
        f"{portfolio_id}: {told['entry'] - 1} events recorded, 1 refused, after entry 0 up to entry {told['entry']}"
    )
    assert "initiative/apollo  new" in said.out
    assert "initiative-proposed  by " in said.out
    document = json.loads((await terminals.run("diff", portfolio_id, "0", str(told["entry"]), "--json", *where)).out)
    assert sum(subject["recorded"] + subject["refused"] for subject in document["subjects"]) == told["entry"]
    nothing = await terminals.run("diff", portfolio_id, str(told["entry"]), *where)
    assert (nothing.code, len(nothing.out.splitlines())) == (1, 1)
    wrong = await terminals.run("diff", portfolio_id, "yesterday", *where)
    assert (wrong.code, wrong.out) == (2, "")
    assert "`from` is an entry number, or an instant" in wrong.err


async def test_what_is_kept_of_a_story_of_every_type_is_the_fold_of_its_log(
    system: systems.System, told: Document, portfolio_id: str
):
    """Folded from nothing and compared, now and at entries before; both read models rebuilt beside: nothing differs."""
    moments = (*range(0, told["entry"], 40), told["entry"])
    for as_of in moments:
        arguments = ("replay", portfolio_id, "--compare", "--as-of", str(as_of))
        said = await terminals.run(*arguments, environment=system.environment)
        assert (said.code, "What is kept is the fold of the log." in said.out) == (0, True), said.out + said.err
    for read_model in ("initiatives", "backlogs"):
        said = await terminals.run("rebuild", read_model, "--json", environment=system.environment)
        outcome = json.loads(said.out)
        assert (said.code, outcome["equal"], outcome["switched"]) == (0, True, True), said.out
    for read_model, code, sentence in (("nothing", 2, "There are initiatives, backlogs."), ("entries", 1, "the log's own bytes")):
        wrong = await terminals.run("rebuild", read_model, environment=system.environment)
        assert (wrong.code, sentence in wrong.err) == (code, True), wrong.err
