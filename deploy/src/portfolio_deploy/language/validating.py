"""`portfolio validate`: what the ledger would say of events before it looks at anything recorded. Offline, and streaming."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from portfolio_deploy import terminals
from portfolio_deploy.publishing import events
from portfolio_deploy.publishing.events import NoEvent
from portfolio_deploy.publishing.files import File
from portfolio_schemas import codec, envelope, validation
from portfolio_schemas.envelope import EVENT_SIZE_MAX
from portfolio_schemas.validation import Wrong

Finding = dict[str, Any]
"""What is wrong with one event: its file and line, its source, id and type where they can be read, code, detail and errors."""


def validate(paths: Sequence[str], *, as_json: bool) -> int:
    """Check the events of files, print what is wrong with each, and return the exit code: 1 when something is.

    Raises:
        CommandError: a file cannot be read.

    """
    files = [File(path) for path in paths]
    for file in files:
        file.check()
    console, counts = terminals.results(), Counter[str]()
    for finding in _findings(files, counts):
        if as_json:
            console.print(json.dumps(finding, ensure_ascii=False), soft_wrap=True)
        else:
            console.print("\n".join(_lines(finding)), soft_wrap=True)
    wrong = counts["events"] - counts["right"]
    if not as_json:
        console.print(_summary(counts, wrong))
    return 1 if wrong else 0


def _findings(files: Iterable[File], counts: Counter[str]) -> Iterator[Finding]:
    for file in files:
        place = None
        for piece in file.read():
            place = events.after(piece, file.name, place)
            counts["events"] += 1
            finding = _check(piece.raw, place)
            if finding is None:
                counts["right"] += 1
            else:
                counts[finding["code"]] += 1
                yield finding


def _check(raw: bytes, place: events.Place) -> Finding | None:
    where = {"file": place.file, "line": place.line, "event": place.number}
    read = events.read(raw, place)
    if isinstance(read, NoEvent):
        return {**where, "code": read.code, "detail": read.detail, "errors": read.errors}
    event = envelope.read_event(codec.read_json(raw, size_max=EVENT_SIZE_MAX))
    wrong = validation.read_body(event)
    if not isinstance(wrong, Wrong):
        return None
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in wrong.errors]
    named = {"source": event.source, "id": event.id, "type": event.type}
    return {**where, **named, "code": wrong.code.name, "detail": wrong.detail, "errors": errors}


def _lines(finding: Finding) -> Iterator[str]:
    named = f" {finding['type']} {finding['id']}" if "type" in finding else ""
    yield f"{finding['file']}:{finding['line']}: {finding['code']}{named}: {finding['detail']}"
    for error in finding["errors"]:
        if error["detail"] != finding["detail"]:
            yield f"    {error['pointer'] or 'the whole'}: {error['detail']}"


def _summary(counts: Counter[str], wrong: int) -> str:
    number = f"{counts['events']:,} event{'s' if counts['events'] != 1 else ''}"
    if not wrong:
        return f"{number}: nothing is wrong with their form. What rules say of them depends on what is recorded before."
    codes = ", ".join(f"{code} {count:,}" for code, count in counts.most_common() if code not in ("events", "right"))
    return f"{number}, {wrong:,} of them would be refused or cannot be read: {codes}."
