"""Putting things aside and back. Guests and members alike; every call is safe twice."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from orders.basket.exceptions import BasketRefused
from orders.basket.models import Basket, Line
from orders.basket.services import basket_open_lock, line_add, line_quantity_set
from orders.keeping.locks import shelves_lock
from orders.keeping.models import PutAside, Shelf
from orders.keeping.sharing import is_shown
from shop.core.locks import retry_on_conflict

ASIDE_AT_MOST = 100  # things on one shelf


@dataclass(frozen=True)
class Put:
    """What was put aside, and where."""

    shelf: Shelf
    name: str


@retry_on_conflict
def line_put_aside(*, basket: Basket, line_id: int, shelf: Shelf | None, owner: Any) -> Put | None:
    """Move a line onto the shelf, all of its units. None: there is no such line any more.

    ``shelf`` None: one is made, for ``owner`` or for a guest. Raises ``BasketRefused`` for what carries
    a buyer's wishes, and when the shelf is full.
    """
    if basket.pk is None:
        return None
    basket_open_lock(basket)
    line = basket.lines.select_related("product__parent").filter(pk=line_id).first()
    if line is None:
        return None
    if line.attributes.exists():
        raise BasketRefused(_("A gift card cannot be put aside; its wishes would be lost."))
    shelf = _shelf_lock(shelf or shelf_of(owner)) or _shelf_lock(shelf_of(owner))
    _put(shelf, line)
    line_quantity_set(basket=basket, line_id=line_id, quantity=0)
    return Put(shelf, line.product.get_title())


def _shelf_lock(shelf: Shelf) -> Shelf | None:
    """None: it was given to a member meanwhile, and is gone."""
    return shelves_lock([shelf.pk]).get(shelf.pk)


def shelf_of(owner: Any) -> Shelf:
    """The member's, made when there is none; a new one for a guest (``owner`` None)."""
    if owner is None:
        return Shelf.objects.create()
    return Shelf.objects.get_or_create(owner=owner)[0]


@retry_on_conflict
def aside_take_back(*, basket: Basket, shelf: Shelf, thing_id: int) -> str | None:
    """Move a thing into the basket, which is saved already; its name. None: it is not on this shelf any more.

    Raises ``BasketRefused`` when it cannot be had; then it stays on the shelf.
    """
    basket_open_lock(basket)
    shelves_lock([shelf.pk])
    thing = (
        shelf.things.select_related("product__parent__product_class").filter(pk=thing_id).first()
    )
    if thing is None:
        return None
    product = thing.product
    if not is_shown(product):
        raise BasketRefused(_("This is not for sale at the moment."))
    line_add(basket=basket, product=product, quantity=thing.quantity)
    thing.delete()
    return product.get_title()


@retry_on_conflict
def aside_forget(*, shelf: Shelf, thing_id: int) -> bool:
    """Take it off the shelf. False: it was not there."""
    return bool(shelf.things.filter(pk=thing_id).delete()[0])


@retry_on_conflict
def shelves_merge(*, owner: Any, guest_shelf_id: int) -> int:
    """A guest's shelf becomes the member's; how many things came. 0 when it is gone already."""
    mine = shelf_of(owner)
    locked = shelves_lock([mine.pk, guest_shelf_id])
    guest = locked.get(guest_shelf_id)
    if guest is None or guest.owner_id is not None or guest.pk == mine.pk:
        return 0
    have = set(mine.things.values_list("product_id", flat=True))
    moved = guest.things.exclude(product__in=have).update(shelf=mine)
    guest.delete()
    return moved


def _put(shelf: Shelf, line: Line) -> None:
    """The same thing again: more of it."""
    same = shelf.things.filter(product=line.product)
    if same.update(quantity=F("quantity") + line.quantity):
        return
    if shelf.things.count() >= ASIDE_AT_MOST:
        raise BasketRefused(_("Too much is put aside already. Take something away first."))
    PutAside.objects.create(shelf=shelf, product=line.product, quantity=line.quantity)
