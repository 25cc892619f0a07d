"""What is known of decisions, by their ids, and of reviews."""

import msgspec

from portfolio_projector.folding.acts import Act


class Choice(msgspec.Struct, frozen=True, array_like=True):
    """What was decided, of what, and by whom."""

    question: str
    choice: str
    options: list[str]
    decided_by: list[str]
    about: list[str]
    act: Act


class Note(msgspec.Struct, frozen=True, array_like=True):
    """What somebody noted who audits: on the decision, on subjects, on an entry."""

    note: str
    about: list[str]
    entry: int | None
    act: Act


class Seal(msgspec.Struct, frozen=True, array_like=True):
    """The hash of a document that is kept elsewhere."""

    name: str
    sha256: str
    size: int | None
    media_type: str | None
    about: list[str]
    act: Act


class Decision(msgspec.Struct):
    """A decision, or what was noted and sealed under its name; lists are in the order of the log."""

    choice: Choice | None = None
    notes: list[Note] = []
    seals: list[Seal] = []


class Review(msgspec.Struct, frozen=True, array_like=True):
    """A review of the portfolio; `decisions` are subjects."""

    attendees: list[str]
    decisions: list[str]
    summary: str | None
    act: Act


class Decisions(msgspec.Struct):
    """All decisions and reviews."""

    decisions: dict[str, Decision] = {}
    reviews: list[Review] = []
