"""What a shopper asked of a list, read from its address and written back into one.

``?brand=stillwater&colour=sage&colour=ink&price=10-50&sort=price``: any order is read, one order is
written. What nobody could have meant is left out, so every address leads to a page.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import quote, urlencode

from django.http import QueryDict

from catalog.listing.facets import words
from catalog.selectors import category_by_word

PER_PAGE = (24, 48, 96)
RATINGS = (4, 3, 2)
YES = "yes"
SORTS = ("relevance", "featured", "newest", "price", "price-down", "rating", "sold")
QUERY_AT_MOST = 200  # characters that are searched for
VALUES_AT_MOST = 40  # of one facet
FACETS_AT_MOST = 8  # narrowed at once
PAGE_AT_MOST = 100_000
AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")
OWN = ("category", "price", "min", "max", "brand", "rating", "stock", "offer", "sort", "per")


@dataclass(frozen=True)
class Filters:
    """``options`` are facets with their chosen values; ``sort`` is empty for the list's own order."""

    category: str = ""
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    brands: tuple[str, ...] = ()
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rating: int = 0
    in_stock: bool = False
    on_offer: bool = False
    sort: str = ""
    per: int = PER_PAGE[0]
    page: int = 1
    query: str = ""
    exact: bool = False

    @classmethod
    def parse(cls, get: QueryDict) -> "Filters":
        """Reads any address; unknown words are ignored. No query while the words are kept."""
        known = words()
        low, high = _range(get)
        options = []
        for key in sorted(known.facets.keys() & get.keys())[:FACETS_AT_MOST]:
            chosen = _chosen(get.getlist(key), known.facets[key].values)
            if chosen:
                options.append((key, chosen))
        rating, per = _number(get.get("rating", "")), _number(get.get("per", ""))
        node = category_by_word(get.get("category", ""))
        return cls(
            category=node.word if node else "",
            price_min=low,
            price_max=high,
            brands=_chosen(get.getlist("brand"), known.brands),
            options=tuple(options),
            rating=rating if rating in RATINGS else 0,
            in_stock=get.get("stock") == YES,
            on_offer=get.get("offer") == YES,
            sort=get.get("sort", "") if get.get("sort") in SORTS else "",
            per=per if per in PER_PAGE else PER_PAGE[0],
            page=min(max(_number(get.get("page", "")), 1), PAGE_AT_MOST),
            query=query_cleaned(get.get("q", "")),
            exact=get.get("exact") == "1",
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is left out because of these filters."""
        return bool(
            self.category
            or self.price_min is not None
            or self.price_max is not None
            or self.brands
            or self.options
            or self.rating
            or self.in_stock
            or self.on_offer
        )

    @property
    def price(self) -> str:
        """``10-50``, ``10-``, ``-50`` or nothing."""
        low, high = amount_word(self.price_min), amount_word(self.price_max)
        return f"{low}-{high}" if low or high else ""

    def chosen(self, facet: str) -> tuple[str, ...]:
        return dict(self.options).get(facet, ())

    def fitting(self, *, order: str, sorts: Iterable[str]) -> "Filters":
        """Without an order that the list does not have, or that is its own."""
        keeps = self.sort in sorts and self.sort != order
        return self if keeps else replace(self, sort="")

    def at(self, page: int) -> "Filters":
        return replace(self, page=page)

    def but(self, **changes: object) -> "Filters":
        """The same with changes, from the first page on."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]

    def but_option(self, facet: str, chosen: Iterable[str]) -> "Filters":
        """The same with these values of one facet; none lifts it."""
        options = dict(self.options) | {facet: tuple(sorted(set(chosen)))}
        return self.but(options=tuple(sorted((k, v) for k, v in options.items() if v)))

    def clear(self) -> "Filters":
        """Nothing left out; the words searched for, the order and the page size stay."""
        return Filters(sort=self.sort, per=self.per, query=self.query, exact=self.exact)

    def pairs(self) -> list[tuple[str, str]]:
        """The one way to write these filters."""
        found = [("q", self.query)] if self.query else []
        found += [("exact", "1")] if self.exact else []
        found += [("category", self.category)] if self.category else []
        found += [("brand", brand) for brand in self.brands]
        found += [(key, value) for key, values in self.options for value in values]
        found += [("price", self.price)] if self.price else []
        found += [("rating", str(self.rating))] if self.rating else []
        found += [("stock", YES)] if self.in_stock else []
        found += [("offer", YES)] if self.on_offer else []
        found += [("sort", self.sort)] if self.sort else []
        found += [("per", str(self.per))] if self.per != PER_PAGE[0] else []
        found += [("page", str(self.page))] if self.page > 1 else []
        return found

    @property
    def query_string(self) -> str:
        """With its question mark, so that it can stand as a link on its own."""
        return "?" + urlencode(self.pairs(), quote_via=quote)


def is_from_form(get: QueryDict) -> bool:
    """Whether a form without scripts wrote the address: it names what was left empty, too."""
    return any(key in get for key in ("min", "max")) or any(
        not value for key in OWN if key in get for value in get.getlist(key)
    )


def query_cleaned(text: str) -> str:
    """Words to search for: no control characters, single spaces, not endless."""
    text = "".join(" " if unicodedata.category(one) == "Cc" else one for one in text[:1000])
    return " ".join(text.split())[:QUERY_AT_MOST]


def amount_word(amount: Decimal | None) -> str:
    """``10.00`` → ``10``, ``12.50`` → ``12.50``."""
    if amount is None:
        return ""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def _range(get: QueryDict) -> tuple[Decimal | None, Decimal | None]:
    """From ``price=10-50``; the two boxes of the form count more. Turned round if upside down."""
    low_word, _dash, high_word = _plain(get.get("price", "")).partition("-")
    if "min" in get or "max" in get:
        low_word, high_word = _plain(get.get("min", "")), _plain(get.get("max", ""))
    low, high = _amount(low_word), _amount(high_word)
    if low is not None and high is not None and low > high:
        return high, low
    return low or None, high


def _amount(word: str) -> Decimal | None:
    return Decimal(word.replace(",", ".")) if AMOUNT.fullmatch(word.strip()) else None


def _plain(word: str) -> str:
    """Full-width digits are digits."""
    return unicodedata.normalize("NFKC", word[:40])


def _number(word: str) -> int:
    """0 for what is none."""
    word = _plain(word).strip()
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 9 else 0


def _chosen(given: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Those of ``given`` that exist, each once, in the order of their names."""
    return tuple(sorted(set(given) & set(known)))[:VALUES_AT_MOST]
