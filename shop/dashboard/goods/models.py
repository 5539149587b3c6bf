"""When products go on and off sale, who changed them last, and work on many of them at once."""

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProductPlan(models.Model):
    """One row beside a family: what the clock will do to it, and which version the desk shows.

    ``Product.is_public`` stays the truth of what shoppers see. ``starts_at`` and ``ends_at`` are
    moments to come; the clock clears each when it has done it. ``version`` grows with every change
    made at the desk, so that an editor who saw an older one is told.
    """

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, primary_key=True, related_name="plan"
    )
    starts_at = models.DateTimeField(_("On sale from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("On sale until"), null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    made_by_form = models.UUIDField(
        null=True,
        blank=True,
        unique=True,
        help_text="the form that copied it, so that it counts once",
    )
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                name="plan_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True)
                | Q(starts_at__isnull=True, ends_at__isnull=True),
                name="plan_archived_has_no_dates",
            ),
        ]
        indexes = [
            models.Index(
                fields=["starts_at"], condition=Q(starts_at__isnull=False), name="plan_starts"
            ),
            models.Index(fields=["ends_at"], condition=Q(ends_at__isnull=False), name="plan_ends"),
        ]


class JobKind(models.TextChoices):
    BULK = "bulk", _("Change of many products")
    IMPORT = "import", _("Import")


class JobState(models.TextChoices):
    """``NEW`` waits for a choice, ``PLANNED`` for a yes."""

    NEW = "new", _("To be set up")
    CHECKING = "checking", _("Being checked")
    PLANNED = "planned", _("Checked, nothing changed yet")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


#: From each state, the states that may follow.
NEXT = {
    JobState.NEW: (JobState.CHECKING, JobState.CANCELLED),
    JobState.CHECKING: (JobState.PLANNED, JobState.NEW, JobState.CANCELLED),
    JobState.PLANNED: (JobState.NEW, JobState.RUNNING, JobState.CANCELLED),
    JobState.RUNNING: (JobState.DONE,),
    JobState.DONE: (),
    JobState.CANCELLED: (),
}


def private_storage() -> object:
    return storages["private"]


class Job(models.Model):
    """Work on many products: set up, checked row by row, agreed to, done row by row.

    ``told``: what is to be done, e.g. ``{"action": "price", "percent": "-10"}`` or the mapping of
    columns. ``key`` is the form's, so that a second submit is the same job.
    """

    kind = models.CharField(max_length=10, choices=JobKind.choices)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.NEW)
    told = models.JSONField(default=dict)
    file = models.FileField(upload_to="imports/", storage=private_storage, blank=True)
    name = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(default=timezone.now, help_text="when it last moved on")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_done_within_total"),
        ]

    @property
    def is_moving(self) -> bool:
        return self.state in (JobState.CHECKING, JobState.RUNNING)


class Outcome(models.TextChoices):
    """``WAITING`` has not been looked at. The next three are also what a check foretells."""

    WAITING = "waiting", _("Waiting")
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("As it was")
    WRONG = "wrong", _("Not possible")


class JobRow(models.Model):
    """One product of a change, or one row of a file (``number`` as a spreadsheet counts)."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    label = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=500, blank=True)
    data = models.JSONField(null=True, blank=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="job_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="job_row_outcome_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["job", "number"], condition=Q(is_done=False), name="job_row_to_do"
            ),
            models.Index(fields=["job", "outcome", "number"], name="job_row_by_outcome"),
        ]
