"""Another address for the invoice of an order, until the invoice is written."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from orders.checkout.countries import address_lines, invoice_fields
from orders.exceptions import EditRefused
from orders.life.editing import refuse_what_is_packed, told
from orders.life.models import EventKind, OrderEvent
from orders.locks import order_lock
from orders.models import BillingAddress, Order
from orders.papers.selectors import invoice_number
from shop.core.locks import retry_on_conflict

SAME = "same"  # facts["step"]: the invoice has no address of its own any more


@retry_on_conflict
def order_invoice_address_edit(
    *, order: Order, columns: Mapping[str, Any] | None, key: UUID, user: Any = None
) -> bool:
    """Write the invoice for somebody else; with ``columns`` None for who gets the parcel, as usual.

    False when this ``key`` was done before. Raises ``EditRefused`` with words for the clerk: what is
    issued is never changed.
    """
    order = order_lock(order_id=order.pk)
    if OrderEvent.objects.filter(key=key).exists():
        return False
    refuse_what_is_packed(order)
    refuse_what_is_invoiced(order)
    address = order.billing_address
    if (invoice_fields(address) if address else None) == columns:
        raise EditRefused(_("Nothing is different."))
    facts: dict[str, Any] = {"was": []}
    if address is not None:
        with translation.override("en"):
            facts["was"] = [*address_lines(address)[:-1], address.country_id]
    if columns is None:
        facts["step"] = SAME
        order.billing_address = None
        order.save(update_fields=["billing_address"])
        address.delete()
    elif address is None:
        order.billing_address = BillingAddress.objects.create(**columns)
        order.save(update_fields=["billing_address"])
    else:
        for name, value in columns.items():
            setattr(address, name, value)
        address.save()
    told(order, EventKind.INVOICE, facts, key, user)
    return True


def refuse_what_is_invoiced(order: Order) -> None:
    if number := invoice_number(order):
        text = _("Invoice %(number)s is issued already, and an issued paper never changes.")
        raise EditRefused(text % {"number": number})
