"""SQL as a language of its own: statements live in `statements.sql`, each under a line that names it and says what it is for."""

import re
from importlib import resources

_HEADER = re.compile(r"^-- ([a-z_]+): .+$", re.MULTILINE)


def read(text: str) -> dict[str, str]:
    """Return the statements of a text by name."""
    _, *parts = _HEADER.split(text)
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) != len(names):
        raise ValueError("A statement is named twice.")
    return {name: body.strip() for name, body in zip(names, bodies, strict=True)}


SQL = read(resources.files("portfolio_ledger").joinpath("statements.sql").read_text(encoding="utf-8"))
"""Every statement of the ledger by its name."""
