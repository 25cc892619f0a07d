"""What a replay says is to be done where what is kept is not the fold of the log."""

import pytest

from portfolio_projector.read_models import READ_MODELS
from portfolio_projector.rebuilding import command
from portfolio_projector.rebuilding.comparing import Comparison
from portfolio_projector.rebuilding.replaying import Replay


@pytest.mark.parametrize(
    ("tables", "commands"),
    [
        (["entries"], ["portfolio resume acme --rebuild"]),
        (["portfolios", "flags"], ["portfolio resume acme --rebuild"]),
        (["homes"], ["portfolio resume concerns acme --rebuild"]),
        (["backlog_moves", "backlog_items"], ["portfolio rebuild backlogs"]),
        (["work_packages", "concerns"], ["portfolio resume concerns acme --rebuild", "portfolio rebuild initiatives"]),
    ],
)
def test_every_table_that_differs_has_its_command(tables: list[str], commands: list[str]):
    """Each once, and what others rest on first; nothing for what is equal."""
    compared = [Comparison(table, rows=1, different=1) for table in tables]
    found = Replay("acme", comparisons=[*compared, Comparison("initiatives", rows=1)])
    assert command.remedies(found, READ_MODELS) == commands
