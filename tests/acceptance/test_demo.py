"""The demo portfolio in the whole system: judged as its story wants it, and told by the read API."""

import json
from collections import Counter
from datetime import date
from typing import Any, cast

import httpx

from portfolio_deploy.demo import story
from portfolio_deploy.demo.telling import DUPLICATE, RECORDED
from tests.acceptance import terminals
from tests.acceptance.conftest import STORY_ENDS

Document = dict[str, Any]


async def read(reader: httpx.AsyncClient, path: str, **parameters: int) -> Document:
    """Read a path of the demo portfolio."""
    answer = await reader.get(f"/portfolios/demo/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_everything_is_judged_as_the_story_wants_it(demo: terminals.Said, reader: httpx.AsyncClient):
    """So many are recorded, duplicates, refused; the log has entries for all but the duplicates, and for consequences."""
    told = story.tell(date.fromisoformat(STORY_ENDS))
    expected = Counter(one.expected for one in told)
    counts = json.loads(demo.out)["counts"]
    assert (counts["recorded"], counts["duplicate"]) == (expected[RECORDED], expected[DUPLICATE])
    assert (counts["refused"], counts["quarantined"]) == (len(told) - counts["recorded"] - counts["duplicate"], 0)
    assert demo.code == 1  # something was refused
    last = sum(one.entries for one in told) - 1
    assert (await read(reader, "entries", min_entry=last, limit=1))["entry"] == last


async def test_the_read_api_tells_the_story(demo: terminals.Said, reader: httpx.AsyncClient):
    """Four approved plans of the policy system, its cost with the correction, rolling backlogs, what came to nothing."""
    del demo
    told = story.tell(date.fromisoformat(STORY_ENDS))
    atlas = await read(reader, "initiatives/atlas", min_entry=sum(one.entries for one in told) - 1)
    assert (atlas["state"], atlas["baseline"], atlas["baselines_approved"]) == ("Active", 5, 4)
    baselines = (await read(reader, "initiatives/atlas/baselines"))["baselines"]
    assert [one["change_class"] for one in baselines] == ["initial", "scope_change", None, "over_target", "internal_replan"]
    assert all(one["moved"]["finish_days"] > 0 for one in baselines[1:])

    posted = [one for one in told if one.expected == RECORDED and "cost-posted" in str(one.event["type"])]
    costs = [one for one in posted if one.event["subject"] == "funding/atlas"]
    amounts = {str(one.event["id"]): cast("Document", one.event["data"])["amount"]["minor"] for one in costs}
    wrong = [str(one.corrects.event["id"]) for one in costs if one.corrects is not None]
    assert atlas["money"]["cost"]["value"]["minor"] == sum(amounts.values()) - sum(amounts[one] for one in wrong)

    states = Counter(one["state"] for one in (await read(reader, "initiatives"))["initiatives"])
    assert states == {"Active": 2, "Transitioned": 1, "Closed": 1, "Cancelled": 1, "Rejected": 5, "Proposed": 2}
    for product in (await read(reader, "products"))["products"]:
        backlog = await read(reader, f"products/{product['product']}/backlog", limit=1000)
        assert (product["state"], len(backlog["items"])) == ("Active", product["open_items"])
        assert product["open_items"] > 0


async def test_an_initiative_goes_through_all_three_ways_of_delivery(demo: terminals.Said, reader: httpx.AsyncClient):
    """Its plan is frozen when iterations begin; its items, money, risks and team are those of the product that it became."""
    del demo
    told = (await read(reader, "transitions"))["transitions"]
    assert [(one["kind"], one["state"]) for one in told] == [("mode_change", "done"), ("transition", "done")]
    assert {one["becomes"] for one in told[0]["dispositions"]} == {"item", "dropped"}
    claims = await read(reader, "products/claims")
    assert [one["member"] for one in claims["opened_from"]] == ["initiative/self-service"]
    assert {one["member"] for one in (await read(reader, "risks"))["risks"]} >= {"product/claims"}


async def test_no_view_of_the_demo_is_empty(demo: terminals.Said, reader: httpx.AsyncClient):
    """Each list of each read path about the three ways of delivery has something to show, and flow is not all work."""
    del demo
    lists = {
        "initiatives/atlas/gates": "stages",
        "initiatives/atlas/changes": "changes",
        "initiatives/atlas/exceptions": "exceptions",
        "initiatives/atlas/milestones": "milestones",
        "initiatives/self-service/iterations": "iterations",
        "initiatives/partner-shop/iterations": "releases",
        "products/payments/backlog/priorities": "priorities",
        "dependencies": "dependencies",
        "capacity": "capacity",
    }
    for path, name in lists.items():
        assert (await read(reader, path))[name] != [], path
    outcomes = await read(reader, "outcomes")
    assert {"Realised", "NotRealised", "Measured"} <= {one["state"] for one in outcomes["benefits"]}
    for product in ("payments", "portal", "claims"):
        flow = await read(reader, f"products/{product}/flow")
        assert 0.4 < float(flow["flow_efficiency"]["value"]) < 0.9
        delivery = await read(reader, f"products/{product}/delivery")
        assert float(delivery["deployment_frequency"]["value"]) > 0
        [level] = delivery["service_levels"]
        assert level["value"] is not None
