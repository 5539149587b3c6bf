"""Up to four products side by side: what is true of each, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from catalog.cards import CardFacts, cards_make
from catalog.facts.models import ProductFacts
from catalog.families import with_variants
from catalog.models import Product, ProductAttributeValue
from catalog.selectors import with_card_facts

NOTHING = "–"
BRAND = "brand"  # code of the attribute that says the same as the facts
VALUES_AT_MOST = 12  # of one attribute in one cell


@dataclass(frozen=True)
class Cell:
    """What one product has in a row."""

    text: str
    card: CardFacts


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]
    kind: str = ""

    @property
    def differs(self) -> bool:
        return len({cell.text for cell in self.cells}) > 1


@dataclass(frozen=True)
class Comparison:
    cards: list[CardFacts]
    rows: list[Row]

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)


def comparison_make(ids: Sequence[int]) -> Comparison:
    """Families by id, in their order; hidden ones are left out. Seven queries, however many."""
    found = with_card_facts(Product.objects.browsable()).in_bulk(ids)
    products = [found[pk] for pk in ids if pk in found]
    if not products:
        return Comparison(cards=[], rows=[])
    cards = cards_make(products)
    makers = _makers(products)
    rows = [
        _row(gettext("Price"), [card.now for card in cards], cards),
        _row(
            gettext("Rating"),
            [f"{card.rating:.1f} ({card.reviews})" if card.rating else NOTHING for card in cards],
            cards,
            kind="rating",
        ),
        _row(gettext("Stock and delivery"), [card.truth for card in cards], cards),
        _row(gettext("Brand"), makers, cards),
        *_attribute_rows(products, cards, without=BRAND if any(makers) else ""),
    ]
    return Comparison(
        cards=cards, rows=[row for row in rows if any(c.text != NOTHING for c in row.cells)]
    )


def _row(name: str, texts: Sequence[str], cards: Sequence[CardFacts], *, kind: str = "") -> Row:
    cells = [Cell(text=text or NOTHING, card=card) for text, card in zip(texts, cards, strict=True)]
    return Row(name=name, cells=cells, kind=kind)


def _makers(products: Sequence[Product]) -> list[str]:
    facts = ProductFacts.objects.filter(product__in=products, brand__isnull=False)
    names = {one.product_id: one.brand.name for one in facts.select_related("brand") if one.brand}
    return [names.get(product.pk, "") for product in products]


def _attribute_rows(
    products: Sequence[Product], cards: Sequence[CardFacts], *, without: str
) -> list[Row]:
    """One row per attribute; variants add theirs to the family's. One query.

    ``without``: the code of an attribute that has a row already.
    """
    ids = [product.pk for product in products]
    values = ProductAttributeValue.objects.filter(product__in=with_variants(ids))
    values = values.select_related("attribute", "value_option", "product").order_by(
        "attribute_id", "product_id", "pk"
    )
    names: dict[str, str] = {}
    said: dict[tuple[str, int], dict[str, None]] = {}
    for value in values:
        code, family = value.attribute.code, value.product.parent_id or value.product_id
        names.setdefault(code, value.attribute.name)
        if text := str(value.value_as_text):
            said.setdefault((code, family), {})[text] = None
    return [
        _row(
            name,
            [", ".join(list(said.get((code, pk), {}))[:VALUES_AT_MOST]) for pk in ids],
            cards,
        )
        for code, name in names.items()
        if code != without
    ]
