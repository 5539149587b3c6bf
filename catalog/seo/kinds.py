"""What each kind of page says of itself when nobody decided anything, and the words it knows."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.seo.models import PageKind


@dataclass(frozen=True)
class KindFacts:
    """``words``: the placeholders that a rule may use. ``spare``: said where the text is empty."""

    title: str
    description: str
    words: tuple[str, ...]
    spare: str | Promise = ""


LIST_WORDS = ("name", "count", "about", "shop", "tagline")
LIST_SPARE = _("{name} at {shop}: {count} things, each with what is left and when it arrives.")

KINDS: dict[str, KindFacts] = {
    PageKind.HOME: KindFacts("{shop} · {tagline}", "{about}", ("shop", "tagline", "about")),
    PageKind.PRODUCT: KindFacts(
        "{name} · {shop}",
        "{about}",
        ("name", "brand", "category", "price_from", "about", "shop", "tagline"),
        "{name} · {brand} · {category} · {shop}",
    ),
    PageKind.CATEGORY: KindFacts("{name} · {shop}", "{about}", LIST_WORDS, LIST_SPARE),
    PageKind.BRAND: KindFacts("{name} · {shop}", "{about}", LIST_WORDS, LIST_SPARE),
    PageKind.COLLECTION: KindFacts("{name} · {shop}", "{about}", LIST_WORDS, LIST_SPARE),
    PageKind.LIST: KindFacts("{name} · {shop}", "{about}", LIST_WORDS, LIST_SPARE),
    PageKind.ARTICLE: KindFacts("{name} · {shop}", "{about}", ("name", "about", "shop", "tagline")),
    PageKind.PAGE: KindFacts("{name} · {shop}", "{about}", ("name", "about", "shop", "tagline")),
    PageKind.SEARCH: KindFacts("{name} · {shop}", "", ("name", "count", "shop", "tagline")),
}

#: What a placeholder stands for, as the rules' desk explains it.
MEANINGS = {
    "name": _("what the page is called"),
    "brand": _("who makes the product"),
    "category": _("the category it stands in"),
    "price_from": _("what it costs, or the least of its variants"),
    "count": _("how many products the list has"),
    "about": _("the beginning of its text"),
    "shop": _("the shop’s name"),
    "tagline": _("the shop’s line"),
}
