"""The basket of a guest becomes a member's when they sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.basket.models import Basket, Line
from orders.keeping.sharing import shares_follow
from orders.locks import basket_lock, baskets_lock
from shop.core.locks import retry_on_conflict

MOST = settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD
NAMED = 3  # things that the message names


@dataclass(frozen=True)
class Merged:
    """Names of what came in, of what there is more of now, and of what found no room.

    ``waiting``: units that lay in the member's basket before.
    """

    came: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    waiting: int = 0


@retry_on_conflict
def baskets_merge(*, owner: Any, guest_basket_id: int) -> Merged | None:
    """Move what a guest chose into the member's open basket, with its coupons and shares. Once.

    What lies in both is there once, in the larger quantity, so that the same hand does not count
    twice. None: the guest's basket was merged, ordered or somebody's already.
    """
    mine = Basket.open.get_or_create(owner=owner)[0]
    locked = baskets_lock([mine.pk, guest_basket_id])
    guest = locked.get(guest_basket_id)
    if guest is None or guest.owner_id is not None or guest.status != Basket.OPEN:
        return None
    mine = locked[mine.pk]
    if mine.status != Basket.OPEN:  # ordered on another device while we waited
        mine = basket_lock(Basket.open.get_or_create(owner=owner)[0].pk)
    merged = _lines_move(guest, mine)
    mine.vouchers.add(*guest.vouchers.all())
    guest.vouchers.clear()
    shares_follow(before=guest, now=mine)
    Basket.objects.filter(pk=guest.pk).update(status=Basket.MERGED, date_merged=timezone.now())
    return merged


def _lines_move(guest: Basket, mine: Basket) -> Merged:
    same = {line.line_reference: line for line in mine.lines.all()}
    waiting = mine.lines.aggregate(units=Sum("quantity"))["units"] or 0
    units, came, more, left_out = waiting, [], [], []
    for line in guest.lines.select_related("product__parent").order_by("pk"):
        name = line.product.get_title()
        there = same.get(line.line_reference)
        adds = line.quantity if there is None else max(0, line.quantity - there.quantity)
        if units + adds > MOST:
            left_out.append(name)
            continue
        units += adds
        if there is None:
            Line.objects.filter(pk=line.pk).update(basket=mine)
            came.append(name)
        elif adds:
            Line.objects.filter(pk=there.pk).update(quantity=line.quantity)
            more.append(name)
    return Merged(tuple(came), tuple(more), tuple(left_out), waiting)


def merged_words(merged: Merged) -> str:
    """What became of the basket, for the page after the sign-in; empty if nothing did."""
    told = []
    if merged.came:
        told.append(
            _("What you chose before you signed in is in your basket: %(names)s.")
            % {"names": names_listed(merged.came)}
        )
    if merged.more:
        told.append(
            _("There is more of this than before: %(names)s.")
            % {"names": names_listed(merged.more)}
        )
    if told and merged.waiting:
        told.append(
            ngettext(
                "The %(units)d thing that waited there since your last visit is in it too.",
                "The %(units)d things that waited there since your last visit are in it too.",
                merged.waiting,
            )
            % {"units": merged.waiting}
        )
    if merged.left_out:
        told.append(
            _("One order holds at most %(most)d things; this found no room: %(names)s.")
            % {"most": MOST, "names": names_listed(merged.left_out)}
        )
    return " ".join(told)


def names_listed(names: Sequence[str]) -> str:
    """``Cup, Vase, Jug and 2 more``."""
    few = reduce(
        lambda some, one: _("%(some)s, %(one)s") % {"some": some, "one": one}, names[:NAMED]
    )
    if len(names) <= NAMED:
        return few
    rest = len(names) - NAMED
    return ngettext("%(few)s and %(rest)d more", "%(few)s and %(rest)d more", rest) % {
        "few": few,
        "rest": rest,
    }
