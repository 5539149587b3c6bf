"""Making sets, downloads and services of products. What lists show of a set follows its parts."""

from decimal import Decimal

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.kinds.exceptions import KindRefused
from catalog.kinds.files import file_checked
from catalog.kinds.models import NextSteps, ProductFile, ProductSet, SetPart
from catalog.kinds.selectors import SetView, set_views
from catalog.kinds.watch import set_watchers_tell
from catalog.models import Kind, Product
from catalog.partner.models import Partner, StockRecord
from catalog.refresh import families_refresh, families_touched
from shop.core.pagecache import drop, family_tags
from shop.core.prepared import INTEGERS, Prepared

PARTS_AT_MOST = 20


@transaction.atomic
def set_save(
    *, product: Product, price: Decimal | None, percent: Decimal | None, pick: int | None
) -> ProductSet:
    """Make a product a set, or change what it costs. ``price`` includes tax; see `ProductSet`."""
    if product.structure != Product.STANDALONE or product.get_product_class().kind != Kind.SET:
        raise KindRefused(_("Only a product of a type that is a set can be one."))
    made, _is_new = ProductSet.objects.update_or_create(
        product=product, defaults={"price": price, "percent": percent, "pick": pick}
    )
    if pick:
        made.parts.update(quantity=1)
    set_watchers_tell(made.pk)
    families_touched([made.pk])
    return made


@transaction.atomic
def part_save(*, product_set: ProductSet, product: Product, quantity: int) -> SetPart:
    """Put a product (with all its variants, or one of them) into the set, or change how many."""
    kind = product.get_product_class().kind
    if kind in (Kind.SET, Kind.VOUCHER):
        raise KindRefused(_("A set holds no sets and no gift cards."))
    others = product_set.parts.exclude(product=product)
    family = product.parent_id or product.pk
    if others.filter(Q(product=family) | Q(product__parent=family)).exists():
        raise KindRefused(_("This product is in the set already, with another of its variants."))
    if others.count() >= PARTS_AT_MOST:
        raise KindRefused(_("A set has at most %(most)d parts.") % {"most": PARTS_AT_MOST})
    part, _is_new = SetPart.objects.update_or_create(
        product_set=product_set,
        product=product,
        defaults={"quantity": 1 if product_set.pick else quantity},
        create_defaults={
            "quantity": 1 if product_set.pick else quantity,
            "position": others.count(),
        },
    )
    set_watchers_tell(product_set.pk)
    families_touched([product_set.pk])
    return part


@transaction.atomic
def part_remove(*, product_set: ProductSet, part_id: int) -> bool:
    """Take a part out. False: it was not in it."""
    deleted, _models = product_set.parts.filter(pk=part_id).delete()
    set_watchers_tell(product_set.pk)
    families_touched([product_set.pk])
    return bool(deleted)


def sets_follow(family_ids: list[int]) -> None:
    """Registered with `catalog.refresh`: price and availability of sets follow those of their parts."""
    # Money is not sold for less, and a set's price is not made cheaper twice. Of a family that is its
    # variants: what is in the basket is one of them.
    if offered := [pk for (pk,) in _offered.read(ids=family_ids)]:
        Product.objects.filter(pk__in=offered).update(is_discountable=False)
    ids = {pk for (pk,) in (*_sets_around.read(ids=family_ids), *_sets_of.read(ids=family_ids))}
    if not ids:
        return
    changed = {view.set_id for view in set_views(ids) if _record_follow(view)}
    if others := changed - set(family_ids):
        families_refresh(others)


IN_NO_OFFER = (Kind.VOUCHER, Kind.SET)
_offered: Prepared[tuple[int]] = Prepared(
    lambda ids: (
        Product.objects.filter(
            Q(pk__in=ids, product_class__kind__in=IN_NO_OFFER)
            | Q(parent__in=ids, parent__product_class__kind__in=IN_NO_OFFER),
            is_discountable=True,
        )
        .rewrite(False)  # type: ignore[attr-defined]
        .order_by("pk")
        .values_list("pk")
    ),
    ids=INTEGERS,
)
_sets_around: Prepared[tuple[int]] = Prepared(
    lambda ids: (
        SetPart.objects.filter(Q(product__in=ids) | Q(product__parent__in=ids))
        .order_by("product_set")
        .values_list("product_set")
        .distinct()
    ),
    ids=INTEGERS,
)
_sets_of: Prepared[tuple[int]] = Prepared(
    lambda ids: ProductSet.objects.filter(pk__in=ids).order_by().values_list("pk"),
    ids=INTEGERS,
)


def _record_follow(view: SetView) -> bool:
    """The set's stock record: its price on lists, and 0 instead of nothing where it cannot be had."""
    facts = {
        "price": view.price if view.parts else None,
        "price_currency": settings.OSCAR_DEFAULT_CURRENCY,
        "num_in_stock": None if view.is_available else 0,
    }
    record = StockRecord.objects.filter(product=view.set_id).order_by("pk").first()
    if record is None:
        partner = Partner.objects.order_by("pk").first()
        if partner is None:
            return False
        sku = view.product.upc or f"SET-{view.set_id}"
        StockRecord.objects.bulk_create(  # no signal: this is the refresh that it would ask for
            [StockRecord(product=view.product, partner=partner, partner_sku=sku, **facts)]
        )
        return True
    if all(getattr(record, name) == value for name, value in facts.items()):
        return False
    StockRecord.objects.filter(pk=record.pk).update(**facts)
    return True


@transaction.atomic
def file_add(*, product: Product, upload: UploadedFile, downloads: int, days: int) -> ProductFile:
    """Keep a file for the buyers of a product. Raises ``KindRefused`` for what is no such file."""
    if product.get_product_class().kind != Kind.DOWNLOAD:
        raise KindRefused(_("Files belong to products of a type that is a download."))
    checked = file_checked(upload)
    return ProductFile.objects.create(
        product=product,
        file=checked.content,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        downloads=downloads,
        days=days,
    )


def file_offer(*, file: ProductFile, is_offered: bool) -> None:
    """Hidden files are not given to new buyers; who bought them keeps them."""
    ProductFile.objects.filter(pk=file.pk).update(is_offered=is_offered)
    drop(*family_tags([file.product.parent_id or file.product_id]))


def next_steps_save(*, product: Product, texts: dict[str, str]) -> NextSteps:
    """``texts`` by column: ``text_en``, ``text_zh_hans``."""
    saved, _is_new = NextSteps.objects.update_or_create(product=product, defaults=texts)
    return saved
