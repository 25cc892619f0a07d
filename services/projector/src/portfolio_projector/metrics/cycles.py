"""Cycles in a graph: groups whose members all wait for each other, near or far. Pure.

Source: S. R. Kosaraju's algorithm for strongly connected components, as in Aho, Hopcroft, Ullman, Data Structures and Algorithms.
"""

from collections.abc import Iterable, Iterator, Mapping


def cycles(edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the groups of two or more that can all be reached from each other, each sorted, by their first members."""
    forward, backward = dict[str, list[str]](), dict[str, list[str]]()
    for start, end in sorted(edges):
        forward.setdefault(start, []).append(end)
        backward.setdefault(end, []).append(start)
    seen = set[str]()
    order = [one for start in forward for one in _left(forward, start, seen)]
    seen.clear()
    groups = [list(_left(backward, start, seen)) for start in reversed(order)]
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _left(edges: Mapping[str, list[str]], start: str, seen: set[str]) -> Iterator[str]:
    """Walk into the depth, and give each one that was not seen before when everything behind it has been."""
    if start in seen:
        return
    seen.add(start)
    path = [(start, iter(edges.get(start, ())))]
    while path:
        here, following = path[-1]
        unseen = next((one for one in following if one not in seen), None)
        if unseen is None:
            path.pop()
            yield here
        else:
            seen.add(unseen)
            path.append((unseen, iter(edges.get(unseen, ()))))
