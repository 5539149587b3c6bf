"""Which products stand on the home page, and in which order for whom.

The choice for everybody is kept for a minute: it follows from sales and ratings, which do not turn in
seconds. The page is the same for all and is kept; who was here before or has an account finds what
they looked at and what follows from it in a hole of it (`catalog.holes`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from catalog.cards import CardFacts, cards_make
from catalog.models import Product
from catalog.recommend.rails import ReasonedCard, basket_families, reason_in_words
from catalog.recommend.selectors import (
    suggestions_for_you,
    suggestions_popular,
)
from catalog.selectors import (
    products_by_id,
    products_chosen,
    products_listed,
    products_loved,
    varied,
)
from catalog.seo.graph import organization, website
from catalog.seo.head import Head, head_make
from catalog.seo.models import PageKind
from catalog.shortlist.cookies import RECENT
from shop.core.nearby import Nearby

CHOICE_SECONDS = 60
RAIL = 4  # cards in one row
HERO = 4  # pictures
SPARE = 4  # more than a row, for what sells out or lies in the basket


@dataclass(frozen=True)
class HomeChoice:
    """Ids of products, in the order in which they stand."""

    loved: list[int]
    chosen: list[int]
    newest: list[int]
    heroes: list[int]

    def all(self) -> list[int]:
        return [*self.loved, *self.chosen, *self.newest, *self.heroes]


@dataclass(frozen=True)
class HomeGoods:
    """The rows of the home page that the shop chooses by itself."""

    popular: list[ReasonedCard]
    chosen: list[CardFacts]
    newest: list[CardFacts]
    heroes: list[CardFacts]


def home_goods(choice: HomeChoice, cards: Mapping[int, CardFacts]) -> HomeGoods:
    """``cards`` of the products of ``choice`` that may be shown. No query."""
    sells = gettext("Popular this week")
    popular = [
        ReasonedCard(cards[pk], sells)
        for pk in choice.loved
        if pk in cards and cards[pk].is_available
    ]
    return HomeGoods(
        popular=popular[:RAIL] if len(popular) >= RAIL else [],
        chosen=[cards[pk] for pk in choice.chosen if pk in cards],
        newest=[cards[pk] for pk in choice.newest if pk in cards],
        heroes=[cards[pk] for pk in choice.heroes if pk in cards],
    )


def home_yours(request: HttpRequest) -> dict[str, Any]:
    """What this visitor looked at, and what follows from it and from own orders.

    No query for a stranger.
    """
    viewed = RECENT.read(request)
    user = getattr(request, "user", None)  # a visitor without a session is not asked for one
    user_id = user.pk if user is not None and user.is_authenticated else None
    if not viewed and user_id is None:
        return {}
    yours = suggestions_for_you(
        user_id=user_id, viewed=viewed, limit=RAIL + 2, without=basket_families(request)
    )
    products = products_by_id(viewed) | {one.product.pk: one.product for one in yours}
    cards = dict(zip(products, cards_make(products.values()), strict=True))
    for_you = [
        ReasonedCard(cards[one.product.pk], reason_in_words(one))
        for one in yours
        if cards[one.product.pk].is_available
    ]
    return {
        "recent": [cards[pk] for pk in viewed if pk in cards][:RAIL],
        "for_you": for_you[:RAIL],
    }


def home_head(path: str) -> Head:
    about = gettext(
        "Things for home, kitchen, garden and long evenings. What is true is said: how many are left,"
        " when it arrives, why it costs that."
    )
    nodes = (organization(), website())
    return head_make(PageKind.HOME, path=path, words={"about": about}, nodes=nodes)


def home_choice() -> HomeChoice:
    """The present choice for everybody. No query while it is kept."""
    return _choice.get()


def _choose() -> HomeChoice:
    loved = _popular() or products_loved(limit=2 * RAIL)
    loved = loved if len(loved) >= RAIL else []
    chosen = products_chosen(limit=HERO + (0 if loved else 2 * RAIL), without=loved)
    heroes, chosen = chosen[:HERO], chosen[HERO:]
    newest = [
        product
        for product in products_listed(sort="newest")[: 4 * RAIL]
        if product not in loved and product not in chosen
    ][:RAIL]
    loved_ids, chosen_ids, newest_ids, hero_ids = (
        [product.pk for product in products] for products in (loved, chosen, newest, heroes)
    )
    return HomeChoice(loved=loved_ids, chosen=chosen_ids, newest=newest_ids, heroes=hero_ids)


_choice = Nearby("catalog.home", _choose, seconds=CHOICE_SECONDS, by_language=False)


def _popular() -> list[Product]:
    """What the recommender finds popular now, two of a department; none before its first run."""
    found = {one.product.pk: one.product for one in suggestions_popular(limit=12 * RAIL)}
    kept = varied(list(found), limit=RAIL + SPARE, of_each=2)
    return [found[pk] for pk in kept]
