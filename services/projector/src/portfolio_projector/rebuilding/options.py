"""What `projector rebuild` and `projector replay` take."""

import argparse


def describe_rebuild(command: argparse.ArgumentParser) -> None:
    """Say what `rebuild` takes."""
    command.add_argument("read_model", metavar="READ_MODEL", help="initiatives or backlogs")
    command.add_argument("--dry-run", action="store_true", help="build and compare, do not switch; exit code 1 when rows differ")
    command.add_argument("--back", action="store_true", help="put the tables from before the last rebuild back")
    command.add_argument("--json", action="store_true", help="the outcome as one JSON document")


def describe_replay(command: argparse.ArgumentParser) -> None:
    """Say what `replay` takes."""
    command.add_argument("portfolio", metavar="PORTFOLIO")
    command.add_argument("--as-of", metavar="X", help="up to an entry, or an instant: the last entry recorded at or before it")
    command.add_argument(
        "--compare", action="store_true", help="compare with what is kept, row by row; exit code 1 where it differs"
    )
    command.add_argument("--json", action="store_true", help="the outcome as one JSON document")
