"""The AsyncAPI 3 document: the five topics, what their records look like, and who writes and reads them.

The topics themselves come from `topics`, the messages from the published language, so that the document cannot say otherwise.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from portfolio_log.topics import Topic, Topics
from portfolio_schemas import catalogue, envelope, json_schemas
from portfolio_schemas.codec import Document

_BINDING = "0.5.0"
_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_PORTFOLIO_KEY = {"type": "string", "description": "The portfolio: it decides the partition, by Kafka's default partitioner."}

_Part = dict[str, Any]


def document(topics: Topics, *, version: str, servers: Mapping[str, str] | None = None) -> Document:
    """Return the document. `servers` are Kafka's addresses by a name for each, where they are known."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Portfolio ledger",
            "version": version,
            "description": "Publish events to the intake topic, read verdicts from receipts, follow the ledger. Several events "
            "of one portfolio may stand in one record as an array; each is judged alone.",
        },
        "defaultContentType": "application/json",
        **({"servers": {name: {"host": host, "protocol": "kafka"} for name, host in servers.items()}} if servers else {}),
        "channels": _channels(topics),
        "operations": _operations(),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _channels(topics: Topics) -> Document:
    events = ["events", *(body.__name__ for body in catalogue.TYPES.values() if not body.event_type.ledger_only)]
    binary = [f"{name}Binary" for name in events[1:]]
    return {
        "intake": _channel(topics.intake, "Submissions: events on their way in, not judged yet.", [*events, *binary]),
        "ledger": _channel(topics.ledger, "Entries and repair records, and nothing else. Kept for ever.", ["entry", "repair"]),
        "receipts": _channel(topics.receipts, "A receipt for every submission, at least once.", ["receipt", "receipts"]),
        "quarantine": _channel(topics.quarantine, "What came through Kafka and cannot be read, verbatim.", ["quarantined"]),
        "treeHeads": _channel(topics.tree_heads, "The auditor's signed statements of size and Merkle root.", ["treeHead"]),
    }


def _channel(topic: Topic, description: str, messages: Iterable[str]) -> Document:
    configuration = {
        name: _setting(name, topic.settings[name])
        for name in ("cleanup.policy", "retention.ms", "retention.bytes", "max.message.bytes")
        if name in topic.settings
    }
    return {
        "address": topic.name,
        "description": description,
        "messages": {name: {"$ref": _MESSAGES + name} for name in messages},
        "bindings": {"kafka": {"topic": topic.name, "topicConfiguration": configuration, "bindingVersion": _BINDING}},
    }


def _setting(name: str, value: str) -> Any:  # noqa: ANN401  each setting has its own form in the binding
    return value.split(",") if name == "cleanup.policy" else int(value)


def _operations() -> Document:
    operations: Document = {
        "judgeSubmissions": _operation("receive", "intake", "The ledger judges what publishers submit."),
        "recordVerdicts": _operation("send", "ledger", "The ledger appends recorded events and refusals."),
        "answerSubmissions": _operation("send", "receipts", "The ledger tells publishers its verdicts."),
        "setAside": _operation("send", "quarantine", "The ledger sets aside what cannot be read."),
        "projectEntries": _operation("receive", "ledger", "The projector follows the log into read models."),
        "publishTreeHeads": _operation("send", "treeHeads", "The auditor publishes what it has signed."),
    }
    return operations


