"""Rows of cards with their reasons, as pages show them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from catalog.cards import CardFacts, Offer, cards_make, offers_of
from catalog.models import Product
from catalog.recommend.models import Reason, Shelf
from catalog.recommend.selectors import (
    Suggested,
    products_seen,
    suggestions_beside,
    suggestions_cold,
    suggestions_for_you,
    suggestions_popular,
    suggestions_with,
)
from catalog.selectors import category_path_of
from catalog.shortlist.cookies import RECENT
from catalog.variants import attribute_values, variant_first
from shop.core.money import shown

RAIL = 4  # cards in one row
COMPANIONS = 2  # products beside the one of the page in a set
SPARE = 2  # more than a row, for what its card calls sold out


@dataclass(frozen=True)
class ReasonedCard:
    """A card and, in words, why it stands there."""

    card: CardFacts
    reason: str


@dataclass(frozen=True)
class SetOption:
    """One variant that can be taken into a set."""

    pk: int
    label: str
    price: Decimal
    currency: str

    @property
    def words(self) -> str:
        """``Sage · M, €12.50``."""
        amount = shown(self.price, self.currency, get_language() or "en")
        return f"{self.label}, {amount}" if self.label else amount


@dataclass(frozen=True)
class SetPart:
    """One family of a set. ``shown``: the variant it is shown in, None where none can be bought."""

    family_id: int
    card: CardFacts
    reason: str
    options: list[SetOption]
    shown: SetOption | None
    is_taken: bool

    @property
    def chosen(self) -> SetOption | None:
        return self.shown if self.is_taken else None


@dataclass(frozen=True)
class ProductSet:
    """What is bought together, to be bought with one button."""

    parts: list[SetPart]

    @property
    def chosen(self) -> list[SetOption]:
        return [part.chosen for part in self.parts if part.chosen]

    @property
    def total(self) -> str:
        """The exact sum for one of each."""
        chosen = self.chosen
        if not chosen or len({one.currency for one in chosen}) > 1:
            return ""
        total = sum((one.price for one in chosen), Decimal(0))
        return shown(total, chosen[0].currency, get_language() or "en")


@dataclass(frozen=True)
class VisitorRails:
    """The rows below a product: like it, looked at before, chosen for this visitor."""

    similar: list[ReasonedCard]
    recent: list[CardFacts]
    for_you: list[ReasonedCard]


def reason_in_words(suggested: Suggested, *, beside: str = "") -> str:
    """One short line, in the reader's language."""
    if suggested.source:
        words = (
            gettext("Because you bought %(name)s")
            if suggested.bought
            else gettext("Because you looked at %(name)s")
        )
        return words % {"name": suggested.source}
    if suggested.reason == Reason.TOGETHER and beside:
        return gettext("Often bought with %(name)s") % {"name": beside}
    return {
        Reason.TOGETHER: gettext("Often bought together"),
        Reason.BUYERS: gettext("Bought by the same people"),
        Reason.TEXT: gettext("Much like this one"),
        Reason.MAKER: gettext("By the same maker"),
        Reason.CATEGORY: gettext("From the same shelf"),
        Reason.SALES: gettext("Popular this week"),
        Reason.CHOICE: gettext("Our choice"),
    }.get(Reason(suggested.reason), "")


def basket_families(request: HttpRequest | None) -> set[int]:
    """What lies in this visitor's basket, as families. No query for one without a basket."""
    basket = getattr(request, "basket", None)
    if basket is None or basket.pk is None:
        return set()
    return {line.product.parent_id or line.product_id for line in basket.all_lines()}


def rail_make(suggested: Sequence[Suggested], *, limit: int = RAIL) -> list[ReasonedCard]:
    """A row by itself."""
    cards = cards_make([one.product for one in suggested]) if suggested else []
    return reasoned(suggested, {card.pk: card for card in cards}, limit=limit)


def named_beside(request: HttpRequest | None, product: Product) -> dict[str, list[Suggested]]:
    """What both rows beside ``product`` hold, for links by name. One query for both, per request."""
    kept: dict[int, dict[str, list[Suggested]]] = getattr(request, "named_beside", {})
    if product.pk not in kept:
        found = suggestions_beside(
            product_id=product.pk,
            shelves=(Shelf.TOGETHER, Shelf.SIMILAR),
            without=basket_families(request) | {product.pk},
        )
        companions = found[Shelf.TOGETHER][:COMPANIONS]
        taken = {one.product.pk for one in companions}
        similar = [one for one in found[Shelf.SIMILAR] if one.product.pk not in taken]
        kept[product.pk] = {
            Shelf.TOGETHER: companions,
            Shelf.SIMILAR: similar[: RAIL + SPARE],
        }
        if request is not None:
            request.named_beside = kept  # type: ignore[attr-defined]
    return kept[product.pk]


def rails_below(request: HttpRequest, product: Product | None) -> VisitorRails:
    """Similar, recently viewed and for you, each thing once; their cards are made together."""
    here = {product.pk} if product else set()
    in_basket = basket_families(request)
    similar = _similar(request, product, in_basket) if product else []
    recent = products_seen(RECENT.read(request), without=here)[:RAIL]
    shown = here | {one.product.pk for one in similar} | {one.pk for one in recent}
    yours = visitor_suggestions(request, without=shown | in_basket)
    products = {one.product.pk: one.product for one in (*similar, *yours)}
    products |= {one.pk: one for one in recent}
    cards = {card.pk: card for card in cards_make(products.values())} if products else {}
    return VisitorRails(
        similar=reasoned(similar, cards),
        recent=[cards[one.pk] for one in recent],
        for_you=reasoned(yours, cards),
    )


