"""The answer about experiments, and how it is made of what is known. Pure."""

from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.read_models.experiments.state import Conclusion, Experiment, Experiments, Exposure


class ExperimentAnswer(BaseModel):
    """An assumption, by what it is judged, and what came of it."""

    experiment: str
    member: str
    hypothesis: str
    metric: str
    stop_rule: str
    conclusion: Conclusion | None = Field(description="null while it goes on")
    findings: str | None
    started: Act
    concluded: Act | None


class ExposureAnswer(BaseModel):
    """So large a share of its users sees it from then on."""

    share: str | None = Field(description="a decimal from 0 to 1; null: it was withdrawn")
    said: Act


class FeatureAnswer(BaseModel):
    """A feature behind a flag: who sees it does not depend on when it was deployed."""

    feature: str
    member: str
    flag: str
    share: str | None = Field(description="how many of its users see it; null: nobody does any more")
    exposures: list[ExposureAnswer] = Field(description="by when they were true; the last one holds")


class ExperimentsAnswer(Answer):
    """Experiments and features, by id."""

    experiments: list[ExperimentAnswer]
    features: list[FeatureAnswer]
    next_cursor: str | None = Field(description="goes on with both lists")


def answer(state: Experiments, member: str | None, paging: Paging) -> dict[str, Any]:
    """Return a page of experiments and features, of one member where one is named."""
    experiments = [name for name, one in state.experiments.items() if member in (None, one.member)]
    features = {name: shown for name, stated in state.features.items() if (shown := _feature(name, stated)) is not None}
    of_member = [name for name, shown in features.items() if member in (None, shown["member"])]
    return {
        "experiments": [_experiment(name, state.experiments[name]) for name in paging.take("experiments", experiments, _by_name)],
        "features": [features[name] for name in paging.take("features", of_member, _by_name)],
        "next_cursor": paging.next_cursor,
    }


def _by_name(name: str) -> Key:
    return (name,)


def _experiment(name: str, known: Experiment) -> dict[str, Any]:
    return {
        "experiment": name,
        "member": known.member,
        "hypothesis": known.hypothesis,
        "metric": known.metric,
        "stop_rule": known.stop_rule,
        "conclusion": known.conclusion,
        "findings": known.findings,
        "started": act(known.started),
        "concluded": act_or_none(known.concluded),
    }


def _feature(name: str, stated: list[Exposure]) -> dict[str, Any] | None:
    """Return a feature as the last exposure describes it; None where nobody saw it by then."""
    exposures = in_time(stated)
    last = next((one.shown for one in reversed(exposures) if one.shown is not None), None)
    if last is None:
        return None
    return {
        "feature": name,
        "member": last.member,
        "flag": last.flag,
        "share": None if exposures[-1].shown is None else last.share,
        "exposures": [{"share": None if one.shown is None else one.shown.share, "said": act(one.act)} for one in exposures],
    }
