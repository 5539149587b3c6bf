"""What is new, for feed readers: RSS 2.0, one address for each language."""

import mimetypes
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalog.feeds.addresses import absolute
from catalog.feeds.answers import shared
from catalog.feeds.items import plain
from catalog.listing.models import ListedProduct
from catalog.models import Product, ProductImage

ITEMS = 30
SECONDS = 600
TEXT_LENGTH = 400  # characters; readers come to the page for the rest


class NewProducts(Feed):
    """The latest products. Prices are left out: a feed reader keeps what it once read."""

    feed_type = Rss201rev2Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(("GET", "HEAD"))
        made = super().__call__(request, *args, **kwargs)
        return shared(request, made.content, content_type=made["Content-Type"], seconds=SECONDS)

    def title(self) -> str:
        return _("New at %(shop)s") % {"shop": settings.OSCAR_SHOP_NAME}

    def description(self) -> str:
        return _("What came in during the last weeks, the latest first.")

    def link(self) -> str:
        return settings.PUBLIC_URL + reverse("catalogue:new")

    def feed_url(self) -> str:
        return settings.PUBLIC_URL + reverse("new-feed")

    def items(self) -> list[Product]:
        """Two queries: the products, and their pictures."""
        newest = ListedProduct.objects.order_by("-listed_at", "-product")
        rows = newest.select_related("product")[:ITEMS]
        products = [row.product for row in rows]
        pictures: dict[int, str] = {}
        images = ProductImage.objects.filter(product__in=products).order_by("display_order", "pk")
        for pk, name in images.values_list("product_id", "original"):
            pictures.setdefault(pk, name)
        for product in products:
            product.picture_name = pictures.get(product.pk, "")
        return products

    def item_title(self, item: Product) -> str:
        return str(item.title)

    def item_description(self, item: Product) -> str:
        return Truncator(plain(item.description or "")).chars(TEXT_LENGTH)

    def item_link(self, item: Product) -> str:
        return settings.PUBLIC_URL + item.get_absolute_url()

    def item_pubdate(self, item: Product) -> Any:
        return item.date_created

    def item_enclosures(self, item: Product) -> list[Enclosure]:
        """Its first picture. The size is not looked up: 0 says that it is not known."""
        if not item.picture_name:
            return []
        kind = mimetypes.guess_type(item.picture_name)[0] or "image/webp"
        return [Enclosure(absolute(default_storage.url(item.picture_name)), "0", kind)]
