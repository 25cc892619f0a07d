"""One golden example of each type and version, all from one story that the ledger's rules accept."""

import json
from functools import cache
from importlib import resources
from typing import cast

from portfolio_schemas.codec import Document


@cache
def every() -> dict[str, Document]:
    """Return the examples by the names of their types."""
    text = resources.files("portfolio_schemas").joinpath("examples.json").read_text("utf-8")
    return cast("dict[str, Document]", json.loads(text))
