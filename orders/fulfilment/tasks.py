"""Work on many orders beside the request. All is safe to run twice and side by side."""

from celery import shared_task

from orders.fulfilment import batches

SLOW_SECONDS = 1800


@shared_task(acks_late=True, time_limit=SLOW_SECONDS, soft_time_limit=SLOW_SECONDS - 60)
def batch_move(pk: int) -> bool:
    """Take a batch as far as it goes."""
    return batches.batch_move(pk=pk)


@shared_task(acks_late=True)
def batches_mend() -> int:
    """By the clock: batches whose worker died, or that the queue lost."""
    stuck = batches.batches_stuck()
    for pk in stuck:
        batch_move.delay(pk)
    return len(stuck)
