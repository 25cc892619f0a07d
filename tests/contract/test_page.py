"""The web page as it is served: types and headers, what it asks the read API for, and that it needs nothing from elsewhere."""

import hashlib
import re
import tomllib
from collections.abc import AsyncGenerator
from importlib import resources
from typing import Any

import httpx
import pytest

import portfolio_projector.page
from portfolio_deploy.reading import figures
from portfolio_projector.http import application
from portfolio_projector.page import files
from portfolio_projector.settings import ServeSettings

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}
PAGE = files.page()
OWN = {name: file.body.decode() for name, file in PAGE.files.items() if not name.startswith("vendor/")}
SCRIPTS = {name: text for name, text in OWN.items() if name.endswith(".js")}
APPLICATION = application.create(ServeSettings(postgres="postgresql://nowhere"))
PATHS: dict[str, Any] = APPLICATION.openapi()["paths"]
ASKED = dict(re.findall(r'^  (\w+): "(/[^"]*)",$', SCRIPTS["app/paths.js"], flags=re.MULTILINE))


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the application, which the page needs no database of."""
    transport = httpx.ASGITransport(app=APPLICATION)
    async with httpx.AsyncClient(transport=transport, base_url="http://read-api") as opened:
        yield opened


async def test_the_front_page_names_only_files_that_are_there(client: httpx.AsyncClient):
    """It is looked at anew each time, and everything else has an address that changes with what is in it."""
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    named = re.findall(r'(?:href|src)="(/page/[^"]+)"', answer.text)
    assert len(named) >= 5
    for address in named:
        assert (await client.get(address)).status_code == 200, address


@pytest.mark.parametrize("name", PAGE.files)
async def test_a_file_has_its_type_and_is_kept_for_ever(client: httpx.AsyncClient, name: str):
    """A browser that has a file of this edition never asks for it again."""
    answer = await client.get(f"/page/{PAGE.edition}/{name}")
    assert (answer.status_code, answer.content) == (200, PAGE.files[name].body)
    assert answer.headers["content-type"].split(";")[0] == TYPES[name[name.rindex(".") :]]
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/", f"/page/{PAGE.edition}/app/main.js"])
async def test_the_headers_forbid_what_the_page_does_not_do(client: httpx.AsyncClient, path: str):
    """No script, style or request but the service's own, none of them inline, no text that becomes markup, no frame around it."""
    headers = (await client.get(path)).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy.pop("trusted-types") == "lit-html"
    assert policy.pop("require-trusted-types-for") == "'script'"
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert {"frame-ancestors", "base-uri", "form-action", "connect-src"} <= policy.keys()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", f"/page/{PAGE.edition}/app/main.js"])
async def test_what_the_browser_holds_is_not_sent_again(client: httpx.AsyncClient, path: str):
    """304 to the validator that was given, with the same headers; the whole to another."""
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).content == first.content


