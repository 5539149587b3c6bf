"""Changing a basket. Each call locks the basket, so that two tabs cannot take more than there is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Kind, Product
from catalog.partner.strategy import ShopStrategy
from orders.basket.beginning import basket_begin
from orders.basket.exceptions import BasketRefused
from orders.basket.models import Basket, Line
from orders.keeping.seen import lines_note
from orders.locks import basket_lock
from promotions.offer.applicator import Applicator
from promotions.voucher.models import Voucher
from shop.core.inserting import row_insert
from shop.core.locks import is_conflict, retry_on_conflict

MOST = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD


def line_add(
    *,
    basket: Basket,
    product: Product,
    quantity: int,
    options: Sequence[Mapping[str, Any]] = (),
) -> Line:
    """Put ``quantity`` more units of a variant or single product into the basket.

    ``options``: as Oscar's baskets take them, e.g. whom a gift card is for. Saves a basket that
    is new. Raises ``BasketRefused`` when there are not so many; a new basket stays new then.
    """
    if basket.pk is None and not options and (line := _first_line(basket, product, quantity)):
        return line
    is_new = basket.pk is None
    try:
        return _line_add(basket, product, quantity, options, is_new)
    except BaseException:
        if is_new:
            basket.pk = None
        raise


def _first_line(basket: Basket, product: Product, quantity: int) -> Line | None:
    """Nobody else knows of this basket: there is nothing to lock. None: it has to be tried otherwise."""
    info = _info_of(basket, product)
    _room_check(quantity)
    _stock_check(info.availability, wanted=quantity)
    line = basket.line_of(product, info, quantity)
    if line is None:
        return None
    try:
        basket_begin(basket, line)
    except OperationalError as error:
        if connection.in_atomic_block or not is_conflict(error):
            raise
        return None  # `_line_add` tries it again
    basket.reset_offer_applications()
    basket.units_counted = line.quantity
    return line


@retry_on_conflict
def _line_add(
    basket: Basket,
    product: Product,
    quantity: int,
    options: Sequence[Mapping[str, Any]],
    is_new: bool,
) -> Line:
    if is_new:  # nobody else knows of it; what a try before this one wrote is gone
        basket.pk = None
        row_insert(basket)
    else:
        basket_open_lock(basket)
    info = _info_of(basket, product)
    others, already = (0, 0) if is_new else basket.units(product_id=product.pk)
    _room_check(others + already + quantity)
    _stock_check(info.availability, wanted=already + quantity, already=already)
    basket.stock_info_known = info
    line, _created = basket.add_product(product, quantity, options=list(options))
    line.basket, line.product, line.stockrecord = basket, product, info.stockrecord
    basket.units_counted = others + already + quantity
    lines_note([line])
    return line


def _info_of(basket: Basket, product: Product) -> Any:
    """Price and stock. Raises ``BasketRefused`` for what cannot be bought by itself."""
    if product.get_product_class().kind == Kind.SET:
        raise BasketRefused(_("Please choose what goes into the set on its page."))
    strategy = basket.strategy if basket.has_strategy else ShopStrategy()
    info = strategy.fetch_for_product(product)
    if not info.price.exists or info.stockrecord is None:
        raise BasketRefused(_("This is not for sale at the moment."))
    return info


def lines_add(*, basket: Basket, products: Sequence[Product]) -> None:
    """Put one of each into the basket: all of them or none.

    Raises ``BasketRefused`` naming the product that cannot be had.
    """
    basket_keep(basket)
    _lines_add(basket, products)


@retry_on_conflict
@transaction.atomic
def _lines_add(basket: Basket, products: Sequence[Product]) -> None:
    for product in products:
        try:
            line_add(basket=basket, product=product, quantity=1)
        except BasketRefused as refusal:
            named = _("%(name)s: %(why)s Nothing was added.")
            raise BasketRefused(
                named % {"name": product.get_title(), "why": refusal.message}
            ) from refusal


@retry_on_conflict
def line_quantity_set(*, basket: Basket, line_id: int, quantity: int) -> Line | None:
    """Make it ``quantity`` units; 0 takes the line away. None: there is no such line any more.

    Raises ``BasketRefused`` when there are not so many; the line stays as it was.
    """
    if basket.pk is None:
        return None
    basket_open_lock(basket)
    line = (
        basket.lines.select_related("product__parent__product_class", "stockrecord")
        .filter(pk=line_id)
        .first()
    )
    if line is None:
        return None
    if quantity == 0:
        line.delete()
    elif quantity != line.quantity:
        if quantity > line.quantity:
            line.basket = basket
            others, _same = basket.units(product_id=line.product_id)
            _room_check(others + quantity)
            _stock_check(line.purchase_info.availability, wanted=quantity)
        line.quantity = quantity
        line.save(update_fields=["quantity", "date_updated"])
        line.basket = basket
        line.__dict__.pop("_info", None)  # the price may depend on the quantity
        lines_note([line])
    basket.reset_offer_applications()
    return line


@retry_on_conflict
def coupon_add(*, basket: Basket, code: str, user: AbstractBaseUser | AnonymousUser) -> Voucher:
    """Add a coupon that takes something off. Raises ``BasketRefused`` saying why it does not."""
    voucher = Voucher.objects.filter(code=code).first()
    if voucher is None or basket.pk is None:
        raise BasketRefused(
            _("There is no coupon “%(code)s”. Is it typed as printed?") % {"code": code}
        )
    basket_open_lock(basket)
    if basket.vouchers.filter(pk=voucher.pk).exists():
        raise BasketRefused(_("This coupon is in your basket already."))
    if voucher.is_expired():
        raise BasketRefused(_("The coupon “%(code)s” has expired.") % {"code": code})
    if not voucher.is_active():
        raise BasketRefused(_("The coupon “%(code)s” is not valid yet.") % {"code": code})
    is_available, reason = voucher.is_available_to_user(user)
    if is_available:
        is_available, reason = voucher.is_available_for_basket(basket)
    if not is_available:
        raise BasketRefused(str(reason))
    basket.vouchers.add(voucher)
    basket.reset_offer_applications()
    Applicator().apply(basket, user)
    if all(one["voucher"] != voucher for one in basket.offer_applications):
        basket.vouchers.remove(voucher)
        raise BasketRefused(
            _("The coupon “%(code)s” takes nothing off what is in your basket.") % {"code": code}
        )
    return voucher


@retry_on_conflict
def coupon_remove(*, basket: Basket, voucher_id: int) -> Voucher | None:
    """Take a coupon out again. None: it was not there."""
    if basket.pk is None:
        return None
    basket_open_lock(basket)
    voucher = basket.vouchers.filter(pk=voucher_id).first()
    if voucher:
        basket.vouchers.remove(voucher)
        basket.reset_offer_applications()
    return voucher


@retry_on_conflict
def basket_noted(*, basket: Basket) -> None:
    """Its owner has read what changed: from now on that is how it was."""
    if basket.pk is not None:
        basket_open_lock(basket)
        lines_note(basket.all_lines())


def basket_keep(basket: Basket) -> None:
    """Save a basket that is new, outside of what may be rolled back: the request keeps it."""
    if basket.pk is None:
        row_insert(basket)


def basket_open_lock(basket: Basket) -> None:
    """Lock it. Raises ``BasketRefused`` if it has become an order."""
    if not basket_lock(basket.pk).can_be_edited:
        raise BasketRefused(_("This basket has become an order. Load the page again."))
    basket.reset_offer_applications()


def _room_check(units: int) -> None:
    if units > MOST:
        raise BasketRefused(_("One order holds at most %(most)d things.") % {"most": MOST})


def _stock_check(availability, *, wanted: int, already: int = 0) -> None:
    is_permitted, _reason = availability.is_purchase_permitted(wanted)
    if is_permitted:
        return
    units = max(0, getattr(availability, "num_available", 0) or 0)
    if not units:
        raise BasketRefused(_("This is sold out."))
    left = ngettext("There is only %(units)d left", "There are only %(units)d left", units)
    left %= {"units": units}
    if already:
        raise BasketRefused(
            _("%(left)s; your basket holds %(already)d.") % {"left": left, "already": already}
        )
    raise BasketRefused(_("%(left)s.") % {"left": left})
