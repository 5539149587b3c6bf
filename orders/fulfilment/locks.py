"""What is behind the lock of an order needs no other; a batch has one of its own, taken first."""

from orders.fulfilment.models import Batch


def batch_lock(pk: int) -> Batch | None:
    """Lock a batch, so that one worker at a time moves it on; None when it is gone."""
    return Batch.objects.select_for_update(of=("self",)).filter(pk=pk).first()
