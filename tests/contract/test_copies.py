"""What services keep each for itself, and yet the same: they share two packages, which speak neither HTTP nor SQL."""

import re
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
COPIES = ("http/heads.py", "http/protocol.py", "http/guard.py", "instructions/interrupting.py")


def found(copy: str) -> dict[str, str]:
    """The text of a file in each service that has it, without the service's own name, by which its imports are sorted."""
    return {path.relative_to(SERVICES).parts[0]: _nameless(path.read_text()) for path in SERVICES.glob(f"*/src/*/{copy}")}


def _nameless(text: str) -> str:
    lines = re.sub(r"portfolio_(ledger|projector|auditor)", "service", text).splitlines()
    imports = [line for line in lines if line.startswith("from ")]
    return "\n".join([*sorted(imports), *(line for line in lines if line not in imports)])


@pytest.mark.parametrize("copy", COPIES)
def test_what_every_service_does_is_done_alike(copy: str):
    """A hole that is closed in one is closed in all."""
    texts = found(copy)
    assert len(texts) > 1
    assert len(set(texts.values())) == 1, f"{copy} differs between {', '.join(texts)}"
