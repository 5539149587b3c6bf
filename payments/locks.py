"""The only place that locks payment intents; after the order, before everything else."""

from payments.models import PaymentIntent


def intent_lock(intent_id: int) -> PaymentIntent:
    """Lock one intent and return its fresh row."""
    return PaymentIntent.objects.select_for_update(of=("self",)).get(pk=intent_id)
