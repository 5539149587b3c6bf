"""Work on many products beside the request. All is safe to run twice and side by side."""

from celery import shared_task

from shop.dashboard.goods import jobs, plans

SLOW_SECONDS = 1800  # for very large files


@shared_task(acks_late=True)
def plans_follow() -> int:
    """Every few seconds: products whose moment has come go on or off sale."""
    return plans.plans_follow()


@shared_task(acks_late=True, time_limit=SLOW_SECONDS, soft_time_limit=SLOW_SECONDS - 60)
def job_move(pk: int) -> bool:
    """Take a job as far as it goes by itself. False: nothing to do, or another worker is at it."""
    return jobs.job_move(pk=pk)


@shared_task(acks_late=True)
def jobs_mend() -> int:
    """By the clock: jobs whose worker died, or that the queue lost."""
    stuck = jobs.jobs_stuck()
    for pk in stuck:
        job_move.delay(pk)
    return len(stuck)


@shared_task(acks_late=True)
def jobs_forget() -> int:
    """Nightly: jobs of a month ago, with their files."""
    return jobs.jobs_forget()
