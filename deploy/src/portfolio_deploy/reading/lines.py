"""An entry as one line that a person can read."""

from collections.abc import Iterable
from typing import Any, cast

from rich.text import Text

from portfolio_deploy.reading.figures import money

_VALUE_LENGTH_MAX = 60
_FIRST_VERSION = ".v1"
_NAMES = ("name", "title", "version")


def line(entry: dict[str, Any]) -> Text:
    """Return which entry it is, when it was recorded, what it is about, what happened, who did it, and the most of its body.

    A refusal says so, with its code and its sentence; what is ugly about a recorded event stands at the end.
    """
    refusal = entry.get("refusal")
    said: dict[str, Any] = refusal or entry["event"]
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{entry['portfolio']}@{entry['entry']}", style="bold")
    text.append(f"  {entry['recordedtime'][:19].replace('T', ' ')}  ", style="dim")
    text.append(f"{said['subject']}  ")
    text.append(what(said["type"]), style="cyan")
    text.append(f"  by {said['actor']}")
    if refusal is not None:
        text.append(f"  REFUSED {refusal['code']}: {refusal['detail']}", style="red")
        return text
    if body := ", ".join(told(said.get("data", {}))):
        text.append(f"  {body}")
    if "reason" in said:
        text.append(f"  because: {said['reason']}", style="italic")
    if entry["flags"]:
        text.append(f"  flagged {', '.join(entry['flags'])}", style="yellow")
    return text


def what(kind: str) -> str:
    """Return what happened: the name in the type, with its version from the second on."""
    return (
        kind.rpartition(_FIRST_VERSION)[0].rpartition(".")[2] if kind.endswith(_FIRST_VERSION) else ".".join(kind.split(".")[2:])
    )


def told(data: dict[str, Any]) -> Iterable[str]:
    """Say the fields of a body, what names the whole first, and what has parts of its own only by how many they are."""
    for name in sorted(data, key=lambda name: name not in _NAMES):
        value = data[name]
        if isinstance(value, list):
            yield f"{len(cast('list[object]', value))} {name}"
        elif value is not None and (not isinstance(value, dict) or "minor" in value):
            yield f"{name} {_value(value)}"


def _value(value: Any) -> str:  # noqa: ANN401  anything may stand in a body
    match value:
        case {"minor": int(minor), "currency": str(currency)}:
            return money({"minor": minor, "currency": currency})
        case _:
            text = str(value)
            return text if len(text) <= _VALUE_LENGTH_MAX else f"{text[:_VALUE_LENGTH_MAX]}..."
