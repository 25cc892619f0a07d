"""Tables that stay readable: where the terminal is narrow the least important columns go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2
_PROSE_WIDTH_MIN = 24


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its title, its cells, and when it goes (the highest first; 0 never). `prose` may take several lines."""

    title: str
    cells: Sequence[str]
    goes: int = 0
    align: Literal["left", "right"] = "left"
    prose: bool = False

    @property
    def width(self) -> int:
        """How many cells of a terminal it needs: some characters take two, some none."""
        width = max(map(cell_len, (self.title, *self.cells)))
        return min(width, _PROSE_WIDTH_MIN) if self.prose else width


def show(console: Console, columns: Sequence[Column]) -> None:
    """Print a table of the columns that there is room for. A column without anything in it is left out."""
    kept = [column for column in columns if any(column.cells) or not column.goes]
    while sum(column.width + _GAP for column in kept) - _GAP > console.width and any(column.goes for column in kept):
        kept.remove(max(kept, key=lambda column: column.goes))
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold", collapse_padding=True)
    for column in kept:
        table.add_column(column.title, justify=column.align, no_wrap=not column.prose, overflow="fold", min_width=1)
    for row in zip(*(column.cells for column in kept), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    _print(console, table)


def facts(console: Console, rows: Sequence[tuple[str, str]]) -> None:
    """Print names and what is to be said of each, one below the other."""
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(name, Text(text))
    _print(console, table)


def _print(console: Console, table: Table) -> None:
    """Print a table without the spaces that fill its last column."""
    with console.capture() as printed:
        console.print(table)
    console.file.write("".join(f"{line.rstrip()}\n" for line in printed.get().splitlines()))
