"""Money on its way: intents, refunds, and what providers told us."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IntentState(models.TextChoices):
    NEW = "new", _("Not begun")
    OPEN = "open", _("Waiting for the customer")
    AUTHORISED = "authorised", _("Authorised")
    CAPTURED = "captured", _("Paid")
    CANCELLING = "cancelling", _("Being cancelled")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Refused")


#: Legal next states. A capture after cancelling is money that came late; it is never ignored.
NEXT: dict[str, tuple[str, ...]] = {
    IntentState.NEW: ("open", "authorised", "captured", "cancelling", "cancelled", "failed"),
    IntentState.OPEN: ("authorised", "captured", "cancelling", "cancelled", "failed"),
    IntentState.AUTHORISED: ("captured", "cancelling", "cancelled", "failed"),
    IntentState.CANCELLING: ("captured", "cancelled", "failed"),
    IntentState.CAPTURED: (),
    IntentState.CANCELLED: ("captured",),
    IntentState.FAILED: ("captured",),
}

LIVE = (IntentState.NEW, IntentState.OPEN, IntentState.AUTHORISED, IntentState.CAPTURED)
HOPED = (IntentState.NEW, IntentState.OPEN, IntentState.AUTHORISED)  # the shopper may still pay
UNSETTLED = (IntentState.NEW, IntentState.OPEN, IntentState.CANCELLING)


#: Which part of an order's sum an intent is for. One part has one live intent; an order has as
#: many parts as it takes: ``order`` (all that was agreed when it was placed), ``tender:<n>`` (one of
#: several ways it is paid with), ``addition:<n>`` (asked for later), ``double:<intent>`` (money that
#: came for a part that was paid already), ``rest:<n>`` (what an authorisation that ended left unpaid).
WHOLE = "order"
DOUBLE = "double:"


def tender(number: int) -> str:
    """The part of an order that its ``number``-th way to pay is for."""
    return f"tender:{number}"


REST = "rest:"


def rest(number: int) -> str:
    """What was missing of an order, asked for the ``number``-th time."""
    return f"{REST}{number}"


ADDITION = "addition:"


def addition(number: int) -> str:
    """What was added to an order for the ``number``-th time and is paid apart."""
    return f"{ADDITION}{number}"


def is_addition(intent: "PaymentIntent") -> bool:
    """Whether it is for what is no part of the order before it is paid."""
    return intent.part.startswith(ADDITION)


class PaymentIntent(models.Model):
    """The wish to be paid for one part of an order through one gateway.

    Amounts are in major units of ``currency``, taxes included. ``amount_refunded`` counts what was
    asked back, confirmed or not, so that two refunds can never add up to more than was captured.
    """

    order_number = models.CharField(max_length=40, db_index=True)
    part = models.CharField(max_length=40, default=WHOLE, help_text="of the order's sum")
    is_taken_at_shipment = models.BooleanField(
        default=False, help_text="authorised when placed, captured as the goods leave"
    )
    is_taken_in_parts = models.BooleanField(
        default=False, help_text="its provider said that it may be captured more than once"
    )
    gateway = models.CharField(max_length=40)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="idempotency")
    state = models.CharField(max_length=20, choices=IntentState.choices, default=IntentState.NEW)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passed",
        help_text="whose money pays this: of an exchange; what is sent back goes that way",
    )
    amount_authorised = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount_captured = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount_refunded = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    reference = models.CharField(max_length=200, blank=True, help_text="the gateway's id")
    pay_url = models.URLField(max_length=1000, blank=True, help_text="hosted payment page")
    pay_code = models.CharField(max_length=500, blank=True, help_text="text of a code to scan")
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, default="en")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="stock is held until then")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="last asked at the gateway")
    problem = models.CharField(max_length=300, blank=True, help_text="what needs a look by finance")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            # NaN is above every number in PostgreSQL, so the upper bound keeps it out.
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10_000_000_000), name="intent_of_some_money"
            ),
            models.CheckConstraint(
                condition=Q(amount_authorised__gte=0, amount_authorised__lte=F("amount")),
                name="intent_authorised_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount_captured__gte=0, amount_captured__lte=F("amount_authorised")),
                name="intent_captured_within_authorised",
            ),
            models.CheckConstraint(
                condition=Q(amount_refunded__gte=0, amount_refunded__lte=F("amount_captured")),
                name="intent_refunded_within_captured",
            ),
            models.CheckConstraint(condition=~Q(part=""), name="intent_for_some_part"),
            models.UniqueConstraint(
                fields=["order_number", "part"],
                condition=Q(state__in=LIVE),
                name="intent_one_live_per_part",
            ),
            models.UniqueConstraint(
                fields=["gateway", "reference"],
                condition=~Q(reference=""),
                name="intent_once_per_reference",
            ),
        ]
        indexes = [
            models.Index(
                fields=["checked_at", "id"],
                condition=Q(state__in=UNSETTLED),
                name="intent_unsettled",
            ),
            models.Index(
                fields=["order_number"],
                condition=Q(state=IntentState.AUTHORISED),
                name="intent_authorised",
            ),
            models.Index(fields=["id"], condition=~Q(problem=""), name="intent_with_problem"),
        ]


class EntryKind(models.TextChoices):
    AUTHORISED = "authorised", _("Authorised")
    CAPTURED = "captured", _("Captured")
    REFUNDED = "refunded", _("Refunded")
    UNSENT = (
        "unsent",
        _("Not sent after all"),
    )  # a refund that somebody said to have sent by mistake
    RELEASED = "released", pgettext_lazy("money", "Released")  # authorised, and never to be taken
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Refused")


class Source(models.TextChoices):
    """Who told us."""

    RETURN = "return", _("the customer's return")
    WEBHOOK = "webhook", _("the provider")
    RECONCILER = "reconciler", _("the reconciler")
    OPERATOR = "operator", _("an operator")
    SHOP = "shop", _("the shop")


class PaymentEntry(models.Model):
    """One line of an intent's ledger. Rows are added, never changed.

    Captured minus refunded, plus what was not sent after all, is what the shop kept; `verify` holds the intent against them.
    """

    intent = models.ForeignKey(  # `entry_once_per_reference` begins with it
        PaymentIntent, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    source = models.CharField(max_length=40, choices=Source.choices)
    reference = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="who of the team, where it was one",
    )
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=10_000_000_000), name="entry_not_negative"
            ),
            models.UniqueConstraint(
                fields=["intent", "kind", "reference"], name="entry_once_per_reference"
            ),
        ]


class CaptureState(models.TextChoices):
    PENDING = "pending", _("To be taken")
    DONE = "done", _("Taken")
    REFUSED = "refused", _("Refused")


#: Legal next states. One that was refused is asked for again by a person.
CAPTURE_NEXT: dict[str, tuple[str, ...]] = {
    CaptureState.PENDING: ("done", "refused"),
    CaptureState.REFUSED: ("pending",),
    CaptureState.DONE: (),
}
CAPTURE_OPEN = (CaptureState.PENDING, CaptureState.REFUSED)  # may still bring money


class Capture(models.Model):
    """A part of what was authorised, to be taken: committed before the gateway is called.

    Those of one intent are taken one after another, the oldest first; one that was refused stops the
    ones behind it until somebody asks for it again. ``is_final``: what is not taken by then is
    released; such a one of nothing only releases. ``key`` says what it is for, as ``parcel:41``.
    """

    intent = models.ForeignKey(PaymentIntent, on_delete=models.PROTECT, related_name="captures")
    key = models.CharField(max_length=80, help_text="once for each payment")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    is_final = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20, choices=CaptureState.choices, default=CaptureState.PENDING
    )
    reference = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="without a clear answer")
    refusals = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=10_000_000_000), name="capture_not_negative"
            ),
            models.UniqueConstraint(fields=["intent", "key"], name="capture_once_per_key"),
            models.UniqueConstraint(
                fields=["intent"], condition=Q(is_final=True), name="capture_one_final"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="pending"), name="capture_pending"
            ),
        ]

    @property
    def call_key(self) -> str:
        """The provider's idempotency key: a refusal is kept under it too, so the next try has another."""
        again = f"+{self.refusals}" if self.refusals else ""
        return f"{self.intent.key}-{self.key}{again}"


