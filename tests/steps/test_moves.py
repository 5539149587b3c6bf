"""What may not follow a state is refused by the code that moves it, whoever calls."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from orders import exceptions as of_orders
from orders.additions.applying import addition_move
from orders.additions.models import ADDITION_NEXT, Addition
from orders.refunds.models import REQUEST_NEXT, RefundRequest
from orders.refunds.services import _decide
from payments import exceptions as of_money
from payments.models import CAPTURE_NEXT, REFUND_NEXT, Capture, Refund
from payments.services.moving import capture_move, refund_move
from payments.wallets.models import WALLET_NEXT, Wallet
from payments.wallets.services.entries import wallet_move


def decide(asked: RefundRequest, state: Any) -> None:
    _decide(asked, state, None, "no")


Moving = tuple[Callable[[Any, Any], None], type, Mapping[str, Any], type[Exception]]
MOVES: list[Moving] = [
    (refund_move, Refund, REFUND_NEXT, of_money.ImpossibleStep),
    (capture_move, Capture, CAPTURE_NEXT, of_money.ImpossibleStep),
    (wallet_move, Wallet, WALLET_NEXT, of_money.ImpossibleStep),
    (decide, RefundRequest, REQUEST_NEXT, of_orders.ImpossibleStep),
    (addition_move, Addition, ADDITION_NEXT, of_orders.ImpossibleStep),
]


def refused() -> Iterator[Any]:
    for move, model, following, error in MOVES:
        for one, after in following.items():
            for then in following:
                if then not in after:
                    name = f"{model.__name__}: {one} to {then}"
                    yield pytest.param(move, model(state=one), then, error, id=name)


def test_every_state_has_its_row() -> None:
    for _move, model, following, _error in MOVES:
        assert set(following) == {value for value, _label in model._meta.get_field("state").choices}


@pytest.mark.parametrize(("move", "thing", "then", "error"), refused())
def test_what_cannot_follow_is_refused_and_leaves_the_state(move, thing, then, error) -> None:
    before = thing.state

    with pytest.raises(error):
        move(thing, then)

    assert thing.state == before
