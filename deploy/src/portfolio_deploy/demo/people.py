"""Who acts in the story: pseudonymous ids, as the ledger wants them."""

OFFICE = "p-ines"  # the head of the portfolio office
BOARD = "p-willem"  # chairs the investment board
FINANCE = "p-okan"
BOOKS = "books"  # the accounting system itself
TRACKER = "tracker"  # the issue tracker itself