class RefundState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("refund", "On its way")
    DONE = "done", _("Refunded")
    REFUSED = "refused", _("Refused")


#: Legal next states. What was refused is asked back anew, by another row; what a person said to have sent by
#: mistake is owed again.
REFUND_NEXT: dict[str, tuple[str, ...]] = {
    RefundState.PENDING: ("done", "refused"),
    RefundState.DONE: ("pending",),
    RefundState.REFUSED: (),
}


class Refund(models.Model):
    """Money to be sent back: committed before the gateway is called, so a crash loses nothing."""

    intent = models.ForeignKey(PaymentIntent, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=80, unique=True, help_text="idempotency")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=200)
    target = models.CharField(
        max_length=40, blank=True, help_text="see payments.targets; empty: the way that it came"
    )
    state = models.CharField(
        max_length=20, choices=RefundState.choices, default=RefundState.PENDING
    )
    reference = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(
        default=0, help_text="how often it was said to be sent by mistake"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10_000_000_000), name="refund_of_some_money"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="pending"), name="refund_pending"
            ),
        ]


#: What providers say of a refused card: Stripe; PayPal, the last in its answer when it is asked for the money.
DECLINED = "INSTRUMENT_DECLINED"
CARD_REFUSED = (
    "payment_intent.payment_failed",
    "charge.failed",
    "PAYMENT.CAPTURE.DECLINED",
    "PAYMENT.CAPTURE.DENIED",
    DECLINED,
)


class WebhookEvent(models.Model):
    """A provider's message, kept once, worked off in its own time."""

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    reference = models.CharField(
        max_length=200, blank=True, help_text="the intent's, at the gateway"
    )
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="webhook_once_per_event"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(processed_at__isnull=True, parked_at__isnull=True),
                name="webhook_due",
            ),
            models.Index(
                fields=["id"], condition=Q(parked_at__isnull=False), name="webhook_parked"
            ),
            models.Index(
                fields=["reference"], condition=Q(kind__in=CARD_REFUSED), name="webhook_refusals"
            ),
        ]
