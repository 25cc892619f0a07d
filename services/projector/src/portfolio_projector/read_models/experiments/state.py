"""What is known of experiments and of features behind flags, by their ids."""

from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

Conclusion = Literal["keep", "drop", "iterate", "inconclusive"]


class Experiment(msgspec.Struct):
    """An assumption that is put to the test."""

    member: str
    hypothesis: str
    metric: str
    stop_rule: str
    started: Act
    conclusion: Conclusion | None = None
    findings: str | None = None
    concluded: Act | None = None


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """To so large a share of a member's users, as a decimal, and behind which flag."""

    member: str
    flag: str
    share: str


class Exposure(msgspec.Struct, frozen=True, array_like=True):
    """Who sees a feature from then on; None: it was withdrawn."""

    shown: Shown | None
    act: Act


class Experiments(msgspec.Struct):
    """All experiments, and the exposures of all features, in the order of the log."""

    experiments: dict[str, Experiment] = {}
    features: dict[str, list[Exposure]] = {}
