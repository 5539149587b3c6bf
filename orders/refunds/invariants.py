"""What `manage.py verify` checks about money that somebody asked to send back."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from orders.life.models import EventKind
from orders.refunds.models import RefundRequest, RefundRequestLine, RequestState
from orders.refunds.selectors import COUNTED
from payments.models import Refund
from shop.core.money import ZERO
from shop.core.verify import invariant


@invariant("refunds: what was approved was sent, what was not was not, parts add up")
def requests_are_sent() -> Iterator[str]:
    rows = RefundRequest.objects.annotate(
        parts=Coalesce(Sum("lines__amount"), ZERO) + F("delivery")
    )
    keys = {}
    for asked in rows.select_related("order", "back"):
        if asked.back is None or asked.state == RequestState.APPROVED:
            keys[asked.refund_key] = asked
        if asked.parts and asked.parts != asked.amount:
            yield f"{asked.order.number}: {asked.amount} asked for, parts {asked.parts}"
    sent: dict[str, Decimal] = {}
    of_returns = [key for key, asked in keys.items() if asked.back]
    whole = Q(key__startswith="asked-") | Q(key__in=of_returns)
    more = Q(key__regex=r"^return-[^+]+\+[0-9]+$") if of_returns else Q(pk=None)
    made = Refund.objects.filter(whole | more).values_list("key", "amount")
    for key, amount in made:
        own = key.partition("+")[0]
        if own.startswith("return-") and own not in keys:
            continue  # within the limit of who paid it
        sent[own] = sent.get(own, ZERO) + amount
    for key, asked in keys.items():
        wanted = asked.amount if asked.state == RequestState.APPROVED else ZERO
        if sent.pop(key, ZERO) != wanted:
            yield f"{asked.order.number}: {asked.state}, {wanted} to send, another sum was sent"
    for key in sent:
        yield f"refund {key} was asked for by nobody"


@invariant("refunds: no line gives back more than it cost")
def lines_within_their_price() -> Iterator[str]:
    asked = (
        RefundRequestLine.objects.filter(request__state__in=COUNTED)
        .exclude(order_line__order__events__kind=EventKind.LINES)  # it was cut since, maybe
        .order_by()
        .values("order_line", "order_line__order__number", "order_line__line_price_incl_tax")
        .annotate(sum=Sum("amount"))
        .filter(sum__gt=F("order_line__line_price_incl_tax"))
    )
    for row in asked:
        yield f"{row['order_line__order__number']}: {row['sum']} of {row['order_line__line_price_incl_tax']}"
