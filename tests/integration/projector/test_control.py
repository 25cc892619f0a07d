"""How initiatives are controlled, through the read API: the published story, now and at moments of its past."""

import csv
import io
from typing import Any

import httpx
import pytest

from tests import agile, judged
from tests.integration.projector.conftest import Place

ACME = "/portfolios/acme"


@pytest.fixture(scope="module")
async def reading(module_place: Place):
    """A read API over the published story, and over the published example of agile earned value."""
    example = agile.tell("agile")
    agile.grow(example)
    async with module_place.projecting(), module_place.serving() as client, module_place.writer() as writer:
        for history in (judged.tell(), example.history):
            await writer.write(history)
            for model in ("entries", "concerns"):
                await module_place.until_applied(history.portfolio, history.head.entry, read_model=model)
        yield client


async def read(reading: httpx.AsyncClient, path: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  a query's
    """What is answered under a path of the portfolio."""
    answer = await reading.get(f"{ACME}{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def entry_of(reading: httpx.AsyncClient, subject: str, type_: str) -> int:
    """The first entry of a type in the history of a subject."""
    history = await read(reading, f"/subjects/{subject}/history")
    return next(one["entry"] for one in history["entries"] if type_ in one["event"]["type"])


async def test_stages_and_gates_are_read_as_they_were(reading: httpx.AsyncClient):
    """Now all stages have been through; by an earlier entry, and by an earlier day, the first was not ended."""
    now = await read(reading, "/initiatives/orion/gates")
    assert [(stage["stage"], stage["state"]) for stage in now["stages"]] == [("law", "ended"), ("rates", "entered")]
    (review,) = now["reviews"]
    assert (review["gate"], review["decision"], review["proposed_by"], review["held"]["by"]) == ("law", "go", "p-dan", "p-ines")
    held = review["held"]["entry"]
    before = await read(reading, "/initiatives/orion/gates", as_of=held - 1)
    assert (before["entry"], before["settled"], before["reviews"]) == (held - 1, True, [])
    assert before["standing"]["blocked_by"] == ["GATE"]
    day = await read(reading, "/initiatives/orion/gates", effective="2025-06-19")
    assert (day["stages"][0]["state"], day["standing"]["stage"]) == ("entered", "law")


async def test_targets_of_a_products_items_are_read_with_their_moves(reading: httpx.AsyncClient):
    """On the day between, the target was the one that it had been moved to."""
    parameters = {"item": "PAY-1", "effective": "2025-04-03"}
    (item,) = (await read(reading, "/products/payments/gates", **parameters))["items"]
    (target,) = item["targets"]
    assert (item["stage"], target["target"], target["slip"]["value"], target["unit"]) == ("alpha", "v2.5", 1, "releases")
    now = await read(reading, "/products/payments/gates", item="PAY-1")
    assert now["items"][0]["targets"][0]["target"] is None
    assert now["target_moves"]["later"] == 1


async def test_the_change_register_is_read_page_by_page(reading: httpx.AsyncClient):
    """In the order in which requests were raised; the baseline that one allowed stands with it."""
    first = await read(reading, "/initiatives/apollo/changes", limit=2)
    rest = await read(reading, "/initiatives/apollo/changes", limit=2, cursor=first["next_cursor"])
    found = [(one["change_request"], one["state"]) for page in (first, rest) for one in page["changes"]]
    assert found == [("CR-1", "Implemented"), ("CR-2", "Rejected"), ("CR-3", "Withdrawn")]
    assert rest["next_cursor"] is None
    assert [one["version"] for one in first["changes"][0]["baselines"]] == [3]
    rejected = await read(reading, "/initiatives/apollo/changes", state="Rejected")
    assert [one["change_request"] for one in rejected["changes"]] == ["CR-2"]


async def test_limits_exceptions_and_milestones_are_read(reading: httpx.AsyncClient):
    """A breach was forecast, an exception raised and ended by a plan; the milestone was reached when it was expected."""
    found = await read(reading, "/initiatives/orion/exceptions")
    (exception,) = found["exceptions"]
    assert (found["has_mandate"], exception["state"], exception["plan"]) == (True, "ended", "Spend the reserve.")
    assert [one["exceeds"] for one in found["forecasts"]] == [True]
    assert found["reserve"]["left"]["value"] == {"minor": 100000, "currency": "EUR"}
    figures = (await read(reading, "/initiatives/orion/performance"))["today"]["current"]
    by_cpi, bac = (figure["value"] for figure in (figures["eac_range"]["by_cpi"], figures["bac"]))
    for tolerance in found["tolerances"]:
        shown = tolerance["current"]["cost_by_cpi"]["value"]
        assert (shown and shown["minor"]) == (by_cpi and by_cpi["minor"] - bac["minor"])
    raised = exception["raised"]["entry"]
    assert not (await read(reading, "/initiatives/orion/exceptions", as_of=raised))["has_mandate"]
    milestones = await read(reading, "/initiatives/orion/milestones")
    assert [(one["milestone"], one["state"], one["expected_date"]) for one in milestones["milestones"]] == [
        ("rates-live", "reached", "2025-07-25")
    ]


async def test_an_agile_initiative_is_read_by_iterations_and_burn_up(reading: httpx.AsyncClient):
    """What was earned before the mode changed is carried; a waterfall initiative has no iterations."""
    found = await read(reading, "/initiatives/vega/iterations")
    assert (found["mode"], found["frozen"]["ev"]["value"]["minor"]) == ("agile", 2_000_000)
    assert [one["release"] for one in found["releases"]] == ["vega-1", "vega-2"]
    burn_up = await read(reading, "/initiatives/vega/burn-up", release="vega-2", effective="2025-09-19")
    assert burn_up["release"]["scope_points"]["value"] == "48"
    assert burn_up["burn_up"]["days"][-1] == {"date": "2025-09-19", "scope": "48", "done": "0"}
    waterfall = await read(reading, "/initiatives/apollo/iterations")
    assert (waterfall["mode"], waterfall["iterations"]) == ("waterfall", [])
    assert (await read(reading, "/initiatives/apollo/burn-up"))["burn_up"] is None


async def test_the_published_example_of_agile_earned_value_is_read(reading: httpx.AsyncClient):
    """As of the last closed iteration: against the scope of then, and against that of now; and before the scope grew."""
    path = "/portfolios/agile/initiatives/gemini/burn-up"
    found = (await reading.get(path, params={"effective": "2026-02-10"})).json()
    then, now = found["performance"]["at_close"], found["performance"]["with_current_scope"]
    minors = {name: then[name]["value"]["minor"] for name in ("pv", "ev", "ac", "sv", "cv", "eac_cpi")}
    assert minors == {"pv": 4_000_000, "ev": 3_000_000, "ac": 2_500_000, "sv": -1_000_000, "cv": 500_000, "eac_cpi": 8_333_333}
    assert (then["spi"]["value"], then["cpi"]["value"], now["spi"]["value"], now["cpi"]["value"]) == ("0.75", "1.2", "0.625", "1")
    assert then["iterations_by_spi"]["value"] == then["iterations_by_velocity"]["value"] == "6.66667"
    assert found["burn_up"]["days"][-1] == {"date": "2026-02-10", "scope": "120", "done": "30"}
    before = (await reading.get(path, params={"effective": "2026-02-02"})).json()["performance"]
    assert (before["scope_changed_since"], before["at_close"]) == (False, then)
    first = (await reading.get(path, params={"effective": "2026-01-31"})).json()["performance"]
    assert (first["iteration"], first["at_close"]["points_done"]["value"]) == ("core-1", "12")


async def test_a_backlog_has_lines_in_items_between_any_two_states(reading: httpx.AsyncClient):
    """Of a product and of an initiative; a state that the workflow has not is refused by the name of the parameter."""
    lines = (await read(reading, "/products/payments/burn-up", scope_from="In progress"))["items"]
    assert (lines["scope_from"], lines["done_at"]) == ("In progress", None)
    assert {"date", "scope", "done"} == set(lines["days"][-1])
    found = (await reading.get("/portfolios/agile/initiatives/gemini/burn-up")).json()["items"]
    assert found["days"][-1] == {"date": "2026-02-02", "scope": 4, "done": 2}
    wrong = await reading.get(f"{ACME}/products/payments/burn-up", params={"done_at": "Nowhere"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "UNKNOWN_WORKFLOW_STATE")
    assert wrong.json()["errors"][0]["pointer"] == "query/done_at"


async def test_transitions_are_read_with_chains_and_lifetime_costs(reading: httpx.AsyncClient):
    """Of the whole portfolio, of one family, and of a moment at which a transition was only proposed."""
    now = await read(reading, "/transitions")
    assert {one["kind"] for one in now["transitions"]} == {"transition", "mode_change", "promotion", "merger", "split"}
    family = await read(reading, "/transitions", member="product/paper", kind="split")
    assert [one["from"] for one in family["transitions"]] == ["product/letters"]
    paper = next(one for one in family["lineages"] if one["member"] == "product/paper")
    assert (paper["lifetime_cost"]["value"]["minor"], paper["ancestors"][0]) == (5_625_000, "product/letters")
    proposed = await entry_of(reading, "initiative/hermes", "transition-proposed")
    (before,) = (await read(reading, "/transitions", as_of=proposed))["transitions"]
    assert (before["state"], before["frozen"], before["transition"]) == ("proposed", None, proposed)
    first = await read(reading, "/transitions", limit=1)
    second = await read(reading, "/transitions", limit=1, cursor=first["next_cursor"])
    assert [first["transitions"][0]["kind"], second["transitions"][0]["kind"]] == ["transition", "mode_change"]


async def test_dependencies_are_read_across_modes(reading: httpx.AsyncClient):
    """With both ends as they are now, and what they were."""
    found = {one["dependency"]: one for one in (await read(reading, "/dependencies"))["dependencies"]}
    assert (found["D-1"]["state"], found["D-1"]["crosses_modes"]) == ("fulfilled", True)
    assert found["D-2"]["to"]["member"] == "product/paper"
    assert [one["new"] for one in found["D-2"]["repointed"]] == ["initiative/hermes", "product/letters", "product/paper"]
    one = await read(reading, "/dependencies", member="product/paper", limit=1)
    assert [dependency["dependency"] for dependency in one["dependencies"]] == ["D-2"]
    rest = await read(reading, "/dependencies", member="product/paper", limit=1, cursor=one["next_cursor"])
    assert [dependency["dependency"] for dependency in rest["dependencies"]] == ["D-3"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/initiatives/nobody/gates", "UNKNOWN_INITIATIVE"),
        ("/products/nothing/gates", "UNKNOWN_PRODUCT"),
        ("/products/nothing/burn-up", "UNKNOWN_PRODUCT"),
        ("/initiatives/nobody/changes", "UNKNOWN_INITIATIVE"),
        ("/initiatives/nobody/milestones", "UNKNOWN_INITIATIVE"),
        ("/initiatives/nobody/exceptions", "UNKNOWN_INITIATIVE"),
        ("/initiatives/nobody/iterations", "UNKNOWN_INITIATIVE"),
        ("/initiatives/nobody/burn-up", "UNKNOWN_INITIATIVE"),
        ("/initiatives/vega/burn-up?release=none", "UNKNOWN_RELEASE"),
    ],
)
async def test_what_is_not_there_is_unknown(reading: httpx.AsyncClient, path: str, code: str):
    """Not found, by the name of what is missing."""
    answer = await reading.get(f"{ACME}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("/initiatives/orion/gates", "stages"),
        ("/products/payments/gates", "items"),
        ("/initiatives/apollo/changes", "changes"),
        ("/initiatives/orion/milestones", "milestones"),
        ("/initiatives/orion/exceptions", "exceptions"),
        ("/initiatives/vega/iterations", "iterations"),
        ("/transitions", "transitions"),
        ("/dependencies", "dependencies"),
    ],
)
async def test_tables_are_had_as_csv(reading: httpx.AsyncClient, path: str, table: str):
    """The main list of an answer, a line each, below a header."""
    rows = (await read(reading, path))[table]
    answer = await reading.get(f"{ACME}{path}", headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/csv")
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == len(rows) > 0
