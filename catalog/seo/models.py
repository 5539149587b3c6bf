"""What the shop tells search engines and those who get a link to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageKind(models.TextChoices):
    """Kinds of pages that share one rule for their titles and descriptions."""

    HOME = "home", _("Home page")
    PRODUCT = "product", _("Products")
    CATEGORY = "category", _("Categories")
    BRAND = "brand", _("Brands")
    COLLECTION = "collection", _("Collections")
    LIST = "list", _("Other lists")
    ARTICLE = "article", _("Articles")
    PAGE = "page", _("Other pages")
    SEARCH = "search", _("Search results")


class PageRule(models.Model):
    """The operator's rule of one kind, in both languages. Empty: the one of `seo.kinds`."""

    kind = models.CharField(_("Pages"), max_length=20, choices=PageKind.choices, primary_key=True)
    title = models.CharField(_("Title"), max_length=200, blank=True)
    description = models.CharField(_("Description"), max_length=400, blank=True)

    def __str__(self) -> str:
        return str(self.get_kind_display())


class ShareCard(models.Model):
    """The picture that goes with a link to a page of the shop: one per product and language.

    Without a product it is the shop's own, for every other page. ``digest`` says from what the
    picture was made; ``image`` is a name in the storage and holds the digest, so that a new
    picture never comes under an old name.
    """

    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, null=True, related_name="share_cards"
    )
    language = models.CharField(max_length=10)
    digest = models.CharField(max_length=32)
    image = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"],
                nulls_distinct=False,
                name="share_card_once_per_language",
            ),
        ]

    def __str__(self) -> str:
        return self.image
