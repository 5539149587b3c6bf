"""Double entry: accounts, transactions that add up to nothing, and days that are closed.

The database itself refuses what would not be true (migration ``0002_rules``): a transaction's
entries are written at once and add up to zero; nothing is changed or deleted; nothing is booked on
a closed day. Why so: docs/adr/0010-ledger.md.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.gateways import gateways_all
from payments.ledger.accounts import NATURE, Nature, Role

TOO_MUCH = 1_000_000_000_000  # NaN is above every number in PostgreSQL


class Account(models.Model):
    """One row of the chart. ``code`` follows from the rest, see `AccountKey`."""

    code = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    gateway = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=48, blank=True, help_text="DE, or US-New York")
    rate = models.CharField(max_length=20, blank=True, help_text="as papers print it: 19%")

    class Meta:
        ordering = ("code",)
        verbose_name = _("account")
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="ledger_account_has_a_code"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def nature(self) -> Nature:
        return NATURE[self.role]

    @property
    def label(self) -> str:
        """For people: ``At the payment provider: Card``, ``Tax to pay: DE 19 %``."""
        whose = f"{self.place} {self.rate.replace('%', ' %')}".strip()
        if self.gateway:
            labels = {one.code: str(one.label) for one in gateways_all()}
            whose = labels.get(self.gateway, self.gateway)
        role = str(self.get_role_display())
        return _("%(role)s: %(whose)s") % {"role": role, "whose": whose} if whose else role


class EventKind(models.TextChoices):
    """What was booked."""

    SALE = "sale", _("Sale")
    CREDIT = "credit", _("Credit note")
    CAPTURE = "capture", _("Payment")
    REFUND_ASKED = "refund_asked", _("Refund asked for")
    REFUND = "refund", _("Refund")
    REFUND_REFUSED = "refund_refused", _("Refund refused")
    FEE = "fee", _("Provider's fee")
    PAYOUT = "payout", _("Payout")
    WRITE_OFF = "write_off", _("Write-off")
    STORED_ISSUED = "stored_issued", _("Stored value issued")
    STORED_SPENT = "stored_spent", _("Stored value spent")
    STORED_RETURNED = "stored_returned", _("Stored value returned")
    STORED_EXPIRED = "stored_expired", _("Stored value expired")
    REVERSAL = "reversal", _("Reversal")


class Transaction(models.Model):
    """Something that happened to money, in one currency. Rows are added, never changed.

    ``booked_on``: the local day of ``happened_at``, or the first open day after it where that is
    closed. ``source``: who booked it (``shop``, ``backfill``, ``settlement:7``, ``desk``).
    """

    key = models.CharField(max_length=120, unique=True, help_text="idempotency")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    order_number = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)
    happened_at = models.DateTimeField()
    booked_on = models.DateField()
    source = models.CharField(max_length=40, default="shop")
    reference = models.CharField(max_length=200, blank=True, help_text="paper, charge, payout")
    memo = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("booking")
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="ledger_transaction_has_a_key"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="ledger_transaction_has_a_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["booked_on", "id"], name="ledger_transaction_by_day"),
            models.Index(
                fields=["order_number"],
                condition=~Q(order_number=""),
                name="ledger_transaction_by_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One account's part of a transaction. ``amount``: major units, debit above zero, credit below."""

    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("entry")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gt=-TOO_MUCH, amount__lt=TOO_MUCH),
                name="ledger_entry_of_some_money",
            ),
            models.UniqueConstraint(
                fields=["transaction", "account"], name="ledger_entry_once_per_account"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-transaction"], name="ledger_entry_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"

    @property
    def credited(self) -> Decimal:
        """Of an entry below zero, as accountants write it."""
        return -self.amount


class DayClose(models.Model):
    """A day that takes no more bookings, nor does any before it. Never undone.

    ``checks``: what was asked of the books when it was closed, and what was found.
    """

    day = models.DateField(unique=True)
    closed_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checks = models.JSONField(default=list)

    class Meta:
        ordering = ("-day",)
        verbose_name = _("closed day")

    def __str__(self) -> str:
        return self.day.isoformat()


class DayTotal(models.Model):
    """What a closed day brought to an account, so that old balances need no old entries."""

    day = models.DateField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="totals")
    currency = models.CharField(max_length=3)
    debit = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    credit = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "account", "currency"], name="ledger_total_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(debit__gte=0, credit__gte=0), name="ledger_total_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.account_id} {self.currency}"


