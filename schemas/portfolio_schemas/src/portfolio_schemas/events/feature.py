"""Events of a feature behind a flag: who sees it does not depend on when it was deployed."""

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Fraction, MemberRef, Word


@event_type("feature", occurs="ever", member="member", modes=("agile", "product"), restated="judged")
class FeatureExposed(EventData):
    """So large a share of its users sees the feature from now on, by the flag that its source knows by that name."""

    member: MemberRef
    flag: Word
    share: Fraction


@event_type("feature", restated="freely", after_end=True, codes="WRONG_STATE")
class FeatureWithdrawn(EventData):
    """Nobody sees the feature any more."""


FeatureEvent = FeatureExposed | FeatureWithdrawn
