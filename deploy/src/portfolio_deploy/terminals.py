"""Consoles for results: as wide as the terminal, without colour where there is none, and quiet when the reader has gone."""

import shutil
import sys
from typing import NoReturn

from rich.console import Console

_SIZE_OF_A_FILE = (120, 25)


class _Results(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Say so as Python does, to whoever is in charge: rich would end the program here, in the middle of its work."""
        raise BrokenPipeError


def results() -> Console:
    """Return a console on standard output. Texts are printed as they are: no markup, no highlights.

    What is piped is as wide as COLUMNS says, if it says something.
    """
    width = None if sys.stdout.isatty() else shutil.get_terminal_size(_SIZE_OF_A_FILE).columns
    return _Results(width=width, highlight=False, markup=False, emoji=False)
