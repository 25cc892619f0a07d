"""Consoles for results: as wide as the terminal, without colour where there is none, and quiet when the reader has gone."""

import sys
from typing import NoReturn

from rich.console import Console

_WIDTH_OF_A_FILE = 120


class _Results(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Say so as Python does, to whoever is in charge: rich would end the program here, in the middle of its work."""
        raise BrokenPipeError


def results() -> Console:
    """Return a console on standard output. Texts are printed as they are: no markup, no highlights."""
    return _Results(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE, highlight=False, markup=False, emoji=False)
