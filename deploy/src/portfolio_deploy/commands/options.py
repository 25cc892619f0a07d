"""Options that several commands have, so that they are called and explained alike."""

from pathlib import Path
from typing import Annotated

import typer

DATA = Path(".portfolio")

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where the stack's state lives, and is there again next time.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON.")]
