"""The same sent again, for nothing: a parcel that was lost, or what was missing or broken in it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused
from orders.fulfilment.models import PARCEL_KINDS, Outcome, Shipment, Trouble
from orders.fulfilment.troubles import trouble_close
from orders.locks import order_lock
from orders.models import Order
from orders.returns.models import LinkedOrder
from orders.returns.services.linking import Thing, order_follow
from orders.returns.states import LinkKind
from orders.services.paying import order_settle_without_money
from shop.core.locks import retry_on_conflict
from supply.exceptions import OutOfStock


@retry_on_conflict
@transaction.atomic
def parcel_again(*, parcel: Shipment, user: Any) -> LinkedOrder:
    """All that was in a parcel that left. Twice is once; its exceptions end with it.

    Raises ``StepRefused``, whose message is for the clerk, where something is not to be had.
    """
    of = order_lock(order_id=parcel.order_id)
    known = LinkedOrder.objects.filter(parcel=parcel).first()
    if known is not None:
        return known
    if parcel.shipped_at is None:
        raise StepRefused(_("This parcel has not left yet."))
    units = {line.order_line_id: line.quantity for line in parcel.lines.all()}
    made = units_again(of, units=units, parcel=parcel, user=user)
    open_rows = Trouble.objects.filter(
        shipment=parcel, closed_at__isnull=True, kind__in=PARCEL_KINDS
    )
    for trouble in open_rows:
        trouble_close(trouble=trouble, outcome=Outcome.AGAIN, words=made.order.number, user=user)
    return made


def units_again(
    of: Order, *, units: Mapping[int, int], parcel: Shipment | None = None, user: Any = None
) -> LinkedOrder:
    """So many units of its lines, by id. Under the order's lock. Raises ``StepRefused``."""
    rows = of.lines.select_related("product__parent").filter(pk__in=units).order_by("pk")
    things = []
    for line in rows:
        if line.product is None or not line.product.stockrecords.exists():
            raise StepRefused(_("“%(title)s” is not sold any more.") % {"title": line.title})
        things.append(Thing(line.product, units[line.pk], line.tax_code))
    if not things:
        raise StepRefused(_("There is nothing to send."))
    try:
        made = order_follow(of=of, things=things, kind=LinkKind.AGAIN, parcel=parcel, user=user)
    except OutOfStock as error:
        raise StepRefused(_("There are not enough of it left. Offer the money instead.")) from error
    order_settle_without_money(made.order)
    return made
