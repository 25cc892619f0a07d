"""`portfolio diff`: what changed between two moments, by subject, as a person reads it."""

import json
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from portfolio_deploy import terminals
from portfolio_deploy.reading.lines import told, what
from portfolio_deploy.reading.read_api import Document, ReadApi, path


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for: a portfolio, and two moments, each an entry number or an instant; `last` None is the present."""

    portfolio: str
    first: str
    last: str | None
    as_json: bool


async def show(address: str, wanted: Wanted) -> bool:
    """Print what changed, and return whether anything did.

    Raises:
        CommandError: the read API does not know the portfolio or the moments, or does not answer.

    """
    base = path("portfolios", wanted.portfolio, "changes")
    parameters = {"from": wanted.first, **({} if wanted.last is None else {"to": wanted.last})}
    async with ReadApi(address) as api:
        head = await api.get(base, {**parameters, "limit": "1"})
        parameters = {"from": str(head["from_entry"]), "to": str(head["to_entry"])}
        subjects = [subject async for subject in api.pages(base, "subjects", parameters)]
    document = {**head, "subjects": subjects, "next_cursor": None}
    if wanted.as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))  # noqa: T201  this is what was asked for
    else:
        _print(terminals.results(), wanted.portfolio, document)
    return bool(subjects)


def _print(console: Console, portfolio: str, document: Document) -> None:
    refused = f", {document['refused']} refused" if document["refused"] else ""
    between = f"after entry {document['from_entry']} up to entry {document['to_entry']}"
    console.print(Text(f"{portfolio}: {document['recorded']} events recorded{refused}, {between}", style="bold"))
    for subject in document["subjects"]:
        head = Text(subject["subject"], style="bold")
        if subject["is_new"] and subject["recorded"]:
            head.append("  new", style="green")
        if subject["refused"]:
            head.append(f"  {subject['refused']} refused", style="red")
        console.print(head)
        missing = subject["recorded"] - len(subject["entries"])
        if missing:
            console.print(Text(f"    ... {missing} earlier ones", style="dim"))
        for change in subject["entries"]:
            console.print(_line(change), soft_wrap=not console.is_terminal)


def _line(change: dict[str, Any]) -> Text:
    """Return which entry did it, what happened when, who did it, the most of its body, and why."""
    text = Text(f"    @{change['entry']:<8}", no_wrap=True, overflow="ellipsis")
    text.append(f"{change['time'][:10]}  ", style="dim")
    text.append(what(change["type"]), style="cyan")
    text.append(f"  by {change['actor']}")
    if change["corrects"] is not None:
        text.append(f"  corrects @{change['corrects']}", style="yellow")
    if body := ", ".join(told(change["data"])):
        text.append(f"  {body}")
    if change["reason"] is not None:
        text.append(f"  because: {change['reason']}", style="italic")
    if change["flags"]:
        text.append(f"  flagged {', '.join(change['flags'])}", style="yellow")
    return text