def _similar(request: HttpRequest, product: Product, in_basket: set[int]) -> list[Suggested]:
    if found := named_beside(request, product)[Shelf.SIMILAR]:
        return found
    path = category_path_of(product.pk)
    cold = suggestions_cold(product_id=product.pk, path=path, limit=RAIL + len(in_basket))
    return [one for one in cold if one.product.pk not in in_basket]


def reasoned(
    suggested: Sequence[Suggested], cards: Mapping[int, CardFacts], *, limit: int = RAIL
) -> list[ReasonedCard]:
    """Cards with reasons. What its card calls sold out is left out: parts of kits may be."""
    return [
        ReasonedCard(cards[one.product.pk], reason_in_words(one))
        for one in suggested
        if cards[one.product.pk].is_available
    ][:limit]


def product_set(
    product: Product,
    *,
    without: Collection[int],
    wanted: Collection[int] = (),
    takes: Collection[int] | None = None,
) -> ProductSet | None:
    """``product`` with what is bought with it, to be taken as a set. None: nothing is, by now."""
    found = suggestions_beside(
        product_id=product.pk, shelves=[Shelf.TOGETHER], without={*without, product.pk}
    )[Shelf.TOGETHER]
    chosen = sorted(found, key=lambda one: one.product.pk not in (takes or ()))
    families = [product, *(one.product for one in chosen[: COMPANIONS + 1])]
    offers = offers_of(families)
    cards = {card.pk: card for card in cards_make(families, offers=offers)}
    companions = [one for one in chosen if one.product.pk in cards]
    companions = [one for one in companions if cards[one.product.pk].is_available][:COMPANIONS]
    if not companions or not cards[product.pk].is_available:
        return None
    companions = [one for one in found if one in companions]  # in the order of the list
    return set_make(
        [product, *(one.product for one in companions)],
        offers=offers,
        cards=cards,
        reasons={one.product.pk: reason_in_words(one, beside=product.title) for one in companions},
        wanted=wanted,
        takes=takes,
    )


def set_make(
    families: Sequence[Product],
    *,
    offers: Mapping[int, Sequence[Offer]],
    cards: Mapping[int, CardFacts],
    reasons: Mapping[int, str],
    wanted: Collection[int],
    takes: Collection[int] | None,
) -> ProductSet:
    """A set of one of each. ``wanted``: variants to choose; ``takes``: families taken, None: all.

    One query if any family has several variants.
    """
    several = [offer.product for pk in cards for offer in offers.get(pk, []) if len(offers[pk]) > 1]
    members = {family.pk for family in families}
    several = [one for one in several if (one.parent_id or one.pk) in members]
    labels = _variant_labels(several)
    parts = []
    for family in families:
        can = [offer for offer in offers.get(family.pk, []) if offer.is_available]
        options = [
            SetOption(
                offer.product.pk, labels.get(offer.product.pk, ""), offer.price, offer.currency
            )
            for offer in can
        ]
        first = _first_wanted(can, wanted)
        shown_one = next((one for one in options if first and one.pk == first.product.pk), None)
        parts.append(
            SetPart(
                family_id=family.pk,
                card=cards[family.pk],
                reason=reasons.get(family.pk, ""),
                options=options,
                shown=shown_one,
                is_taken=takes is None or family.pk in takes,
            )
        )
    return ProductSet(parts=parts)


def _first_wanted(offers: Sequence[Offer], wanted: Collection[int]) -> Offer | None:
    asked = next((offer.product.pk for offer in offers if offer.product.pk in wanted), None)
    return variant_first(list(offers), asked)


def _variant_labels(variants: Sequence[Product]) -> dict[int, str]:
    """``Sage · M``: the options that tell variants apart."""
    if not variants:
        return {}
    return {
        pk: " · ".join(
            str(value.value_option.option) for value in values if value.value_option_id is not None
        )
        for pk, values in attribute_values(variants).items()
    }


def visitor_suggestions(
    request: HttpRequest, *, without: Collection[int], limit: int = RAIL + SPARE
) -> list[Suggested]:
    """For you; for a visitor that nothing is known of: what is popular now."""
    viewed = RECENT.read(request)
    user = getattr(request, "user", None)
    user_id = user.pk if user is not None and user.is_authenticated else None
    found = suggestions_for_you(user_id=user_id, viewed=viewed, limit=limit, without=without)
    if len(found) < limit:
        known = {*without, *viewed, *(one.product.pk for one in found)}
        found += suggestions_popular(limit=limit - len(found), without=known)
    return found


def visitor_rail(
    request: HttpRequest, *, limit: int = RAIL, without: Iterable[int] = ()
) -> list[ReasonedCard]:
    """The row "for you" by itself."""
    known = basket_families(request) | set(without)
    return rail_make(visitor_suggestions(request, without=known, limit=limit + SPARE), limit=limit)


def basket_rail(request: HttpRequest, *, limit: int = RAIL) -> list[ReasonedCard]:
    """What is often bought with something in this basket."""
    if not basket_families(request):
        return []
    names = {
        line.product.parent_id or line.product_id: (line.product.parent or line.product).title
        for line in request.basket.all_lines()  # type: ignore[attr-defined]
    }
    found = suggestions_with(families=names, limit=limit + SPARE)
    cards = cards_make([product for product, _beside in found]) if found else []
    reason = gettext("Often bought with %(name)s")
    return [
        ReasonedCard(card, reason % {"name": names[beside]})
        for card, (_product, beside) in zip(cards, found, strict=True)
        if card.is_available
    ][:limit]


def popular_rail(
    request: HttpRequest | None, *, limit: int = RAIL, without: Iterable[int] = ()
) -> list[ReasonedCard]:
    """What sells now."""
    known = {*basket_families(request), *without}
    return rail_make(suggestions_popular(limit=limit + SPARE, without=known), limit=limit)
