"""The answer about decisions, and how it is made of what is known. Pure."""

from itertools import chain
from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.folding import acts
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.read_models.decisions.state import Decision, Decisions, Note, Review, Seal


class NoteAnswer(BaseModel):
    """What was noted of it: on the decision, on subjects, on an entry."""

    note: str
    about: list[str]
    entry: int | None
    noted: Act


class SealAnswer(BaseModel):
    """A document that is kept elsewhere: with this SHA-256 it is still the same."""

    name: str
    sha256: str
    size: int | None = Field(description="bytes")
    media_type: str | None
    about: list[str]
    sealed: Act


class DecisionAnswer(BaseModel):
    """A decision. Where nobody recorded what was decided, its notes and seals alone are known."""

    decision: str
    question: str | None
    choice: str | None
    options: list[str]
    decided_by: list[str]
    about: list[str]
    recorded: Act | None = Field(description="who recorded it and why it was decided so")
    reviews: list[int] = Field(description="the entries of the reviews that held it")
    notes: list[NoteAnswer]
    seals: list[SealAnswer]


class PortfolioReviewAnswer(BaseModel):
    """A review of the portfolio."""

    attendees: list[str]
    decisions: list[str]
    summary: str | None
    held: Act


class DecisionsAnswer(Answer):
    """Decisions and reviews, each the newest first."""

    decisions: list[DecisionAnswer]
    reviews: list[PortfolioReviewAnswer]
    next_cursor: str | None = Field(description="goes on with both lists")


def answer(state: Decisions, about: str | None, paging: Paging) -> dict[str, Any]:
    """Return a page of decisions and reviews: those about a subject, where one is named."""
    decisions = {name: one for name, one in state.decisions.items() if about is None or about in _subjects(name, one)}
    named = {f"decision/{name}" for name in decisions}
    reviews = [one for one in state.reviews if about is None or not named.isdisjoint(one.decisions)]
    held = dict[str, list[int]]()
    for review in state.reviews:
        for subject in review.decisions:
            held.setdefault(subject, []).append(review.act.entry)

    def newest(name: str) -> Key:
        return (-_first(decisions[name]).entry,)

    return {
        "decisions": [
            _decision(name, decisions[name], held.get(f"decision/{name}", []))
            for name in paging.take("decisions", decisions, newest)
        ],
        "reviews": [_review(one) for one in paging.take("reviews", reviews, lambda one: (-one.act.entry,))],
        "next_cursor": paging.next_cursor,
    }


def _subjects(name: str, known: Decision) -> set[str]:
    said = () if known.choice is None else known.choice.about
    noted = chain.from_iterable(one.about for one in known.notes)
    sealed = chain.from_iterable(one.about for one in known.seals)
    return {f"decision/{name}", *said, *noted, *sealed}


def _first(known: Decision) -> acts.Act:
    """Return by what it is placed: the decision itself, or what was first noted or sealed of it."""
    if known.choice is not None:
        return known.choice.act
    return min((one.act for one in (*known.notes, *known.seals)), key=lambda one: one.entry)


def _decision(name: str, known: Decision, reviews: list[int]) -> dict[str, Any]:
    said = known.choice
    return {
        "decision": name,
        "question": None if said is None else said.question,
        "choice": None if said is None else said.choice,
        "options": [] if said is None else said.options,
        "decided_by": [] if said is None else said.decided_by,
        "about": [] if said is None else said.about,
        "recorded": act_or_none(None if said is None else said.act),
        "reviews": reviews,
        "notes": [_note(one) for one in known.notes],
        "seals": [_seal(one) for one in known.seals],
    }


def _note(note: Note) -> dict[str, Any]:
    return {"note": note.note, "about": note.about, "entry": note.entry, "noted": act(note.act)}


def _seal(seal: Seal) -> dict[str, Any]:
    return {
        "name": seal.name,
        "sha256": seal.sha256,
        "size": seal.size,
        "media_type": seal.media_type,
        "about": seal.about,
        "sealed": act(seal.act),
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "attendees": review.attendees,
        "decisions": review.decisions,
        "summary": review.summary,
        "held": act(review.act),
    }
