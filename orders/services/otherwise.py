"""Another way to pay for what waits: the shopper came back from a provider's page without paying."""

from django.utils import timezone

from orders.additions.services import ways_to_pay
from orders.life.asking import waiting_at_provider
from orders.locks import order_lock
from orders.models import Order
from orders.services.taking import is_to_be_taken_at_shipment
from payments.models import PaymentIntent
from payments.selectors import intents_read
from payments.services import intent_cancel_request, intent_create
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def order_pay_with(*, order: Order, gateway_code: str) -> PaymentIntent | None:
    """The payment through the way that the shopper now chose; to be opened by the caller.

    What was begun another way is given up; if that is paid all the same, what came twice goes back.
    The things are held as long as before: nobody keeps them by choosing again and again. None if
    nothing waits at a provider's page any more, or that way is not offered.
    """
    order = order_lock(order_id=order.pk)
    begun = waiting_at_provider(order, intents_read(order.number))
    if begun is None or (begun.expires_at and begun.expires_at <= timezone.now()):
        return None
    if gateway_code not in {one.code for one in ways_to_pay(order)}:
        return None
    if begun.gateway == gateway_code:
        return begun
    intent_cancel_request(intent=begun)
    order.facts.payment_method = gateway_code
    order.facts.save(update_fields=["payment_method"])
    return intent_create(
        order_number=order.number,
        part=begun.part,
        gateway_code=gateway_code,
        amount=begun.amount,
        currency=begun.currency,
        email=begun.email,
        language=begun.language,
        is_taken_at_shipment=is_to_be_taken_at_shipment(gateway_code, order.lines.all()),
        expires_at=begun.expires_at,
    )
