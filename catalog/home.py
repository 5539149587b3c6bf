"""Which products stand on the home page. The choice is kept for a minute: it follows from sales and
ratings, which do not turn in seconds. Prices and stock on the cards are read for every visitor."""

from dataclasses import dataclass

from django.core.cache import cache

from catalog.selectors import products_chosen, products_listed, products_loved

CHOICE_SECONDS = 60
RAIL = 4  # cards in one row
HERO = 4  # pictures
KEY = "catalog.home"


@dataclass(frozen=True)
class HomeChoice:
    """Ids of products, in the order in which they stand."""

    loved: list[int]
    chosen: list[int]
    newest: list[int]
    heroes: list[int]

    def all(self) -> list[int]:
        return [*self.loved, *self.chosen, *self.newest, *self.heroes]


def home_choice() -> HomeChoice:
    """The present choice. No query while it is kept."""
    choice = cache.get(KEY)
    if choice is None:
        choice = _choose()
        cache.set(KEY, choice, CHOICE_SECONDS)
    return choice


def _choose() -> HomeChoice:
    loved = products_loved(limit=2 * RAIL)
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
