"""Gates: the stages of an initiative and the reviews between them; what sources say of items' stages, gates and targets."""

from portfolio_projector.read_models.gates.fold import GATES

CHRONICLES = (GATES,)
