"""`portfolio show`: what is meant, what the read API says about it, and the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portfolio_deploy import terminals
from portfolio_deploy.errors import CommandError, WrongUse
from portfolio_deploy.reading import (
    agile_page,
    delivery_page,
    flow_page,
    initiative_page,
    lineage_page,
    performance_page,
    portfolio_page,
    product_page,
)
from portfolio_deploy.reading.read_api import NotThere, ReadApi, path

KINDS = ("initiative", "product", "portfolio")

_NAMED_MAX = 5
_ANSWERS = {
    "initiative": {
        "performance": ("periods", "baselines", "agile"),
        "burn-up": (),
        "iterations": ("releases", "iterations"),
    },
    "product": {
        "flow": (),
        "forecast": (),
        "delivery": ("deployments", "changes", "incidents"),
        "funding": ("tranches", "requests", "moves", "periods"),
    },
}
"""What is told of a subject beside itself, with the lists of it that come in pages."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for. `portfolio` None: the one that knows the subject. `moment`: `as_of` and `effective`, where given."""

    kind: str
    id: str
    portfolio: str | None
    moment: Mapping[str, str]
    items_max: int
    as_json: bool


def subject(words: list[str]) -> tuple[str, str]:
    """Read `initiative/ID`, `product/ID` or `portfolio/ID`, with a slash or in two words.

    Raises:
        WrongUse: it is none of these.

    """
    kind, _, identity = "/".join(words).partition("/")
    if kind not in KINDS or not identity or "/" in identity:
        raise WrongUse(f"{' '.join(words)!r} is nothing that can be shown: name initiative/ID, product/ID or portfolio/ID.")
    return kind, identity


async def show(address: str, wanted: Wanted) -> None:
    """Print a report on what is wanted.

    Raises:
        CommandError: the read API does not know it, or does not answer.

    """
    async with ReadApi(address) as api:
        document = await _read(api, wanted)
    if wanted.as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))  # noqa: T201  this is what was asked for
        return
    console = terminals.results()
    match wanted.kind:
        case "initiative":
            initiative_page.print_page(console, document["initiative"], document["baselines"])
            performance_page.print_section(console, document["performance"])
            agile_page.print_section(console, document["burn-up"], document["iterations"]["iterations"])
            lineage_page.print_section(console, f"initiative/{wanted.id}", document["transitions"])
        case "product":
            product_page.print_page(console, document["product"], document["backlog"], items_max=wanted.items_max)
            flow_page.print_section(console, document["flow"], document["forecast"])
            delivery_page.print_section(console, document["delivery"])
            lineage_page.print_section(console, f"product/{wanted.id}", document["transitions"])
        case _:
            portfolio_page.print_page(console, document)


async def _read(api: ReadApi, wanted: Wanted) -> dict[str, Any]:
    """Return the read API's answers; lists as one, however many pages they have."""
    if wanted.kind == "portfolio":
        return await _read_portfolio(api, wanted)
    portfolio, one = await _find(api, wanted)
    base = path("portfolios", portfolio, f"{wanted.kind}s", wanted.id)
    name, key = ("baselines", "baselines") if wanted.kind == "initiative" else ("backlog", "items")
    document = {wanted.kind: one, name: [element async for element in api.pages(f"{base}/{name}", key, wanted.moment)]}
    for answer, lists in _ANSWERS[wanted.kind].items():
        if lists:
            document[answer] = await api.whole(f"{base}/{answer}", lists, wanted.moment)
        else:
            document[answer] = await api.get(f"{base}/{answer}", wanted.moment)
    told = {**wanted.moment, "member": f"{wanted.kind}/{wanted.id}"}
    document["transitions"] = await api.get(path("portfolios", portfolio, "transitions"), told)
    return document


async def _find(api: ReadApi, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Return the portfolio that knows a subject, and what it knows. A moment of one portfolio is none of another's."""
    portfolio = wanted.portfolio or await _portfolio_of(api, wanted)
    return portfolio, await api.get(path("portfolios", portfolio, f"{wanted.kind}s", wanted.id), wanted.moment)


async def _portfolio_of(api: ReadApi, wanted: Wanted) -> str:
    """Return the one portfolio that knows a subject now: what was there once is never gone."""
    portfolios = [one["portfolio"] async for one in _portfolios(api)]
    found = list[str]()
    reason = CommandError("There is no portfolio yet: publish its PortfolioOpened first.")
    for portfolio in portfolios:
        try:
            await api.get(path("portfolios", portfolio, f"{wanted.kind}s", wanted.id))
            found.append(portfolio)
        except NotThere as error:
            reason = error
    if len(found) > 1:
        raise WrongUse(f"{wanted.kind}/{wanted.id} is in {_named(found)}: say which is meant with --portfolio.")
    if found:
        return found[0]
    if len(portfolios) > 1:
        raise NotThere(f"There is no {wanted.kind} {wanted.id} in any of {len(portfolios)} portfolios ({_named(portfolios)}).")
    raise reason


def _named(portfolios: list[str]) -> str:
    return ", ".join(portfolios[:_NAMED_MAX]) + (", ..." if len(portfolios) > _NAMED_MAX else "")


async def _read_portfolio(api: ReadApi, wanted: Wanted) -> dict[str, Any]:
    one = [one async for one in _portfolios(api) if one["portfolio"] == wanted.id]
    if not one:
        raise NotThere(f"There is no portfolio {wanted.id}.")
    base = path("portfolios", wanted.id)
    overview = await api.whole(f"{base}/overview", ["members"], wanted.moment)
    lists = {
        name: [element async for element in api.pages(f"{base}/{name}", name, wanted.moment)]
        for name in ("initiatives", "products")
    }
    recorded = {name: value for name, value in wanted.moment.items() if name == "as_of"}
    return {
        "portfolio": {**one[0], "entry": overview["entry"]},
        "overview": overview,
        "anomalies": await api.get(f"{base}/anomalies", wanted.moment),
        "refusals": await api.get(f"{base}/refusals", recorded),
        **lists,
    }


def _portfolios(api: ReadApi) -> Any:  # noqa: ANN401  pages of JSON
    return api.pages("/portfolios", "portfolios")
