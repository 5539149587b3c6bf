"""Money that came to the shop's account or left it, line by line, and what it was for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TOO_MUCH = 10_000_000_000  # NaN is above every number in PostgreSQL


class BankLine(models.Model):
    """One payment that a bank statement tells of. Amounts are in major units of ``currency``, above
    zero also where it left the account (``is_out``).

    ``fingerprint``: the bank's own id of the line, or a hash of what it says, so that a statement that
    is read twice counts once.
    """

    fingerprint = models.CharField(max_length=100, unique=True)
    booked_on = models.DateField()
    is_out = models.BooleanField(default=False, help_text="it left the account")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=300, blank=True, help_text="what the payer wrote")
    payer = models.CharField(max_length=200, blank=True)
    amount_assigned = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount_returned = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    return_note = models.CharField(max_length=200, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=TOO_MUCH), name="bank_line_of_some_money"
            ),
            models.CheckConstraint(
                condition=Q(amount_assigned__gte=0, amount_returned__gte=0)
                & Q(amount__gte=F("amount_assigned") + F("amount_returned")),
                name="bank_line_used_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount_returned=0) | ~Q(return_note=""),
                name="bank_line_returned_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["booked_on"],
                condition=Q(amount__gt=F("amount_assigned") + F("amount_returned")),
                name="bank_line_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on}: {self.amount} {self.currency}"

    @property
    def signed(self):
        """As the account sees it: below zero where it left."""
        return -self.amount if self.is_out else self.amount

    @property
    def left(self):
        """What nobody has decided on yet."""
        return self.amount - self.amount_assigned - self.amount_returned


class BankShare(models.Model):
    """What of a bank line paid for which payment. Rows are added, never changed; one that booked
    nothing may be taken away again (`payments.bank.undoing`).
    """

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="shares")
    intent = models.ForeignKey(
        "payments.PaymentIntent", on_delete=models.PROTECT, related_name="bank_shares"
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now)
    has_booked = models.BooleanField(
        default=False, help_text="the payment was complete with it, and so it was booked"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=TOO_MUCH), name="bank_share_of_some_money"
            ),
            models.UniqueConstraint(
                fields=["line", "intent"], name="bank_share_once_per_line_and_payment"
            ),
        ]


class UseKind(models.TextChoices):
    """What a line was, where it was no customer's transfer."""

    PAYOUT = "payout", _("Payout of a provider")
    CASH = "cash", _("Cash of a courier")
    FEE = "fee", _("Bank fee")
    WRITE_OFF = "write_off", _("Written off")
    OTHER = "other", _("Not ours to book")


class BankUse(models.Model):
    """What a bank line was, where no customer paid or was paid by it. Rows stay; one that was undone
    says when and by whom.

    ``booking``: what it moved in the books. There is none for what is not ours to book, and none that
    stands where an imported settlement has booked the same payout.
    """

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10, choices=UseKind.choices)
    gateway = models.CharField(max_length=40, blank=True, help_text="whose money it was")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    note = models.CharField(max_length=200, blank=True)
    settlement = models.ForeignKey(
        "ledger.Settlement", on_delete=models.PROTECT, null=True, blank=True, related_name="uses"
    )
    booking = models.OneToOneField(
        "ledger.Transaction", on_delete=models.PROTECT, null=True, blank=True, related_name="use"
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
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=TOO_MUCH), name="bank_use_of_some_money"
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=("payout", "cash")) & ~Q(gateway=""))
                | (~Q(kind__in=("payout", "cash")) & Q(gateway="")),
                name="bank_use_says_whose_money",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("other", "write_off"), note=""),
                name="bank_use_of_another_kind_says_what",
            ),
            models.UniqueConstraint(
                fields=["settlement"],
                condition=Q(undone_at__isnull=True),
                name="bank_use_one_per_settlement",
            ),
        ]
        indexes = [
            models.Index(
                fields=["gateway"],
                condition=Q(undone_at__isnull=True, settlement__isnull=True) & ~Q(gateway=""),
                name="bank_use_without_settlement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.kind} {self.amount}"


class Payout(models.Model):
    """Money that a person of the team sends back, because no provider does: to which account, and when.

    There is none before its payer named the account. ``holder`` and ``account`` are sealed
    (`shop.core.sealed`); ``shown`` is what of the account may be read by everybody who sees the refund.
    """

    refund = models.OneToOneField(
        "payments.Refund", on_delete=models.PROTECT, related_name="payout", primary_key=True
    )
    holder = models.TextField(blank=True, help_text="sealed")
    account = models.TextField(blank=True, help_text="sealed")
    bank = models.CharField(max_length=120, blank=True, help_text="its name or code")
    shown = models.CharField(max_length=20, blank=True, help_text="the end of the account")
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="of the team; empty: the payer",
    )
    told_at = models.DateTimeField(default=timezone.now)
    filed_at = models.DateTimeField(null=True, blank=True, help_text="last in a file for the bank")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField(
        max_length=200, blank=True, help_text="how it was sent, without an account"
    )
    line = models.OneToOneField(
        BankLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payout",
        help_text="of the statement that shows it leaving",
    )
    is_sent_by_line = models.BooleanField(
        default=False, help_text="nobody had said that it is sent before its line showed it"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(account="") | ~Q(note=""), name="payout_has_an_account_or_says_how"
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=True) | Q(sent_at__isnull=False),
                name="payout_on_a_statement_is_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.shown}"

    @property
    def has_account(self) -> bool:
        return bool(self.account)
