"""Invoices and credit notes: numbered without gaps, frozen as they are issued."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


#: What the numbers of each kind begin with.
PREFIXES = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CRN"}


class Series(models.Model):
    """The numbers of one kind in one year. ``last``: the newest one given, ``last_at``: when.

    Locked for every number (`orders.papers.locks`), so that there are neither gaps nor doubles and
    later numbers bear later dates.
    """

    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="series_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{PREFIXES[DocumentKind(self.kind)]}-{self.year}"

    def number(self, position: int) -> str:
        return f"{self}-{position:06d}"


class Document(models.Model):
    """One issued paper. Rows are added, never changed; the database refuses UPDATE and DELETE.

    ``content``: all that is printed, amounts as text in major units of ``currency``; ``sha256`` is
    that of its canonical JSON. A credit note names the invoice that it ``corrects`` and the refund
    that it is for, or the ``part`` that was taken out of the order before its money was (``cut:…``); its
    sums are what was given back or is not asked for any more, above zero.
    """

    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    series = models.ForeignKey(  # `document_number_once_per_series` begins with it
        Series, on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    position = models.PositiveIntegerField(help_text="within its series, from 1")
    number = models.CharField(max_length=24, unique=True)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="documents")
    part = models.CharField(
        max_length=40, blank=True, help_text="of the order, added or cut after its invoice"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    refund = models.ForeignKey(  # `document_one_credit_note_per_refund` is its index
        "payments.Refund",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        db_index=False,
    )
    issued_at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    total_incl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    total_excl_tax = models.DecimalField(max_digits=12, decimal_places=2)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("issued_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "position"], name="document_number_once_per_series"
            ),
            models.UniqueConstraint(
                fields=["order", "part"],
                condition=Q(kind="invoice"),
                name="document_one_invoice_per_part",
            ),
            models.UniqueConstraint(fields=["refund"], name="document_one_credit_note_per_refund"),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects__isnull=True, refund__isnull=True)
                | Q(kind="credit_note", corrects__isnull=False, refund__isnull=False, part="")
                | Q(kind="credit_note", corrects__isnull=False, refund__isnull=True, part__gt=""),
                name="document_credit_note_corrects",
            ),
            models.UniqueConstraint(
                fields=["order", "part"],
                condition=Q(kind="credit_note", part__gt=""),
                name="document_one_credit_note_per_part",
            ),
            models.CheckConstraint(
                condition=Q(total_excl_tax__gte=0, total_incl_tax__lt=10_000_000_000)
                & Q(total_incl_tax__gte=F("total_excl_tax")),
                name="document_sums_in_order",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="document_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.number
