"""What a carrier owes for a parcel that was lost, damaged or late."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.carriers.states import ClaimKind, ClaimState

TOO_MUCH = 10_000_000_000  # NaN is above every number in PostgreSQL


class Claim(models.Model):
    """Amounts in the shop's own currency. ``deadline``: the last day to hand it in, by the contract.

    ``granted`` is what the carrier agreed to, None before it answered.
    """

    label = models.ForeignKey("carriers.Label", on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=10, choices=ClaimKind.choices)
    state = models.CharField(
        max_length=10, choices=ClaimState.choices, default=ClaimState.OPEN, db_index=True
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    granted = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    deadline = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True, help_text="the carrier's")
    words = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "kind"], name="claim_once_per_kind"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=TOO_MUCH), name="claim_of_some_money"
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(granted__gte=0, granted__lte=F("amount")),
                name="claim_granted_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ClaimState.OPEN, ClaimState.SENT, ClaimState.DROPPED],
                    granted__isnull=True,
                )
                | Q(state__in=[ClaimState.GRANTED, ClaimState.PAID], granted__gt=0)
                | Q(state=ClaimState.REFUSED, granted=0),
                name="claim_answered_has_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label_id}"
