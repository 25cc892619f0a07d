"""What the read side tells: of every type of event somebody can ask for more than its entries."""

from portfolio_projector.read_models import CHRONICLES
from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_schemas import catalogue

IN_HISTORIES_ALONE = {
    "portfolio.change.build-finished.v1",  # says nothing of when a change was there
    "portfolio.change.change-abandoned.v1",  # never merged, never deployed: no figure counts it
}


def test_every_type_is_told_by_a_read_model():
    """How fresh a source is does not count, which all types tell; nor do entries and histories, which have them all."""
    told = {type_ for chronicle in CHRONICLES if chronicle is not HEARD for type_ in chronicle.types}
    assert set(catalogue.TYPES) - told == IN_HISTORIES_ALONE
