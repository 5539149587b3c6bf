"""What the shopper does: ask, send, take it back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.exceptions import ImpossibleStep
from orders.locks import order_lock
from orders.models import Order
from orders.returns.exceptions import ReturnRefused
from orders.returns.locks import return_lock
from orders.returns.models import Return, ReturnLine, ReturnPhoto
from orders.returns.selectors import Returnable, returnables_of
from orders.returns.services.exchanging import exchange_end
from orders.returns.services.moving import moment_add, move
from orders.returns.services.photos import photos_forget, photos_kept
from orders.returns.states import CANCELLABLE, FAULTS, REPAIRABLE, ReturnState, Wish
from orders.returns.swaps import swaps_of
from orders.utils import ALPHABET, GROUP
from shop.core.locks import retry_on_conflict


@dataclass(frozen=True)
class Wanted:
    """``quantity`` units of one order line, and why. ``swap_id``: the product wished in exchange."""

    line_id: int
    quantity: int
    reason: str
    comment: str = ""
    swap_id: int | None = None


def return_ask(
    *,
    order: Order,
    wanted: Sequence[Wanted],
    key: UUID,
    language: str,
    photos: Sequence[ContentFile] = (),
    user: Any = None,
    wish: str = Wish.REFUND,
    by_shop: bool = False,
) -> Return:
    """Ask for a return. The same ``key`` gives the same return.

    ``by_shop``: somebody of the team asks for the customer, and may do so when the days are over.
    Raises ``ReturnRefused``, whose message is for the shopper, if a line may not come back for its
    reason any more, has fewer units left, or cannot be had in exchange. Photos were cleaned by
    `shop.core.uploads`.
    """
    with photos_kept("returns", photos) as names:
        back, is_new = _ask(order, wanted, key, language, names, user, wish, by_shop)
        if not is_new:
            photos_forget(names)
    return back


@retry_on_conflict
def _ask(
    order: Order,
    wanted: Sequence[Wanted],
    key: UUID,
    language: str,
    names: Sequence[str],
    user: Any,
    wish: str,
    by_shop: bool,
) -> tuple[Return, bool]:
    order = order_lock(order_id=order.pk)
    known = Return.objects.filter(key=key).first()
    if known:
        if known.order_id != order.pk:
            raise ReturnRefused(_("Please load the page again."))
        return known, False
    rows = _claimed(order, wanted, is_late_allowed=by_shop)
    if wish == Wish.EXCHANGE:
        _swaps_check(rows)
    if wish == Wish.REPAIR:
        _repair_check(rows)
    back = Return.objects.create(
        order=order,
        number=_number(),
        key=key,
        wish=Wish.REFUND if wish == Wish.CREDIT and not order.user_id else wish,
        language=language,
        pays_delivery=wish != Wish.EXCHANGE and all(one.policy.pays_delivery for one, _row in rows),
    )
    for _one, row in rows:
        row.back = back
    ReturnLine.objects.bulk_create([row for _one, row in rows])
    ReturnPhoto.objects.bulk_create(
        ReturnPhoto(back=back, image=name, position=place) for place, name in enumerate(names)
    )
    moment_add(back, user=user, by_shop=by_shop)
    return back, True


@retry_on_conflict
def return_send(
    *, back: Return, carrier: str = "", tracking_number: str = "", user: Any = None
) -> bool:
    """The shopper handed it to a carrier. False if that is known; ``ImpossibleStep`` unless approved."""
    _order, back = return_lock(back)
    if back.state == ReturnState.ON_WAY:
        return False
    back.carrier, back.tracking_number = carrier, tracking_number
    note = " ".join(filter(None, (carrier, tracking_number)))
    move(back, ReturnState.ON_WAY, user=user, by_shop=False, note=note)
    return True


@retry_on_conflict
def return_cancel(*, back: Return, user: Any = None, by_shop: bool = False, note: str = "") -> bool:
    """Let the units go. False if it is cancelled already.

    Raises ``ImpossibleStep`` once it was received; for the shopper, once it is on its way.
    """
    _order, back = return_lock(back)
    if back.state == ReturnState.CANCELLED:
        return False
    if not by_shop and back.state not in CANCELLABLE:
        raise ImpossibleStep(f"return {back.number} is {back.state}")
    move(back, ReturnState.CANCELLED, user=user, by_shop=by_shop, note=note)
    exchange_end(back, user=user)
    return True


def _claimed(
    order: Order, wanted: Sequence[Wanted], *, is_late_allowed: bool
) -> list[tuple[Returnable, ReturnLine]]:
    """The rows to write; nothing else claims these units, because the order is locked."""
    lines = {one.line.pk: one for one in returnables_of(order)}
    today = timezone.localdate()
    rows = []
    for one in wanted:
        found = lines.pop(one.line_id, None)  # a line named twice is not found again
        if found is None or not 1 <= one.quantity <= found.left:
            raise ReturnRefused(_("Some of it is on its way back already. Please look again."))
        if one.reason not in found.reasons(today) and not is_late_allowed:
            raise ReturnRefused(_("It is too late to send this back for that reason."))
        row = ReturnLine(
            order_line=found.line,
            quantity=one.quantity,
            shipped=found.shipped,
            reason=one.reason,
            is_free=one.reason in found.policy.free_reasons,
            comment=one.comment[:500],
            condition=found.policy.condition,
            worse_percent=0 if one.reason in FAULTS else found.policy.worse_percent,
            swap_for_id=one.swap_id,
        )
        rows.append((found, row))
    if not rows:
        raise ReturnRefused(_("Choose what you would like to send back."))
    return rows


def _swaps_check(rows: Sequence[tuple[Returnable, ReturnLine]]) -> None:
    for found, row in rows:
        able = {one.product.pk: one for one in swaps_of(found.line)}
        swap = able.get(row.swap_for_id or 0)
        if swap is None or swap.free < row.quantity:
            raise ReturnRefused(_("Choose what you would like instead of each thing."))


def _repair_check(rows: Sequence[tuple[Returnable, ReturnLine]]) -> None:
    if not all(one.policy.repairs and row.reason in REPAIRABLE for one, row in rows):
        raise ReturnRefused(_("Only what broke or arrived damaged can be repaired."))


def _number() -> str:
    """``R-K7F3-9QPM``: as random as the number of an order."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _place in range(2 * GROUP))
        number = f"R-{letters[:GROUP]}-{letters[GROUP:]}"
        if not Return.objects.filter(number=number).exists():
            return number
