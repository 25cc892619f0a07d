"""Lists as tables, over real HTTP."""

import csv
import io

import httpx

from tests.integration.projector.test_serving import got


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
