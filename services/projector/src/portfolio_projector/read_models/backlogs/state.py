"""The state of `backlogs`: products, items, orders, and the moves that are new. Pure."""

from operator import itemgetter

from portfolio_projector.folding.rows import Rows
from portfolio_projector.read_models.backlogs.order import Order
from portfolio_projector.read_models.backlogs.rows import ItemRow, MoveRow, ProductRow, SizeRow

Key = tuple[str, str]
MoveKey = tuple[str, str, int]
SizeKey = tuple[str, str, int]


class Backlogs:
    """Products and items by portfolio and id, orders by portfolio and product, moves and sizes as their tables have them.

    `scope` is the product, as a subject, whose past is told, if it is that of one: there is no order but its own, and no move is
    kept, since the table of moves tells its own past. While it is `forgiving`, what an item should stand after need not be there.
    """

    def __init__(
        self,
        complete: bool,  # noqa: FBT001  the description of a read model says what it is
        *,
        scope: str | None = None,
        items: Rows[Key, ItemRow] | None = None,
    ) -> None:
        self.products = Rows[Key, ProductRow]("products", ProductRow, itemgetter(0, 1), complete=complete)
        self.items = _items(complete=complete) if items is None else items
        self.moves = _moves(complete=complete)
        self.sizes = _sizes()
        self.scope = scope
        self.forgiving = False
        self.orders = dict[Key, Order]()
        self._complete = complete

    @property
    def size(self) -> int:
        """How many bytes are known, about."""
        return self.products.size + self.items.size + sum(order.size for order in self.orders.values())

    def keep(self) -> None:
        """Take what changed as stored. Orders are as they are in the tables; moves are looked up again by who corrects one."""
        self.moves = _moves(complete=self._complete)
        self.sizes = _sizes()
        self.products.keep()
        self.items.keep()

    def forget(self, share: float) -> None:
        """Forget a share of the rows, and of the orders those that began to be known first."""
        self.products.forget(share)
        self.items.forget(share)
        spare = sum(order.size for order in self.orders.values()) * share
        for key, order in list(self.orders.items()):
            if order.size / 2 > spare:
                break
            spare -= order.size
            del self.orders[key]

    def holds(self, product: str) -> bool:
        """Tell whether the order of a product's backlog is told here."""
        return self.scope is None or self.scope == f"product/{product}"

    def order(self, portfolio: str, product: str) -> Order:
        """Return the order of a product's backlog, or the part of it that is known."""
        order = self.orders.get((portfolio, product))
        if order is None:
            order = self.orders[portfolio, product] = Order(portfolio, product, whole=self._complete)
        return order


def _items(*, complete: bool) -> Rows[Key, ItemRow]:
    return Rows[Key, ItemRow]("items", ItemRow, itemgetter(0, 1), complete=complete)


def _moves(*, complete: bool) -> Rows[MoveKey, MoveRow]:
    return Rows[MoveKey, MoveRow]("moves", MoveRow, itemgetter(0, 3, 4), complete=complete)


def _sizes() -> Rows[SizeKey, SizeRow]:
    """Return no sizes: nobody looks an old one up."""
    return Rows[SizeKey, SizeRow]("sizes", SizeRow, itemgetter(0, 1, 2), complete=True)
