"""The texts of receipts as a judge writes them: canonical JSON, at once from the answer that an entry gives."""

from typing import Any, NamedTuple, cast

import msgspec
import pydantic_core
from msgspec import Raw

from portfolio_ledger.state.answers import Answer
from portfolio_schemas import codec
from portfolio_schemas.codec import Document
from portfolio_schemas.receipts import Verdict


class Told(NamedTuple):
    """A receipt as text, and what is asked of it again and again."""

    verdict: Verdict
    source: str | None
    id: str | None
    text: bytes

    @classmethod
    def of(cls, receipt: Document) -> "Told":
        """Write a receipt."""
        said = cast("dict[str, Any]", receipt)
        return cls(said["verdict"], said["source"], said["id"], codec.canonical(receipt))

    @property
    def receipt(self) -> Document:
        """The whole of it, parsed."""
        return cast("Document", pydantic_core.from_json(self.text))


class ReceiptText(msgspec.Struct, frozen=True, gc=False):
    """A receipt that is about to be told, its members sorted by name as the canonical form has them.

    What comes of it is what `codec.canonical` makes of the same receipt.
    """

    code: str | None
    detail: str | None
    entry: int
    errors: Raw
    flags: list[str]
    hash: str
    id: str
    last_entry: int
    portfolio: str
    recordedtime: str
    source: str
    subject: str
    submission: str
    verdict: Verdict
    version: int


def of_answer(answer: Answer, verdict: Verdict) -> Told:
    """Write the receipt that an entry answers with: see `Answer.receipt`."""
    code = detail = None
    errors = _NO_ERRORS
    if answer.refusal is not None:
        said = cast("dict[str, Any]", answer.refusal)
        code, detail, errors = said["code"], said["detail"], Raw(codec.canonical(said["errors"]))
    text = ReceiptText(
        code,
        detail,
        answer.entry,
        errors,
        answer.flags,
        answer.hash,
        answer.id,
        answer.last_entry,
        answer.portfolio,
        answer.recordedtime,
        answer.source,
        answer.subject,
        answer.submission,
        verdict,
        answer.version,
    )
    return Told(verdict, answer.source, answer.id, _encode(text))


_NO_ERRORS = Raw(b"[]")
_encode = msgspec.json.Encoder().encode
