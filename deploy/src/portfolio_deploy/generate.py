"""What is generated from the published language and committed: JSON Schemas, AsyncAPI, the catalogue page, and examples.

`python -m portfolio_deploy.generate` writes it, with `--check` it says what is out of step. Run it at the root of the project.
The examples are the first events of their types in the published story.
"""

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from portfolio_log import asyncapi
from portfolio_log.topics import Topics
from portfolio_schemas import catalogue, catalogue_page, json_schemas
from portfolio_schemas.codec import Json

_FOLDER = Path("schemas")
_STORY = Path("examples") / "story.json"
_BROUGHT_ALONG = Path("portfolio_schemas") / "src" / "portfolio_schemas" / "examples.json"
_GENERATED_ONLY = Path("json")
"""The folder in which nothing lies but what is generated."""


def files(folder: Path) -> dict[Path, str]:
    """Return what is generated, by paths below `schemas/`, the folder in which the story lies."""
    documents = {**json_schemas.every(), "asyncapi.json": asyncapi.document(Topics(), version=version("portfolio-schemas"))}
    return {
        **{_GENERATED_ONLY / name: _text(document) for name, document in documents.items()},
        Path("catalogue.md"): catalogue_page.page(),
        **_examples(folder),
    }


def out_of_step(folder: Path) -> list[Path]:
    """Return the paths below a folder whose files differ from what is generated, are missing, or are not generated any more."""
    wanted = files(folder)
    there = {path.relative_to(folder) for path in (folder / _GENERATED_ONLY).glob("*")}
    changed = [
        path for path, text in wanted.items() if not (folder / path).is_file() or (folder / path).read_text("utf-8") != text
    ]
    return sorted({*changed, *(there - wanted.keys())})


def write(folder: Path) -> list[Path]:
    """Bring the files below a folder into step and return the paths that were not."""
    wanted, changed = files(folder), out_of_step(folder)
    for path in changed:
        if path in wanted:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(wanted[path], "utf-8")
        else:
            (folder / path).unlink()
    return changed


def main() -> int:
    """Run the command and return its exit code: 0 fine, 1 out of step, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m portfolio_deploy.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is out of step")
    check = parser.parse_args().check
    if not _FOLDER.is_dir():
        print("generate: there is no folder schemas/ here; run it at the root of the project", file=sys.stderr)  # noqa: T201  a command speaks
        return 2
    changed = out_of_step(_FOLDER) if check else write(_FOLDER)
    for path in changed:
        print(f"{'out of step' if check else 'wrote'}: {_FOLDER / path}", file=sys.stderr)  # noqa: T201  a command speaks
    if check and changed:
        print("generate: run make generate and commit what it writes", file=sys.stderr)  # noqa: T201  a command speaks
    return 1 if check and changed else 0


def _examples(folder: Path) -> dict[Path, str]:
    """Return the first event of each type in the story, and all examples in one file that the package brings along.

    What only the ledger states is not told in the story: its examples lie beside it.
    """
    if not (folder / _STORY).is_file():
        return {}
    told: list[Any] = json.loads((folder / _STORY).read_bytes())
    first = {event["type"]: event for event in reversed(told)}
    beside = {path.stem: path for path in (folder / _STORY.parent).glob("*.json")}
    others = {name: json.loads(beside[name].read_bytes()) for name in catalogue.TYPES if name in beside and name not in first}
    everything = {name: first.get(name) or others.get(name) for name in catalogue.TYPES}
    files = {_STORY.with_name(f"{name}.json"): _text(event) for name, event in first.items()}
    return {**files, _BROUGHT_ALONG: json.dumps(everything, ensure_ascii=False) + "\n"}


def _text(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
