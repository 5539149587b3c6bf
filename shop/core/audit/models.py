"""The audit trail. The database adds rows to it and refuses every other change of them."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    ADD = "add", _("added")
    CHANGE = "change", _("changed")
    REMOVE = "remove", _("removed")
    SIGN_IN = "sign-in", _("signed in")
    SIGN_IN_FAILED = "failed", _("sign-in failed")
    SIGN_OUT = "sign-out", _("signed out")
    EXPORT = "export", _("exported")
    REVEAL = "reveal", _("revealed")
    REVIEW = "review", _("reviewed")
    LOAD = "load", _("loaded in bulk")


class Origin(models.TextChoices):
    """By what way a change came in."""

    OFFICE = "office", _("back office")
    TASK = "task", _("work in the background")
    DATABASE = "database", _("shop or database, nobody signed in")


class Entry(models.Model):
    """One thing that somebody did. ``old`` and ``new`` hold the columns that changed.

    ``actor`` is the key of who did it, without a foreign key, so that it outlives the person.
    ``address`` is shortened to its network. ``subject`` is what the row belongs to, as
    ``label:key``: the price of a product is found under the product.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    request = models.UUIDField(null=True, blank=True, help_text="the same for all of one request")
    actor = models.BigIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    address = models.CharField(max_length=45, blank=True)
    place = models.CharField(max_length=200, blank=True, help_text="name of the page or process")
    action = models.CharField(max_length=12, choices=Action.choices)
    label = models.CharField(max_length=80, blank=True, help_text="e.g. catalogue.product")
    object_key = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    old = models.JSONField(null=True, blank=True)
    new = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "audit_entry"
        permissions = [
            ("see_personal", "Can read personal data"),
            ("see_sensitive", "Can read sensitive data"),
            ("reveal", "Can lift a mask for once, with a reason"),
        ]
        indexes = [
            models.Index(fields=["at"], name="audit_by_day"),
            models.Index(fields=["actor", "id"], name="audit_by_actor"),
            models.Index(fields=["label", "id"], name="audit_by_label"),
            models.Index(fields=["action", "id"], name="audit_by_action"),
            models.Index(fields=["subject", "id"], name="audit_by_subject"),
            models.Index(
                fields=["request"],
                name="audit_by_request",
                condition=models.Q(request__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=Action.values), name="audit_action_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=Origin.values), name="audit_origin_is_known"
            ),
        ]


class Seal(models.Model):
    """A link of the chain: SHA-256 over the link before it and all that its entry says."""

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 without a gap")
    entry_key = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_seal"
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="audit_seal_from_one"),
        ]


class Waiting(models.Model):
    """An entry that is committed and not yet sealed; the database queues it."""

    entry_key = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "audit_waiting"


class Anchor(models.Model):
    """The end of the chain at some moment, signed; a copy of it leaves the house by mail and log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    signature = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "audit_anchor"


class RiskState(models.TextChoices):
    GOOD = "good", _("in order")
    LOOK = "look", _("to be looked at")
    BAD = "bad", _("to be mended")


class RiskRun(models.Model):
    """One going through the list of risks, by the clock or by somebody. Rows are kept as its history."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    by = models.BigIntegerField(
        null=True, blank=True, help_text="who asked for it, if not the clock"
    )
    seconds = models.PositiveIntegerField()

    class Meta:
        db_table = "audit_risk_run"


class RiskResult(models.Model):
    """What one check found: ``number`` of things, and the first of them in words."""

    run = models.ForeignKey(RiskRun, on_delete=models.CASCADE, related_name="results")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=RiskState.choices)
    number = models.PositiveIntegerField()
    found = models.JSONField(default=list, blank=True)

    class Meta:
        db_table = "audit_risk_result"
        constraints = [
            models.UniqueConstraint(fields=["run", "code"], name="risk_once_per_run"),
            models.CheckConstraint(
                condition=models.Q(state__in=RiskState.values), name="risk_state_is_known"
            ),
        ]
