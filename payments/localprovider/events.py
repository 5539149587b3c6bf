"""What happened, written down for the webhooks."""

from typing import Any

from payments.localprovider.core import Provider
from payments.localprovider.faults import deliveries_plan


def emit(provider: Provider, event_type: str, snapshot: dict[str, Any]) -> None:
    """Record an event and plan its deliveries, in the transaction of its cause."""
    event = provider.store.add("events", type=event_type, object=snapshot)
    if not provider.config.webhook_url or not provider.config.is_told(event_type):
        return
    planned = deliveries_plan(provider.store, event_type)
    for delivery in planned:
        provider.store.add(
            "deliveries", event=event["id"], due_at=delivery.due_at, tamper=delivery.tamper
        )
    if not planned:
        provider.store.add(
            "deliveries", event=event["id"], due_at=event["created"], state="withheld"
        )
    provider.wake.set()
