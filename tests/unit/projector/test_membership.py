"""Membership: the rank of the members of a portfolio, and how they were weighed, as the board said it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.http.paging import Paging
from portfolio_projector.read_models.membership import answers
from portfolio_projector.read_models.membership.fold import MEMBERSHIP
from tests.chronicles import state_of
from tests.histories import History

APOLLO, VEGA, PAY = "initiative/apollo", "initiative/vega", "product/pay"


class Board(History):
    """A portfolio whose board says which members there are."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})

    def say(self, what: str, member: str, /, *, reason: str | None = None, **data: Any) -> int:  # noqa: ANN401  a body
        """Say something of a member."""
        attributes = {} if reason is None else {"reason": reason}
        return self.add(f"portfolio.member-{what}", "portfolio/acme", {"member": member, **data}, **attributes).entry

    def told(self, **options: Any) -> dict[str, Any]:  # noqa: ANN401  of state_of
        """The answer."""
        told = answers.answer(state_of(MEMBERSHIP, self.facts(), **options), Paging("members", None, 1000))
        answers.MembersAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "membership/1", **told})
        return told


def ranks(told: dict[str, Any]) -> list[tuple[str, int | None]]:
    """The members in the order of the answer, with their ranks."""
    return [(one["member"], one["rank"]) for one in told["members"]]


def test_whoever_is_admitted_stands_last_until_it_is_ranked():
    """After another, or first; each move is kept with who made it and why."""
    board = Board()
    for member in (APOLLO, VEGA, PAY):
        board.say("admitted", member)
    assert ranks(board.told()) == [(APOLLO, 1), (VEGA, 2), (PAY, 3)]
    board.say("ranked", PAY, after=None, reason="Without it nobody pays.")
    entry = board.say("ranked", APOLLO, after=VEGA)
    assert ranks(board.told()) == [(PAY, 1), (VEGA, 2), (APOLLO, 3)]
    pay, _, apollo = board.told()["members"]
    assert [(move["after"], move["ranked"]["reason"]) for move in pay["moves"]] == [(None, "Without it nobody pays.")]
    assert [(move["after"], move["ranked"]["entry"]) for move in apollo["moves"]] == [(VEGA, entry)]


def test_what_was_released_has_no_rank_and_may_come_back():
    """Both stays are told; it comes back as the last."""
    board = Board()
    board.say("admitted", APOLLO, theme="Core", horizon="now")
    board.say("admitted", PAY)
    board.say("released", APOLLO, reason="It is done.")
    told = board.told()
    assert ranks(told) == [(PAY, 1), (APOLLO, None)]
    assert [one["state"] for one in told["members"]] == ["Member", "Released"]
    assert told["members"][1]["stays"][0]["released"]["reason"] == "It is done."
    board.say("admitted", APOLLO, theme="Again")
    told = board.told()
    assert ranks(told) == [(PAY, 1), (APOLLO, 2)]
    assert [(one["theme"], one["released"] is None) for one in told["members"][1]["stays"]] == [("Core", False), ("Again", True)]
    assert told["members"][1]["theme"] == "Again"


def test_scores_are_told_by_their_method():
    """The last one holds; the score of weighted shortest job first is worked out, and has a reason where another was used."""
    board = Board()
    weights = {"value": "8", "time_criticality": "5", "risk_reduction": "1", "size": "4"}
    board.say("scored", PAY, method="wsjf", wsjf=weights, scorer="ann")
    one = board.told()["members"][0]
    assert (one["state"], one["rank"]) == ("NotAdmitted", None)
    assert one["score"]["wsjf"] == {"value": "3.5", "reason": None, "definition": "wsjf/1"}
    assert one["score"]["weights"] == weights
    board.say("scored", PAY, method="npv", npv={"minor": -5, "currency": "EUR"}, scorer="bo")
    one = board.told()["members"][0]
    assert (one["score"]["method"], one["score"]["npv"]) == ("npv", {"minor": -5, "currency": "EUR"})
    assert (one["score"]["wsjf"]["value"], one["score"]["wsjf"]["reason"]) == (None, "NOT_GIVEN")
    assert [score["method"] for score in one["scores"]] == ["wsjf", "npv"]


def test_a_portfolio_that_has_ended_says_so():
    """With the reason."""
    board = Board()
    assert board.told()["closed"] is None
    board.add("portfolio.portfolio-closed", "portfolio/acme", {}, reason="It was merged into another.")
    assert board.told()["closed"]["reason"] == "It was merged into another."


MEMBERS = [APOLLO, VEGA, PAY, "product/claims"]
SAID = st.lists(
    st.one_of(
        st.tuples(st.just("admitted"), st.sampled_from(MEMBERS), st.none()),
        st.tuples(st.just("released"), st.sampled_from(MEMBERS), st.none()),
        st.tuples(st.just("ranked"), st.sampled_from(MEMBERS), st.sampled_from([None, *MEMBERS])),
    ),
    max_size=30,
)


@given(SAID, st.integers(1, 3))
def test_every_member_has_one_rank_and_pages_tell_all_of_them(said: list[tuple[str, str, str | None]], limit: int):
    """Whatever the board says, and also what it cannot say: ranks are 1 to n, of exactly those that are members."""
    board, members = Board(), dict[str, bool]()
    for what, member, after in said:
        board.say(what, member, **({"after": after} if what == "ranked" else {}), reason="So be it.")
        if what == "admitted":
            members[member] = True
        elif what == "released" and members.get(member):
            members[member] = False
    state, found, cursor = state_of(MEMBERSHIP, board.facts()), list[tuple[str, int | None]](), None
    while True:
        page = answers.answer(state, Paging("members", cursor, limit))
        found += ranks(page)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ranks(board.told())
    assert {name for name, rank in found if rank is not None} == {name for name, inside in members.items() if inside}
    assert [rank for _, rank in found if rank is not None] == list(range(1, sum(members.values()) + 1))
