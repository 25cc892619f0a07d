"""An initiative that was stopped in time: one record for each customer, which nobody wanted to own."""

from portfolio_deploy.demo import people
from portfolio_deploy.demo.strands import costs, initiatives
from portfolio_deploy.demo.telling import Strand

ID = "one-customer"


def tell(strand: Strand) -> None:
    """Tell it from the proposal to the end, and the invoice that came after it."""
    calendar, member = strand.days, f"initiative/{ID}"
    initiatives.propose(
        strand,
        ID,
        calendar.workday(2, 4),
        "p-marek",
        name="One record for each customer",
        mode="waterfall",
        objective="Whoever calls is known, whatever policies he has.",
        cost=900_000,
        months=(3, 14),
        sponsor="p-greet",
    )
    initiatives.happen(strand, ID, calendar.workday(2, 15), "initiative-approved", people.BOARD)
    initiatives.happen(strand, ID, calendar.workday(3, 4), "initiative-activated", "p-marek")
    costs.monthly(strand, member, range(3, 9), "labour", lambda month: 11_000 + 3_000 * (month > 4))
    why = "Sales and claims each want to be the owner of the record; without one it would be a third copy."
    initiatives.happen(strand, ID, calendar.workday(9, 12), "initiative-cancelled", people.BOARD, reason=why)
    initiatives.happen(strand, ID, calendar.workday(9, 13), "initiative-resumed", "p-marek", expected="ENDED")
    costs.post(strand, member, 9, "vendor", 24_650)  # the consultants' last invoice comes when it comes
