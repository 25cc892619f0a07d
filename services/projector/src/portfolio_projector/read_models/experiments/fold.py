"""The fold of `experiments`. Pure: the order is the log's; what has no premise is passed over."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.experiments.state import Experiment, Experiments, Exposure, Shown
from portfolio_schemas.events import experiment as experiments
from portfolio_schemas.events import feature as features

Known = experiments.ExperimentStarted | experiments.ExperimentConcluded | features.FeatureExposed | features.FeatureWithdrawn


def fold(state: Experiments, fact: Fact) -> None:
    """Change the state by one fact."""
    data, act = cast("Known", fact.data), act_of(fact)
    match data:
        case experiments.ExperimentStarted():
            state.experiments[fact.id] = Experiment(data.member, data.hypothesis, data.metric, data.stop_rule, act)
        case experiments.ExperimentConcluded():
            experiment = state.experiments.get(fact.id)
            if experiment is not None:
                experiment.conclusion, experiment.findings, experiment.concluded = data.decision, data.findings, act
        case features.FeatureExposed():
            shown = Shown(data.member, data.flag, data.share)
            state.features.setdefault(fact.id, []).append(Exposure(shown, act))
        case features.FeatureWithdrawn():
            state.features.setdefault(fact.id, []).append(Exposure(None, act))
        case _:
            assert_never(data)


EXPERIMENTS = chronicle("experiments", 2, types=types_of(*get_args(Known)), state=Experiments, fold=fold, of_portfolio=True)
