"""The strands of the story, a file each. To add a chapter write a function that tells it and give it a name here.

The name is the beginning of its events' ids, and seeds its chance: it never changes.
"""

from collections.abc import Mapping

from portfolio_deploy.demo.strands import (
    benefits,
    board,
    books,
    core_system,
    customer_record,
    data_centre,
    opening,
    partner_shop,
    payments,
    portal,
    promises,
    proposals,
    register,
    self_service,
    steering,
    teams,
)
from portfolio_deploy.demo.telling import Chapter

STRANDS: Mapping[str, Chapter] = {
    "office": opening.tell,
    "atlas": core_system.tell,
    "dce": data_centre.tell,
    "crm": customer_record.tell,
    "ideas": proposals.tell,
    "pay": payments.tell,
    "portal": portal.tell,
    "claims": self_service.tell,
    "shop": partner_shop.tell,
    "teams": teams.tell,
    "steering": steering.tell,
    "board": board.tell,
    "books": books.tell,
    "register": register.tell,
    "benefits": benefits.tell,
    "promises": promises.tell,
}
