"""Orders that the team takes for a customer, until they are placed; and what was agreed off their price."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.apps.offer.results import ZERO_DISCOUNT, ApplicationResult, BasketDiscount

from promotions.offer.models import Benefit, Condition
from shop.core.money import ZERO, rounded, shares


class DraftState(models.TextChoices):
    OPEN = "open", _("Being taken")
    SENT = "sent", _("Link sent")
    PLACED = "placed", _("Placed")
    DROPPED = "dropped", _("Dropped")


#: Legal next states; a link may be sent again. What has none cannot be changed any more.
NEXT: dict[str, tuple[str, ...]] = {
    DraftState.OPEN: (DraftState.SENT, DraftState.PLACED, DraftState.DROPPED),
    DraftState.SENT: (DraftState.SENT, DraftState.PLACED, DraftState.DROPPED),
    DraftState.PLACED: (),
    DraftState.DROPPED: (),
}


class Draft(models.Model):
    """A basket with all that `orders.services.order_place` asks for. Nothing is held before it is placed.

    ``place``: the columns of a ShippingAddress. ``discount_amount`` is in ``currency``, as prices are
    shown. ``sends`` is in the link, so that a new mail ends the links of earlier ones. Its changes are
    made under the lock of its basket.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    basket = models.OneToOneField("basket.Basket", on_delete=models.PROTECT, related_name="draft")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drafts",
        help_text="nobody: a guest",
    )
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, default="en")
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, help_text="whose taxes hold before there is a place")
    place = models.JSONField(null=True, blank=True)
    shipping_code = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=2000, blank=True, help_text="for colleagues")
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    discount_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    discount_reason = models.CharField(max_length=200, blank=True)
    discount_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    voucher = models.OneToOneField(
        "voucher.Voucher",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="draft",
        help_text="which brings the discount into the basket, and into no other",
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    sends = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_until = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        "order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="draft"
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="nobody: the customer, by the link",
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("discount_draft", "Can take something off the price of a draft")]
        constraints = [
            models.CheckConstraint(
                condition=Q(discount_percent__isnull=True) | Q(discount_amount__isnull=True),
                name="draft_has_one_discount",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__isnull=True)
                | Q(discount_percent__gt=0, discount_percent__lte=100),
                name="draft_percent_within_100",
            ),
            # NaN is above every number in PostgreSQL, so the upper bound keeps it out.
            models.CheckConstraint(
                condition=Q(discount_amount__isnull=True)
                | Q(discount_amount__gt=0, discount_amount__lt=10_000_000_000),
                name="draft_discount_of_some_money",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__isnull=True, discount_amount__isnull=True)
                | (~Q(discount_reason="") & Q(voucher__isnull=False)),
                name="draft_discount_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_until__isnull=True, sends=0)
                | Q(sent_until__gt=F("sent_at"), sends__gt=0),
                name="draft_link_ends",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=True) | Q(dropped_at__isnull=True),
                name="draft_placed_or_dropped",
            ),
        ]
        indexes = [models.Index(fields=["-changed_at"], name="draft_newest")]

    def __str__(self) -> str:
        return f"{self.state} {self.email}".strip()

    @property
    def state(self) -> DraftState:
        if self.order_id:
            return DraftState.PLACED
        if self.dropped_at:
            return DraftState.DROPPED
        return DraftState.SENT if self.sent_at else DraftState.OPEN

    @property
    def is_open(self) -> bool:
        """Whether it can be changed and placed."""
        return bool(NEXT[self.state])

    def may_become(self, state: DraftState) -> bool:
        """Whether ``state`` may follow the one it is in."""
        return state in NEXT[self.state]

    @property
    def has_discount(self) -> bool:
        return self.discount_percent is not None or self.discount_amount is not None


class AgreedCondition(Condition):
    """There is something in the basket of the draft for which the discount was agreed."""

    proxy_path = "orders.drafts.models.AgreedCondition"

    @property
    def name(self) -> str:
        """Text and not a promise of it: Oscar's ``__str__`` returns it as it is."""
        return gettext("The order for which it was agreed")

    description = name

    class Meta:
        proxy = True
        app_label = "drafts"

    def is_satisfied(self, offer: Any, basket: Any) -> bool:
        return bool(_priced(basket))

    def is_partially_satisfied(self, offer: Any, basket: Any) -> bool:
        return False


class AgreedBenefit(Benefit):
    """Takes what was agreed off what other offers leave. In any other basket it gives nothing."""

    proxy_path = "orders.drafts.models.AgreedBenefit"

    @property
    def name(self) -> str:
        """Text and not a promise of it: Oscar's ``__str__`` returns it as it is."""
        return gettext("A discount that was agreed")

    description = name

    class Meta:
        proxy = True
        app_label = "drafts"

    def apply(self, basket: Any, condition: Any, offer: Any, **kwargs: Any) -> ApplicationResult:
        draft = Draft.objects.filter(voucher__offers=offer.pk, basket=basket.pk).first()
        if draft is None:
            return ZERO_DISCOUNT
        lines = _priced(basket)
        values = [line.shown_price for line in lines]
        less = _worth(draft, sum(values, ZERO), basket)
        if less <= ZERO:
            return ZERO_DISCOUNT
        parts = shares(less, values, basket.currency)
        for line, part in zip(lines, parts, strict=True):
            line.discount(part, line.quantity, incl_tax=True, offer=offer)
        return BasketDiscount(less)


def _worth(draft: Draft, whole: Decimal, basket: Any) -> Decimal:
    """What comes off ``whole``, in the basket's currency, never more than there is."""
    if draft.discount_percent is not None:
        return min(rounded(whole * draft.discount_percent / 100, basket.currency), whole)
    if draft.discount_amount is None:
        return ZERO
    amount = basket.strategy.exchange.from_currency(draft.discount_amount, draft.currency)
    return min(amount, whole)


def _priced(basket: Any) -> list[Any]:
    return [
        line
        for line in basket.all_lines()
        if line.purchase_info.price.exists and line.shown_price > ZERO
    ]
