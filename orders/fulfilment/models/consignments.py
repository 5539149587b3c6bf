"""Which units of an order leave from which warehouse, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WaveState(models.TextChoices):
    OPEN = "open", _("To pick")
    DONE = "done", _("Picked")


class Wave(models.Model):
    """Orders that one person picks in one walk. Each order has a tote on the cart."""

    warehouse = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, related_name="waves"
    )
    state = models.CharField(max_length=10, choices=WaveState.choices, default=WaveState.OPEN)
    picker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key = models.UUIDField(unique=True, help_text="of the form, so that it counts once")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=WaveState.OPEN, done_at__isnull=True)
                | Q(state=WaveState.DONE, done_at__isnull=False),
                name="wave_done_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"W-{self.pk}"


class ConsignmentState(models.TextChoices):
    ROUTED = "routed", _("Routed")
    PICKING = "picking", _("Being picked")
    PICKED = "picked", _("Picked")
    PACKED = "packed", _("Packed")
    LEFT = "left", _("Left")
    VOID = "void", _("Taken back")


#: From each state, the states that may follow. Packing needs no wave; one of which a part has left has
#: left when the rest is not to be sent any more, wherever that stands.
CONSIGNMENT_NEXT = {
    ConsignmentState.ROUTED: ("picking", "packed", "left", "void"),
    ConsignmentState.PICKING: ("picked", "packed", "left", "void"),
    ConsignmentState.PICKED: ("packed", "left", "void"),
    ConsignmentState.PACKED: ("picked", "left", "void"),
    ConsignmentState.LEFT: (),
    ConsignmentState.VOID: (),
}
OPEN = (
    ConsignmentState.ROUTED,
    ConsignmentState.PICKING,
    ConsignmentState.PICKED,
    ConsignmentState.PACKED,
)


class Rule(models.TextChoices):
    """Why this warehouse."""

    WHOLE = "whole", _("Holds all of it, and is the nearest that does")
    ONLY = "only", _("The only one that holds all of it")
    SPLIT = "split", _("No warehouse holds all of it: fewest parcels, then the nearest")
    HAND = "hand", _("Chosen by hand")


class Consignment(models.Model):
    """Units of one order that leave from one warehouse. While it is open it reserves them there.

    ``facts`` is what the policy saw: ``considered``, one row for each warehouse with ``code``,
    ``distance`` (0 the same country, 1 the same zone, 2 elsewhere) and ``lines`` (those that it
    could send in whole, ``of`` so many).
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="consignments")
    warehouse = models.ForeignKey(
        "supply.Warehouse", on_delete=models.PROTECT, related_name="consignments"
    )
    state = models.CharField(
        max_length=10, choices=ConsignmentState.choices, default=ConsignmentState.ROUTED
    )
    rule = models.CharField(max_length=10, choices=Rule.choices)
    facts = models.JSONField(default=dict, blank=True)
    words = models.CharField(max_length=200, blank=True, help_text="of who chose it by hand")
    routed_at = models.DateTimeField(default=timezone.now)
    routed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    wave = models.ForeignKey(  # `consignment_one_per_tote` begins with it
        Wave,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consignments",
        db_index=False,
    )
    tote = models.PositiveSmallIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ConsignmentState.values), name="consignment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(rule__in=Rule.values), name="consignment_rule_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsignmentState.PICKING) | Q(wave__isnull=False),
                name="consignment_picked_in_a_wave",
            ),
            models.UniqueConstraint(fields=["wave", "tote"], name="consignment_one_per_tote"),
            models.UniqueConstraint(
                fields=["order", "warehouse"],
                condition=Q(state__in=(ConsignmentState.ROUTED, ConsignmentState.PICKING)),
                name="consignment_one_to_pick_per_warehouse",
            ),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "routed_at"],
                condition=Q(state__in=("routed", "picking", "picked", "packed")),
                name="consignment_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}@{self.warehouse_id}"


class ConsignmentLine(models.Model):
    """Units of one order line: to leave, found, not found, and gone."""

    consignment = models.ForeignKey(  # `consignment_line_once` begins with it
        Consignment, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    order_line = models.ForeignKey("order.Line", on_delete=models.CASCADE, related_name="consigned")
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    picked_at = models.DateTimeField(null=True, blank=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consignment", "order_line"], name="consignment_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("missing")),
                name="consignment_line_picked_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("left")), name="consignment_line_left_within_quantity"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="consignment_line_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.order_line_id}"

    @property
    def to_pick(self) -> int:
        return self.quantity - self.picked - self.missing
