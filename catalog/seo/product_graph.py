"""A product as structured data: what the page shows, in the words of schema.org. No queries."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from catalog.cards import Offer
from catalog.delivery import DeliveryPromise, delivery_promised
from catalog.pages import ProductPage
from catalog.seo.addresses import absolute
from catalog.seo.graph import Node
from catalog.seo.words import plain

TEXT_AT_MOST = 600  # characters of a description
REVIEWS_AT_MOST = 2
REVIEW_AT_MOST = 240
VARIANTS_AT_MOST = 40  # a family with more shows the first ones
PICTURES_AT_MOST = 4

IN_STOCK, OUT_OF_STOCK = "https://schema.org/InStock", "https://schema.org/OutOfStock"
NEW = "https://schema.org/NewCondition"
#: Which of our attributes schema.org has a word for.
VARIES_BY = {"colour": "color", "size": "size", "material": "material", "pattern": "pattern"}
GTIN_LENGTHS = (8, 12, 13, 14)


def product_nodes(
    page: ProductPage, *, rating: float | None, reviews: int, opinions: Mapping[str, Any]
) -> list[Node]:
    """The product or the family, how it is sent, and what people asked."""
    path = page.product.get_absolute_url()
    shipping = delivery_promised() if _is_sent(page) else None
    about = _about(page, path) | _rated(rating, reviews, opinions.get("reviews") or ())
    if page.product.is_parent:
        main = about | _family(page, path, shipping)
    else:
        main = {"@type": "Product"} | about | _goods(page.chosen, path, shipping)
    return [
        main,
        *_shipping_nodes(page.offers, shipping),
        faq_node(opinions.get("questions") or ()),
    ]


def _about(page: ProductPage, path: str) -> Node:
    node: Node = {"@id": absolute(path) + "#product", "name": page.product.title}
    node["url"] = absolute(path)
    if text := plain(page.product.description or "")[:TEXT_AT_MOST]:
        node["description"] = text
    if page.pictures:
        node["image"] = [absolute(one.large) for one in page.pictures[:PICTURES_AT_MOST]]
    if page.brand:
        node["brand"] = {"@type": "Brand", "name": page.brand.name}
    return node


def _family(page: ProductPage, path: str, shipping: DeliveryPromise | None) -> Node:
    """A group with its variants; each leads to the page on which it is chosen."""
    varies = [
        f"https://schema.org/{VARIES_BY[axis.code]}" for axis in page.axes if axis.code in VARIES_BY
    ]
    group: Node = {"@type": "ProductGroup", "productGroupID": str(page.product.pk)}
    if varies:
        group["variesBy"] = varies
    pictures = [absolute(one.large) for one in page.pictures[:1]]
    group["hasVariant"] = [
        {"@type": "Product", "name": _variant_name(page, offer)}
        | ({"image": pictures[0]} if pictures else {})
        | _varied(page, offer)
        | _goods(offer, f"{path}?variant={offer.product.pk}", shipping)
        for offer in page.offers[:VARIANTS_AT_MOST]
    ]
    return group


def _variant_name(page: ProductPage, offer: Offer) -> str:
    """``Mug, Sage, M``: the family and what was chosen."""
    values = page.values.get(offer.product.pk, {})
    chosen = [values[axis.code].label for axis in page.axes if axis.code in values]
    return ", ".join([page.product.title, *chosen])


def _varied(page: ProductPage, offer: Offer) -> Node:
    values = page.values.get(offer.product.pk, {})
    return {VARIES_BY[code]: value.label for code, value in values.items() if code in VARIES_BY}


def _goods(offer: Offer | None, path: str, shipping: DeliveryPromise | None) -> Node:
    """Numbers of one thing to buy, and its offer; nothing for what is not for sale."""
    if offer is None:
        return {}
    node: Node = {"sku": offer.record.partner_sku}
    if gtin := gtin_of(offer.product.upc):
        node["gtin"] = gtin
    node["offers"] = offer_node(offer, path, shipping)
    return node


def offer_node(offer: Offer, path: str, shipping: DeliveryPromise | None) -> Node:
    """The price is the one that the page shows: tax included, for one."""
    node: Node = {
        "@type": "Offer",
        "url": absolute(path),
        "price": f"{offer.price:f}",
        "priceCurrency": offer.currency,
        "availability": IN_STOCK if offer.is_available else OUT_OF_STOCK,
        "itemCondition": NEW,
    }
    if ends_at := offer.resolved.ends_at:
        node["priceValidUntil"] = localtime(ends_at).date().isoformat()
    if shipping is not None:
        node["shippingDetails"] = {"@id": _shipping_id(_is_free(offer.price, shipping))}
    return node


def _is_sent(page: ProductPage) -> bool:
    return bool(page.product.get_product_class().requires_shipping)


def _is_free(price: Decimal, promise: DeliveryPromise) -> bool:
    return promise.free_from is not None and price >= promise.free_from


def _shipping_id(is_free: bool) -> str:
    return "#sent-free" if is_free else "#sent"


def _shipping_nodes(offers: Sequence[Offer], promise: DeliveryPromise | None) -> list[Node]:
    """How it travels at home, once for all offers that say the same."""
    if promise is None:
        return []
    kinds = dict.fromkeys(_is_free(offer.price, promise) for offer in offers[:VARIANTS_AT_MOST])
    return [_shipping_node(promise, is_free=is_free) for is_free in kinds]


def _shipping_node(promise: DeliveryPromise, *, is_free: bool) -> Node:
    node: Node = {
        "@type": "OfferShippingDetails",
        "@id": _shipping_id(is_free),
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": "0" if is_free else f"{promise.charge:f}",
            "currency": promise.currency,
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": promise.country},
    }
    if promise.days:
        node["deliveryTime"] = {
            "@type": "ShippingDeliveryTime",
            "handlingTime": _days(0, 1),
            "transitTime": _days(*promise.days),
        }
    return node


def _days(least: int, most: int) -> Node:
    return {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitCode": "DAY"}


def _rated(rating: float | None, reviews: int, shown: Iterable[Any]) -> Node:
    """Only what buyers really said; nothing where nobody said anything."""
    if not reviews or rating is None:
        return {}
    node: Node = {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": f"{rating:.2f}".rstrip("0").rstrip("."),
            "reviewCount": reviews,
            "bestRating": 5,
            "worstRating": 1,
        }
    }
    if found := [_review(one) for one in shown if one.name][:REVIEWS_AT_MOST]:
        node["review"] = found
    return node


def _review(review: Any) -> Node:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.name},
        "datePublished": localtime(review.date_created).date().isoformat(),
        "name": review.title,
        "reviewBody": review.body[:REVIEW_AT_MOST],
        "reviewRating": {"@type": "Rating", "ratingValue": review.score, "bestRating": 5},
    }


def faq_node(questions: Iterable[Any]) -> Node:
    """What the shop itself has answered; answers of buyers stand on the question's own page."""
    return faq_page(
        (question.text, next(one.text for one in question.shown_answers if one.is_shop))
        for question in questions
        if any(one.is_shop for one in question.shown_answers)
    )


def faq_page(asked: Iterable[tuple[str, str]]) -> Node:
    """Questions with the shop's own answers, in plain text. Nothing for none."""
    answered = list(asked)
    if not answered:
        return {}
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": asked,
                "acceptedAnswer": {"@type": "Answer", "text": said},
            }
            for asked, said in answered
        ],
    }


def gtin_of(code: str | None) -> str:
    """The number under the bars if it is a GTIN (GS1: 8, 12, 13 or 14 digits, the last one checks)."""
    text = (code or "").strip()
    if not re.fullmatch(r"[0-9]+", text) or len(text) not in GTIN_LENGTHS:
        return ""
    digits = [int(digit) for digit in reversed(text)]
    total = sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return text if total % 10 == 0 else ""
