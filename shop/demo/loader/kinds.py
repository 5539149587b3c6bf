"""Sets, downloads, services and gift cards: what is sold and is no plain thing."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.kinds.consequences import kind_consequences
from catalog.kinds.models import DAYS, DOWNLOADS
from catalog.kinds.services import file_add, next_steps_save, part_save, set_save
from catalog.models import (
    AttributeOption,
    AttributeOptionGroup,
    Kind,
    Product,
    ProductAttribute,
    ProductClass,
    ProductImage,
)
from catalog.partner.models import StockRecord
from catalog.refresh import refreshing
from shop.demo.catalogue import Catalogue, Text
from shop.demo.files import file_made
from shop.demo.loader.products import FOLDER, Shelved, pictures_known, two
from shop.demo.pictures import ART_PACKAGE, Shot, file_name, pictures_make
from shop.demo.studio import Piece, Scene

DATA = Path(__file__).parent.parent / "data" / "kinds.toml"
PLACES = (
    {"size": 0.74, "x": 0.40, "base": 0.86},
    {"size": 0.60, "x": 0.73, "base": 0.79},
    {"size": 0.46, "x": 0.17, "base": 0.755},
)


def kinds_load(catalogue: Catalogue, shelved: Shelved) -> None:
    """After goods, stock and pictures; lists and search documents are made after it."""
    content = tomllib.loads(DATA.read_text("utf-8"))
    classes = {kind: _class(kind, **facts) for kind, facts in content["classes"].items()}
    with refreshing():
        for facts in content["sets"]:
            _set(facts, classes["set"], catalogue, shelved)
        for facts in content["downloads"]:
            product = _sold(facts, classes["download"], shelved)
            upload = SimpleUploadedFile(facts["file"], file_made(facts["file"]))
            file_add(product=product, upload=upload, downloads=DOWNLOADS, days=DAYS)
        for facts in content["services"]:
            product = _sold(facts, classes["service"], shelved)
            english, chinese = facts["next"]
            next_steps_save(product=product, texts={"text_en": english, "text_zh_hans": chinese})
        _vouchers(content["voucher"], classes["voucher"], shelved)
    everything = [*content["sets"], *content["downloads"], *content["services"]]
    _pictures([*everything, content["voucher"]])


def _class(kind: str, *, name: list[str]) -> ProductClass:
    return ProductClass.objects.create(
        **two("name", Text(*name)), slug=f"{kind}s", kind=kind, **kind_consequences(kind)
    )


def _product(facts: Mapping[str, Any], product_class: ProductClass, shelved: Shelved) -> Product:
    product = Product.objects.create(
        structure=Product.PARENT if "amounts" in facts else Product.STANDALONE,
        **two("title", Text(*facts["title"])),
        **two("description", Text(*facts["text"])),
        slug=facts["key"],
        product_class=product_class,
        is_discountable=product_class.kind not in (Kind.SET, Kind.VOUCHER),
    )
    known = (shelved.categories.get(key) for key in facts["shelf"])  # the small shop has fewer
    product.categories.add(*filter(None, known))
    return product


def _set(
    facts: Mapping[str, Any], product_class: ProductClass, catalogue: Catalogue, shelved: Shelved
) -> None:
    goods = {good.key: good for good in catalogue.goods}
    product_set = set_save(
        product=_product(facts, product_class, shelved),
        price=Decimal(facts["price"]) if "price" in facts else None,
        percent=Decimal(facts["percent"]) if "percent" in facts else None,
        pick=facts.get("pick"),
    )
    for name, quantity in facts["parts"]:
        key, _mark, number = name.partition("#")
        part = shelved.products[key]
        if number:
            part = shelved.records[goods[key].variants[int(number)].sku].product
        part_save(product_set=product_set, product=part, quantity=quantity)


def _sold(facts: Mapping[str, Any], product_class: ProductClass, shelved: Shelved) -> Product:
    product = _product(facts, product_class, shelved)
    _record(product, facts["sku"], Decimal(facts["price"]), shelved)
    return product


def _record(product: Product, sku: str, price: Decimal, shelved: Shelved) -> None:
    StockRecord.objects.create(
        product=product,
        partner=shelved.partner,
        partner_sku=sku,
        price_currency="EUR",
        price=price,
    )


def _vouchers(facts: Mapping[str, Any], product_class: ProductClass, shelved: Shelved) -> None:
    """One variant per amount. Their names say no sum: it is converted where another currency is shown."""
    family = _product(facts, product_class, shelved)
    group = AttributeOptionGroup.objects.create(code="amount", name="amount")
    attribute = ProductAttribute.objects.create(
        product_class=product_class,
        code="amount",
        **two("name", Text("Size", "大小")),
        type=ProductAttribute.OPTION,
        option_group=group,
    )
    for amount, size, size_zh in facts["amounts"]:
        units = amount.partition(".")[0]
        english, chinese = facts["title"]
        child = Product.objects.create(
            structure=Product.CHILD,
            parent=family,
            slug=f"{facts['key']}-{units}",
            is_discountable=False,
            **two("title", Text(f"{english}, {size}", f"{chinese}，{size_zh}")),
        )
        option = AttributeOption.objects.create(
            group=group, code=f"amount-{units}", **two("option", Text(size.capitalize(), size_zh))
        )
        attribute.save_value(child, option)
        _record(child, f"{facts['sku']}-{units}", Decimal(amount), shelved)


def _pictures(everything: Iterable[Mapping[str, Any]]) -> None:
    """One picture each, of all that is in it."""
    shots = [_shot(facts) for facts in everything]
    made = pictures_make(
        shots,
        art_dir=settings.BASE_DIR / ART_PACKAGE,
        cache_dir=Path(settings.MEDIA_ROOT) / FOLDER,
        workers=2,
    )
    pictures_known(made.values())
    products = {one.slug: one for one in Product.objects.filter(slug__in=[s.owner for s in shots])}
    ProductImage.objects.bulk_create(
        ProductImage(
            product=products[shot.owner],
            original=f"{FOLDER}/{file_name(shot.name)}",
            code=f"{products[shot.owner].pk}-all-front",
            display_order=0,
        )
        for shot in shots
    )


def _shot(facts: Mapping[str, Any]) -> Shot:
    pieces = tuple(
        Piece(f"{art}.webp", **place) for art, place in zip(facts["art"], PLACES, strict=False)
    )
    return Shot(f"{facts['key']}-all-front", facts["key"], "all", "front", Scene(pieces))
