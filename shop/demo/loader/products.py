"""Writing the catalogue: shelves, goods, variants, pictures, prices and opening stock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from catalog.models import (
    AttributeOption,
    AttributeOptionGroup,
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
    ProductClass,
    ProductImage,
    TaxClass,
)
from catalog.partner.models import Partner, StockRecord
from catalog.pictures.drawing import RECIPE
from catalog.pictures.models import StoredPicture
from shop.core.progress import progress_bar
from shop.demo.catalogue import Catalogue, Good, Text, Variant
from shop.demo.catalogue import Category as Shelf
from shop.demo.loader.bulk import BATCH, bulk
from shop.demo.pictures import (
    ART_PACKAGE,
    HERO,
    Picture,
    Shot,
    file_name,
    pictures_make,
    pictures_planned,
)
from shop.demo.studio import EDGE

# A family has attributes of its own kind: food says what is in it, a thing what it is made of.
KINDS = {
    "standard": ("Things", "物品", TaxClass.STANDARD),
    "food": ("Food and drink", "食品饮料", TaxClass.REDUCED),
    "book": ("Books", "图书", TaxClass.REDUCED),
}
SHOWN_FIRST, FEATURED = 100, 10  # Oscar's priority: what the shop shows before the rest
FOLDER = "products/demo"  # under MEDIA_ROOT
CHUNK = 500  # goods written at once
CODES = {"size": "dimensions"}  # "size" is the choice of a size; what a thing measures is not


def two(name: str, text: Text) -> dict[str, str]:
    """The columns of a text in both languages."""
    return {f"{name}_en": text.en, f"{name}_zh_hans": text.zh, name: text.en}


@dataclass
class Shelved:
    """What later steps need: rows by the keys of the content files."""

    categories: dict[str, Category]
    partner: Partner
    records: dict[str, StockRecord] = field(default_factory=dict)  # by SKU
    products: dict[str, Product] = field(default_factory=dict)  # families by key
    classes: dict[str, ProductClass] = field(default_factory=dict)
    attributes: dict[tuple[str, str], ProductAttribute] = field(default_factory=dict)
    options: dict[tuple[str, str], AttributeOption] = field(default_factory=dict)


def catalogue_load(catalogue: Catalogue) -> Shelved:
    """Write everything that is for sale. Pictures are attached by `pictures_load`."""
    shelved = shelves_make(catalogue)
    with progress_bar(total=len(catalogue.goods), label="goods") as done:
        for start in range(0, len(catalogue.goods), CHUNK):
            goods = catalogue.goods[start : start + CHUNK]
            goods_write(goods, shelved)
            done(len(goods))
    return shelved


def shelves_make(catalogue: Catalogue) -> Shelved:
    """What goods need to stand on: categories, product classes and the seller."""
    shelved = Shelved(
        categories=_categories(catalogue),
        partner=Partner.objects.create(name="Storekeep", code="storekeep"),
    )
    for tax, (en, zh, tax_class) in KINDS.items():
        shelved.classes[tax] = ProductClass.objects.create(
            **two("name", Text(en, zh)),
            slug=slugify(en),
            tax_class=tax_class,
            requires_shipping=True,
            track_stock=True,
        )
    return shelved


def goods_write(goods: Sequence[Good], shelved: Shelved) -> None:
    """Write some goods with their variants, attributes and prices: six queries for any number."""
    families = bulk(_family(good, shelved) for good in goods)
    shelved.products |= {good.key: family for good, family in zip(goods, families, strict=True)}
    wanted = [(good, variant) for good in goods for variant in good.variants]
    choices = [(good, variant) for good, variant in wanted if shelved.products[good.key].is_parent]
    rows = bulk(_child(good, variant, shelved) for good, variant in choices)
    children = {variant.sku: row for (_, variant), row in zip(choices, rows, strict=True)}
    values = [value for good in goods for value in _family_values(good, shelved)]
    for good, variant in choices:
        values += _choice_values(good, variant, children[variant.sku], shelved)
    bulk(values)
    bulk(
        ProductCategory(
            product=shelved.products[good.key], category=shelved.categories[good.category]
        )
        for good in goods
    )
    records = bulk(
        _record(variant, children.get(variant.sku) or shelved.products[good.key], shelved)
        for good, variant in wanted
    )
    shelved.records |= {record.partner_sku: record for record in records}


def pictures_load(catalogue: Catalogue, shelved: Shelved, *, workers: int = 2) -> None:
    """Compose every picture into MEDIA_ROOT and hang it on its family, its variants, its shelf."""
    shots = pictures_planned(catalogue)
    with progress_bar(total=len(shots), label="pictures") as done:
        made = pictures_make(
            shots,
            art_dir=settings.BASE_DIR / ART_PACKAGE,
            cache_dir=Path(settings.MEDIA_ROOT) / FOLDER,
            workers=workers,
            on_done=done,
        )
    pictures_known(made.values())
    by_good: dict[str, list[Shot]] = {}
    for shot in shots:
        by_good.setdefault(shot.owner, []).append(shot)
    rows = []
    for good in catalogue.goods:
        own = good.colours[0].key
        gallery = sorted(by_good[good.key], key=lambda shot: shot.colour != own)
        rows += [
            _image(shelved.products[good.key], shot, place) for place, shot in enumerate(gallery)
        ]
        fronts = {shot.name: shot for shot in gallery}
        if len(good.variants) > 1:
            rows += [
                _image(shelved.records[variant.sku].product, fronts[variant.picture], 0)
                for variant in good.variants
            ]
    bulk(rows)
    for category in Category.objects.all():
        Category.objects.filter(pk=category.pk).update(
            image=f"{FOLDER}/{file_name(f'category-{category.code}')}"
        )


def pictures_known(made: Iterable[Picture]) -> None:
    """All their widths are there already."""
    StoredPicture.objects.bulk_create(
        (
            StoredPicture(
                name=f"{FOLDER}/{file_name(one.shot.name)}",
                width=EDGE,
                height=EDGE,
                colour=one.colour,
                recipe=RECIPE,
            )
            for one in made
        ),
        batch_size=BATCH,
    )


def _image(product: Product, shot: Shot, place: int) -> ProductImage:
    """``code`` says what it shows: colour and angle, unique per product."""
    return ProductImage(
        product=product,
        original=f"{FOLDER}/{file_name(shot.name)}",
        code=f"{product.pk}-{shot.colour}-{shot.angle}",
        display_order=place,
    )


def _categories(catalogue: Catalogue) -> dict[str, Category]:
    rows: dict[str, Category] = {}
    for department in catalogue.departments:
        children = catalogue.children(department.key)
        if not children:
            continue
        rows[department.key] = Category.add_root(**_shelf(department))
        for child in children:
            parent = Category.objects.get(pk=rows[department.key].pk)
            rows[child.key] = parent.add_child(**_shelf(child))
    return rows


def _shelf(shelf: Shelf) -> dict[str, Any]:
    return {
        **two("name", shelf.name),
        **two("description", shelf.intro),
        "slug": shelf.key,
        "code": shelf.key,
    }


def _family(good: Good, shelved: Shelved) -> Product:
    has_choice = len(good.variants) > 1
    return Product(
        structure=Product.PARENT if has_choice else Product.STANDALONE,
        **two("title", good.name),
        **two("description", good.description),
        slug=good.key,
        upc=None if has_choice else good.variants[0].sku,
        product_class=shelved.classes[good.tax_class],
        priority=SHOWN_FIRST if good.key in HERO else FEATURED if good.featured else 0,
    )


def _family_values(good: Good, shelved: Shelved) -> Iterator[ProductAttributeValue]:
    family = shelved.products[good.key]
    for attribute in good.attributes:
        code = CODES.get(attribute.code, attribute.code)
        row = _attribute(good, code, attribute.label, shelved)
        yield _text(family, row, attribute.value)


def _child(good: Good, variant: Variant, shelved: Shelved) -> Product:
    return Product(
        structure=Product.CHILD,
        parent=shelved.products[good.key],
        upc=variant.sku,
        slug=slugify(variant.sku),
        **two("title", _variant_title(good, variant)),
    )


def _choice_values(
    good: Good, variant: Variant, product: Product, shelved: Shelved
) -> Iterator[ProductAttributeValue]:
    """Which colour and which step this variant is, where there is a choice of them."""
    if len(good.colours) > 1:
        attribute = _attribute(good, "colour", Text("Colour", "颜色"), shelved, group="colour")
        colour = variant.colour
        option = _option("colour", colour.key, colour.name, shelved, swatch=colour.swatch)
        yield ProductAttributeValue(product=product, attribute=attribute, value_option=option)
    if variant.step and good.choice:
        group = _choice_code(good)
        attribute = _attribute(good, group, good.choice, shelved, group=group)
        option = _option(group, variant.step.code, variant.step.name, shelved)
        yield ProductAttributeValue(product=product, attribute=attribute, value_option=option)


def _record(variant: Variant, product: Product, shelved: Shelved) -> StockRecord:
    return StockRecord(
        product=product,
        partner=shelved.partner,
        partner_sku=variant.sku,
        price_currency="EUR",
        price=variant.price,
        num_in_stock=0,
        num_allocated=0,
        low_stock_threshold=5,
    )


def _choice_code(good: Good) -> str:
    """One per ladder of steps: a pack of candles and a pack of chopsticks count different things."""
    first = next(variant.step for variant in good.variants if variant.step)
    return slugify(f"choice {good.choice.en} {first.name.en}").replace("-", "_")


def _variant_title(good: Good, variant: Variant) -> Text:
    colour = variant.colour.name if len(good.colours) > 1 else None
    step = variant.step.name if variant.step else None
    en = ", ".join([good.name.en, *(part.en for part in (colour, step) if part)])
    zh = "，".join([good.name.zh, *(part.zh for part in (colour, step) if part)])
    return Text(en, zh)


def _attribute(
    good: Good, code: str, label: Text, shelved: Shelved, *, group: str = ""
) -> ProductAttribute:
    key = (good.tax_class, code)
    if key not in shelved.attributes:
        shelved.attributes[key] = ProductAttribute.objects.create(
            product_class=shelved.classes[good.tax_class],
            code=code,
            **two("name", label),
            type=ProductAttribute.OPTION if group else ProductAttribute.TEXT,
            option_group=_group(group) if group else None,
        )
    return shelved.attributes[key]


def _group(name: str) -> AttributeOptionGroup:
    return AttributeOptionGroup.objects.get_or_create(code=name, defaults={"name": name})[0]


def _option(
    group: str, code: str, name: Text, shelved: Shelved, *, swatch: str = ""
) -> AttributeOption:
    key = (group, code)
    if key not in shelved.options:
        shelved.options[key] = AttributeOption.objects.create(
            group=_group(group), code=f"{group}-{code}", swatch=swatch, **two("option", name)
        )
    return shelved.options[key]


def _text(product: Product, attribute: ProductAttribute, value: Text) -> ProductAttributeValue:
    return ProductAttributeValue(product=product, attribute=attribute, **two("value_text", value))
