"""Labels are locked behind their order, see docs/locking.md."""

from orders.carriers.models import Label, Manifest
from orders.locks import order_lock


def label_lock(label: Label) -> Label:
    """Lock the order and give the label's fresh row: every change of a label holds its order."""
    order = order_lock(order_id=label.order_id)
    fresh = Label.objects.select_related("shipment").get(pk=label.pk)
    fresh.order = order
    return fresh


def manifest_lock(manifest: Manifest) -> Manifest:
    """Behind the order of a label that goes onto it."""
    return Manifest.objects.select_for_update(of=("self",)).get(pk=manifest.pk)
