# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""`projector repair` and `projector abandon`: what they ask and say."""

import argparse
import asyncio
import sys

from aiokafka.errors import KafkaError

from portfolio_log.log import LogLost
from portfolio_projector import sessions
from portfolio_projector.repairing import repairing
from portfolio_projector.repairing.planning import Refused
from portfolio_projector.repairing.repairing import Order
from portfolio_projector.repairing.writing import Unsure


class No(Exception):
    """It was not done: `args[0]` says why."""


def run(kafka: str, postgres: str, topic: str, chosen: argparse.Namespace, *, who: str) -> bool:
    """Do what was chosen, and return whether the log is in order then.

    Raises:
        No: when it cannot be done, or it is not known whether it was.

    """
    order = Order(
        portfolio=chosen.portfolio,
        partition=getattr(chosen, "partition", None),
        after=getattr(chosen, "after", None),
        reason=chosen.reason,
        actor=chosen.actor or who,
    )
    agree = _yes if chosen.yes else _ask
    try:
        return asyncio.run(repairing.repair(kafka, postgres, topic, order, say=_say, agree=agree))
    except (Refused, Unsure, LogLost) as refusal:
        raise No(str(refusal)) from None
    except (KafkaError, *sessions.UNAVAILABLE) as error:
        raise No(f"Kafka or PostgreSQL cannot be asked: {str(error) or type(error).__name__}") from None


def _yes() -> bool:
    return True


def _ask() -> bool:
    if not sys.stdin.isatty():
        _say("This is what would be done; --yes does it.")
        return False
    return input("Write this into the log? It cannot be undone. [y/N] ").strip().lower() in {"y", "yes"}


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  what the operator decides by
