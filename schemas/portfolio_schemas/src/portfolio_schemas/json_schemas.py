"""The published language as JSON Schema 2020-12: the bodies of all types, the envelope, entries and receipts."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from portfolio_schemas import catalogue, codes, envelope
from portfolio_schemas.codec import INTEGER_MAX, Document
from portfolio_schemas.events.event_data import EventData

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_EXTENSION_MAX = 2**31 - 1
_ID = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 in lower-case hex."}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX}
_RECORDED_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}
_SUBMISSION = {"type": "string", "pattern": r"^\d+-\d+-\d+$", "description": "<intake partition>-<offset>-<index>"}
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_TIME_PATTERN = rf"^\d{{4}}-\d\d-\d\d[Tt]{_CLOCK}:[0-5]\d(\.\d{{1,9}})?([Zz]|[+-]{_CLOCK})$"
_SUBJECT_PATTERN = r"^(?=[^/]{1,32}/)[a-z]+(-[a-z]+)*/[A-Za-z0-9._-]{1,64}$"
_NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"


class _Plain(GenerateJsonSchema):
    """Schemas without a title on each field, which would only say its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  the base class says what it is
        return False


def uri(type_name: str) -> str:
    """Return the URI of a type's schema, which an event may name as its `dataschema`."""
    return f"urn:portfolio:{type_name}"


def of_data(body: type[EventData]) -> Document:
    """Return the schema of the body of a type."""
    schema = body.model_json_schema(schema_generator=_Plain)
    stated = body.event_type
    marks = {
        "x-aggregate": stated.aggregate,
        "x-occurs": stated.occurs,
        "x-modes": list(stated.modes),
        "x-corrects": list(stated.corrects),
        "x-reason-required": stated.needs_reason,
        "x-approver-differs": stated.second_person,
        "x-ledger-only": stated.ledger_only,
        "x-codes": [code.name for code in stated.codes],
    }
    return _document(uri(stated.name), {**schema, **marks, "title": stated.name})


def definitions(bodies: Mapping[str, type[EventData]], *, prefix: str) -> dict[str, Schema]:
    """Return the schemas of many bodies and of all values in them, by class name, with references below `prefix`."""
    models = [(body, "validation") for body in bodies.values()]
    _, together = models_json_schema(cast("Any", models), ref_template=prefix + "{model}", schema_generator=_Plain)
    return {name: cast("Schema", _joined(schema)) for name, schema in together["$defs"].items()}


def of_envelope() -> Document:
    """Return the schema of an event's envelope. What `data` holds is said by the type's own schema."""
    return _document("urn:portfolio:envelope", envelope_schema())


def envelope_schema() -> Schema:
    """Return the schema of the envelope without its own name, to be part of another."""
    forms: dict[str, Schema] = {
        "specversion": {"type": "string", "const": "1.0"},
        "id": _text(128),
        "source": _text(256),
        "type": _text(128),
        "subject": {"type": "string", "pattern": _SUBJECT_PATTERN},
        "time": {"type": "string", "format": "date-time", "pattern": _TIME_PATTERN},
        "portfolio": _ID,
        "actor": _text(128),
        "datacontenttype": {"type": "string"},
        "dataschema": _text(256),
        "data": {},
        "reason": _text(1000),
        "correlationid": _text(128),
        "causationid": _NUMBER,
        "corrects": _NUMBER,
        "expectedversion": _NUMBER,
    }
    extension = {
        "anyOf": [
            {"type": "string", "maxLength": 1024, "pattern": _NO_CONTROLS},
            {"type": "integer", "minimum": -_EXTENSION_MAX, "maximum": _EXTENSION_MAX},
            {"type": ["boolean", "null"]},
        ]
    }
    return {
        "title": "Event",
        "description": "A CloudEvents 1.0 message for a portfolio. Attributes that are null count as absent.",
        "type": "object",
        "properties": {
            name: {**(forms[name] if name in envelope.REQUIRED else _optional(forms[name])), "description": meaning}
            for name, meaning in envelope.ATTRIBUTES.items()
        },
        "required": list(envelope.REQUIRED),
        "propertyNames": {"pattern": "^[a-z0-9]{1,64}$"},
        "additionalProperties": {**extension, "description": "An extension attribute; it is kept."},
    }


