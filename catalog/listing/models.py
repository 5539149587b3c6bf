"""What lists filter, count and sort by: one row per product family, kept by `catalog.listing`."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class ListedProduct(models.Model):
    """The facets of one browsable family. Derived: `manage.py listing_rebuild` makes it anew.

    Money is in the shop's currency; ``price`` is what one unit of the cheapest variant costs now,
    running offers taken off, ``price_before`` what it was without them. ``prices`` are the same by
    the other currencies that shoppers may choose, as text.
    """

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, primary_key=True, related_name="listed"
    )
    category_ids = ArrayField(models.BigIntegerField(), default=list)  # ancestors and selves
    option_ids = ArrayField(models.BigIntegerField(), default=list)  # of it and of its variants
    options_in_stock = ArrayField(models.BigIntegerField(), default=list)  # of what can be bought
    brand = models.ForeignKey("facts.Brand", on_delete=models.SET_NULL, null=True, related_name="+")
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    price_before = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    prices = models.JSONField(default=dict)
    is_on_offer = models.BooleanField(default=False)
    offer_ends_at = models.DateTimeField(null=True)
    is_in_stock = models.BooleanField(default=False)
    rating = models.FloatField(null=True)
    reviews = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)  # units in the last 28 days
    priority = models.SmallIntegerField(default=0)
    listed_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["category_ids"], name="listed_categories"),
            GinIndex(fields=["option_ids"], name="listed_options"),
            models.Index(fields=["-priority", "-rating", "-product"], name="listed_featured"),
            models.Index(fields=["price", "product"], name="listed_price"),
            models.Index(fields=["-listed_at", "-product"], name="listed_newest"),
            models.Index(fields=["-sold", "-product"], name="listed_sold"),
        ]


class CollectionText(models.Model):
    """What shoppers read and see of a public range, in both languages; a range has one name only."""

    range = models.OneToOneField(
        "offer.Range", on_delete=models.CASCADE, primary_key=True, related_name="collection"
    )
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(_("Text"), blank=True)
    image = models.ImageField(_("Picture"), upload_to="collections/", blank=True)
    meta_title = models.CharField(_("Title for search engines"), max_length=255, blank=True)
    meta_description = models.CharField(
        _("Description for search engines"), max_length=400, blank=True
    )

    def __str__(self) -> str:
        return self.name
