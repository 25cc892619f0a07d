"""Lists as tables, over real HTTP."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import cast

import httpx

from tests.integration.projector.test_serving import REQUIRED, THERE, got

CSV = {"Accept": "text/csv"}


def lines(answer: httpx.Response) -> list[list[str]]:
    """The lines of a table."""
    assert answer.headers["content-type"] == "text/csv; charset=utf-8", answer.text
    return list(csv.reader(io.StringIO(answer.text, newline="")))


def columns(value: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    """The names of all that is told in a row."""
    for name, part in value.items():
        if isinstance(part, dict):
            yield from columns(cast("dict[str, object]", part), f"{prefix}{name}.")
        elif part is not None and part != "":
            yield f"{prefix}{name}"


async def test_a_list_is_a_table_to_whoever_asks_for_one(reading: httpx.AsyncClient):
    """The same rows as CSV, with a validator of its own; problems stay problems."""
    rows = (await got(reading, "/products/pay/backlog"))["items"]
    answer = await reading.get("/portfolios/acme/products/pay/backlog", headers={"Accept": "text/csv"})
    assert (answer.headers["content-type"], answer.headers["vary"]) == ("text/csv; charset=utf-8", "Accept, Accept-Encoding")
    told = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [str(row["item"]) for row in rows] == [row["item"] for row in told]
    headers = {"Accept": "text/csv", "If-None-Match": answer.headers["etag"]}
    assert (await reading.get("/portfolios/acme/products/pay/backlog", headers=headers)).status_code == 304
    missing = await reading.get("/portfolios/acme/products/nothing/backlog", headers={"Accept": "text/csv"})
    assert missing.headers["content-type"] == "application/problem+json"


async def test_every_table_has_all_that_is_in_its_list(reading: httpx.AsyncClient):
    """Whatever is offered as CSV: the same rows, and a cell for each value; the list is the one that the document names."""
    offered = dict[str, str]()
    for path, operations in (await reading.get("/openapi.json")).json()["paths"].items():
        answer = operations["get"]["responses"]["200"]
        if "text/csv" in answer.get("content", {}):
            offered[path] = re.findall("`([a-z_]+)`", answer["description"])[0]
    assert len(offered) > 20
    for template, table in offered.items():
        path = template.format_map(THERE) + REQUIRED.get(template, "")
        rows = (await reading.get(path)).json()[table]
        header, *told = lines(await reading.get(path, headers=CSV))
        assert len(told) == len(rows), path
        for row, line in zip(rows, told, strict=True):
            filled = {name for name, cell in zip(header, line, strict=True) if cell}
            assert set(columns(row)) == filled, path


async def test_a_link_leads_from_page_to_page(reading: httpx.AsyncClient):
    """A table has no field for a cursor: of either form the next page is in the header, relative to the page's own address."""
    path = "/portfolios/acme/products/pay/backlog"
    wanted = [row["item"] for row in (await got(reading, "/products/pay/backlog"))["items"]]
    found, address = list[str](), f"{path}?limit=2"
    while address:
        page, table = await reading.get(address), await reading.get(address, headers=CSV)
        assert page.headers.get("link") == table.headers.get("link")
        header, *rows = lines(table)
        assert [row["item"] for row in page.json()["items"]] == [row[header.index("item")] for row in rows]
        found += [row[header.index("item")] for row in rows]
        address = path + table.links["next"]["url"] if "next" in table.links else ""
    assert found == wanted
