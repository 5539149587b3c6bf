"""Paying with gift cards, store credit and points, in the transaction that writes the order."""

from collections.abc import Sequence

from orders.models import Order
from payments.gateways import gateway
from payments.models import PaymentIntent, tender
from payments.services import intent_create, intent_move
from payments.wallets.kinds import GATEWAY
from payments.wallets.models import WalletKind
from payments.wallets.services import use_write
from payments.wallets.worth import Tender


def tenders_book(
    *, order: Order, tenders: Sequence[Tender], email: str, language: str
) -> list[PaymentIntent]:
    """One captured payment for each wallet that pays a part; what it pays with is taken already.

    In the order in which wallets are used up, so that the newest payment is the first to go back.
    """
    made = []
    for number, one in enumerate(tenders, start=1):
        intent = intent_create(
            order_number=order.number,
            part=tender(number),
            gateway_code=GATEWAY[WalletKind(one.kind)],
            amount=one.amount,
            currency=order.currency,
            email=email,
            language=language,
        )
        use_write(intent=intent, tender=one)
        taken = gateway(intent.gateway).capture(intent, intent.amount)
        made.append(intent_move(intent_id=intent.pk, provider=taken, source="shop"))
    return made
