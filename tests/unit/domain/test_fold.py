"""What the rules remember has a name: whatever changes it changes the name, and stored states of another name are made anew."""

import hashlib
import json
from typing import cast

from portfolio_ledger import domain
from portfolio_ledger.domain import marks
from portfolio_ledger.domain.aggregates import AGGREGATES
from portfolio_schemas.codec import Json
from tests import story


def told() -> dict[str, domain.State]:
    """The states that the whole story leads to."""
    last = story.moments()[-1]
    rules = last.rules()
    rules.submit(last.fact)
    return rules.states


def ordered(value: Json) -> Json:
    """The same with every list in one order: sets have none."""
    if isinstance(value, dict):
        return {key: ordered(part) for key, part in value.items()}
    return (
        cast("Json", sorted(map(ordered, value), key=lambda part: json.dumps(part, sort_keys=True)))
        if isinstance(value, list)
        else value
    )


def test_the_fold_has_the_name_of_what_it_makes():
    """States of another shape, or that are kept otherwise, have another name: a ledger that starts then reads its log again."""
    documents = ordered({key: json.loads(domain.dump(state)) for key, state in told().items()})
    name = hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()[:16]
    hint = f'what the rules remember has changed: say FOLD = "{name}" in portfolio_ledger/domain/__init__.py'
    assert name == domain.FOLD, hint


def test_the_story_leads_to_every_kind_of_state():
    """What it does not lead to could change without changing the name."""
    kinds = {kind for rules in (marks, *(one.rules for one in AGGREGATES.values())) for kind in rules.KINDS}
    assert kinds - {key.partition("/")[0] for key in told()} == set()
