"""Remarks of the ledger in questions and answers: the codes of flags and refusals, and how lists of them are narrowed."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from portfolio_schemas.codes import CODES

Code = Annotated[
    str | None, Query(pattern=r"^[A-Z][A-Z0-9_]{0,63}$", description="only those of this code", examples=["DATES_DISAGREE"])
]
SUBJECT = r"^[a-z]+(-[a-z]+)*/[A-Za-z0-9._-]{1,64}$"
"""The pattern of a subject."""

Subject = Annotated[
    str | None,
    Query(pattern=SUBJECT, description="only those about this subject", examples=["item/I-1"]),
]
Source = Annotated[
    str | None,
    Query(
        min_length=1, max_length=512, pattern=r"^[^\x00-\x1f]*$", description="only what this source said", examples=["/tests"]
    ),
]


class CodeCount(BaseModel):
    """How many there are of one code, whatever code is asked for."""

    code: str
    sentence: str
    count: int
    last_entry: int = Field(description="the newest of them")


def sentence(code: str) -> str:
    """Return what a code means; an old one may mean nothing any more."""
    known = CODES.get(code)
    return "" if known is None else known.meaning
