"""What items are about: made from the words of a product, each title once."""

from collections.abc import Sequence


def combine(patterns: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return each pattern with each word in the place of its `*`."""
    return [pattern.replace("*", word)[:1].upper() + pattern.replace("*", word)[1:] for word in words for pattern in patterns]


DEFECTS = (
    "* fails after midnight",
    "* shows the wrong amount in the last month of a contract",
    "* is slow on Mondays",
    "* does not work with long names",
    "* is lost when the connection is",
    "error without a text in *",
    "* cannot be printed",
    "* forgets what was chosen before",
    "numbers of * do not add up to those of the books",
    "* in the other time zone",
)
DEBT = (
    "replace the old library behind *",
    "tests for *",
    "take * out of the nightly batch",
    "logs that tell something in *",
    "one way instead of three for *",
)
RISKS = ("what if * is not available for a day", "personal data in *", "who may change *")


def of_product(features: Sequence[str], words: Sequence[str]) -> dict[str, list[str]]:
    """Return what the items of a product can be about, by kind."""
    patterns = {"feature": features, "defect": DEFECTS, "debt": DEBT, "risk": RISKS}
    return {kind: combine(some, words) for kind, some in patterns.items()}
