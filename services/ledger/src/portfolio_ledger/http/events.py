"""POST /events: what is posted goes into intake, and its receipts come back as the answer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from portfolio_ledger import metrics
from portfolio_ledger.http import bodies, preferences, problems
from portfolio_ledger.http.conditions import Conditions
from portfolio_ledger.http.problems import Problem
from portfolio_ledger.http.publishing import NotTaken, Publisher
from portfolio_ledger.http.waiting import Waiting
from portfolio_ledger.intake.elements import Elements, Recent, Unreadable
from portfolio_ledger.intake.records import DOOR_HEADER
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_log.partitions import partition_of
from portfolio_schemas import codec, codes, receipts
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.envelope import Event
from portfolio_schemas.receipts import Submission

_BATCH_CONTENT = "application/cloudevents-batch+json"
_SINGLE_CONTENT = "application/cloudevents+json"
_RETRY_SECONDS = 2


@dataclass(slots=True)
class Sent:
    """Events of one portfolio that went into intake together: where they stand in the request, and in intake."""

    indexes: list[int]
    events: list[Event]
    partition: int
    offset: int | None = None
    told: dict[int, Told] | None = None

    def location(self, n: int) -> str:
        """Return where the receipt of the n-th event is to be found."""
        event = self.events[n]
        query = {"portfolio": event.portfolio, "source": event.source, "id": event.id}
        if self.offset is not None:
            query["submission"] = str(Submission(self.partition, self.offset, n))
        return f"/receipts?{urlencode(query)}"


class Door:
    """Takes events over HTTP."""

    def __init__(
        self,
        publisher: Publisher,
        waiting: Waiting,
        conditions: Conditions,
        recent: Recent,
        *,
        partitions: int,
        waiting_max: int,
    ) -> None:
        self._publisher = publisher
        self._waiting = waiting
        self._conditions = conditions
        self._recent = recent
        self._partitions = partitions
        self._waiting_max = waiting_max

    async def post(self, request: Request) -> Response:
        """Answer one POST."""
        body = await request.body()
        began = time.perf_counter()
        posted = bodies.read(body, request.headers.raw)
        preference = preferences.read(request.headers.getlist("prefer"))
        sent = self._group(posted)
        if self._waiting.submissions + len(posted.items) > self._waiting_max:
            raise Problem(codes.TOO_MANY_WAITING, codes.TOO_MANY_WAITING.meaning, retry_seconds=_RETRY_SECONDS)
        self._waiting.enter(len(posted.items))
        try:
            await self._submit(posted, sent, preference.seconds)
        except NotTaken:
            raise Problem(codes.NO_BROKER, codes.NO_BROKER.meaning, retry_seconds=_RETRY_SECONDS) from None
        finally:
            self._waiting.leave(len(posted.items))
        response = self._answer_batch(posted, sent) if posted.batch else self._answer_single(sent[0])
        if preference.asynchronous:
            response.headers["Preference-Applied"] = "respond-async"
        metrics.REQUEST_SECONDS.labels(response.status_code).observe(time.perf_counter() - began)
        return response

    def _group(self, posted: bodies.Posted) -> list[Sent]:
        """Put the readable events together by portfolio, in the order sent."""
        groups = dict[str, Sent]()
        for n, item in enumerate(posted.items):
            if isinstance(item, Event):
                group = groups.get(item.portfolio)
                if group is None:
                    group = groups[item.portfolio] = Sent([], [], partition_of(item.portfolio, self._partitions))
                group.indexes.append(n)
                group.events.append(item)
        for portfolio, group in groups.items():
            self._conditions.check(portfolio, group.partition, {event.source for event in group.events})
        return list(groups.values())

    async def _submit(self, posted: bodies.Posted, sent: Sequence[Sent], seconds: float) -> None:
        if len(sent) == 1:
            await self._submit_group(posted, sent[0], posted.verbatim, seconds)
        else:
            await asyncio.gather(*(self._submit_group(posted, group, None, seconds) for group in sent))

    async def _submit_group(self, posted: bodies.Posted, group: Sent, verbatim: bytes | None, seconds: float) -> None:
        """Put a portfolio's events into intake and wait for their receipts."""
        documents = [event.document for event in group.events]
        value = verbatim or codec.canonical(documents if posted.batch else documents[0])
        self._recent.keep(value, Elements(posted.batch, list(group.events)))
        headers = {"content-type": _BATCH_CONTENT if posted.batch else _SINGLE_CONTENT, DOOR_HEADER: "http"}
        offset = await self._publisher.publish(group.partition, group.events[0].portfolio, value, headers)
        if offset < 0:
            return  # it is there, but Kafka does not say where
        group.offset = offset
        told = await self._waiting.wait(group.partition, offset, count=len(group.events), seconds=seconds)
        group.told = dict(told)
        for one in told.values():
            if one.verdict == "refused" and one.source is not None:
                self._conditions.note_refusal(one.source)

    def _answer_single(self, sent: Sent) -> Response:
        told = (sent.told or {}).get(0)
        if told is None:
            location = sent.location(0)
            return _json_response(codec.canonical(_pending(sent, 0)), 202, {"Location": location})
        match told.verdict:
            case "recorded":
                return _json_response(told.text, 201, {"ETag": f'"{told.receipt["version"]}"'})
            case "duplicate":
                return _json_response(told.text, 200, {})
            case _:
                return problems.of_receipt(told.receipt)

    def _answer_batch(self, posted: bodies.Posted, sent: Sequence[Sent]) -> Response:
        texts: list[bytes | None] = [
            codec.canonical(_quarantined(item)) if isinstance(item, Unreadable) else None for item in posted.items
        ]
        for group in sent:
            for n, told in (group.told or {}).items():
                texts[group.indexes[n]] = told.text
        if all(texts):
            return _json_response(b'{"receipts":[' + b",".join(text for text in texts if text) + b"]}", 200, {})
        pending = [(index, _pending(group, n), group.location(n)) for group in sent for n, index in enumerate(group.indexes)]
        places = [document for _, document, _ in sorted(pending, key=lambda one: one[0])]
        receipts_text = b",".join(text or b"null" for text in texts)
        body = b'{"receipts":[' + receipts_text + b'],"submissions":' + codec.canonical(places) + b"}"
        first = next(location for index, _, location in sorted(pending) if texts[index] is None)
        return _json_response(body, 202, {"Location": first})


def _pending(sent: Sent, n: int) -> Document:
    event = sent.events[n]
    name = None if sent.offset is None else str(Submission(sent.partition, sent.offset, n))
    return {
        "submission": name,
        "portfolio": event.portfolio,
        "source": event.source,
        "id": event.id,
        "location": sent.location(n),
    }


def _quarantined(item: Unreadable) -> Document:
    errors: list[Json] = item.errors
    return receipts.receipt(verdict="quarantined", submission=None, code=item.code, detail=item.detail, errors=errors)


def _json_response(body: bytes, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status_code=status, media_type="application/json", headers=headers)
