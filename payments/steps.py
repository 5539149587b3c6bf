"""The steps of a payment intent, of what is taken of it in parts, and of a refund. See `shop.core.steps`."""

from payments.models import (
    CAPTURE_NEXT,
    NEXT,
    REFUND_NEXT,
    CaptureState,
    IntentState,
    RefundState,
)
from shop.core.events import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    RefundAccountAsked,
)
from shop.core.steps import Final, Step, Table, Why

NEW, OPEN, AUTHORISED = IntentState.NEW, IntentState.OPEN, IntentState.AUTHORISED
CAPTURED, CANCELLING = IntentState.CAPTURED, IntentState.CANCELLING
CANCELLED, FAILED = IntentState.CANCELLED, IntentState.FAILED

MOVE = "payments.services.intents.intent_move"
PROVIDER = Why("the provider: the shopper's return, a webhook or the reconciler that asks")
THEIR_WORD = Final("the provider's word")

INTENTS = (
    Step(
        name="ask",
        does="The wish to be paid, written with its order.",
        service="payments.services.intent_create",
        address=Why("with the order, or what is added to it"),
        undo="payments.services.intent_cancel_request",
        event=Why("its order tells of it"),
        mail=Why("the order's own mail says how to pay"),
        line="Payment of %(amount)s asked for",
        moves=(("", NEW),),
    ),
    Step(
        name="open",
        does="The gateway knows it; the shopper can pay.",
        service="payments.services.intent_open",
        address=Why("the shop, as the shopper goes on to pay"),
        undo="payments.services.intent_cancel_request",
        event=Why("nothing has come yet"),
        mail=Why("nothing has come yet"),
        line=Why("between us and the provider"),
        moves=((NEW, OPEN),),
    ),
    Step(
        name="authorise",
        does="Money is promised: it is taken as the goods leave, or at the door.",
        service=MOVE,
        address=PROVIDER,
        undo="payments.services.intent_cancel_request",
        event=PaymentAuthorised,
        mail=("order_confirmation",),
        line="Authorised",
        moves=((NEW, AUTHORISED), (OPEN, AUTHORISED)),
    ),
    Step(
        name="capture",
        does="Money has come; finance books a transfer, the shop takes what was promised.",
        service="payments.bank.services.payment_book",
        address="order-payment-book",
        undo="payments.services.refund_request",
        event=PaymentCaptured,
        mail=("order_paid", "order_confirmation"),
        line="Captured",
        moves=((NEW, CAPTURED), (OPEN, CAPTURED), (AUTHORISED, CAPTURED)),
    ),
    Step(
        name="capture late",
        does="Money came although it was given up: it is kept if the order can still have it, else it goes back.",
        service=MOVE,
        address=PROVIDER,
        undo="payments.services.refund_request",
        event=PaymentCaptured,
        mail=("order_paid", "order_confirmation", "order_refunded"),
        line="Captured",
        moves=((CANCELLING, CAPTURED), (CANCELLED, CAPTURED), (FAILED, CAPTURED)),
    ),
    Step(
        name="give up",
        does="The money is not wanted any more; the provider is told in a moment.",
        service="payments.services.intent_cancel_request",
        address=Why("with the order that is cancelled or edited, or expires"),
        undo=Final("another payment is asked for; money that comes all the same is not lost"),
        event=Why("told when the provider has answered"),
        mail=Why("the order's own mail tells of it"),
        line=Why("told when the provider has answered"),
        moves=((NEW, CANCELLING), (OPEN, CANCELLING), (AUTHORISED, CANCELLING)),
    ),
    Step(
        name="cancel",
        does="It ended without money; what was held is released.",
        service=MOVE,
        address=PROVIDER,
        undo=Final("another payment is asked for; money that comes all the same is not lost"),
        event=PaymentFailed,
        mail=("order_cancelled",),
        line="Cancelled",
        moves=(
            (NEW, CANCELLED),
            (OPEN, CANCELLED),
            (AUTHORISED, CANCELLED),
            (CANCELLING, CANCELLED),
        ),
    ),
    Step(
        name="refuse",
        does="The provider will not pay it.",
        service=MOVE,
        address=PROVIDER,
        undo=THEIR_WORD,
        event=PaymentFailed,
        mail=("order_cancelled",),
        line="Refused",
        moves=((NEW, FAILED), (OPEN, FAILED), (AUTHORISED, FAILED), (CANCELLING, FAILED)),
    ),
)

