"""Reading money."""

from django.db.models import Prefetch, QuerySet

from payments.models import PaymentEntry, PaymentIntent, Refund


def intents_of_order(order_number: str) -> QuerySet[PaymentIntent]:
    """All intents of an order, newest first, with entries and refunds. Three queries."""
    return (
        PaymentIntent.objects.filter(order_number=order_number)
        .prefetch_related(
            Prefetch("entries", PaymentEntry.objects.order_by("happened_at", "pk")),
            Prefetch("refunds", Refund.objects.order_by("created_at", "pk")),
        )
        .order_by("-pk")
    )


def intent_of_order(order_number: str) -> PaymentIntent | None:
    """The newest intent of an order, if it has one (an order of nothing has none)."""
    return intents_of_order(order_number).first()
