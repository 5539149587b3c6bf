"""Money that somebody wants sent back: for which lines, who asked, and who agreed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TOO_MUCH = 10_000_000_000  # NaN is above every number in PostgreSQL


class RequestState(models.TextChoices):
    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Declined")


#: Legal next states: decided is decided, another is asked for instead.
REQUEST_NEXT: dict[str, tuple[str, ...]] = {
    RequestState.WAITING: ("approved", "refused"),
    RequestState.APPROVED: (),
    RequestState.REFUSED: (),
}


class RefundRequest(models.Model):
    """One wish to send money back. Within the limit of who asked it is approved as it is written.

    Amounts are in major units of the order's currency, taxes included: ``amount`` is all of it,
    ``delivery`` what of it is for delivery. Without lines it is for the order as a whole.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="refund_asks")
    key = models.UUIDField(unique=True, editable=False, help_text="of the form, so it counts once")
    state = models.CharField(
        max_length=12, choices=RequestState.choices, default=RequestState.WAITING
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    delivery = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    reason = models.CharField(max_length=200)
    back = models.ForeignKey(
        "returns.Return",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="refund_asks",
        help_text="the return that it ends, above the limit of who wanted to",
    )
    target = models.CharField(
        max_length=40, blank=True, help_text="where it goes; empty: the way that it came"
    )
    is_over_limit = models.BooleanField(help_text="of who asked, in the currency of the shop")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=300, blank=True, help_text="why it was declined")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=TOO_MUCH)
                & Q(delivery__gte=0, delivery__lte=F("amount")),
                name="refund_request_of_some_money",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.WAITING, decided_at__isnull=True)
                | (~Q(state=RequestState.WAITING) & Q(decided_at__isnull=False)),
                name="refund_request_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(is_over_limit=False)
                | Q(decided_by__isnull=True)
                | Q(state=RequestState.REFUSED)
                | Q(asked_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                name="refund_request_seen_by_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["back"],
                condition=Q(state=RequestState.WAITING),
                name="refund_request_one_waits_per_return",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED, decision=""),
                name="refund_request_declined_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state="waiting"), name="refund_request_waiting"
            ),
        ]
        permissions = [("approve_refundrequest", "Can approve refunds above the limit")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.amount}"

    @property
    def refund_key(self) -> str:
        """Of the refunds that it becomes, see `payments.services.refunds_request`."""
        return f"return-{self.back.number}" if self.back else f"asked-{self.key}"


class RefundRequestLine(models.Model):
    """What of it is for one line of the order. ``units`` 0: a part of its price, all units stay."""

    request = models.ForeignKey(RefundRequest, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="+")
    units = models.PositiveIntegerField(default=0)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "order_line"], name="refund_request_line_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=TOO_MUCH),
                name="refund_request_line_of_some_money",
            ),
        ]


class RefundLimit(models.Model):
    """How much a role may send back of one order without a second person; the shop's currency."""

    group = models.OneToOneField(
        "auth.Group", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=TOO_MUCH), name="refund_limit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.amount}"
