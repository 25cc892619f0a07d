"""What a client prefers: to wait so long for the receipt, or not at all (RFC 7240)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WAIT_SECONDS_DEFAULT = 10.0
WAIT_SECONDS_MAX = 60.0

_WAIT = re.compile(r"wait\s*=\s*\"?(\d{1,6})\"?\Z")


@dataclass(frozen=True, slots=True)
class Preference:
    """How long to wait for the receipt, and whether the client would rather hear 202 at once."""

    seconds: float = WAIT_SECONDS_DEFAULT
    asynchronous: bool = False


DEFAULT = Preference()


def read(values: Iterable[str]) -> Preference:
    """Read `Prefer` headers. What is not understood is passed over, as the RFC says; of what is said twice the first counts.

    `respond-async` together with `wait=SECONDS` means: wait so long, then 202.
    """
    asynchronous, seconds = False, None
    for value in values:
        for part in value.lower().split(","):
            word = part.partition(";")[0].strip()
            match = _WAIT.match(word)
            if word == "respond-async":
                asynchronous = True
            elif match and seconds is None:
                seconds = min(float(match[1]), WAIT_SECONDS_MAX)
    if seconds is not None:
        return Preference(seconds, asynchronous)
    return Preference(0.0, asynchronous=True) if asynchronous else DEFAULT
