"""The demo shop's catalogue, read from the content files in ``data/``. Knows nothing of Django.

The same files give the same catalogue: there is no randomness here. Prices are in EUR and include VAT;
costs are in EUR without VAT; weights are grams, packed.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zlib import crc32

DATA = Path(__file__).parent / "data"
CURRENCY = "EUR"
VAT = {"standard": Decimal("0.19"), "food": Decimal("0.07"), "book": Decimal("0.07")}

Size = Literal["small", "full"]
SMALL_COLOURS = 2  # the small shop shows that there are choices, not every one of them
SMALL_STEPS = 3


class Text(NamedTuple):
    """The same words in English and in Simplified Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Colour:
    """``paint`` is hue (degrees), saturation, value and lift for the picture studio."""

    key: str
    name: Text
    swatch: str
    paint: tuple[float, ...] | None


@dataclass(frozen=True)
class Brand:
    key: str
    name: Text
    about: Text


@dataclass(frozen=True)
class Step:
    """One rung of the choice besides colour: a size, a pack, an edition."""

    code: str
    name: Text
    factor: Decimal


@dataclass(frozen=True)
class Category:
    """A shelf; departments have no parent. ``asides`` are closing sentences for descriptions."""

    key: str
    name: Text
    intro: Text
    parent: str = ""
    care: str = ""
    margin: Decimal = Decimal("0.4")
    picture_size: float = 1.0
    tax: str = "standard"
    asides: tuple[Text, ...] = ()


class Attribute(NamedTuple):
    code: str
    label: Text
    value: Text


@dataclass(frozen=True)
class Variant:
    """What is counted in stock. ``picture`` is the file name without width and ending."""

    sku: str
    colour: Colour
    step: Step | None
    price: Decimal
    cost: Decimal
    weight_g: int
    picture: str


@dataclass(frozen=True)
class Good:
    """A product family. ``art`` is the render's file name; ``dye`` is for the studio's ``Paint``."""

    key: str
    art: str
    department: str
    category: str
    brand: Brand
    name: Text
    description: Text
    attributes: tuple[Attribute, ...]
    colours: tuple[Colour, ...]
    choice: Text | None
    variants: tuple[Variant, ...]
    tax_class: str
    featured: bool
    picture_size: float
    dye: str


@dataclass(frozen=True)
class Catalogue:
    departments: tuple[Category, ...]
    categories: tuple[Category, ...]
    brands: tuple[Brand, ...]
    goods: tuple[Good, ...]

    def variants(self) -> Iterator[tuple[Good, Variant]]:
        return ((good, variant) for good in self.goods for variant in good.variants)

    def children(self, department: str) -> tuple[Category, ...]:
        return tuple(shelf for shelf in self.categories if shelf.parent == department)


@dataclass(frozen=True)
class _Words:
    materials: dict[str, Text]
    foods: dict[str, Text]
    origins: dict[str, Text]
    care: dict[str, Text]
    units: dict[str, str]
    ladders: dict[str, dict[str, Any]]
    colours: dict[str, Colour]
    brands: dict[str, Brand]


