"""SQL as a language of its own: statements live in `.sql` files, each under a line that names it and says what it is for.

-- positions: where each read model stands in a partition
SELECT ...
"""

import re
from collections.abc import Iterator, Mapping
from importlib import resources

_HEADER = re.compile(r"^-- ([a-z_]+): .+$", re.MULTILINE)


class Statements(Mapping[str, str]):
    """The statements of one `.sql` file by name."""

    def __init__(self, package: str, file: str = "statements.sql") -> None:
        text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
        _, *parts = _HEADER.split(text)
        names, bodies = parts[::2], parts[1::2]
        if len(set(names)) != len(names):
            raise ValueError(f"{package}/{file} names a statement twice.")
        self._statements = {name: body.strip() for name, body in zip(names, bodies, strict=True)}

    def __getitem__(self, name: str) -> str:
        return self._statements[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)
