"""A basket that is shown to others by a secret link, and put into theirs."""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.basket.exceptions import BasketRefused
from orders.basket.models import Basket
from orders.basket.services import basket_open_lock, line_add
from orders.keeping.models import SharedBasket, SharedTaken, SharedThing
from orders.locks import basket_lock
from orders.models import Order
from orders.states import OrderState
from shop.core.locks import retry_on_conflict

SHARE_LIVES = dt.timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    """A product, its title for when it is gone, and how many."""

    product: Any
    title: str
    quantity: int


@dataclass(frozen=True)
class Taken:
    """Names of what came into the basket, of what was there already, and of what cannot be had."""

    came: tuple[str, ...]
    had: tuple[str, ...]
    missing: tuple[str, ...]


@retry_on_conflict
def basket_share(*, basket: Basket, owner: Any) -> SharedBasket:
    """Copy the basket behind a secret link that lives for `SHARE_LIVES`.

    Asked again for the same things, the link is the same. What carries a buyer's wishes stays private.
    Raises ``BasketRefused`` when nothing is left to share.
    """
    if basket.pk is None:
        raise BasketRefused(_("Your basket is empty."))
    basket_lock(basket.pk)
    lines = basket.lines.filter(attributes=None).select_related("product__parent").order_by("pk")
    things: Counter[Any] = Counter()
    for line in lines:
        things[line.product] += line.quantity
    if not things:
        raise BasketRefused(_("There is nothing in your basket that can be shared."))
    wanted = sorted((product.pk, quantity) for product, quantity in things.items())
    last = share_of(basket)
    if last and sorted(last.things.values_list("product_id", "quantity")) == wanted:
        return last
    now = timezone.now()
    share = SharedBasket.objects.create(
        key=secrets.token_urlsafe(16),
        basket=basket,
        owner=owner,
        owner_name=owner.first_name[:60] if owner else "",
        made_at=now,
        expires_at=now + SHARE_LIVES,
    )
    SharedThing.objects.bulk_create(
        SharedThing(
            share=share, product=product, title=product.get_title()[:255], quantity=quantity
        )
        for product, quantity in things.items()
    )
    return share


def basket_share_end(*, basket: Basket) -> int:
    """End every link to this basket; how many there were."""
    live = SharedBasket.objects.filter(basket=basket.pk, ended_at=None)
    return live.update(ended_at=timezone.now()) if basket.pk else 0


def shares_follow(*, before: Basket, now: Basket) -> None:
    """A guest's basket became a member's: links to it, and notes of what it took, go along."""
    SharedBasket.objects.filter(basket=before.pk).update(basket=now.pk, owner=now.owner_id)
    noted = SharedTaken.objects.filter(basket=now.pk).values("share")
    SharedTaken.objects.filter(basket=before.pk).exclude(share__in=noted).update(basket=now.pk)


def share_of(basket: Basket) -> SharedBasket | None:
    """The newest link to this basket that works."""
    if basket.pk is None:
        return None
    return _live().filter(basket=basket.pk).order_by("-pk").first()


def share_found(key: str) -> SharedBasket | None:
    """The shared basket behind a link; None for one that is over or not ours."""
    if not key or len(key) > 43 or "\0" in key:
        return None
    return _live().filter(key=key).first()


def share_orders(share: SharedBasket) -> int:
    """Orders that came of it: those of the baskets into which it was put, but for its own."""
    baskets = share.takers.exclude(basket=share.basket_id).values("basket")
    return Order.objects.filter(basket__in=baskets).exclude(status=OrderState.CANCELLED).count()


def _live() -> Any:
    return SharedBasket.objects.filter(ended_at=None, expires_at__gt=timezone.now())


@retry_on_conflict
def share_take(*, share: SharedBasket, basket: Basket) -> Taken:
    """Put all that can be had of it into ``basket``, which is saved. Twice is as good as once."""
    things = share.things.select_related("product__parent__product_class", "product__product_class")
    taken = things_take(
        basket=basket, things=[Wanted(one.product, one.title, one.quantity) for one in things]
    )
    if taken.came:
        _note, is_new = SharedTaken.objects.get_or_create(share=share, basket=basket)
        if is_new and basket.pk != share.basket_id:
            SharedBasket.objects.filter(pk=share.pk).update(taken=F("taken") + 1)
    return taken


@retry_on_conflict
def things_take(*, basket: Basket, things: Sequence[Wanted]) -> Taken:
    """Fill ``basket``, which is saved, up to these quantities, as far as each can be had.

    Raises ``BasketRefused`` if it has become an order.
    """
    basket_open_lock(basket)
    came, had, missing = [], [], []
    for thing in things:
        product = thing.product
        if product is None or not is_shown(product):
            missing.append(product.get_title() if product else thing.title)
            continue
        more = thing.quantity - basket.product_quantity(product)
        if more <= 0:
            had.append(product.get_title())
            continue
        try:
            line_add(basket=basket, product=product, quantity=more)
        except BasketRefused:
            missing.append(product.get_title())
        else:
            came.append(product.get_title())
    return Taken(tuple(came), tuple(had), tuple(missing))


def is_shown(product: Any) -> bool:
    return product.is_public and (product.parent is None or product.parent.is_public)