def _read(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as source:
        return tomllib.load(source)


def _words() -> _Words:
    raw = _read("words.toml")
    texts = {
        part: {key: Text(*value) for key, value in raw[part].items()}
        for part in ("materials", "foods", "origins", "care")
    }
    colours = {
        key: Colour(
            key,
            Text(row["en"], row["zh"]),
            row["swatch"],
            tuple(row["paint"]) if "paint" in row else None,
        )
        for key, row in _read("colours.toml").items()
    }
    brands = {
        key: Brand(key, Text(en, zh), Text(about_en, about_zh))
        for key, (en, zh, about_en, about_zh) in _read("brands.toml").items()
    }
    return _Words(
        **texts, units=raw["units"], ladders=raw["ladders"], colours=colours, brands=brands
    )


def _shelves() -> tuple[tuple[Category, ...], tuple[Category, ...]]:
    departments, categories = [], []
    for row in _read("shelves.toml")["departments"]:
        departments.append(_shelf(row, parent=""))
        categories.extend(_shelf(child, parent=row["key"]) for child in row["categories"])
    return tuple(departments), tuple(categories)


def _shelf(row: dict[str, Any], *, parent: str) -> Category:
    (en, intro_en), (zh, intro_zh) = row["en"], row["zh"]
    return Category(
        key=row["key"],
        name=Text(en, zh),
        intro=Text(intro_en, intro_zh),
        parent=parent,
        care=row.get("care", ""),
        margin=Decimal(str(row.get("margin", 0.4))),
        picture_size=row.get("size", 1.0),
        tax=row.get("tax", "standard"),
        asides=tuple(Text(*pair) for pair in row.get("asides", ())),
    )


@lru_cache(maxsize=2)
def load_catalogue(size: Size = "full") -> Catalogue:
    """The whole catalogue, or the small one: the featured goods, each with fewer choices."""
    words = _words()
    departments, categories = _shelves()
    shelves = {shelf.key: shelf for shelf in categories}
    goods = []
    for path in sorted((DATA / "goods").glob("*.toml")):
        for key, row in _read(f"goods/{path.name}").items():
            if size == "full" or row.get("featured"):
                goods.append(_good(key, row, shelves, words, size))
    used = {good.category for good in goods}
    order = {shelf.key: place for place, shelf in enumerate(categories)}
    return Catalogue(
        departments=departments,
        categories=tuple(shelf for shelf in categories if shelf.key in used),
        brands=tuple(words.brands.values()),
        goods=tuple(sorted(goods, key=lambda good: order[good.category])),
    )


def _good(
    key: str, row: dict[str, Any], shelves: dict[str, Category], words: _Words, size: Size
) -> Good:
    shelf_key, brand, art = row["place"]
    price, weight, material, *_ = row["trade"]
    shelf = shelves[shelf_key]
    ladder = words.ladders[row.get("sizes") or row["packs"]] if _has_ladder(row) else None
    colours = tuple(words.colours[name] for name in row.get("colours", ["natural"]))
    steps = _steps(ladder)
    if size == "small":
        colours, steps = colours[:SMALL_COLOURS], steps[:SMALL_STEPS]
    tax = "food" if material in words.foods else shelf.tax
    return Good(
        key=key,
        art=f"{art}.webp",
        department=shelf.parent,
        category=shelf_key,
        brand=words.brands[brand],
        name=Text(row["en"][0], row["zh"][0]),
        description=_description(key, row, shelf, words),
        attributes=tuple(_attributes(row, shelf, words)),
        colours=colours,
        choice=Text(*ladder["label"]) if ladder else None,
        variants=tuple(
            _variant(
                key,
                colour,
                step,
                _Terms(price, weight, tax, shelf.margin, bool(ladder and ladder.get("pack"))),
            )
            for colour in colours
            for step in steps
        ),
        tax_class=tax,
        featured=bool(row.get("featured")),
        picture_size=row.get("size", shelf.picture_size),
        dye=row.get("dye", ""),
    )


def _has_ladder(row: dict[str, Any]) -> bool:
    return "sizes" in row or "packs" in row


def _steps(ladder: dict[str, Any] | None) -> tuple[Step | None, ...]:
    if ladder is None:
        return (None,)
    return tuple(
        Step(code, Text(en, zh), Decimal(str(factor))) for code, en, zh, factor in ladder["steps"]
    )


class _Terms(NamedTuple):
    price: float
    weight: int
    tax: str
    margin: Decimal
    is_pack: bool


def _variant(key: str, colour: Colour, step: Step | None, terms: _Terms) -> Variant:
    factor = step.factor if step else Decimal(1)
    price = shop_price(Decimal(str(terms.price)) * factor)
    net = price / (1 + VAT[terms.tax])
    # A maker's price differs a little from one good to the next; the key decides how.
    wobble = Decimal(crc32(key.encode()) % 9 - 4) / 100
    cost = (net * (1 - terms.margin + wobble)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    parts = [key, "" if colour.key == "natural" else colour.key, step.code if step else ""]
    return Variant(
        sku="-".join(part for part in parts if part).upper(),
        colour=colour,
        step=step,
        price=price,
        cost=cost,
        weight_g=round(terms.weight * float(factor)) if terms.is_pack else terms.weight,
        picture=f"{key}-{colour.key}-front",
    )


def shop_price(amount: Decimal) -> Decimal:
    """The nearest price that a shop would print: 2.90, 12.50, 48.00, and whole euros from 100 on."""
    if amount >= 100:
        return amount.quantize(Decimal(1), ROUND_HALF_UP).quantize(Decimal("0.01"))
    whole = int(amount)
    ends = [Decimal(whole) + Decimal(end) for end in ("0.00", "0.50", "0.90", "1.00")]
    if Decimal(str(amount)).quantize(Decimal("0.01")) - whole in (Decimal("0.20"), Decimal("0.80")):
        ends.append(amount)  # a hand-set shelf price such as 4.20 or 4.80
    best = min((end for end in ends if end > 0), key=lambda end: (abs(end - amount), end))
    return best.quantize(Decimal("0.01"))


def _description(key: str, row: dict[str, Any], shelf: Category, words: _Words) -> Text:
    en, zh = row["en"][1], row["zh"][1]
    if row.get("featured") or not shelf.asides:
        return Text(en, zh)
    aside = shelf.asides[crc32(key[::-1].encode()) % len(shelf.asides)]
    material, origin = _material(row, words), words.origins[row["trade"][3]]
    return Text(
        en + " " + _filled(aside.en, material.en, origin.en),
        zh + _filled(aside.zh, material.zh, origin.zh),
    )


def _filled(sentence: str, material: str, origin: str) -> str:
    capital = material[:1].upper() + material[1:]
    return sentence.format(material=material, material_cap=capital, origin=origin)


def _material(row: dict[str, Any], words: _Words) -> Text:
    name = row["trade"][2]
    return words.foods[name] if name in words.foods else words.materials[name]


def _attributes(row: dict[str, Any], shelf: Category, words: _Words) -> Iterator[Attribute]:
    _, weight, material, origin, size = row["trade"]
    label = Text("Mainly", "主料") if material in words.foods else Text("Made of", "材质")
    value = _material(row, words)
    yield Attribute("material", label, Text(value.en[:1].upper() + value.en[1:], value.zh))
    country = words.origins[origin]
    yield Attribute(
        "origin", Text("From", "产地"), Text(country.en.removeprefix("the "), country.zh)
    )
    if not _has_ladder(row) or "×" in size or "Ø" in size:
        yield Attribute("size", Text("Size", "尺寸"), _size(size, words))
    if "holds" in row:
        holds = row["holds"]
        yield Attribute(
            "capacity",
            Text("Holds", "容量"),
            Text(holds, holds.replace("ml", "毫升").replace("l", "升")),
        )
    yield Attribute("weight", Text("Weight, packed", "含包装重量"), _weight(weight))
    yield Attribute("care", Text("Care", "养护"), words.care[shelf.care])


def _size(size: str, words: _Words) -> Text:
    if size == "One size":
        return Text(size, "均码")
    if size.startswith("Size "):
        return Text(size, f"{size[5:]} 号")
    if size.isdigit():
        return Text("1 piece" if size == "1" else f"{size} pieces", f"{size} 件")
    number, _, unit = size.rpartition(" ")
    return Text(size, f"{number} {words.units[unit]}" if unit in words.units else size)


def _weight(grams: int) -> Text:
    if grams < 1000:
        return Text(f"{grams} g", f"{grams} 克")
    kilos = f"{grams / 1000:.1f}".removesuffix(".0")
    return Text(f"{kilos} kg", f"{kilos} 千克")
