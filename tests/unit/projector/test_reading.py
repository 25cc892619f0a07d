"""The pure parts of the read API: cursors, moments, settings, the names of statements."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from portfolio_projector.http import compressed, cursors, moments
from portfolio_projector.http.problems import Problem
from portfolio_projector.settings import ServeSettings
from portfolio_projector.statements import Statements


def test_a_cursor_gives_back_the_key_that_it_was_made_of():
    """Text and numbers survive."""
    cursor = cursors.encode("backlog/acme/pay", 3, "a1", "I-5")
    assert cursors.decode(cursor, "backlog/acme/pay", int, str, str) == (3, "a1", "I-5")
    assert cursors.decode(None, "backlog/acme/pay", int, str, str) is None


@pytest.mark.parametrize(
    "cursor", ["", "abc", "WzFd", "bnVsbA", "%%%", "é", "W" * 4000, cursors.encode("other", 3), cursors.encode("list", "x")]
)
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str):
    """Whatever stands in it, it is a 422 and never an error."""
    with pytest.raises(Problem) as refused:
        cursors.decode(cursor, "list", int)
    assert (refused.value.status, refused.value.code) == (422, "CURSOR")


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True), ("br, GZIP ; q=0.5", True), ("*", True), ("*;q=0.1, br", True), ("gzip;q=1.0", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("*, gzip;q=0", False), ("*;q=0", False),
    ],
)  # fmt: skip
def test_gzip_is_for_those_who_take_it(accepted: str, takes: bool):  # noqa: FBT001  a parameter of the test
    """A weight of 0 says no, for it or for whatever is not named."""
    assert compressed.takes_gzip(accepted) is takes


def test_as_of_is_an_entry_number_or_an_instant_with_an_offset():
    """Everything else is refused."""
    assert moments.read_as_of("17") == 17
    assert moments.read_as_of("2026-03-31T14:00:00+02:00") == datetime(2026, 3, 31, 12, tzinfo=UTC)
    for text in ("", "-1", "1.5", "2026-03-31", "2026-03-31T14:00:00", "yesterday", "9" * 40, "\u0661\u0667"):
        with pytest.raises(Problem):
            moments.read_as_of(text)


def test_only_loopback_is_listened_on_unless_the_network_controls_access():
    """An address that others can reach is refused with what to do about it."""
    for host in ("127.0.0.1", "::1", "localhost"):
        assert ServeSettings(postgres="x", host=host).host == host
    for host in ("0.0.0.0", "192.168.1.5", "example.org", "::"):  # noqa: S104  it is refused, that is the point
        with pytest.raises(ValidationError, match="PORTFOLIO_AUTHENTICATION=network"):
            ServeSettings(postgres="x", host=host)
        assert ServeSettings(postgres="x", host=host, authentication="network").host == host


def test_every_statement_has_a_name_and_says_what_it_is_for():
    """The files of statements are read as a whole: nothing stands in them without a name."""
    for package in (
        "portfolio_projector",
        "portfolio_projector.http",
        "portfolio_projector.read_models.entries",
        "portfolio_projector.read_models.initiatives",
        "portfolio_projector.read_models.backlogs",
    ):
        statements = Statements(package)
        assert statements
        assert all(text.rstrip().endswith(";") and text.count(";") == 1 for text in statements.values())
