"""Work on many products: set up, checked, agreed to, done. What is done to each is its kind's."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.pricing.services import prices_change_by
from catalog.refresh import refreshing
from shop.core.audit.acting import acting
from shop.core.audit.models import Origin
from shop.core.bulk import rows_update
from shop.core.locks import is_conflict, retry_on_conflict
from shop.dashboard.goods.exceptions import JobRefused, RowRefused
from shop.dashboard.goods.locks import job_lock
from shop.dashboard.goods.models import NEXT, Job, JobKind, JobRow, JobState, Outcome

logger = logging.getLogger(__name__)

STUCK = timezone.timedelta(seconds=60)  # without a step: its worker is gone
KEPT = timezone.timedelta(days=30)
MESSAGE_MOST = 500  # letters


class Work(Protocol):
    """What a kind of job does. ``job.told`` says what."""

    chunk: int  # rows of one transaction

    def read(self, job: Job) -> None:
        """Before the check: make the rows that are to be looked at. Raises ``JobRefused``."""

    def check(self, job: Job, rows: Sequence[JobRow]) -> None:
        """Foretell ``outcome``, ``before``, ``after`` and ``message`` of these rows; write nothing."""

    def run(self, job: Job, rows: Sequence[JobRow]) -> None:
        """Do these rows and say their outcome, inside one transaction."""


_works: dict[str, Work] = {}


def work_register(kind: str, work: Work) -> None:
    _works[kind] = work


def job_make(
    *,
    kind: JobKind,
    told: dict[str, Any],
    key: UUID,
    user_id: int,
    name: str = "",
    file: File | None = None,
    product_ids: Sequence[int] = (),
) -> Job:
    """Begin a job, with a row for each of ``product_ids``. The same ``key`` is the same job."""
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "told": told,
                "name": name[:200],
                "created_by_id": user_id,
                "total": len(product_ids),
            },
        )
        if is_new and file is not None:
            job.file.save(f"{key}.bin", file)
        if is_new:
            JobRow.objects.bulk_create(
                [
                    JobRow(job=job, number=number, product_id=pk)
                    for number, pk in enumerate(product_ids, start=1)
                ],
                batch_size=2000,
            )
    return job


@retry_on_conflict
@transaction.atomic
def job_step(*, pk: int, state: JobState, told: dict[str, Any] | None = None) -> Job:
    """Let a job take its next state. Raises ``JobRefused`` when it is not there to be taken."""
    job = job_lock(pk)
    if job is None or state not in NEXT[JobState(job.state)]:
        raise JobRefused(_("This is over already; look at how it stands now."))
    if told is not None:
        job.told = told
    if state in (JobState.CHECKING, JobState.NEW):
        job.problem, job.done = "", 0
        job.rows.update(is_done=False)
    if state == JobState.RUNNING:
        job.started_at, job.done = timezone.now(), 0
        job.rows.exclude(outcome__in=(Outcome.WRONG, Outcome.SAME)).update(is_done=False)
        job.done = job.rows.filter(is_done=True).count()
    if state == JobState.CANCELLED:
        job.ended_at = timezone.now()
    job.state, job.beat_at = state, timezone.now()
    job.save()
    return job


def job_move(*, pk: int) -> bool:
    """Take a checking or running job to the end of its step, some rows at a time.

    Each portion is one transaction, so a killed worker leaves whole portions, and the next goes on
    where it stopped. False when there is nothing to move.
    """
    moved = False
    while _portion(pk=pk):
        moved = True
    return moved


@retry_on_conflict
@transaction.atomic
def _portion(*, pk: int) -> bool:
    job = job_lock(pk)
    if job is None or not job.is_moving:
        return False
    work = _works[job.kind]
    with override(job.told.get("language")):
        if job.state == JobState.CHECKING and not job.told.get("is_read"):
            return _read(job, work)
        rows = list(
            job.rows.filter(is_done=False)
            .select_related("product")
            .order_by("number")[: work.chunk]
        )
        if rows and job.state == JobState.CHECKING:
            try:
                work.check(job, rows)
            except JobRefused as refusal:
                return _choose_again(job, refusal)
        elif rows:
            _run(job, work, rows)
    for row in rows:
        row.is_done = True
        row.message = row.message[:MESSAGE_MOST]
    rows_update(
        rows, ["product", "label", "outcome", "before", "after", "message", "data", "is_done"]
    )
    job.done += len(rows)
    job.beat_at = timezone.now()
    if len(rows) < work.chunk:
        is_check = job.state == JobState.CHECKING
        job.state = JobState.PLANNED if is_check else JobState.DONE
        if not is_check:
            job.ended_at = timezone.now()
    job.save(update_fields=["done", "beat_at", "state", "ended_at"])
    return bool(rows)


def _read(job: Job, work: Work) -> bool:
    try:
        work.read(job)
    except JobRefused as refusal:
        return _choose_again(job, refusal)
    job.told["is_read"] = True
    job.beat_at = timezone.now()
    job.save()
    return True


def _choose_again(job: Job, refusal: JobRefused) -> bool:
    job.state, job.problem = JobState.NEW, str(refusal)[:300]
    job.beat_at = timezone.now()
    job.save()
    return False


def _run(job: Job, work: Work, rows: Sequence[JobRow]) -> None:
    """All in one go; if one row breaks it, each for itself, so that only that one is left out.

    After a collision of locks the portion is tried again as a whole.
    """
    before = [(row.outcome, row.message) for row in rows]
    try:
        with _cause(job), refreshing(), transaction.atomic():
            work.run(job, rows)
        return
    except (JobRefused, RowRefused):
        pass
    except Exception as error:
        if _is_of_now(error):
            raise
        logger.exception("job %s: a portion failed, its rows are done one by one", job.pk)
    with _cause(job), refreshing():
        for row, (outcome, message) in zip(rows, before, strict=True):
            row.outcome, row.message = outcome, message
            try:
                with transaction.atomic():
                    work.run(job, [row])
            except (JobRefused, RowRefused) as refusal:
                row.outcome, row.message = Outcome.WRONG, str(refusal)
            except Exception as error:
                if _is_of_now(error):
                    raise
                logger.exception("job %s: row %s failed", job.pk, row.number)
                row.outcome = Outcome.WRONG
                row.message = _("This could not be done; the shop's log says why.")


def _is_of_now(error: Exception) -> bool:
    """Whether it is no row's fault, so that the portion can be done later."""
    return is_conflict(error) or isinstance(error, SoftTimeLimitExceeded)


@contextmanager
def _cause(job: Job) -> Iterator[None]:
    """Outside of `refreshing`, which writes the price history at its end."""
    who, place = job.created_by_id, f"job:{job.pk}"
    with acting(user_id=who, place=place, origin=Origin.TASK), prices_change_by(place, user_id=who):
        yield


def jobs_stuck() -> list[int]:
    """Jobs that should move and have not for a minute."""
    rows = Job.objects.filter(
        state__in=(JobState.CHECKING, JobState.RUNNING), beat_at__lt=timezone.now() - STUCK
    )
    return list(rows.values_list("pk", flat=True)[:20])


def jobs_forget() -> int:
    """Nightly: jobs of a month ago go, with their files."""
    old = list(Job.objects.filter(created_at__lt=timezone.now() - KEPT)[:200])
    for job in old:
        if job.file:
            job.file.delete(save=False)
        job.delete()
    return len(old)
