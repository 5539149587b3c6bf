"""What receivers say about their parcels, until somebody has put it right."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.returns.models.returns import PHOTOS_AT_MOST, private_storage
from orders.returns.states import ComplaintKind, Remedy


class Complaint(models.Model):
    """Something is wrong with an order that left. ``remedy``: how it was put right; empty: not yet.

    ``wish`` is what the receiver would like, ``answer`` what the shop wrote to them.
    """

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="complaints")
    key = models.UUIDField(unique=True, editable=False, help_text="of the form, so it counts once")
    kind = models.CharField(max_length=10, choices=ComplaintKind.choices)
    wish = models.CharField(max_length=10, choices=Remedy.choices)
    parcel = models.ForeignKey(
        "fulfilment.Shipment", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    words = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=12, default="en")
    made_at = models.DateTimeField(default=timezone.now)
    remedy = models.CharField(max_length=10, choices=Remedy.choices, blank=True)
    answer = models.CharField(max_length=400, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    back = models.OneToOneField(
        "returns.Return", on_delete=models.PROTECT, null=True, blank=True, related_name="complaint"
    )
    again = models.OneToOneField(
        "returns.LinkedOrder",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaint",
    )
    refund = models.OneToOneField(
        "refunding.RefundRequest",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaint",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=Q(closed_at__isnull=True),
                name="complaint_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, remedy="")
                | Q(closed_at__isnull=False, remedy__in=Remedy.values),
                name="complaint_closed_has_remedy",
            ),
            models.CheckConstraint(
                condition=Q(remedy=Remedy.BACK, back__isnull=False)
                | (~Q(remedy=Remedy.BACK) & Q(back__isnull=True)),
                name="complaint_return_is_there",
            ),
            models.CheckConstraint(
                condition=Q(remedy=Remedy.AGAIN, again__isnull=False)
                | (~Q(remedy=Remedy.AGAIN) & Q(again__isnull=True)),
                name="complaint_order_is_there",
            ),
            models.CheckConstraint(
                condition=Q(remedy=Remedy.MONEY, refund__isnull=False)
                | (~Q(remedy=Remedy.MONEY) & Q(refund__isnull=True)),
                name="complaint_refund_is_there",
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_at"], condition=Q(closed_at__isnull=True), name="complaint_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"


class ComplaintPhoto(models.Model):
    """A picture that the receiver sent; only the team sees it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="photos")
    image = models.FileField(storage=private_storage, upload_to="complaints/", max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "position"], name="complaint_photo_place_once"
            ),
            models.CheckConstraint(
                condition=Q(position__lt=PHOTOS_AT_MOST), name="complaint_photos_few"
            ),
        ]


class ComplaintLine(models.Model):
    """Units of an order line that it is about."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "order_line"], name="complaint_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="complaint_line_of_something"
            ),
        ]
