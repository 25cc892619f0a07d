"""`portfolio catalogue`: the types that there are, or one of them with its fields, its rules and an example."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

from portfolio_deploy import terminals
from portfolio_deploy.errors import WrongUse
from portfolio_schemas import catalogue, catalogue_page, examples, json_schemas
from portfolio_schemas.events.event_data import EventData


def show(wanted: str | None, *, as_json: bool) -> None:
    """Print the catalogue, or one type of it.

    Raises:
        WrongUse: there is no such type.

    """
    console = terminals.results()
    if wanted is None:
        documents = [{"type": name, "description": _first_sentence(body)} for name, body in catalogue.TYPES.items()]
        console.print(json.dumps(documents, ensure_ascii=False) if as_json else "\n".join(_list()), soft_wrap=as_json)
        return
    body = _find(wanted)
    name = body.event_type.name
    if as_json:
        document = {"schema": json_schemas.of_data(body), "example": examples.every()[name]}
        console.print(json.dumps(document, ensure_ascii=False), soft_wrap=True)
        return
    console.print("\n".join(_one(body)))


def _find(wanted: str) -> type[EventData]:
    """Return the type of a full name, or the newest of a part of it: `item-added`, `ItemAdded`, `item.item-added`."""
    if wanted in catalogue.TYPES:
        return catalogue.TYPES[wanted]
    for body in catalogue.TYPES.values():
        stem = body.event_type.stem
        if wanted in (body.__name__, stem, stem.removeprefix("portfolio."), stem.rpartition(".")[2]):
            return body
    near = sorted(name for name in catalogue.TYPES if wanted.casefold() in name)
    there = f"; there is {', '.join(near[:5])}" if near else "; `portfolio catalogue` lists those that there are"
    raise WrongUse(f"There is no type of event {wanted}{there}.")


def _list() -> Iterator[str]:
    types = sorted(catalogue.TYPES.values(), key=lambda body: body.event_type.name)
    for aggregate, bodies in groupby(types, key=lambda body: body.event_type.aggregate):
        yield f"\n{aggregate}"
        for body in bodies:
            by = " (only the ledger states it)" if body.event_type.ledger_only else ""
            yield f"  {body.event_type.name}{by}\n      {_first_sentence(body)}"
    yield "\nportfolio catalogue TYPE shows one with its fields, rules and an example."


def _one(body: type[EventData]) -> Iterator[str]:
    stated = body.event_type
    schema = cast("dict[str, Any]", json_schemas.of_data(body))
    yield f"{stated.name}\n\n{schema['description']}"
    notes = [mark for mark in catalogue_page.marks(stated) if mark]
    if notes:
        yield f"\nNote: {'; '.join(notes)}."
    yield f"\nsubject  {stated.aggregate}/<id>"
    fields = schema.get("properties", {})
    yield "\nfields" if fields else "\nIt has no fields."
    for name, field in fields.items():
        required = "" if name in schema.get("required", ()) else " (optional)"
        yield f"  {name}{required}\n      {catalogue_page.plain_form(field)}"
    for kind, heading in (("refusal", "refused with"), ("flag", "flagged with")):
        found = [code for code in stated.codes if code.kind == kind]
        if found:
            yield f"\n{heading}"
            yield from (f"  {code.name}\n      {code.meaning}" for code in found)
    yield f"\nexample\n{json.dumps(examples.every()[stated.name], indent=2, ensure_ascii=False)}"


def _first_sentence(body: type[EventData]) -> str:
    return " ".join((body.__doc__ or "").strip().split("\n\n")[0].split())
