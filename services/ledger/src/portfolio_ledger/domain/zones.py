"""The time zones that there are, by the release of the IANA database that is installed: the same on every machine."""

import difflib
from importlib import resources

NAMES = frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split())
"""All of them, links too."""


def find_like(name: str) -> str:
    """Return the zone that was probably meant."""
    near = difflib.get_close_matches(name.title(), sorted(NAMES), n=1)
    return near[0] if near else "Europe/Brussels"
