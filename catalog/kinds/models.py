"""What a product needs to be a set, a download or a service, beside Oscar's own columns."""

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

DOWNLOADS, DAYS = 5, 30  # what a buyer gets unless the file says otherwise


def private_storage():
    """Files for sale lie beside the media and have no address of their own."""
    return storages["private"]


class ProductSet(models.Model):
    """A product that is made of others and costs less than they do.

    ``price`` is what the whole set costs, tax included, in the shop's currency, or ``percent`` is
    taken off its parts. ``pick`` None: all parts; a number: so many of them, as the shopper likes.
    In a basket the set is its parts; a discount brings them to the price (`promotions.sets`).
    """

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, primary_key=True, related_name="as_set"
    )
    price = models.DecimalField(
        _("Price of the set"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    percent = models.DecimalField(
        _("Percent off its parts"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    pick = models.PositiveSmallIntegerField(
        _("How many to choose"),
        null=True,
        blank=True,
        help_text=_("Empty: the set is all of its parts. A number: shoppers choose so many."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0, percent__isnull=True)
                | Q(price__isnull=True, percent__gt=0, percent__lt=100),
                name="set_has_price_or_percent",
            ),
            models.CheckConstraint(
                condition=Q(pick__isnull=True) | Q(pick__range=(2, 20)), name="set_picks_a_few"
            ),
        ]

    def __str__(self) -> str:
        return self.product.get_title()


class SetPart(models.Model):
    """One product in a set; where it has variants, the shopper chooses one."""

    product_set = models.ForeignKey(ProductSet, on_delete=models.CASCADE, related_name="parts")
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.PROTECT, related_name="part_of"
    )
    quantity = models.PositiveSmallIntegerField(_("Quantity"), default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["product_set", "product"], name="set_part_once"),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, 50)), name="set_part_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product.get_title()}"


class ProductFile(models.Model):
    """One file that buyers of a product may fetch. A file once sold stays, hidden or not."""

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.PROTECT, related_name="files_sold"
    )
    file = models.FileField(storage=private_storage, upload_to="downloads/", max_length=200)
    name = models.CharField(_("File name"), max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(help_text="bytes")
    downloads = models.PositiveSmallIntegerField(_("Downloads per unit"), default=DOWNLOADS)
    days = models.PositiveSmallIntegerField(_("Days"), default=DAYS)
    is_offered = models.BooleanField(default=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(downloads__range=(1, 1000), days__range=(1, 3650)),
                name="file_can_be_fetched",
            )
        ]

    def __str__(self) -> str:
        return self.name


class NextSteps(models.Model):
    """What happens after a service is paid, as the buyer reads it."""

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, primary_key=True, related_name="next_steps"
    )
    text = models.TextField(_("What happens next"), max_length=1000, blank=True)

    def __str__(self) -> str:
        return self.text
