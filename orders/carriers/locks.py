"""Labels are locked behind their order, see docs/locking.md."""

from orders.carriers.models import Label
from orders.locks import order_lock


def label_lock(label: Label) -> Label:
    """Lock the order and give the label's fresh row: every change of a label holds its order."""
    order = order_lock(order_id=label.order_id)
    fresh = Label.objects.select_related("shipment").get(pk=label.pk)
    fresh.order = order
    return fresh
