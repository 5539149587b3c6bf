"""Which products stand on the home page, and in which order for whom.

The choice for everybody is kept for a minute: it follows from sales and ratings, which do not turn in
seconds. Prices and stock on the cards are read for every visitor. Who was here before or has an
account finds what they looked at and what follows from it first, and their departments in front.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.translation import gettext

from catalog.cards import cards_make, shelves_make
from catalog.models import Category, Product, ProductCategory
from catalog.recommend.rails import ReasonedCard, basket_families, reason_in_words
from catalog.recommend.selectors import (
    Suggested,
    suggestions_for_you,
    suggestions_popular,
)
from catalog.selectors import (
    departments,
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


def home_page(request: HttpRequest) -> dict[str, Any]:
    """Everything on the page. For a stranger: as many queries as cards need, and one."""
    choice = home_choice()
    viewed = RECENT.read(request)
    user_id = request.user.pk if request.user.is_authenticated else None
    in_basket = basket_families(request)
    yours: list[Suggested] = []
    if viewed or user_id:
        yours = suggestions_for_you(
            user_id=user_id, viewed=viewed, limit=RAIL + 2, without=in_basket
        )
    products = products_by_id([*choice.all(), *viewed]) | {
        one.product.pk: one.product for one in yours
    }
    cards = dict(zip(products, cards_make(products.values()), strict=True))
    for_you = [
        ReasonedCard(cards[one.product.pk], reason_in_words(one))
        for one in yours
        if cards[one.product.pk].is_available
    ][:RAIL]
    taken = in_basket | {one.card.pk for one in for_you}
    sells = gettext("Popular this week")
    loved = [
        ReasonedCard(cards[pk], sells)
        for pk in choice.loved
        if pk in cards and pk not in taken and cards[pk].is_available
    ]
    return {
        "recent": [cards[pk] for pk in viewed if pk in cards][:RAIL],
        "for_you": for_you,
        "loved": loved[:RAIL] if len(loved) >= RAIL else [],
        "chosen": [cards[pk] for pk in choice.chosen if pk in cards],
        "newest": [cards[pk] for pk in choice.newest if pk in cards],
        "heroes": [cards[pk] for pk in choice.heroes if pk in cards],
        "shelves": _shelves(viewed + [one.product.pk for one in yours]),
    }


def home_head(path: str) -> Head:
    about = gettext(
        "Things for home, kitchen, garden and long evenings. What is true is said: how many are left,"
        " when it arrives, why it costs that."
    )
    nodes = (organization(), website())
    return head_make(PageKind.HOME, path=path, words={"about": about}, nodes=nodes)


def _shelves(liked: Sequence[int]) -> list[dict[str, Any]]:
    """The departments; those of ``liked`` products come first, the most liked in front."""
    shelves = shelves_make()
    if not liked:
        return shelves
    roots = (
        ProductCategory.objects.filter(product__in=liked)
        .annotate(root=Left("category__path", Category.steplen))
        .values_list("root", flat=True)
    )
    counts = Counter(roots)
    weight = {node.url: counts[node.path] for node in departments()}
    return sorted(shelves, key=lambda shelf: -weight.get(shelf["url"], 0))


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
