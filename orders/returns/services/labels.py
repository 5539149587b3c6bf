"""The label for the way back, where the shop pays it; the carrier is asked while no lock is held."""

from typing import Any
from uuid import uuid5

from orders.carriers.models import Label
from orders.carriers.services import return_label_buy, return_label_drop
from orders.exceptions import ImpossibleStep
from orders.rates.loads import load_of
from orders.returns.locks import return_lock
from orders.returns.models import Return
from orders.returns.services.asking import return_send
from orders.returns.states import ReturnState
from shop.core.locks import retry_on_conflict

ABLE = (ReturnState.APPROVED, ReturnState.ON_WAY)


def return_label(*, back: Return, user: Any = None) -> Label:
    """Of an approved return. A second call gives the same one.

    Raises ``ImpossibleStep`` for any other, ``CarrierRefused`` or ``CarrierUnavailable`` as the
    carrier does.
    """
    back.refresh_from_db(fields=["state", "label"])
    if back.label is not None:
        return back.label
    if back.state not in ABLE:
        raise ImpossibleStep(f"return {back.number} is {back.state} and needs no label")
    things = back.lines.select_related("order_line__product__parent")
    grams = load_of((one.order_line.product, one.quantity) for one in things)[0]
    label = return_label_buy(
        order=back.order, key=uuid5(back.key, "label"), weight_g=grams, user=user
    )
    return _keep(back, label)


def return_drop(*, back: Return, user: Any = None) -> bool:
    """The shopper handed it in under our label. False if that is known."""
    label = back.label
    if label is None:
        raise ImpossibleStep(f"return {back.number} has no label")
    is_new = return_send(
        back=back, carrier=label.carrier, tracking_number=label.tracking_number, user=user
    )
    return_label_drop(label=label)
    return is_new


@retry_on_conflict
def _keep(back: Return, label: Label) -> Label:
    _order, fresh = return_lock(back)
    fresh.label = label
    fresh.save(update_fields=["label"])
    back.label = label
    return label