class Settlement(models.Model):
    """What a provider paid out at once. Rows are added, never changed.

    Amounts in major units of ``currency``: ``gross`` is payments less refunds, ``fees`` what the
    provider kept of it. Of a provider that reports by day the net stays with it (``is_paid_out``), until
    a bank statement shows it leaving.
    """

    gateway = models.CharField(max_length=40)
    payout = models.CharField(max_length=120, help_text="the provider's number of it")
    currency = models.CharField(max_length=3)
    paid_on = models.DateField()
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    fees = models.DecimalField(max_digits=14, decimal_places=2)
    is_paid_out = models.BooleanField(default=True, help_text="else it stays at the provider")
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-paid_on", "-pk")
        verbose_name = _("settlement")
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "payout", "currency"], name="ledger_settlement_once_per_payout"
            ),
        ]

    def __str__(self) -> str:
        return self.payout

    @property
    def net(self) -> Decimal:
        return self.gross - self.fees


class LineKind(models.TextChoices):
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    FEE = "fee", _("Fee")


class SettlementLine(models.Model):
    """One payment, refund or fee of a payout. ``amount``: refunds below zero, nothing of a fee alone;
    ``fee``: what was kept."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    reference = models.CharField(
        max_length=200, help_text="the provider's, as our payments have it"
    )
    order_number = models.CharField(max_length=40, blank=True, help_text="as the provider has it")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    fee = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "kind", "reference"], name="ledger_line_once_per_payout"
            ),
            models.CheckConstraint(
                condition=Q(kind="payment", amount__gt=0)
                | Q(kind="refund", amount__lt=0)
                | Q(kind="fee", amount=0),
                name="ledger_line_has_its_sign",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class WriteOffKind(models.TextChoices):
    SETTLEMENT = "settlement", _("Difference with a provider")
    SHORT = "short", _("Transfer that is short")
    REST = "rest", _("Rest of a bank line")


class WriteOff(models.Model):
    """A difference that finance let go. Rows stay; one that was undone says when and by whom.

    ``amount``: what the books have too much, so a loss is above zero and a gain below. ``reference``:
    the provider's of a settlement's difference, our key of a payment that is short, empty of a rest.
    """

    kind = models.CharField(max_length=12, choices=WriteOffKind.choices)
    gateway = models.CharField(max_length=40, blank=True, help_text="where it is settled")
    reference = models.CharField(max_length=200, blank=True)
    order_number = models.CharField(max_length=40, blank=True, db_index=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=200)
    booking = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, null=True, related_name="write_off"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-decided_at", "-pk")
        verbose_name = _("write-off")
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gt=-TOO_MUCH, amount__lt=TOO_MUCH),
                name="ledger_write_off_of_some_money",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_write_off_says_why"),
            models.CheckConstraint(
                condition=Q(kind="settlement") & ~Q(gateway="") & ~Q(reference="")
                | Q(kind="short", gateway="") & ~Q(reference="")
                | Q(kind="rest", gateway="", reference=""),
                name="ledger_write_off_says_of_what",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(kind="short", undone_at__isnull=True),
                name="ledger_write_off_once_per_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class WriteOffLimit(models.Model):
    """How much a role may write off of one order or payment; the shop's currency."""

    group = models.OneToOneField(
        "auth.Group", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=TOO_MUCH),
                name="ledger_write_off_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.amount}"
