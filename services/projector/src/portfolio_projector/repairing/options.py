"""The options of `projector repair` and `projector abandon`, apart from what they do: every command of the program loads them."""

import argparse

_REASON = "put back what the log had lost"


def describe(command: argparse.ArgumentParser, *, abandon: bool) -> None:
    """Add the options."""
    if abandon:
        command.add_argument("portfolio", help="the portfolio")
        command.add_argument("--after", type=int, required=True, metavar="ENTRY", help="the last entry that stays")
        command.add_argument("--reason", required=True, help="why; it stands in the log for ever")
        command.add_argument("--actor", required=True, help="who decides so; it stands in the log for ever")
    else:
        which = command.add_mutually_exclusive_group(required=True)
        which.add_argument("portfolio", nargs="?", help="the portfolio")
        which.add_argument("--partition", type=int, metavar="N", help="all portfolios of a partition of the ledger topic")
        command.add_argument("--reason", default=_REASON, help=f"why; it stands in the log for ever (default: {_REASON})")
        command.add_argument("--actor", help="who does so; it stands in the log for ever (default: who is logged in)")
    command.add_argument("--yes", action="store_true", help="do it without asking; else, without a terminal, it is only said")
