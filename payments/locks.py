"""The only place that locks payment intents; after the order, before everything else."""

from collections.abc import Iterable

from payments.models import PaymentIntent
from shop.core.prepared import INTEGER, Prepared


def intent_lock(intent_id: int) -> PaymentIntent:
    """Lock one intent and return its fresh row. Raises ``PaymentIntent.DoesNotExist``."""
    for intent in _intent.read(pk=intent_id):
        return intent
    raise PaymentIntent.DoesNotExist


def intents_lock(intent_ids: Iterable[int]) -> None:
    """Lock several by their keys, in one statement."""
    rows = PaymentIntent.objects.select_for_update(of=("self",)).filter(pk__in=set(intent_ids))
    list(rows.order_by("pk").values_list("pk"))


_intent: Prepared[PaymentIntent] = Prepared(
    lambda pk: PaymentIntent.objects.select_for_update(of=("self",)).filter(pk=pk), pk=INTEGER
)
