"""What happens to an order beside its states: steps and who took them, holds, and what is written."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HoldReason(models.TextChoices):
    FRAUD = "fraud", _("Fraud check")
    ADDRESS = "address", _("Address is unclear")
    STOCK = "stock", _("Goods are missing or damaged")
    OTHER = "other", _("Another reason")


class OrderHold(models.Model):
    """An order waits for somebody to look. While a row is open it is neither packed nor shipped."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20, choices=HoldReason.choices)
    words = models.CharField(max_length=500, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="nobody: the shop itself",
    )
    held_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    release_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(released_at__isnull=True),
                name="hold_one_open_per_order",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=HoldReason.values), name="hold_reason_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=HoldReason.OTHER, words=""), name="hold_other_has_words"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("held_at")),
                name="hold_released_after_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.words}".strip()


class EventKind(models.TextChoices):
    STATE = "state", _("Next state")
    LINES = "lines", _("Order changed")
    ADDRESS = "address", _("Address changed")
    INVOICE = "invoice", _("Invoice address changed")
    ADDITION = "addition", _("Something added")
    DELIVERY = "delivery", _("Delivery changed")


class Source(models.TextChoices):
    """From where a step was taken."""

    OFFICE = "office", _("in the back office")
    SHOPPER = "shopper", _("on the order's page")
    CLOCK = "clock", _("by the clock")
    SHOP = "shop", _("by the shop itself")


class OrderEvent(models.Model):
    """A step that is recorded nowhere else, or who took one that is. Rows are added, never changed.

    ``change`` is the change of state that it explains. ``facts`` of changed lines: ``lines`` (each
    with ``title``, ``product``, ``was`` and ``now`` in units), ``less`` and ``money`` (``refund``, ``lowered``
    or nothing); of an address: ``was``, the lines of the old one, none where the
    invoice had none of its own; of an addition: its number, ``step`` (a state
    of `orders.additions`), ``more``, and ``wanted`` or ``lines``; of a delivery: ``delivery``, as it is kept there.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    change = models.OneToOneField(
        "order.OrderStatusChange",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="event",
    )
    facts = models.JSONField(default=dict, blank=True)
    key = models.UUIDField(
        null=True, blank=True, unique=True, help_text="of the form, so that it counts once"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=20, choices=Source.choices)
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=EventKind.STATE) ^ Q(change__isnull=True),
                name="event_state_has_change",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of order {self.order_id}"


class OrderMessage(models.Model):
    """Between the shop and the customer, on the order's page. Notes for the team are Oscar's own.

    ``closed_at``: when a customer's message was answered, or read where nothing was to be said.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="messages")
    is_ours = models.BooleanField(help_text="written by the shop")
    text = models.TextField()
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="of the form")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
            models.CheckConstraint(
                condition=Q(is_ours=False) | Q(closed_at__isnull=True),
                name="message_of_ours_waits_for_nobody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order"],
                condition=Q(is_ours=False, closed_at__isnull=True),
                name="message_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of order {self.order_id}"


class NoteKey(models.Model):
    """Of the form that a note for the team came from, so that it counts once."""

    note = models.OneToOneField(
        "order.OrderNote", on_delete=models.CASCADE, primary_key=True, related_name="form"
    )
    key = models.UUIDField(unique=True)
