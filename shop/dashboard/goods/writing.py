"""Writing what rows of a table mean, many at once: past ``save()``, so the families are told by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from oscar.core.utils import slugify

from catalog.facts.models import ProductFacts
from catalog.models import Product, ProductAttributeValue, ProductCategory
from catalog.partner.models import Partner, StockRecord
from catalog.refresh import families_touched, refreshing
from shop.core.bulk import rows_update
from shop.dashboard.goods.checking import Planned
from shop.dashboard.goods.locks import plans_lock
from supply.locks import stock_records_lock
from supply.services import stocks_count

OWN_PARTNER = "own"


def planned_write(rows: Sequence[Planned], *, source: str, user: Any, note: str = "") -> None:
    """Make or change the products of ``rows`` in one transaction; each row knows its product then.

    Raises ``OutOfStock`` when orders hold more than a row counts.
    """
    with refreshing():
        _plans_count(rows, user_id=user.pk if user else None)
        _families_make(rows)
        _families_change(rows)
        _products_make(rows)
        _products_change(rows)
        _shelves_write(rows)
        _values_write(rows)
        _records_write(rows, source=source, user=user, note=note)
        families_touched({one.family.pk for one in rows if one.family})


def _plans_count(rows: Sequence[Planned], *, user_id: int | None) -> None:
    """Editors who have one of these products open are told; a product that goes on or off sale
    follows no date any more."""
    plans = plans_lock({one.family.pk for one in rows if one.family})
    now = timezone.now()
    for plan in plans.values():
        plan.version += 1
        plan.changed_at, plan.changed_by_id = now, user_id
    for one in rows:
        if one.family and one.is_public is not None and one.family.pk in plans:
            plan = plans[one.family.pk]
            plan.starts_at = plan.ends_at = plan.archived_at = None
    fields = ["version", "changed_at", "changed_by", "starts_at", "ends_at", "archived_at"]
    rows_update(plans.values(), fields)


def _families_make(rows: Sequence[Planned]) -> None:
    """New families with variants, each once, and new products without any."""
    by_code: dict[str, Product] = {}
    made: list[Product] = []
    for one in rows:
        if one.family is not None:
            continue
        if one.code and one.code in by_code:
            one.family = by_code[one.code]
            continue
        family = Product(
            structure=Product.PARENT if one.code else Product.STANDALONE,
            code=one.code or None,
            product_class=one.type,
            is_public=bool(one.is_public) if one.is_public is not None else True,
            slug=_slug(one.texts["title_en"]),
            **one.texts,
        )
        one.texts = {}
        one.is_public = None
        made.append(family)
        one.family = family
        if one.code:
            by_code[one.code] = family
        else:
            family.upc, one.barcode = one.barcode, None
            one.product = family
    Product.objects.bulk_create(made)


def _slug(title: str) -> str:
    return slugify(title)[:200] or "product"


def _families_change(rows: Sequence[Planned]) -> None:
    """Only columns that the table changes: what others wrote since it was looked at stays."""
    families: dict[int, Product] = {}
    changed: dict[str, dict[int, Product]] = {}
    for one in rows:
        wanted: dict[str, Any] = dict(one.texts)
        if one.is_public is not None:
            wanted["is_public"] = one.is_public
        if one.family is None or not wanted:
            continue
        one.family = family = families.setdefault(one.family.pk, one.family)
        family.date_updated = timezone.now()
        for name, value in wanted.items():
            setattr(family, name, value)
            changed.setdefault(name, {})[family.pk] = family
    for name, those in changed.items():
        rows_update(those.values(), [name, "date_updated"])


def _products_make(rows: Sequence[Planned]) -> None:
    """New variants; each is named by its family and its options, in both languages."""
    made = []
    for one in rows:
        if one.product is not None or one.family is None:
            continue
        options = [value for attribute, value, is_family in one.values if attribute.is_option]
        one.product = Product(
            structure=Product.CHILD,
            parent=one.family,
            upc=one.barcode,
            slug=one.family.slug,
            **variant_titles(one.family, options),
        )
        one.barcode = None
        made.append(one.product)
    Product.objects.bulk_create(made)


def variant_titles(family: Product, options: Iterable[Any]) -> dict[str, str]:
    """``Scarf – Sage, L`` in each language; a text that is missing falls back to English."""
    options = list(options)
    titles = {}
    for name in ("en", "zh_hans"):
        title = getattr(family, f"title_{name}") or family.title_en or ""
        words = [getattr(one, f"option_{name}") or one.option_en or one.option for one in options]
        mark, joint = (" – ", ", ") if name == "en" else ("（", "，")
        tail = f"{mark}{joint.join(words)}{'）' if name != 'en' else ''}" if words else ""
        titles[f"title_{name}"] = f"{title[: 255 - len(tail)]}{tail}"
    return titles


def _products_change(rows: Sequence[Planned]) -> None:
    changed = []
    for one in rows:
        if one.product is not None and one.barcode is not None:
            one.product.upc, one.product.date_updated = one.barcode, timezone.now()
            changed.append(one.product)
    rows_update(changed, ["upc", "date_updated"])


def _shelves_write(rows: Sequence[Planned]) -> None:
    brands = {one.family.pk: one.brand_id for one in rows if one.family and one.brand_id}
    ProductFacts.objects.bulk_create(
        [ProductFacts(product_id=pk, brand_id=brand) for pk, brand in brands.items()],
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["brand"],
    )
    wanted = {
        one.family.pk: one.categories for one in rows if one.family and one.categories is not None
    }
    there = ProductCategory.objects.filter(product__in=list(wanted))
    gone = [place.pk for place in there if place.category_id not in wanted[place.product_id]]
    kept = {(place.product_id, place.category_id) for place in there}
    ProductCategory.objects.filter(pk__in=gone).delete()
    ProductCategory.objects.bulk_create(
        ProductCategory(product_id=pk, category_id=category)
        for pk, categories in wanted.items()
        for category in categories
        if (pk, category) not in kept
    )


def _values_write(rows: Sequence[Planned]) -> None:
    wanted: dict[tuple[int, int], tuple[Any, Any]] = {}
    for one in rows:
        for attribute, value, is_family in one.values:
            product = one.family if is_family else one.product
            if product is not None:
                wanted[product.pk, attribute.pk] = (attribute, value)
    there = {
        (value.product_id, value.attribute_id): value
        for value in ProductAttributeValue.objects.filter(
            product__in={product for product, _attribute in wanted},
            attribute__in={attribute for _product, attribute in wanted},
        )
    }
    new = []
    for (product, attribute_id), (attribute, value) in wanted.items():
        row = there.get((product, attribute_id))
        if row is None:
            row = ProductAttributeValue(product_id=product, attribute_id=attribute_id)
            new.append(row)
        name = f"value_{attribute.type}"
        setattr(row, "value_text_en" if name == "value_text" else name, value)
        if row.pk:
            row.save()
    ProductAttributeValue.objects.bulk_create(new)


def _records_write(rows: Sequence[Planned], *, source: str, user: Any, note: str) -> None:
    new: list[StockRecord] = []
    priced: list[StockRecord] = []
    watched: list[StockRecord] = []
    for one in rows:
        if one.record is None and one.product is not None:
            one.record = StockRecord(
                product=one.product,
                partner=new[0].partner if new else partner_own(),
                partner_sku=one.sku,
                price_currency=one.currency,
                price=one.price,
                num_in_stock=0 if one.type and one.type.track_stock else None,
                low_stock_threshold=one.low,
            )
            new.append(one.record)
        elif one.record is not None:
            one.record.date_updated = timezone.now()
            if one.price is not None:
                one.record.price = one.price
                priced.append(one.record)
            if one.low is not None:
                one.record.low_stock_threshold = one.low
                watched.append(one.record)
    StockRecord.objects.bulk_create(new)
    stock_records_lock(one.record.pk for one in rows if one.record is not None)
    for name, records in (("price", priced), ("low_stock_threshold", watched)):
        rows_update(records, [name, "date_updated"])
    counted = {
        one.record.pk: one.stock for one in rows if one.record is not None and one.stock is not None
    }
    if counted:
        stocks_count(counted=counted, source=source, user=user, note=note)


def partner_own() -> Partner:
    """Who sells what the shop itself sells; made for the first product."""
    first = Partner.objects.order_by("pk").first()
    return first or Partner.objects.create(code=OWN_PARTNER, name="Own stock")
