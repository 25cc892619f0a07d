"""Plans as graphs: what waits for what."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter


def find_cycle(edges: Iterable[tuple[str, str]]) -> list[str]:
    """Return the nodes of a circle among `(from, to)` edges, the first one again at the end; nothing where there is none."""
    sorter = TopologicalSorter[str]()
    for before, after in edges:
        sorter.add(after, before)
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []
