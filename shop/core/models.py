"""The kernel's own rows: the outbox and the mails."""

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    name = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [
            # What is due about one order is delivered together.
            models.Index(KT("payload__order_number"), name="outbox_event_of_order"),
        ]


class OutboxDelivery(models.Model):
    """One handler's copy of an event: due, delivered, or parked after too many failures."""

    event = models.ForeignKey(  # `outbox_once_per_handler` begins with it
        OutboxEvent, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    handler = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="outbox_once_per_handler"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(delivered_at__isnull=True, parked_at__isnull=True),
                name="outbox_due",
            ),
            models.Index(
                fields=["id"],
                condition=Q(delivered_at__isnull=True, parked_at__isnull=False),
                name="outbox_parked",
            ),
        ]


class Mail(models.Model):
    """A mail to one person: queued in the transaction of its cause, sent after it."""

    key = models.CharField(max_length=120, unique=True, help_text="the same key is sent once")
    kind = models.CharField(max_length=60)
    to = models.EmailField()
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    unsubscribe_url = models.URLField(
        max_length=500, blank=True, help_text="for mails that one can do without"
    )
    reference = models.CharField(
        max_length=120, blank=True, db_index=True, help_text="e.g. order number"
    )
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    due_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(sent_at__isnull=True, parked_at__isnull=True),
                name="mail_due",
            ),
            models.Index(
                fields=["id"],
                condition=Q(sent_at__isnull=True, parked_at__isnull=False),
                name="mail_parked",
            ),
        ]
