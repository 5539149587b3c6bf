"""The steps of the books that a person takes. See `shop.core.steps`."""

from shop.core.steps import Final, Step, Table, Why

SERVICES = "payments.ledger.services."
BOOKS_ONLY = Why("only the books follow")
OURS = Why("between us and the provider")

STEPS = (
    Step(
        name="take a settlement in",
        does="What a provider paid out, line by line, beside what was booked.",
        service=SERVICES + "settlements_import",
        address="book-settlements",
        undo=Final("the provider says that it happened; a difference can be let go and taken back"),
        event=BOOKS_ONLY,
        mail=OURS,
        line=Why("the page of the payout tells of it"),
    ),
    Step(
        name="let a difference go",
        does="What the provider settled is right, and the books follow; within the limit of a role.",
        service=SERVICES + "difference_write_off",
        address="book-write-offs",
        undo=SERVICES + "write_off_undo",
        event=BOOKS_ONLY,
        mail=OURS,
        line="%(amount)s written off",
    ),
    Step(
        name="take a write-off back",
        does="By the opposite booking: the difference is there again.",
        service=SERVICES + "write_off_undo",
        address="book-write-off-undo",
        undo=SERVICES + "difference_write_off",
        event=BOOKS_ONLY,
        mail=OURS,
        line="Write-off of %(amount)s undone",
    ),
    Step(
        name="close days",
        does="Their figures stay as they are; what comes late is booked on the next open day.",
        service=SERVICES + "days_close",
        address="book-days",
        undo=Final("a figure that was handed out stays true; it is corrected on an open day"),
        event=BOOKS_ONLY,
        mail=Why("no customer's"),
        line=Why("no order's"),
    ),
)

TABLES = (Table("Books", STEPS),)
