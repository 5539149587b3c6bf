"""What `manage.py verify` checks about orders that wait for a look."""

from collections.abc import Iterator

from django.db.models import F

from orders.fraud.models import CheckState, FraudCheck
from orders.life.selectors import orders_held
from orders.states import OrderState
from shop.core.models import OutboxDelivery
from shop.core.verify import invariant


@invariant("fraud: an order that waits for a look is on hold")
def waiting_are_held() -> Iterator[str]:
    loose = FraudCheck.objects.filter(state=CheckState.HELD).exclude(
        order__in=orders_held().values("pk")
    )
    on_the_way = OutboxDelivery.objects.filter(
        delivered_at__isnull=True, handler__contains="orders.fraud"
    )
    if on_the_way.exists():
        return  # a release or a cancellation of which the check hears in a moment
    for check in loose.select_related("order"):
        yield f"order {check.order.number}: to be looked at, and nothing holds it"


@invariant("fraud: who was declined gets nothing")
def declined_are_cancelled() -> Iterator[str]:
    rows = FraudCheck.objects.filter(state=CheckState.DECLINED)
    for check in rows.exclude(order__status=OrderState.CANCELLED).select_related("order"):
        yield f"order {check.order.number}: declined, and {check.order.status}"


@invariant("fraud: a score is the sum of its reasons, 100 at most")
def scores_add_up() -> Iterator[str]:
    for check in FraudCheck.objects.exclude(score=0).annotate(number=F("order__number")):
        whole = min(100, sum(reason["weight"] for reason in check.reasons))
        if whole != check.score and check.reasons[0]["code"] not in ("blocked", "trusted"):
            yield f"order {check.number}: score {check.score}, reasons say {whole}"
