"""The steps of an order that the team takes. See `shop.core.steps`."""

from orders.drafts.models import NEXT, DraftState
from shop.core.events import OrderPlaced
from shop.core.steps import Final, Step, Table, Why

S = DraftState
SERVICES = "orders.drafts.services."
DISCOUNTS = "orders.drafts.discounts."
NOTHING_HELD = Why("nothing is held yet, and no other area waits for it")
NOT_YET = Why("the customer hears when the link is sent or the order placed")
NO_ORDER = Why("there is no order yet; the list of drafts shows it")
SAME = Final("it is set anew as often as needed, until the order is placed")


def _change(name: str, does: str, service: str, address: str, undo: str | Final = SAME) -> Step:
    """A change before it is placed: nobody is told."""
    return Step(
        name=name,
        does=does,
        service=service,
        address=address,
        undo=undo,
        event=NOTHING_HELD,
        mail=NOT_YET,
        line=NO_ORDER,
    )


STATES = (
    Step(
        name="take",
        does="Empty, in the shop's own currency and market.",
        service=SERVICES + "draft_start",
        address="draft-new",
        undo=SERVICES + "draft_drop",
        event=NOTHING_HELD,
        mail=NOT_YET,
        line=NO_ORDER,
        moves=(("", S.OPEN),),
    ),
    Step(
        name="send",
        does="A link by mail shows the order and takes the payment; links of earlier mails end.",
        service=SERVICES + "draft_send",
        address="draft-send",
        undo=SERVICES + "draft_drop",
        event=NOTHING_HELD,
        mail=("draft_link",),
        line=NO_ORDER,
        moves=((S.OPEN, S.SENT), (S.SENT, S.SENT)),
    ),
    Step(
        name="place",
        does="By a clerk, or by the customer behind the link: as the checkout does, at the prices that were shown.",
        service=SERVICES + "draft_place",
        address="draft-order",
        undo="orders.services.order_cancel",
        event=OrderPlaced,
        mail=("order_confirmation",),
        line="Order placed",
        moves=((S.OPEN, S.PLACED), (S.SENT, S.PLACED)),
    ),
    Step(
        name="drop",
        does="It will not be placed; its link ends.",
        service=SERVICES + "draft_drop",
        address="draft-drop",
        undo=Final("its link ends for good; a new order is taken instead"),
        event=NOTHING_HELD,
        mail=Why("whoever opens the link reads that it was withdrawn"),
        line=NO_ORDER,
        moves=((S.OPEN, S.DROPPED), (S.SENT, S.DROPPED)),
    ),
)

BESIDE = (
    _change(
        "the same again",
        "What an order had, for the same customer at today's prices, as far as it can be had.",
        SERVICES + "draft_copy",
        "draft-again",
        SERVICES + "draft_drop",
    ),
    _change(
        "name the customer",
        "A member or a guest, with language and currency.",
        SERVICES + "draft_customer_set",
        "draft-customer",
    ),
    _change(
        "name the place",
        "Taxes and deliveries follow.",
        SERVICES + "draft_place_set",
        "draft-place",
    ),
    _change(
        "put something in",
        "At most what can be had.",
        SERVICES + "draft_line_add",
        "draft-add",
        SERVICES + "draft_line_set",
    ),
    _change(
        "change the units",
        "0 takes the line out.",
        SERVICES + "draft_line_set",
        "draft-lines",
    ),
    _change(
        "enter a coupon",
        "It takes off what it would in the shop.",
        SERVICES + "draft_coupon_add",
        "draft-coupon",
        SERVICES + "draft_coupon_remove",
    ),
    _change(
        "choose the delivery",
        "With a note for colleagues.",
        SERVICES + "draft_delivery_set",
        "draft-delivery",
    ),
    _change(
        "agree a discount",
        "Percent or an amount, with a reason and who agreed.",
        DISCOUNTS + "draft_discount_set",
        "draft-discount",
        DISCOUNTS + "draft_discount_end",
    ),
)

TABLES = (
    Table("Orders taken by the team: states", STATES, NEXT),
    Table("Orders taken by the team: before they are placed", BESIDE),
)
