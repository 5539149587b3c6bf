"""The steps of a bank statement, and of money that goes back by a person's hand. See `shop.core.steps`."""

from shop.core.events import PaymentCaptured, PaymentRefunded
from shop.core.steps import Final, Step, Table, Why

SERVICES, USES = "payments.bank.services.", "payments.bank.uses."
PAYOUTS, UNDOING = "payments.bank.payouts.", "payments.bank.undoing."
BOOKS_ONLY = Why("only the books follow")
OURS = Why("between us and the bank")
NO_ORDER = Why("the line and the books tell of it, it is no order's")
NOT_BOOKED = Why("nothing is booked: the line waits, or does not any more")
PAID = ("order_paid", "order_confirmation")

LINES = (
    Step(
        name="take a statement in",
        does="Each line once; one that names a payment or a payout and is exactly that is booked at once.",
        service=SERVICES + "statement_take",
        address="bank-import",
        undo=Final("the bank says that it happened; what a line was taken for can be undone"),
        event=Why("of the payment that a line books"),
        mail=Why("of the payment that a line books"),
        line=Why("of the payment that a line books"),
    ),
    Step(
        name="assign what completes a payment",
        does="All of the payment's money is there: it is booked.",
        service=SERVICES + "bank_line_assign",
        address="bank-assign",
        undo=Final("it booked the payment; to send money back, the order is refunded"),
        event=PaymentCaptured,
        mail=PAID,
        line="Captured",
    ),
    Step(
        name="assign a part",
        does="It pays for an order as far as it goes; the rest is still missing.",
        service=SERVICES + "bank_line_assign",
        address="bank-assign",
        undo=UNDOING + "share_undo",
        event=NOT_BOOKED,
        mail=Why("the order is paid when all of it is there"),
        line=NOT_BOOKED,
    ),
    Step(
        name="take an assignment back",
        does="It paid for something else; only where it has booked no payment.",
        service=UNDOING + "share_undo",
        address="bank-undo",
        undo=SERVICES + "bank_line_assign",
        event=NOT_BOOKED,
        mail=NOT_BOOKED,
        line=NOT_BOOKED,
    ),
    Step(
        name="note as sent back",
        does="What is left of a line went back at the bank.",
        service=SERVICES + "bank_line_return",
        address="bank-return",
        undo=UNDOING + "return_undo",
        event=NOT_BOOKED,
        mail=OURS,
        line=NO_ORDER,
    ),
    Step(
        name="not sent back after all",
        does="What was noted as sent back waits again.",
        service=UNDOING + "return_undo",
        address="bank-undo",
        undo=SERVICES + "bank_line_return",
        event=NOT_BOOKED,
        mail=OURS,
        line=NO_ORDER,
    ),
    Step(
        name="say what it was",
        does="A provider's payout, a courier's cash, a fee, some cents, or nothing of ours: booked as that.",
        service=USES + "line_use",
        address="bank-use",
        undo=USES + "use_undo",
        event=BOOKS_ONLY,
        mail=OURS,
        line=NO_ORDER,
    ),
    Step(
        name="it was something else",
        does="Its booking is reversed, the line waits again.",
        service=USES + "use_undo",
        address="bank-undo",
        undo=USES + "line_use",
        event=BOOKS_ONLY,
        mail=OURS,
        line=NO_ORDER,
    ),
    Step(
        name="let a transfer be short",
        does="What is missing is written off, the payment counts as paid in full.",
        service="payments.bank.short.short_write_off",
        address="bank-short",
        undo="payments.ledger.services.write_off_undo",
        event=PaymentCaptured,
        mail=PAID,
        line="%(amount)s written off",
    ),
)

NAMED = Why("told when it is sent")
OUT = (
    Step(
        name="name the account",
        does="Where the money goes, as the customer said it on the telephone; kept sealed.",
        service=PAYOUTS + "account_tell",
        address="payout-account",
        undo=PAYOUTS + "account_tell",
        event=NAMED,
        mail=NAMED,
        line=NAMED,
    ),
    Step(
        name="put into a file",
        does="The transfers to make, for the bank; payers cannot name another account from now on.",
        service=PAYOUTS + "payouts_file",
        address="payout-file",
        undo=Final("the bank may have it; made once more it has the same transfers"),
        event=NAMED,
        mail=NAMED,
        line=NAMED,
    ),
    Step(
        name="say that it is sent",
        does="At the bank, or handed over: the books, the credit note and the mail follow.",
        service=PAYOUTS + "payout_send",
        address="payout-send",
        undo=PAYOUTS + "payout_unsend",
        event=PaymentRefunded,
        mail=("order_refunded",),
        line="Refunded",
    ),
    Step(
        name="find it on the statement",
        does="A line shows it leaving, to the cent; if nobody has said so it is sent now.",
        service=PAYOUTS + "payout_match",
        address="payout-match",
        undo=UNDOING + "payout_unmatch",
        event=PaymentRefunded,
        mail=("order_refunded",),
        line="Refunded",
    ),
    Step(
        name="another transfer",
        does="The line shows something else: what only the line had said waits to be sent again.",
        service=UNDOING + "payout_unmatch",
        address="bank-undo",
        undo=PAYOUTS + "payout_match",
        event=BOOKS_ONLY,
        mail=Why("the payer hears nothing twice; what the mail said will be true"),
        line="Not sent after all",
    ),
)

TABLES = (
    Table("Bank: what came and went", LINES),
    Table("Bank: what is sent back by hand", OUT),
)
