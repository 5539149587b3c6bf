"""Returns: what comes back, why, what was found, and what was paid for it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.returns.states import ENDED, PAID, Condition, ReturnReason, ReturnState, Wish

PHOTOS_AT_MOST = 5
MEMBER = settings.AUTH_USER_MODEL


def private_storage():
    """Photos of returns lie beside the media and have no address of their own."""
    return storages["private"]


class ReturnPolicy(models.Model):
    """What may come back, and how long. The deepest category of a product decides; one has none."""

    category = models.OneToOneField(
        "catalogue.Category",
        verbose_name=_("Category"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="return_policy",
        help_text=_("With all that is below it."),
    )
    days = models.PositiveSmallIntegerField(
        _("Days for a change of mind"),
        default=30,
        help_text=_("After delivery; 0: only if something is wrong with it."),
    )
    fault_days = models.PositiveSmallIntegerField(
        _("Days if something is wrong"), default=730, help_text=_("After delivery: the warranty.")
    )
    condition = models.CharField(
        _("Condition"), max_length=10, choices=Condition.choices, default=Condition.UNUSED
    )
    free_reasons = ArrayField(
        models.CharField(max_length=12, choices=ReturnReason.choices),
        verbose_name=_("We pay the way back if"),
        default=list,
        blank=True,
    )
    worse_percent = models.PositiveSmallIntegerField(
        _("Taken off if it comes worse than that, %"),
        default=20,
        help_text=_("Offered at the refund of a change of mind; whoever pays may say otherwise."),
    )
    repairs = models.BooleanField(
        _("We repair what broke"), default=True, help_text=_("Within the warranty, if wished.")
    )
    pays_delivery = models.BooleanField(
        _("Delivery is paid back when all of an order comes back"), default=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category"],
                name="return_policy_one_default",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(fault_days__gte=F("days"), fault_days__lte=3650),
                name="return_policy_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(worse_percent__lte=100), name="return_policy_percent_of_hundred"
            ),
        ]

    def __str__(self) -> str:
        return str(self.category or _("Everything else"))


class Return(models.Model):
    """One parcel back, of one order. Steps are in `orders.returns.states`.

    ``delivery`` and ``amount`` are what was paid for it in major units of the order's currency, taxes
    included: ``amount`` is all of it, and less than its parts if somebody took something off.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="returns")
    number = models.CharField(max_length=16, unique=True)
    key = models.UUIDField(unique=True, editable=False, help_text="of the form, so it counts once")
    state = models.CharField(max_length=12, choices=ReturnState.choices, default=ReturnState.ASKED)
    wish = models.CharField(max_length=12, choices=Wish.choices, default=Wish.REFUND)
    language = models.CharField(max_length=12, default="en")
    refused_because = models.CharField(max_length=400, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    pays_delivery = models.BooleanField(default=False, help_text="as the policy was")
    delivery = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    refund = models.OneToOneField(
        "payments.Refund", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    label = models.OneToOneField(
        "carriers.Label",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comes_back",
        help_text="that the shop pays",
    )
    warehouse = models.ForeignKey(
        "supply.Warehouse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="that received it; none: the default one",
    )
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED, closed_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(closed_at__isnull=True)),
                name="return_ended_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PAID, refund__isnull=False, amount__gt=0)
                | (~Q(state=ReturnState.REFUNDED) & Q(refund__isnull=True, amount=0)),
                name="return_refunded_has_its_money",
            ),
            models.CheckConstraint(
                condition=Q(delivery__gte=0, delivery__lt=10_000_000_000)
                & Q(amount__gte=0, amount__lt=10_000_000_000),
                name="return_amounts_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-created_at"], name="return_by_state"),
        ]
        permissions = [
            ("receive_return", "Can receive and inspect returns"),
            ("refund_return", "Can refund and close returns"),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Units of one order line in one return, and what was found of them."""

    back = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="returned")
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(help_text="units that had left when this was asked for")
    reason = models.CharField(max_length=12, choices=ReturnReason.choices)
    is_free = models.BooleanField(default=False, help_text="the shop pays the way back")
    swap_for = models.ForeignKey(
        "catalogue.Product",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="wished in exchange",
    )
    comment = models.CharField(max_length=500, blank=True)
    condition = models.CharField(
        max_length=10, choices=Condition.choices, blank=True, help_text="as the policy was"
    )
    worse_percent = models.PositiveSmallIntegerField(default=0, help_text="as the policy was")
    is_worse = models.BooleanField(default=False, help_text="found in a worse condition")
    restock = models.PositiveIntegerField(default=0)
    refurbish = models.PositiveIntegerField(default=0)
    scrap = models.PositiveIntegerField(default=0)
    not_received = models.PositiveIntegerField(default=0)
    refurbished = models.PositiveIntegerField(
        default=0, help_text="of those to refurbish, on the shelf again"
    )
    given_up = models.PositiveIntegerField(default=0, help_text="of those to refurbish, scrap")
    inspected_at = models.DateTimeField(null=True, blank=True)
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, help_text="what its units were paid with"
    )

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["back", "order_line"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=F("shipped")),
                name="return_line_not_over_shipped",
            ),
            models.CheckConstraint(
                condition=Q(
                    inspected_at__isnull=True, restock=0, refurbish=0, scrap=0, not_received=0
                )
                | Q(
                    inspected_at__isnull=False,
                    quantity=F("restock") + F("refurbish") + F("scrap") + F("not_received"),
                ),
                name="return_line_outcomes_add_up",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=10_000_000_000),
                name="return_line_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refurbish__gte=F("refurbished") + F("given_up")),
                name="return_line_refurbished_within_refurbish",
            ),
            models.CheckConstraint(
                condition=Q(worse_percent__lte=100), name="return_line_percent_of_hundred"
            ),
        ]
        indexes = [
            models.Index(fields=["reason"], name="return_line_by_reason"),
            models.Index(
                fields=["inspected_at"],
                condition=Q(refurbish__gt=F("refurbished") + F("given_up")),
                name="return_line_refurbishing",
            ),
        ]

    @property
    def refurbishing(self) -> int:
        """Units that are neither on the shelf again nor given up."""
        return self.refurbish - self.refurbished - self.given_up

    @property
    def received(self) -> int:
        """Units that were in the parcel."""
        return self.restock + self.refurbish + self.scrap


class ReturnPhoto(models.Model):
    """A picture that the shopper sent; only they and the team see it."""

    back = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="photos")
    image = models.FileField(storage=private_storage, upload_to="returns/", max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["back", "position"], name="return_photo_place_once"),
            models.CheckConstraint(
                condition=Q(position__lt=PHOTOS_AT_MOST), name="return_photos_few"
            ),
        ]


class ReturnMoment(models.Model):
    """A step of a return: who took it, and when. Rows are added, never changed."""

    back = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="moments")
    state = models.CharField(max_length=12, choices=ReturnState.choices)
    note = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(
        MEMBER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_shop = models.BooleanField(default=True, help_text="False: the shopper, guests included")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["back", "state"], name="return_moment_once"),
        ]
