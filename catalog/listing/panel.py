"""What stands beside a list: its facets with their counts, and what has narrowed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.exchange.shopper import shopper_currency
from catalog.listing.bands import Band, bands_make
from catalog.listing.facets import Facet, Value, Words
from catalog.listing.filters import RATINGS, Filters, amount_word
from catalog.listing.scopes import Scope
from catalog.listing.tally import Tally
from catalog.selectors import CategoryNode, category_by_word, category_tree, departments
from shop.core.money import shown

SHARE_AT_LEAST = 0.1  # of the scope that has its most frequent value; less is noise
VALUES_AT_MOST = 18  # a facet with more says too much, unless its values are colours
GROUPS_AT_MOST = 6
OPEN_VALUES = 7  # the others stand behind "more"


@dataclass(frozen=True)
class Choice:
    """One line of a facet. ``count``: how many the list would show with it."""

    key: str
    name: str
    count: int
    is_chosen: bool = False
    swatch: str = ""
    level: int = 0


@dataclass(frozen=True)
class Group:
    """One facet. ``shape``: check, swatch or radio."""

    key: str
    name: str
    shape: str
    choices: tuple[Choice, ...]

    @property
    def first(self) -> tuple[Choice, ...]:
        if self.shape == "swatch":
            return self.choices
        chosen = [place for place, one in enumerate(self.choices) if one.is_chosen]
        return self.choices[: max(OPEN_VALUES, *(place + 1 for place in chosen), 0)]

    @property
    def more(self) -> tuple[Choice, ...]:
        return self.choices[len(self.first) :]


@dataclass(frozen=True)
class Chip:
    """One thing that narrows the list. ``url`` lifts it; ``without``: how many there are then."""

    name: str
    url: str
    without: int


@dataclass(frozen=True)
class Panel:
    category: Group | None = None
    groups: tuple[Group, ...] = ()
    bands: tuple[Band, ...] = ()
    price_min: str = ""
    price_max: str = ""
    currency: str = ""
    ratings: tuple[Choice, ...] = ()
    in_stock: Choice | None = None
    on_offer: Choice | None = None
    chips: tuple[Chip, ...] = ()
    clear_url: str = "?"

    @property
    def switches(self) -> list[Choice]:
        return [one for one in (self.in_stock, self.on_offer) if one]

    @property
    def is_empty(self) -> bool:
        return not (self.category or self.groups or self.bands or self.ratings or self.chips)


def panel_make(*, scope: Scope, filters: Filters, tally: Tally, known: Words) -> Panel:
    """Everything beside the list. No query."""
    brand = None if scope.brand_id else _brand_group(filters, tally, known)
    return Panel(
        category=_category_group(scope, filters, tally),
        groups=(*([brand] if brand else []), *_option_groups(filters, tally, known)),
        bands=tuple(bands_make(filters, tally)),
        price_min=amount_word(filters.price_min),
        price_max=amount_word(filters.price_max),
        currency=shopper_currency(),
        ratings=tuple(_ratings(filters, tally)),
        in_stock=_switch("stock", _("In stock"), filters.in_stock, tally),
        on_offer=_switch("offer", _("On offer"), filters.on_offer, tally),
        chips=tuple(_chips(filters, tally, known)),
        clear_url=filters.clear().query_string,
    )


def _switch(key: str, name: str, is_on: bool, tally: Tally) -> Choice | None:
    """A box to tick; none where everything or nothing is so."""
    if not is_on and len(tally.values(key)) < 2:
        return None
    return Choice(key=key, name=name, count=tally.count(key, 1, facet=key), is_chosen=is_on)


def _category_group(scope: Scope, filters: Filters, tally: Tally) -> Group | None:
    base = category_tree().get(scope.category.path) if scope.category else None
    chosen = category_by_word(filters.category)
    steps = _steps(base, chosen)
    below = (steps[-1].children if steps else base.children if base else departments()) or []
    lines = [
        Choice(
            key=node.word,
            name=node.name,
            count=tally.count("category", node.pk, facet="category"),
            is_chosen=node is steps[-1],
            level=level,
        )
        for level, node in enumerate(steps)
    ]
    others = [
        Choice(key=node.word, name=node.name, count=count, level=len(steps))
        for node in below
        if (count := tally.count("category", node.pk, facet="category"))
    ]
    if not lines and len(others) < 2:
        return None
    return Group(key="category", name=_("Category"), shape="radio", choices=(*lines, *others))


def _steps(base: CategoryNode | None, chosen: CategoryNode | None) -> list[CategoryNode]:
    """From below ``base`` to the chosen category."""
    if chosen is None:
        return []
    start = base.path if base else ""
    tree = category_tree()
    return [
        node
        for path, node in tree.items()
        if chosen.path.startswith(path) and path.startswith(start) and path != start
    ] or [chosen]


def _brand_group(filters: Filters, tally: Tally, known: Words) -> Group | None:
    choices = list(_choices(known.brands.values(), filters.brands, "brand", "brand", tally))
    if len(tally.values("brand")) < 2 and not filters.brands:
        return None
    choices.sort(key=lambda one: (-one.count, one.name))
    return Group(key="brand", name=_("Brand"), shape="check", choices=tuple(choices))


def _option_groups(filters: Filters, tally: Tally, known: Words) -> list[Group]:
    """Facets that tell enough of the scope apart, the one that most products know first."""
    found = []
    for facet in known.facets.values():
        chosen = filters.chosen(facet.key)
        seen, share = _weight(facet, tally)
        is_dots = any(value.swatch for value in facet.values.values())
        tells = 2 <= seen <= (100 if is_dots else VALUES_AT_MOST) and share >= SHARE_AT_LEAST
        if not (tells or chosen):
            continue
        choices = tuple(_choices(facet.values.values(), chosen, facet.key, "option", tally))
        shape = "swatch" if is_dots else "check"
        found.append((bool(chosen), share, Group(facet.key, facet.name, shape, choices)))
    found.sort(key=lambda one: (-one[1], one[2].name))
    kept = found[:GROUPS_AT_MOST] + [one for one in found[GROUPS_AT_MOST:] if one[0]]
    return [group for _chosen, _share, group in kept]


def _weight(facet: Facet, tally: Tally) -> tuple[int, float]:
    """How many of its values occur in the scope, and which share has the most frequent one."""
    numbers = [
        sum(tally.everywhere("option", pk) for pk in value.ids) for value in facet.values.values()
    ]
    return sum(1 for number in numbers if number), max(numbers, default=0) / max(tally.scope, 1)


def _choices(
    values: Iterable[Value], chosen: Iterable[str], facet: str, kind: str, tally: Tally
) -> Iterable[Choice]:
    """What the list would show with each value; what would show nothing is left out."""
    chosen = set(chosen)
    for value in values:
        count = sum(tally.count(kind, pk, facet=facet) for pk in value.ids)
        if count or value.key in chosen:
            yield Choice(value.key, value.name, count, value.key in chosen, value.swatch)


def _ratings(filters: Filters, tally: Tally) -> list[Choice]:
    """Only steps that tell something: each leaves more in than the one before."""
    seen = tally.values("rating")
    found: list[Choice] = []
    for least in RATINGS:
        count = sum(tally.count("rating", one, facet="rating") for one in seen if one >= least)
        is_chosen = filters.rating == least
        if is_chosen or count > (found[-1].count if found else 0):
            name = _("%(stars)s stars and more") % {"stars": least}
            found.append(Choice(key=str(least), name=name, count=count, is_chosen=is_chosen))
    return found


def price_words(low: Decimal | None, high: Decimal | None) -> str:
    """``€10.00–€20.00``, ``from €10.00``, ``up to €20.00``."""
    currency, language = shopper_currency(), get_language() or "en"
    low_word = shown(low, currency, language) if low is not None else ""
    high_word = shown(high, currency, language) if high is not None else ""
    if low_word and high_word:
        return f"{low_word}–{high_word}"
    if low_word:
        return _("%(amount)s and more") % {"amount": low_word}
    return _("Up to %(amount)s") % {"amount": high_word}


def _chips(filters: Filters, tally: Tally, known: Words) -> list[Chip]:
    found: list[tuple[str, str, Filters]] = []  # facet, name, filters without it
    if node := category_by_word(filters.category):
        found.append(("category", node.name, filters.but(category="")))
    for key in filters.brands:
        rest = tuple(one for one in filters.brands if one != key)
        found.append(("brand", known.brands[key].name, filters.but(brands=rest)))
    for facet, values in filters.options:
        for key in values:
            rest = filters.but_option(facet, [one for one in values if one != key])
            name = f"{known.facets[facet].name}: {known.facets[facet].values[key].name}"
            found.append((facet, name, rest))
    if filters.price:
        name = price_words(filters.price_min, filters.price_max)
        found.append(("price", name, filters.but(price_min=None, price_max=None)))
    if filters.rating:
        name = _("%(stars)s stars and more") % {"stars": filters.rating}
        found.append(("rating", name, filters.but(rating=0)))
    if filters.in_stock:
        found.append(("stock", _("In stock"), filters.but(in_stock=False)))
    if filters.on_offer:
        found.append(("offer", _("On offer"), filters.but(on_offer=False)))
    return [
        Chip(name=name, url=rest.query_string, without=tally.without(facet))
        for facet, name, rest in found
    ]
