"""Events of a decision: what was asked, what was chosen, by whom and why; and what auditors note and seal."""

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Name, Person, SubjectRef, Text

Sha256 = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Field(description="The SHA-256 of some bytes, 64 digits in lower case.")
]
MediaType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}$"),
    Field(description="What kind of bytes they are, `application/pdf`."),
]
EntryNumber = Annotated[StrictInt, Field(ge=0, le=2**53 - 1, description="The number of an entry of this portfolio.")]


@event_type("decision", occurs="first", needs_reason=True, refers="about", restated="freely")
class DecisionRecorded(EventData):
    """A question was decided; the reason says why so. `options` are what there was to choose from, `about` what it is about."""

    question: Text
    choice: Text
    decided_by: Annotated[list[Person], Field(min_length=1, max_length=200)]
    options: Annotated[list[Text], Field(default_factory=list, max_length=50)]
    about: Annotated[list[SubjectRef], Field(default_factory=list, max_length=50)]


@event_type("decision", occurs="ever", after_end=True, refers="about", restated="freely", codes="UNKNOWN_ENTRY")
class AuditNoteAdded(EventData):
    """Somebody who audits notes something: on a decision, on other subjects, or on an entry. It changes nothing."""

    note: Text
    about: Annotated[list[SubjectRef], Field(default_factory=list, max_length=50)]
    entry: EntryNumber | None = None


@event_type("decision", occurs="ever", after_end=True, refers="about", codes="SEALED_TWICE")
class AttachmentSealed(EventData):
    """A document is kept elsewhere; by its hash anybody can tell that it is still the same. It is sealed once per decision."""

    name: Name
    sha256: Sha256
    size: Annotated[StrictInt, Field(ge=0, le=2**53 - 1, description="Bytes.")] | None = None
    media_type: MediaType | None = None
    about: Annotated[list[SubjectRef], Field(default_factory=list, max_length=50)]


DecisionEvent = DecisionRecorded | AuditNoteAdded | AttachmentSealed
