"""Showing a product to somebody else, without asking anybody for a script."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext

from catalog.pages import ProductPage


@dataclass(frozen=True)
class ShareLink:
    name: str
    url: str
    is_elsewhere: bool = True


@dataclass(frozen=True)
class ShareLinks:
    links: tuple[ShareLink, ...]
    qr: str


def share_links(page: ProductPage) -> ShareLinks:
    product = page.product
    qr = reverse("catalogue:detail-qr", kwargs={"product_slug": product.slug, "pk": product.pk})
    _there, mark, query = page.url.partition("?")
    return ShareLinks(
        links=channels(product.title, page.url),
        qr=f"{qr}{mark}{query}",
    )


def channels(title: str, url: str) -> tuple[ShareLink, ...]:
    """Plain links; what they send is what they show."""
    text = f"{title} {url}"
    mail = urlencode({"subject": title, "body": text}, quote_via=quote)
    weibo = urlencode({"url": url, "title": title})
    return (
        ShareLink(gettext("E-mail"), f"mailto:?{mail}", is_elsewhere=False),
        ShareLink("WhatsApp", f"https://wa.me/?{urlencode({'text': text})}"),
        ShareLink(gettext("Weibo"), f"https://service.weibo.com/share/share.php?{weibo}"),
    )