TAKE = "payments.services.captures."
TOLD_WHEN_TAKEN = Why("told when it is taken")
UNTOLD = Why("between us and the provider; the goods are on their way")
CAPTURES = (
    Step(
        name="decide",
        does="So much of what was promised is to be taken, as a parcel leaves; written before the provider is asked.",
        service=TAKE + "capture_request",
        address=Why("with the parcel that leaves, or the rest that is cancelled"),
        undo=Final("it is taken in a moment; what was taken is refunded"),
        event=TOLD_WHEN_TAKEN,
        mail=UNTOLD,
        line=TOLD_WHEN_TAKEN,
        moves=(("", CaptureState.PENDING),),
    ),
    Step(
        name="take",
        does="The provider gave it; the last one releases what is not taken.",
        service=TAKE + "capture_send",
        address=Why("as the parcel leaves, and the clock after a provider that did not answer"),
        undo="payments.services.refund_request",
        event=PaymentCaptured,
        mail=UNTOLD,
        line="Captured",
        moves=((CaptureState.PENDING, CaptureState.DONE),),
    ),
    Step(
        name="not taken",
        does="The provider refused, or its authorisation ended: finance has a problem to settle.",
        service=TAKE + "capture_send",
        address=THEIR_WORD,
        undo=TAKE + "capture_again",
        event=Why("finance sees it among its problems"),
        mail=UNTOLD,
        line="%(amount)s could not be taken as a parcel left",
        moves=((CaptureState.PENDING, CaptureState.REFUSED),),
    ),
    Step(
        name="take once more",
        does="Somebody asks again for what was refused.",
        service=TAKE + "capture_again",
        address="capture-retry",
        undo=Final("it is taken in a moment; what was taken is refunded"),
        event=TOLD_WHEN_TAKEN,
        mail=UNTOLD,
        line=TOLD_WHEN_TAKEN,
        moves=((CaptureState.REFUSED, CaptureState.PENDING),),
    ),
)

DESK = (
    Step(
        name="ask the provider",
        does="How it stands; what is news is booked as a webhook would.",
        service="payments.services.intents.intent_refresh",
        address="payment-refresh",
        undo=Final("asking changes nothing; what is known then is the provider's word"),
        event=Why("of what is known then"),
        mail=Why("of what is known then"),
        line=Why("of what is known then"),
    ),
    Step(
        name="settle a problem",
        does="Somebody has looked: it leaves the list of problems.",
        service="payments.services.problems.problem_clear",
        address="payment-settle",
        undo=Final("the audit trail keeps what it was; what is still wrong is noted again"),
        event=Why("no other area waits for it"),
        mail=Why("between us and the provider"),
        line=Why("what was done about it has its own line"),
    ),
)

PENDING, DONE, REFUSED = RefundState.PENDING, RefundState.DONE, RefundState.REFUSED
REFUNDS = (
    Step(
        name="ask back",
        does="The row is written before the provider is asked; what no provider sends asks the payer for an account.",
        service="payments.services.refund_request",
        address=Why("with a refund, a return, a cancellation or an edit of the order"),
        undo=Final("the money leaves in a moment; the payer can only be asked to pay anew"),
        event=RefundAccountAsked,
        mail=("order_refund_account",),
        line="Refund of %(amount)s: %(state)s",
        moves=(("", PENDING),),
    ),
    Step(
        name="send back",
        does="The provider confirmed it, or finance sent it at the bank.",
        service="payments.services.refund_send",
        address=Why("the clock; what finance sends by hand is a payout"),
        undo=Final(
            "the money is the payer's; only a payout that was marked by mistake is taken back"
        ),
        event=PaymentRefunded,
        mail=("order_refunded",),
        line="Refunded",
        moves=((PENDING, DONE),),
    ),
    Step(
        name="not sent after all",
        does="Finance had marked a payout as sent by mistake, and no statement shows it: it is owed again.",
        service="payments.bank.payouts.payout_unsend",
        address="payout-unsend",
        undo="payments.bank.payouts.payout_send",
        event=Why("nothing follows: it is sent as it would have been"),
        mail=Why("the payer hears nothing twice; what the mail said will be true"),
        line="Not sent after all",
        moves=((DONE, PENDING),),
    ),
    Step(
        name="refused",
        does="The provider will not send it: the amount is free again, and finance has a problem to settle.",
        service="payments.services.refund_send",
        address=THEIR_WORD,
        undo="payments.services.problems.refund_again",
        event=Why("finance sees it among its problems"),
        mail=Why("the payer hears when it is on its way"),
        line="Refund of %(amount)s: %(state)s",
        moves=((PENDING, REFUSED),),
    ),
    Step(
        name="ask once more",
        does="Finance sends again what was refused.",
        service="payments.services.problems.refund_again",
        address="refund-retry",
        undo=Final("it is sent in a moment"),
        event=Why("told when it is confirmed"),
        mail=Why("the payer hears when it is confirmed"),
        line="Refund of %(amount)s: %(state)s",
    ),
)

TABLES = (
    Table("Payments: intents", INTENTS, NEXT),
    Table("Payments: taken in parts", CAPTURES, CAPTURE_NEXT),
    Table("Payments: refunds", REFUNDS, REFUND_NEXT),
    Table("Payments: beside their states", DESK),
)
