"""What the customer is asked to pay besides: goods that were added, or a dearer delivery."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.models import addition


class AdditionState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the payment")
    DONE = "done", _("Part of the order")
    LAPSED = "lapsed", _("Not paid in time")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Legal next states: what ended is asked for anew.
ADDITION_NEXT: dict[str, tuple[str, ...]] = {
    AdditionState.WAITING: ("done", "lapsed", "withdrawn"),
    AdditionState.DONE: (),
    AdditionState.LAPSED: (),
    AdditionState.WITHDRAWN: (),
}


class Addition(models.Model):
    """The ``number``-th addition to an order; its payment is the part `payments.models.addition`.

    Prices are kept as they were shown: ``amount`` is what it costs more, tax included, and
    ``amount_excl_tax`` without, in the order's currency. While it waits its units are held, and the
    order is not packed. Only when it is done do its lines stand in the order and count in its total.

    ``delivery``: ``code``, ``name``, ``incl``, ``excl`` and ``tax_code`` of the whole new charge, and the
    days promised (``from``, ``until``). ``discounts``: ``offer``, ``name``, ``freq``, ``amount`` of each.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="additions")
    number = models.PositiveSmallIntegerField(help_text="within the order, from 1")
    key = models.UUIDField(unique=True, help_text="of the form, so that it counts once")
    state = models.CharField(
        max_length=12, choices=AdditionState.choices, default=AdditionState.WAITING
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount_excl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    delivery = models.JSONField(null=True, blank=True)
    discounts = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="until then it can be paid and its units are held")
    ended_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(
        "payments.PaymentIntent",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="nobody: what the order's own payment asks for besides",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="addition_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="waiting"), name="addition_one_waits_per_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AdditionState.values), name="addition_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") ^ Q(ended_at__isnull=False),
                name="addition_ends_once",
            ),
            # NaN is above every number in PostgreSQL, so the upper bound keeps it out.
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=10_000_000_000, amount_excl_tax__gte=0),
                name="addition_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state="waiting"), name="addition_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"addition {self.number} to order {self.order_id}"

    @property
    def part(self) -> str:
        """What its payments are for, see `payments.models`."""
        return addition(self.number)


class AdditionLine(models.Model):
    """Units of one product, at the price that was shown. ``held``: of the stock record, while it waits.

    The columns are those of an order's line. ``discounts``: ``offer`` and ``amount`` of each.
    """

    addition = models.ForeignKey(Addition, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    stockrecord = models.ForeignKey(
        "partner.StockRecord", on_delete=models.PROTECT, related_name="held_by_additions"
    )
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    held = models.PositiveIntegerField(default=0)
    tax_code = models.CharField(max_length=64, blank=True)
    unit_incl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    unit_excl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    before_incl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    before_excl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    price_incl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    price_excl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    discounts = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="addition_of_something"),
            models.CheckConstraint(
                condition=Q(held=0) | Q(held=models.F("quantity")),
                name="addition_holds_all_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"
