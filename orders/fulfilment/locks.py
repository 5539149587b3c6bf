"""What is behind the lock of an order needs no other. A batch has one of its own, taken first; a wave one
for whoever adds to it or closes it, behind that of the order."""

from collections.abc import Iterable

from orders.fulfilment.models import Batch, Wave, WaveState


def batch_lock(pk: int) -> Batch | None:
    """Lock a batch, so that one worker at a time moves it on; None when it is gone."""
    return Batch.objects.select_for_update(of=("self",)).filter(pk=pk).first()


def waves_lock(ids: Iterable[int]) -> list[int]:
    """Lock those of these waves that are open, by key; which they are."""
    rows = Wave.objects.filter(pk__in=set(ids), state=WaveState.OPEN).order_by("pk")
    return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