def of_entry() -> Document:
    """Return the schema of an entry: an element of the log."""
    schema = {
        "title": "Entry",
        "description": "An element of a portfolio's log: a recorded event, or a refusal, with what the ledger adds.",
        "type": "object",
        "properties": {
            "portfolio": _ID,
            "entry": {**_NUMBER, "description": "Its number: 0, 1, 2 without a hole within a portfolio."},
            "previous": {**_HASH, "description": "The hash of the entry before it, 64 zeros for the first."},
            "append": {**_NUMBER, "description": "The number of the first entry that entered the log together with it."},
            "recordedtime": {**_RECORDED_TIME, "description": "When the ledger recorded it; never before the entry before it."},
            "salt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "submission": _SUBMISSION,
            "door": {"type": "string", "enum": ["http", "kafka"]},
            "event": {"$ref": "#/$defs/Event"},
            "version": {**_NUMBER, "minimum": 1, "description": "The version of the subject that this event made."},
            "flags": {"type": "array", "items": {"type": "string", "enum": _names("flag")}},
            "refusal": {"$ref": "#/$defs/Refusal"},
        },
        "required": ["portfolio", "entry", "previous", "append", "recordedtime", "salt", "submission", "door"],
        "oneOf": [
            {"required": ["event", "version", "flags"], "not": {"required": ["refusal"]}},
            {"required": ["refusal"], "not": {"anyOf": [{"required": [name]} for name in ("event", "version", "flags")]}},
        ],
        "additionalProperties": False,
        "$defs": {"Event": envelope_schema(), "Refusal": _refusal()},
    }
    return _document("urn:portfolio:entry", schema)


def of_receipt() -> Document:
    """Return the schema of a receipt."""
    return _document("urn:portfolio:receipt", receipt_schema())


def receipt_schema() -> Schema:
    """Return the schema of a receipt without its own name, to be part of another."""
    properties: dict[str, Schema] = {
        "verdict": {"type": "string", "enum": ["recorded", "duplicate", "refused", "quarantined"]},
        "submission": _optional(_SUBMISSION),
        "portfolio": _optional(_ID),
        "source": _optional({"type": "string"}),
        "id": _optional({"type": "string"}),
        "subject": _optional({"type": "string"}),
        "entry": {**_optional(_NUMBER), "description": "The entry that holds the verdict."},
        "last_entry": {**_optional(_NUMBER), "description": "The last entry that was recorded with it."},
        "version": {**_optional(_NUMBER), "description": "The version of the subject."},
        "hash": {**_optional(_HASH), "description": "The hash of the entry."},
        "recordedtime": _optional(_RECORDED_TIME),
        "flags": {"type": "array", "items": {"type": "string", "enum": _names("flag")}},
        "code": {"type": ["string", "null"], "enum": [*_names("refusal"), *_names("door"), None]},
        "detail": _optional({"type": "string"}),
        "errors": _errors(),
    }
    return {
        "title": "Receipt",
        "description": "The verdict on a submission.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def every() -> dict[str, Document]:
    """Return all schemas by the names of their files."""
    bodies = {f"{name}.json": of_data(body) for name, body in catalogue.TYPES.items()}
    return {"envelope.json": of_envelope(), "entry.json": of_entry(), "receipt.json": of_receipt(), **bodies}


def _refusal() -> Schema:
    properties: dict[str, Schema] = {
        **{name: {"type": "string"} for name in ("source", "id", "type", "subject", "time", "actor")},
        "version": {**_NUMBER, "description": "The version of the subject, 0 where there is none."},
        "code": {"type": "string", "enum": _names("refusal")},
        "detail": {"type": "string", "description": "What was wrong, and what to do."},
        "errors": _errors(),
        "digest": {**_HASH, "description": "SHA-256 of the canonical JSON of what the publisher set."},
    }
    return {
        "title": "Refusal",
        "description": "What was refused and why, without the body of the event.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _errors() -> Schema:
    error = {"pointer": {"type": "string", "description": "A JSON pointer into the event."}, "detail": {"type": "string"}}
    item = {"type": "object", "properties": error, "required": list(error), "additionalProperties": False}
    return {"type": "array", "maxItems": 20, "items": item}


def _names(kind: codes.Kind) -> list[str]:
    return [code.name for code in codes.CODES.values() if code.kind == kind]


def _text(length_max: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": length_max, "pattern": _NO_CONTROLS}


def _optional(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


def _document(identity: str, schema: Schema) -> Document:
    return cast("Document", _joined({"$schema": DIALECT, "$id": identity, **schema}))


def _joined(value: Any) -> Any:  # noqa: ANN401  a schema, or any part of one
    """Return a schema whose descriptions have no line breaks: they come from docstrings."""
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value)
        return {
            name: " ".join(part.split()) if name == "description" and isinstance(part, str) else _joined(part)
            for name, part in parts.items()
        }
    return [_joined(part) for part in cast("list[Any]", value)] if isinstance(value, list) else value
