"""The steps of what is added to an order. See `shop.core.steps`."""

from orders.additions.models import ADDITION_NEXT, AdditionState
from shop.core.events import OrderEdited
from shop.core.steps import Step, Table, Why

S = AdditionState
SERVICES = "orders.additions.services."
CHANGED = ("order_changed",)

STEPS = (
    Step(
        name="add",
        does="Units are held and the customer is asked to pay for them.",
        service=SERVICES + "addition_ask",
        address="order-edit-add",
        undo=SERVICES + "addition_withdraw",
        event=OrderEdited,
        mail=("order_addition",),
        line="Something added",
        moves=(("", S.WAITING),),
    ),
    Step(
        name="becomes a part",
        does="It is paid, or costs nothing more: its lines stand in the order, with a paper of their own.",
        service=SERVICES + "addition_paid",
        address=Why("the payment that came"),
        undo="orders.life.editing.order_lines_edit",
        event=OrderEdited,
        mail=CHANGED,
        line="Something added",
        moves=((S.WAITING, S.DONE),),
    ),
    Step(
        name="lapse",
        does="It was not paid in time: its units are free again, the order goes on as it was.",
        service=SERVICES + "additions_expire",
        address=Why("the clock"),
        undo=SERVICES + "addition_ask",
        event=OrderEdited,
        mail=CHANGED,
        line="Something added",
        moves=((S.WAITING, S.LAPSED),),
    ),
    Step(
        name="withdraw",
        does="Its units are free again, its link ends.",
        service=SERVICES + "addition_withdraw",
        address="order-edit-withdraw",
        undo=SERVICES + "addition_ask",
        event=OrderEdited,
        mail=CHANGED,
        line="Something added",
        moves=((S.WAITING, S.WITHDRAWN),),
    ),
)

TABLES = (Table("Orders: what is added", STEPS, ADDITION_NEXT),)