@pytest.mark.parametrize("path", ["0123456789abcdef/app/main.js", f"{PAGE.edition}/app/none.js", f"{PAGE.edition}/../files.py"])
async def test_other_files_are_not_there(client: httpx.AsyncClient, path: str):
    """Neither those of another edition nor anything beside them; the problem says what to do."""
    answer = await client.get(f"/page/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_every_path_that_the_page_asks_is_in_the_openapi_document():
    """By the same names of its parts; and the page asks at no other place."""
    assert len(ASKED) > 30
    assert sorted(set(ASKED.values()) - PATHS.keys()) == []
    elsewhere = [name for name, text in SCRIPTS.items() if name != "app/paths.js" and re.search(r'["`]/portfolios/', text)]
    assert elsewhere == []


def test_every_path_is_used_and_every_use_is_a_path():
    """A name that a view asks by stands in the catalogue of paths."""
    used = {
        name for text in SCRIPTS.values() for name in re.findall(r'\bpath: "(\w+)"|PATHS\.(\w+)', text) for name in name if name
    }
    assert used == ASKED.keys()


def test_every_path_about_a_portfolio_is_seen_in_the_page():
    """Except the plain lists, whose members the overview has, and single baselines, which the list has."""
    seen_elsewhere = {"/initiatives", "/products", "/initiatives/{initiative}/baselines/{version}"}
    about = {path for path in PATHS if path.startswith("/portfolios/{portfolio}/")}
    assert about - set(ASKED.values()) == {f"/portfolios/{{portfolio}}{path}" for path in seen_elsewhere}


def test_what_comes_in_pages_is_asked_for_page_by_page():
    """A question whose answer has a cursor names the lists that go on, unless it is for one row."""
    paged = {name for name, path in ASKED.items() if "cursor" in _parameters(path)}
    lines = [line for text in SCRIPTS.values() for line in text.splitlines()]
    asked = [(name, line) for line in lines for name in re.findall(r'\bpath: "(\w+)"', line) if name in paged]
    assert {name for name, _ in asked} == paged
    assert [line for _, line in asked if not re.search(r"\blists: |limit: 1 |\banswer\(", line)] == []


def test_a_day_is_asked_for_where_the_read_api_takes_one():
    """`effective` goes along with every question but those about what was recorded."""
    [listed] = re.findall(r"RECORDED = new Set\(\[(.*)\]\)", SCRIPTS["app/paths.js"])
    recorded = {ASKED[name] for name in re.findall(r'"(\w+)"', listed)} | {ASKED["stream"]}
    takes_none = {path for path in ASKED.values() if "{portfolio}" in path and "effective" not in _parameters(path)}
    assert takes_none == recorded


def _parameters(path: str) -> set[str]:
    return {one["name"] for one in PATHS[path]["get"].get("parameters", [])}


def test_every_module_is_there_and_is_used():
    """All that modules import is served, and all that is served is imported from the one that begins."""
    reached, waiting = set[str](), ["app/main.js"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for imported in re.findall(r'^(?:import|export) [^"]*"(\.[^"]+)";$', PAGE.files[name].body.decode(), flags=re.MULTILINE):
            found = _joined(name, imported)
            assert found in PAGE.files, (name, imported)
            waiting += [found] if found not in reached else []
    assert {name for name in PAGE.files if name.endswith(".js")} == reached


def _joined(name: str, imported: str) -> str:
    parts = name.split("/")[:-1]
    for part in imported.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_imported_is_used_and_what_is_exported_is_wanted(name: str):
    """There is no dead name in a module: no linter of the language is part of the project."""
    text = SCRIPTS[name]
    imported = [
        one.split(" as ")[-1].strip()
        for names in re.findall(r"^import \{(.*)\} from", text, flags=re.MULTILINE)
        for one in names.split(",")
    ]
    assert [one for one in imported if len(re.findall(rf"\b{one}\b", text)) < 2] == []
    exported = re.findall(r"^export (?:const|function) (\w+)", text, flags=re.MULTILINE)
    others = [other for place, other in SCRIPTS.items() if place != name]
    assert [
        one for one in exported if not any(re.search(rf"^import .*\b{one}\b", other, flags=re.MULTILINE) for other in others)
    ] == []


def test_nothing_names_another_place():
    """Neither a file of the page nor code that others have written, but in comments and as the name of a vocabulary."""
    vocabulary = 'xmlns="http://www.w3.org/2000/svg"'
    texts = {"index.html": PAGE.front.body.decode(), **OWN}
    assert [
        name for name, text in texts.items() if "//" in re.sub(r"^\s*//.*$", "", text.replace(vocabulary, ""), flags=re.MULTILINE)
    ] == []
    for name in ("vendor/uplot/uPlot.esm.js", "vendor/lit-html/lit-html.js"):
        lines = [line.strip() for line in PAGE.files[name].body.decode().splitlines() if "://" in line]
        assert [line for line in lines if not line.startswith(("*", "//"))] == [], name


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_text_becomes_markup(name: str):
    """Nothing but templates makes elements, and values in them are text; no style stands in an attribute."""
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|unsafe|\beval\b|Function\(|\sstyle=|\son\w+=", SCRIPTS[name]
    )


def test_files_are_small():
    """One room for each view: about 150 lines, never more than 400."""
    assert {name: text.count("\n") for name, text in OWN.items() if text.count("\n") > 250} == {}


def test_what_others_have_written_is_as_they_wrote_it():
    """Every vendored file is listed with version, licence and sum, and has that sum."""
    listed = tomllib.loads((resources.files(portfolio_projector.page) / "vendored.toml").read_text())
    sums = {file["name"]: file["sha256"] for package in listed.values() for file in package["files"]}
    vendored = {name.removeprefix("vendor/"): file.body for name, file in PAGE.files.items() if name.startswith("vendor/")}
    assert {name: hashlib.sha256(body).hexdigest() for name, body in vendored.items()} == sums
    assert all(package["version"] and package["licence"] for package in listed.values())
    assert {f"{package}/LICENSE.txt" for package in listed} <= vendored.keys()


def test_the_page_knows_the_minor_units_of_the_terminal():
    """An amount has as many places in either."""
    text = SCRIPTS["parts/amounts.js"]
    for name, expected in (("WITHOUT_MINOR", figures.WITHOUT_MINOR), ("THOUSANDTHS", figures.THOUSANDTHS)):
        assert re.findall(rf'{name} = "([A-Z ]+)"', text) == [expected]
