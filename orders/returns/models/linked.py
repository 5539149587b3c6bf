"""Orders that exist because of another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from orders.returns.states import LinkKind


class LinkedOrder(models.Model):
    """``order`` follows from ``of``: goods in exchange for a return, or the same sent again.

    A return has one exchange. ``parcel`` was lost or came wrong: it is sent again once.
    """

    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="begun_by")
    of = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="followed_by")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    back = models.OneToOneField(
        "returns.Return", on_delete=models.PROTECT, null=True, blank=True, related_name="exchange"
    )
    parcel = models.OneToOneField(
        "fulfilment.Shipment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sent_again",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(order=F("of")), name="linked_order_of_another"),
            models.CheckConstraint(
                condition=Q(kind=LinkKind.EXCHANGE, back__isnull=False, parcel__isnull=True)
                | Q(kind=LinkKind.AGAIN, back__isnull=True),
                name="linked_order_has_its_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id} of {self.of_id}"
