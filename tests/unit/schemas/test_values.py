"""Values: how they look on the wire, and the limits of each."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from portfolio_schemas import values
from portfolio_schemas.events.funding import AccountingPeriod

HOURS = {"working_hours": ["09:00-12:00", "13:00-24:00"], "working_days": ["mon"], "holidays": ["2026-12-25"]}
CALENDAR = {"name": "Office", "zone": "Europe/Brussels", **HOURS}

TAKEN: list[tuple[Any, Any]] = [
    (values.Fraction, "0"),
    (values.Fraction, "1"),
    (values.Fraction, "0.000001"),
    (values.Fraction, "1.000000"),
    (values.Hours, "0"),
    (values.Hours, "9999999.99"),
    (values.Money, {"minor": 0, "currency": "EUR"}),
    (values.Money, {"minor": values.AMOUNT_MAX, "currency": "EUR"}),
    (values.SignedMoney, {"minor": -values.AMOUNT_MAX, "currency": "EUR"}),
    (values.Amount, {"minor": 1, "currency": "EUR"}),
    (values.Date, "2028-02-29"),
    (values.Instant, "2026-03-31T14:00:00Z"),
    (values.PlannedTime, "2026-03-31"),
    (values.PlannedTime, "2026-03-31T14:00:00+02:00"),
    (values.Name, "Zażółć \u202e gęślą 🦆"),
    (values.Name, "x" * 200),
    (values.Text, "=cmd|' /C calc'!A0 <script> '; DROP TABLE entries; --"),
    (values.Text, "x" * 4000),
    (values.Word, "provisional|implementable|implemented|deferred|rejected|withdrawn|replaced"),
    (values.Id, "A-z.0_9"),
    (values.Id, "x" * 64),
    (values.ItemRef, "item/PAY-1"),
    (values.MemberRef, "product/payments"),
    (values.VersionNumber, 1),
    (AccountingPeriod, "2026-12"),
    (values.Calendar, CALENDAR),
]
NOT_TAKEN: list[tuple[Any, Any]] = [
    *(
        (values.Fraction, value)
        for value in ("", ".5", "1.1", "1.000001", "0.0000001", "-0", "+1", "5e-1", "NaN", "00.5", "\u0660", 1, 0.5)
    ),
    *((values.Hours, value) for value in ("-1", "1E+131072", "Infinity", "1.", "1.234", "01", "10000000", 8, None, True)),
    *((values.Money, {"minor": minor, "currency": "EUR"}) for minor in (-1, values.AMOUNT_MAX + 1, 2**63, 1.0, "1", True, None)),
    *((values.Money, {"minor": 1, "currency": code}) for code in ("eur", "EU", "EURO", "E1R", "", None, 978)),
    (values.Money, {"minor": 1}),
    (values.Money, {"minor": 1, "currency": "EUR", "exponent": 2}),
    (values.Money, 1),
    (values.Amount, {"minor": 0, "currency": "EUR"}),
    (values.SignedMoney, {"minor": -values.AMOUNT_MAX - 1, "currency": "EUR"}),
    *(
        (values.Date, value)
        for value in ("2026-02-29", "0000-01-01", "10000-01-01", "20260331", "2026-3-1", "2026-W01-1", 20260331, 0, None)
    ),
    *(
        (values.Instant, value)
        for value in ("2026-03-31T14:00:00", "2026-03-31T24:00:00Z", "2016-12-31T23:59:60Z", "2026-03-31", 0)
    ),
    *((values.PlannedTime, value) for value in ("", "soon", "2026-13-01", "2026-03-31T14:00:00", "2026-03-31 14:00:00Z", 1)),
    *((values.Name, value) for value in ("", "x" * 201, "a\x00b", "a\nb", "a\x7fb", "a\x85b", "a\ud800b", None, 1, ["a"])),
    *((values.Text, value) for value in ("", "x" * 4001, "a\tb")),
    *((values.Word, value) for value in ("", "x" * 201)),
    *((values.Id, value) for value in ("", "x" * 65, "a/b", "a b", "é", "a\n", "../a", "a%00")),
    *(
        (values.ItemRef, value)
        for value in ("PAY-1", "item/", "items/PAY-1", "product/PAY-1", "item/a/b", "item/" + "x" * 65, "item/a\n")
    ),
    *((values.MemberRef, value) for value in ("item/a", "initiative/", "")),
    *((values.VersionNumber, value) for value in (0, 10_001, 1.0, "1", True)),
    *((AccountingPeriod, value) for value in ("2026-00", "2026-13", "2026-1", "2026", 202612)),
    (values.Calendar, CALENDAR | {"working_hours": []}),
    (values.Calendar, CALENDAR | {"working_hours": ["09:00-12:00", "11:00-18:00"]}),
    (values.Calendar, CALENDAR | {"working_hours": ["12:00-09:00"]}),
    (values.Calendar, CALENDAR | {"working_hours": ["25:00-26:00"]}),
    (values.Calendar, CALENDAR | {"working_days": ["Monday"]}),
    (values.Calendar, CALENDAR | {"holidays": ["2026-12-25"] * 2001}),
    (values.Calendar, CALENDAR | {"zone": "../../etc/passwd"}),
]


@pytest.mark.parametrize(("kind", "value"), TAKEN)
def test_a_value_within_its_limits_is_taken(kind: Any, value: Any):  # noqa: ANN401  each kind has its own values
    """Just within the limits is within them; a text stays the text that it was."""
    read = TypeAdapter[Any](kind).validate_python(value)
    assert isinstance(read, str) is (isinstance(value, str) and kind not in (values.Date, values.Instant, values.PlannedTime))


@pytest.mark.parametrize(("kind", "value"), NOT_TAKEN)
def test_a_value_outside_its_limits_is_not(kind: Any, value: Any):  # noqa: ANN401  each kind has its own values
    """Just outside, of another form, or with what no database keeps: refused, never mended."""
    with pytest.raises(ValidationError):
        TypeAdapter[Any](kind).validate_python(value)


def test_values_are_frozen():
    """What was read stays as it was read."""
    money = values.Money(minor=1, currency="EUR")
    with pytest.raises(ValidationError, match="frozen"):
        money.minor = 2  # pyright: ignore[reportAttributeAccessIssue]  that it cannot be set is what is shown
