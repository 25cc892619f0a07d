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


class Exposure(msgspec.Struct, frozen=True, array_like=True):
    """So large a share of users sees it from then on, as a decimal; None: it was withdrawn."""

    share: str | None
    act: Act


class Feature(msgspec.Struct):
    """A feature behind a flag; exposures are in the order of the log."""

    member: str
    flag: str
    exposures: list[Exposure]


class Experiments(msgspec.Struct):
    """All experiments and features."""

    experiments: dict[str, Experiment] = {}
    features: dict[str, Feature] = {}
