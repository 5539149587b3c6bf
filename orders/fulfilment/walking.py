"""When a wave is done. Called wherever one of its orders stops waiting for its picker."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils import timezone

from orders.fulfilment.locks import waves_lock
from orders.fulfilment.models import Consignment, ConsignmentState, Wave, WaveState


def waves_close(ids: Iterable[int | None]) -> None:
    """Those of these waves in which nothing is left to pick are done. Under the lock of an order.

    Locked before it is looked at, so that of an order that joins (`joining.wave_join`) and the last
    one picked at once whoever comes second sees the other.
    """
    there = waves_lock(pk for pk in ids if pk)
    waiting = Consignment.objects.filter(wave=OuterRef("pk"), state=ConsignmentState.PICKING)
    rows = Wave.objects.filter(pk__in=there)
    rows.exclude(Exists(waiting)).update(state=WaveState.DONE, done_at=timezone.now())
