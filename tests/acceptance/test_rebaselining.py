"""A real capital project that was planned anew fourteen times, through the whole system."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx

PLANS = [
    ("2013-09-01", 53493000_00, "2018-03-31"), ("2014-01-01", 58018000_00, "2018-03-31"),
    ("2014-05-01", 53726722_00, "2018-03-31"), ("2015-02-01", 52668403_00, "2018-04-01"),
    ("2015-08-01", 63980485_00, "2018-01-28"), ("2016-01-01", 63111785_30, "2019-02-28"),
    ("2016-06-01", 62301672_08, "2017-09-08"), ("2016-11-01", 63165211_75, "2017-09-14"),
    ("2017-04-01", 63438805_99, "2017-11-10"), ("2017-09-01", 66806758_61, "2018-07-19"),
    ("2018-03-01", 66557303_91, "2019-02-18"), ("2018-08-01", 67106080_25, "2019-08-27"),
    ("2019-01-01", 62463080_08, "2019-10-16"), ("2019-05-01", 67732573_24, "2019-11-18"),
    ("2019-09-01", 68798457_00, "2020-02-14"),
]  # fmt: skip
"""When, with which budget, until when: pumps of a waste water plant (NYC Open Data, capital projects, project 7)."""

PUMPS = "initiative/pumps"


def events(portfolio: str) -> Iterator[dict[str, Any]]:
    """The project as events: each plan but the first by a change request, approved by somebody else."""
    told = list[tuple[str, str, str, dict[str, Any]]]()
    opened = {"name": "Capital projects", "currency": "USD"}
    told.append(("2013-05-01", "portfolio.portfolio-opened", f"portfolio/{portfolio}", opened))
    told.append(
        ("2013-05-01", "initiative.initiative-proposed", PUMPS, {"name": "Pumps", "mode": "waterfall", "currency": "USD"})
    )
    for number, (day, budget, finish) in enumerate(PLANS, start=1):
        money = {"minor": budget, "currency": "USD"}
        part = {"id": "plant", "name": "Pumps", "start": "2013-05-01", "finish": finish, "budget_over_time": money}
        previous = {"previous": number - 1} if number > 1 else {}
        proposed = {"version": number, "bac": money, "work_packages": [part], **previous}
        approved: dict[str, Any] = {"version": number, "effective_date": day, "change_class": "initial"}
        told.append((day, "initiative.baseline-proposed", PUMPS, proposed))
        if number > 1:
            change = f"change-request/{number}"
            raised = {"initiative": PUMPS, "title": "Other money, other dates", "kind": "cost"}
            told.append((day, "change-request.change-request-raised", change, raised))
            told.append((day, "change-request.change-request-approved", change, {}))
            approved |= {"change_class": "scope_change", "change_request": change}
        told.append((day, "initiative.baseline-approved", PUMPS, approved))
    for number, (day, type_, subject, data) in enumerate(told):
        yield {
            "specversion": "1.0",
            "id": str(number),
            "source": "/capital-projects",
            "type": f"portfolio.{type_}.v1",
            "subject": subject,
            "time": f"{day}T12:00:00Z",
            "portfolio": portfolio,
            "actor": "comptroller" if type_.endswith("-approved") else "agency",
            "reason": "As the agency reports it",
            "data": data,
        }


async def test_a_plan_that_was_replaced_fourteen_times_is_compared_by_version_and_by_day(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """What moved in all and from each plan to the next, by how much, why and by whose approval; and which was current when."""
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    answer = await ledger.post("/events", content=json.dumps(list(events(portfolio_id))), headers=headers)
    receipts = answer.json()["receipts"]
    assert [receipt for receipt in receipts if receipt["verdict"] != "recorded"] == []
    base = f"/portfolios/{portfolio_id}/initiatives/pumps"

    async def compared(first: str, second: str) -> dict[str, Any]:
        asked = {"from": first, "to": second, "min_entry": receipts[-1]["entry"]}
        found = await reader.get(f"{base}/baselines/compare", params=asked)
        assert found.status_code == 200, found.text
        return found.json()

    whole = await compared("1", "15")
    assert whole["difference"]["bac"] == {"from": 53493000_00, "to": 68798457_00, "difference": 15305457_00}
    assert whole["difference"]["finish"] == {"from": "2018-03-31", "to": "2020-02-14", "days": 685}
    between = whole["approved_between"]
    assert [one["version"] for one in between] == list(range(2, 16))
    assert sum(one["moved"]["bac"] for one in between) == 15305457_00
    assert sum(one["moved"]["finish_days"] for one in between) == 685
    assert {(one["decided"]["by"], one["decided"]["reason"]) for one in between} == {("comptroller", "As the agency reports it")}

    for day, number in (("2013-09-01", 1), ("2015-08-01", 5), ("2017-09-01", 10), ("2019-09-01", 15)):
        found = await compared("2013-09-01", day)
        _, budget, finish = PLANS[number - 1]
        assert (found["to"]["version"], found["to"]["bac"]["minor"], found["to"]["finish"]) == (number, budget, finish)
        assert len(found["approved_between"]) == number - 1
        assert (await compared("1", f"@{found['to']['decided']['entry']}"))["to"]["version"] == number
    missing = await reader.get(f"{base}/baselines/compare", params={"from": "2013-08-31", "to": "15"})
    assert (missing.status_code, missing.json()["code"]) == (404, "UNKNOWN_BASELINE")

    performance = (await reader.get(f"{base}/performance", params={"effective": "2019-09-02"})).json()
    assert (performance["rebaselines"]["value"], performance["days_since_rebaseline"]["value"]) == (14, 1)
    today = performance["today"]
    assert [today[role]["baseline"] for role in ("current", "previous", "original")] == [15, 14, 1]
    planned = [today[role]["pv"]["value"]["minor"] for role in ("current", "previous", "original")]
    days = [(date(2019, 9, 2) - date(2013, 5, 1)).days + 1, (date(2019, 11, 18) - date(2013, 5, 1)).days + 1]
    assert planned[1:] == [round(67732573_24 * days[0] / days[1]), 53493000_00]
