"""Stored value: gift cards, store credit and points, and every movement of each."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOO_MUCH = 10_000_000_000  # NaN is above every number in PostgreSQL
MEMBER = settings.AUTH_USER_MODEL


class WalletKind(models.TextChoices):
    GIFT_CARD = "gift_card", _("Gift card")
    CREDIT = "credit", _("Store credit")
    POINTS = "points", _("Points")


class WalletState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("wallet", "Active")
    BLOCKED = "blocked", pgettext_lazy("wallet", "Blocked")
    CLOSED = "closed", pgettext_lazy("wallet", "Ended")


#: Legal next states. What had ended works again when money comes back to it.
WALLET_NEXT: dict[str, tuple[str, ...]] = {
    WalletState.ACTIVE: ("blocked", "closed"),
    WalletState.BLOCKED: ("active", "closed"),
    WalletState.CLOSED: ("active",),
}


class Wallet(models.Model):
    """What somebody can pay with here. ``balance`` equals the sum of its entries.

    In major units of ``currency``, which is empty for points: these are counted in whole points.
    Store credit and points are their owner's; a gift card is whose code one has, until a member
    puts it into an account. The code itself is kept nowhere: see `payments.wallets.codes`.
    """

    kind = models.CharField(max_length=12, choices=WalletKind.choices)
    state = models.CharField(max_length=12, choices=WalletState.choices, default=WalletState.ACTIVE)
    owner = models.ForeignKey(
        MEMBER, on_delete=models.PROTECT, null=True, blank=True, related_name="wallets"
    )
    currency = models.CharField(max_length=3, blank=True)
    balance = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="of its code")
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_tail = models.CharField(max_length=4, blank=True)
    blocked_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(balance__gte=0, balance__lt=TOO_MUCH), name="wallet_never_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(kind="points", currency="") | (~Q(kind="points") & ~Q(currency="")),
                name="wallet_money_has_currency",
            ),
            models.CheckConstraint(
                condition=(Q(kind="gift_card") & ~Q(code_hash=""))
                | (~Q(kind="gift_card") & Q(code_hash="", owner__isnull=False)),
                name="wallet_has_code_or_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(balance=0), name="wallet_ended_is_empty"
            ),
            models.UniqueConstraint(
                fields=["code_hash"], condition=~Q(code_hash=""), name="wallet_code_once"
            ),
            models.UniqueConstraint(
                fields=["owner", "kind", "currency"],
                condition=~Q(kind="gift_card"),
                name="wallet_one_per_owner",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at", "id"],
                condition=Q(expires_at__isnull=False, balance__gt=0),
                name="wallet_runs_out",
            ),
        ]
        permissions = [
            ("give_credit", "Can give store credit up to the limit"),
            ("give_any_credit", "Can give store credit of any amount"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code_tail}".strip()

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_usable(self) -> bool:
        return self.state == WalletState.ACTIVE and self.balance > 0 and not self.is_expired


class EntryReason(models.TextChoices):
    SOLD = "sold", pgettext_lazy("wallet", "Bought")
    GIVEN = "given", pgettext_lazy("wallet", "Given by the shop")
    REFUNDED = "refunded", pgettext_lazy("wallet", "Refund as store credit")
    EARNED = "earned", pgettext_lazy("wallet", "Earned")
    UNEARNED = "unearned", pgettext_lazy("wallet", "Taken back: the order was refunded")
    SPENT = "spent", pgettext_lazy("wallet", "Paid with it")
    RETURNED = "returned", pgettext_lazy("wallet", "Came back from an order")
    EXPIRED = "expired", pgettext_lazy("wallet", "Ran out")
    TAKEN = "taken", pgettext_lazy("wallet", "Taken back: its order ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("wallet", "Taken back by the shop")


class WalletEntry(models.Model):
    """One movement. Rows are added, never changed: the database refuses it."""

    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="entries")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="signed")
    reason = models.CharField(max_length=12, choices=EntryReason.choices)
    key = models.CharField(max_length=120, unique=True, help_text="idempotency")
    order_number = models.CharField(max_length=40, blank=True, db_index=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        MEMBER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    undoes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_back",
        help_text="the gift of which this takes something back",
    )

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gt=-TOO_MUCH, amount__lt=TOO_MUCH),
                name="wallet_entry_moves_something",
            ),
            models.CheckConstraint(
                condition=Q(reason="withdrawn", undoes__isnull=False, amount__lt=0)
                | (~Q(reason="withdrawn") & Q(undoes__isnull=True)),
                name="wallet_entry_withdrawn_is_of_a_gift",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.reason}"


class WalletUse(models.Model):
    """What of a wallet pays for a part of an order: ``units`` of the wallet for ``intent.amount``.

    The two differ where the wallet has another currency than the order, and for points.
    """

    intent = models.OneToOneField(
        "payments.PaymentIntent", on_delete=models.PROTECT, related_name="wallet_use"
    )
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="uses")
    units = models.DecimalField(max_digits=12, decimal_places=2)
    units_back = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(units__gt=0, units__lt=TOO_MUCH), name="wallet_use_of_something"
            ),
            models.CheckConstraint(
                condition=Q(units_back__gte=0, units_back__lte=F("units")),
                name="wallet_use_back_within_units",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.wallet_id}"


class GiftCard(models.Model):
    """One unit of an order line that was paid: who gets it, and when it is mailed.

    ``initial`` is its amount in major units of the wallet's currency. It works from the moment of
    payment; the mail goes out at ``send_at``.
    """

    wallet = models.OneToOneField(Wallet, on_delete=models.PROTECT, related_name="card")
    order_line = models.ForeignKey(
        "order.Line", on_delete=models.PROTECT, related_name="gift_cards"
    )
    place = models.PositiveSmallIntegerField(help_text="which unit of the line, from 1")
    initial = models.DecimalField(max_digits=12, decimal_places=2)
    recipient_name = models.CharField(max_length=80, blank=True)
    recipient_email = models.EmailField()
    sender_name = models.CharField(max_length=80, blank=True)
    message = models.TextField(max_length=500, blank=True)
    language = models.CharField(max_length=12, default="en")
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    mails = models.PositiveSmallIntegerField(default=0, help_text="how often it was mailed")
    voided_at = models.DateTimeField(null=True, blank=True, help_text="its order ended")

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["order_line", "place"], name="gift_card_once_per_unit"),
            models.CheckConstraint(
                condition=Q(initial__gt=0, initial__lt=TOO_MUCH),
                name="gift_card_is_worth_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at", "id"], condition=Q(sent_at__isnull=True), name="gift_card_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initial} {self.wallet.currency}"

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None
