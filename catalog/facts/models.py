"""What we know of a product beyond Oscar's own columns, and the brands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """Who makes it; has a page of its own."""

    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(_("Address"), unique=True)
    description = models.TextField(_("About the brand"), blank=True)
    image = models.ImageField(_("Picture"), upload_to="brands/", blank=True)
    meta_title = models.CharField(_("Title for search engines"), max_length=255, blank=True)
    meta_description = models.CharField(
        _("Description for search engines"), max_length=400, blank=True
    )

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class SizeGuide(models.Model):
    """How to measure, and which size that is.

    ``table`` is plain text: one line per row, cells between ``|``, the first line is the head.
    """

    name = models.CharField(_("Name"), max_length=80)
    how = models.TextField(_("How to measure"), blank=True)
    table = models.TextField(_("Table"), blank=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class ProductFacts(models.Model):
    """One row beside a family (a parent or a product without variants); variants share it."""

    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    brand = models.ForeignKey(
        Brand, on_delete=models.SET_NULL, null=True, blank=True, related_name="products"
    )
    size_guide = models.ForeignKey(
        SizeGuide, on_delete=models.SET_NULL, null=True, blank=True, related_name="products"
    )
