# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""`projector rebuild` and `projector replay`: what they are asked, and what they say."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from aiokafka.errors import KafkaError

from portfolio_log.log import LogLost
from portfolio_projector import sessions
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.rebuilding import kept, rebuilding, replaying
from portfolio_projector.rebuilding.comparing import Comparison
from portfolio_projector.rebuilding.folding import NotLinked
from portfolio_projector.rebuilding.replaying import Order, Replay
from portfolio_schemas import codec
from portfolio_schemas.envelope import read_time

ENTRIES = "entries"


class No(Exception):
    """It was not done: `args[0]` says why."""


class WrongUse(Exception):
    """What was asked cannot be: `args[0]` says why."""


def rebuild(
    postgres: str, chosen: argparse.Namespace, models: Sequence[ReadModel[Any]], chronicles: Sequence[Chronicle[Any]]
) -> bool:
    """Do what was chosen; return whether the answer is yes: switched, gone back, or, in a dry run, nothing differs.

    Raises:
        No: when it cannot be done.
        WrongUse: when there is no such read model.

    """
    named = {model.name: model for model in models if model.tables}
    model = named.get(chosen.read_model)
    if model is None:
        _refuse(chosen.read_model, models, chronicles)
        raise WrongUse(f"There is no read model {chosen.read_model} that can be rebuilt. There are {', '.join(named)}.")
    if chosen.back and chosen.dry_run:
        raise WrongUse("--back puts tables back, --dry-run changes nothing: one of them.")
    try:
        if chosen.back:
            version = asyncio.run(rebuilding.go_back(postgres, model))
            _say(f"{model.name}: the rows from before are live again, of version {version}.")
            return True
        say = _quiet if chosen.json else _say
        outcome = asyncio.run(rebuilding.rebuild(postgres, model, say=say, switch=not chosen.dry_run))
    except (rebuilding.NotRebuilt, NotLinked) as refusal:
        raise No(str(refusal)) from None
    except sessions.UNAVAILABLE as error:
        raise No(f"PostgreSQL cannot be asked: {str(error) or type(error).__name__}") from None
    if chosen.json:
        _say(json.dumps({"read_model": model.name, "switched": not chosen.dry_run, **asdict(outcome), "equal": outcome.equal}))
    else:
        _tell(outcome.comparisons)
        versions = f"version {outcome.old_version} to {outcome.new_version}"
        _say(f"{model.name}: {outcome.entries} entries folded; {versions}; {'not switched' if chosen.dry_run else 'switched'}.")
    return outcome.equal or not chosen.dry_run


def _refuse(name: str, models: Sequence[ReadModel[Any]], chronicles: Sequence[Chronicle[Any]]) -> None:
    """Say of what is there and cannot be rebuilt beside itself what to do instead.

    Raises:
        No: when there is something of that name.

    """
    if name == ENTRIES:
        instead = "Read a portfolio again with portfolio resume PORTFOLIO --rebuild"
        raise No(f"{name} are the log's own bytes, and everything else is folded from them. {instead}")
    if any(name == model.name for model in models):
        instead = f"Make it anew for one portfolio, whose answers wait meanwhile: portfolio resume {name} PORTFOLIO --rebuild"
        raise No(f"{name} cannot be rebuilt beside itself: it is what most answers are told by. {instead}")
    if any(name == chronicle.name for chronicle in chronicles):
        raise No(f"{name} has no rows to rebuild: it is told from entries at each question, by the program that is installed.")


def replay(kafka: str, postgres: str, topic: str, chosen: argparse.Namespace, models: Sequence[ReadModel[Any]]) -> bool:
    """Do what was chosen; return whether everything that was compared is the same.

    Raises:
        No: when it cannot be done.
        WrongUse: when `as_of` is neither an entry nor an instant.

    """
    order = Order(portfolio=chosen.portfolio, as_of=_as_of(chosen.as_of), compare=chosen.compare)
    try:
        found = asyncio.run(replaying.replay(kafka, postgres, topic, order, models))
    except (replaying.NotReplayed, LogLost) as refusal:
        raise No(str(refusal)) from None
    except (KafkaError, *sessions.UNAVAILABLE) as error:
        raise No(f"Kafka or PostgreSQL cannot be asked: {str(error) or type(error).__name__}") from None
    if chosen.json:
        _say(json.dumps({**asdict(found), "equal": found.equal}))
    else:
        _report(found, models)
    return found.equal


def _as_of(text: str | None) -> Any:  # noqa: ANN401  a number, an instant or nothing
    if text is None:
        return None
    number = codec.read_number(text)
    try:
        return read_time(text) if number is None else number
    except ValueError:
        raise WrongUse("--as-of is an entry number, or an instant with an offset such as 2026-03-31T14:00:00Z.") from None


def _report(found: Replay, models: Sequence[ReadModel[Any]]) -> None:
    _say(f"{found.portfolio}: {found.entry + 1} entries from nothing to entry {found.entry}, hash {found.hash}")
    if found.superseded:
        _say(f"{found.superseded} records lost a race and are passed over by every reader")
    for digest in found.digests:
        _say(f"  {digest.table:<22} {digest.rows:>9} rows  sha256 {digest.sha256}")
    _tell(found.comparisons)
    if found.comparisons and found.equal:
        _say("What is kept is the fold of the log.")
    elif found.comparisons:
        _say(f"What is kept is not the fold of the log. To make it so: {'; '.join(remedies(found, models))}")


def remedies(found: Replay, models: Sequence[ReadModel[Any]]) -> list[str]:
    """Return the commands that make anew what differs, in the order in which one rests on the other."""
    differ = {one.table for one in found.comparisons if not one.equal}
    anew = [f"portfolio resume {found.portfolio} --rebuild"] if differ & set(kept.OF_ENTRIES) else []
    if differ & set(kept.OF_CONCERNS):
        anew.append(f"portfolio resume {kept.NAMES[1]} {found.portfolio} --rebuild")
    return anew + [f"portfolio rebuild {one.name}" for one in models if differ & {table.name for table in one.tables}]


def _tell(comparisons: Sequence[Comparison]) -> None:
    for one in comparisons:
        if one.equal:
            _say(f"  {one.table:<22} {one.rows:>9} rows  equal")
        else:
            differ = f"{one.different} differ, {one.only_old} only live, {one.only_new} missing live"
            _say(f"  {one.table:<22} {one.rows:>9} rows  {differ}")
            for difference in one.first:
                _say(f"    {difference}")


def _quiet(_: str) -> None:
    """Say nothing on the way."""


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  the command's answer