def _operation(action: str, channel: str, summary: str) -> Document:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _messages() -> dict[str, Any]:
    messages: dict[str, Any] = {
        "events": _message(
            "An array of events of one portfolio, in order; each is judged alone.",
            {"type": "array", "minItems": 1, "maxItems": 1000, "items": {"$ref": f"{_SCHEMAS}Event"}},
            content="application/cloudevents-batch+json",
            headers=_content_type("application/cloudevents-batch+json"),
        ),
        "entry": _message("An entry, as canonical JSON.", {"$ref": f"{_SCHEMAS}Entry"}),
        "repair": _message("An operator's repair record, which is no entry.", {"$ref": f"{_SCHEMAS}Repair"}),
        "receipt": _message("The receipt of one submission.", {"$ref": f"{_SCHEMAS}Receipt"}, headers=_receipt_headers()),
        "receipts": _message(
            "The receipts of an array, in its order.",
            {"type": "array", "items": {"$ref": f"{_SCHEMAS}Receipt"}},
            headers=_receipt_headers(),
        ),
        "quarantined": _message("The bytes as they came.", {}, content="application/octet-stream"),
        "treeHead": _message("A signed note.", {"type": "string"}, content="text/plain"),
    }
    for name, body in catalogue.TYPES.items():
        class_name, description = body.__name__, " ".join((body.__doc__ or "").split())
        data = {"$ref": _SCHEMAS + class_name}
        stated = {"properties": {"type": {"const": name}, "data": data}, "required": ["data"] if body.model_fields else []}
        messages[class_name] = _message(
            description,
            {"allOf": [{"$ref": f"{_SCHEMAS}Event"}, stated]},
            content="application/cloudevents+json",
            headers=_content_type("application/cloudevents+json"),
        )
        messages[f"{class_name}Binary"] = _message(f"In binary mode: {description}", data, headers=_binary_headers(name))
    return messages


def _message(description: str, payload: _Part, *, content: str = "application/json", headers: _Part | None = None) -> _Part:
    return {
        "summary": description,
        "contentType": content,
        "payload": payload,
        **({"headers": headers} if headers else {}),
        "bindings": {"kafka": {"key": _PORTFOLIO_KEY, "bindingVersion": _BINDING}},
    }


def _content_type(content: str) -> _Part:
    return {"type": "object", "properties": {"content-type": {"type": "string", "pattern": f"^{content.replace('+', '[+]')}"}}}


def _binary_headers(type_name: str) -> _Part:
    """Return the headers of the binary mode: an attribute each, as texts."""
    attributes = {name: meaning for name, meaning in envelope.ATTRIBUTES.items() if name not in ("data", "datacontenttype")}
    headers: _Part = {f"ce_{name}": {"type": "string", "description": meaning} for name, meaning in attributes.items()}
    headers["ce_type"] = {"const": type_name}
    headers["content-type"] = {"type": "string", "description": envelope.ATTRIBUTES["datacontenttype"]}
    return {"type": "object", "properties": headers, "required": [f"ce_{name}" for name in envelope.REQUIRED]}


def _receipt_headers() -> _Part:
    headers = {
        "submission": {"type": "string", "description": "The name of the first submission that is answered."},
        "source": {"type": "string", "description": "Where all answered submissions share it."},
        "id": {"type": "string", "description": "Where one submission is answered, and it has one."},
    }
    return {"type": "object", "properties": headers, "required": ["submission"]}


def _schemas() -> dict[str, Any]:
    entry = cast("_Part", json_schemas.of_entry())
    inner = entry.pop("$defs")
    for name in ("event", "refusal"):
        entry["properties"][name] = {"$ref": _SCHEMAS + name.capitalize()}
    return {
        "Event": inner["Event"],
        "Refusal": inner["Refusal"],
        "Entry": {name: part for name, part in entry.items() if name not in ("$schema", "$id")},
        "Repair": _repair(),
        "Receipt": json_schemas.receipt_schema(),
        **json_schemas.definitions(catalogue.TYPES, prefix=_SCHEMAS),
    }


def _repair() -> _Part:
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    head = {"entry": {"type": "integer", "minimum": -1}, "hash": digest}
    repair: _Part = {
        "orphans": {"type": "array", "items": digest},
        "head": {"type": "object", "properties": head, "required": list(head)},
        "reason": {"type": "string"},
        "actor": {"type": "string"},
    }
    return {
        "title": "Repair",
        "description": "It sets orphans aside for readers that hold exactly this head.",
        "type": "object",
        "properties": {
            "portfolio": {"type": "string"},
            "repair": {"type": "object", "properties": repair, "required": ["orphans", "head"]},
        },
        "required": ["portfolio", "repair"],
    }
