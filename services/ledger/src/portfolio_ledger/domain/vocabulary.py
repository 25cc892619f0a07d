"""The words by which sources report on items: what is known of them, and in which order stages follow each other.

A product that declares the words of its source is read by these, letter by letter. One that declares none is read by the usual
words of trackers and of stage gates, however they are spaced or capitalised.
"""

from collections.abc import Sequence

USUAL_STATUSES = frozenset(
    word
    for words in (
        "new, open, reopened, triage, backlog, to do, todo, selected for development, ready, next",
        "proposed, provisional, draft, accepted, approved, implementable, planned, scheduled, committed",
        "in progress, doing, active, started, implementing, in review, review, in test, testing",
        "blocked, waiting, on hold, paused, deferred",
        "done, completed, closed, resolved, fixed, verified, released, shipped, deployed, implemented",
        "dropped, cancelled, canceled, rejected, declined, withdrawn, replaced, duplicate, obsolete, won't do, won't fix",
    )
    for word in words.split(", ")
)
USUAL_STAGES = ("alpha", "beta", "stable")


def is_known_status(word: str | None, declared: Sequence[str]) -> bool:
    """Tell whether a status is a word that is known; none at all is no word that could be wrong."""
    if word is None:
        return True
    return word in declared if declared else word in USUAL_STATUSES or _plain(word) in USUAL_STATUSES


def is_known_stage(word: str | None, declared: Sequence[str]) -> bool:
    """Tell whether a stage is a word that is known; none at all is no word that could be wrong."""
    return word is None or _rank(word, declared) is not None


def is_backward(before: str | None, now: str | None, declared: Sequence[str]) -> bool:
    """Tell whether a stage comes before the one reported last. Of words that are not known nobody can tell."""
    old, new = (None if word is None else _rank(word, declared) for word in (before, now))
    return old is not None and new is not None and new < old


def _rank(stage: str, declared: Sequence[str]) -> int | None:
    words, word = (declared, stage) if declared else (USUAL_STAGES, _plain(stage))
    return words.index(word) if word in words else None


def _plain(word: str) -> str:
    return " ".join(word.replace("_", " ").replace("-", " ").split()).casefold()
