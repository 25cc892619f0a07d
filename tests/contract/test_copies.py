"""What services keep each for itself, and yet the same: they share two packages, neither of which speaks HTTP."""

import re
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
COPIES = ("http/heads.py", "http/protocol.py", "http/guard.py")


def found(copy: str) -> dict[str, str]:
    """The text of a file in each service that has it, without the service's own name."""
    return {
        path.relative_to(SERVICES).parts[0]: re.sub(r"portfolio_(ledger|projector|auditor)", "service", path.read_text())
        for path in SERVICES.glob(f"*/src/*/{copy}")
    }


@pytest.mark.parametrize("copy", COPIES)
def test_what_stands_at_the_door_is_the_same_in_every_service(copy: str):
    """A hole that is closed in one is closed in all."""
    texts = found(copy)
    assert len(texts) > 1
    assert len(set(texts.values())) == 1, f"{copy} differs between {', '.join(texts)}"
