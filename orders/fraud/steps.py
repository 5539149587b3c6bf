"""The steps of a fraud check. See `shop.core.steps`."""

from orders.fraud.models import NEXT, CheckState
from shop.core.events import OrderCancelled, OrderReleased
from shop.core.steps import Final, Step, Table, Why

S = CheckState
SERVICES = "orders.fraud.services."
QUIET = Why("no other area waits for it")
UNTOLD = Why("the shopper is not told of it")

STEPS = (
    Step(
        name="check",
        does="The rules give the order a score; again when its payment tells more.",
        service=SERVICES + "order_check",
        address=Why("the shop itself, a moment after the order was placed, and when it was paid"),
        undo=Final("looking changes nothing; it is scored anew whenever more is known"),
        event=QUIET,
        mail=UNTOLD,
        line=Why("only what is found is told: the order then waits"),
        moves=(("", S.CLEAR),),
    ),
    Step(
        name="hold",
        does="The score is above the line: the order waits until somebody has looked.",
        service=SERVICES + "order_check",
        address=Why("the shop itself, by its rules"),
        undo=SERVICES + "check_approve",
        event=QUIET,
        mail=UNTOLD,
        line="On hold: %(reason)s",
        moves=((S.CLEAR, S.HELD),),
    ),
    Step(
        name="approve",
        does="It is good: the order goes on.",
        service=SERVICES + "check_approve",
        address="fraud-approve",
        undo="orders.life.holds.order_hold",
        event=OrderReleased,
        mail=UNTOLD,
        line="Released",
        moves=((S.HELD, S.APPROVED),),
    ),
    Step(
        name="decline",
        does="It is fraud: the order ends, its stock is free, its money goes back.",
        service=SERVICES + "check_decline",
        address="fraud-decline",
        undo=Final(
            "the order is cancelled with it: its stock may be sold to others, its money is on its way back"
        ),
        event=OrderCancelled,
        mail=("order_cancelled",),
        line="Cancelled",
        moves=((S.HELD, S.DECLINED),),
    ),
    Step(
        name="over first",
        does="The order was cancelled by somebody else; nobody needs to look any more.",
        service=SERVICES + "order_is_over",
        address=Why("with the order that is cancelled"),
        undo=Final("the order is over"),
        event=QUIET,
        mail=Why("the order's own mail tells of it"),
        line=Why("the order's own line tells of it"),
        moves=((S.HELD, S.GONE),),
    ),
    Step(
        name="too late",
        does="More became known when the order had left or ended already: it is noted and holds nothing.",
        service=SERVICES + "order_check",
        address=Why("the shop itself, by its rules"),
        undo=Final("the order has left or ended already"),
        event=QUIET,
        mail=UNTOLD,
        line=Why("nothing happens to the order"),
        moves=((S.CLEAR, S.GONE),),
    ),
)

NOT_OF_AN_ORDER = Why("it is about a person; the checks of later orders count it")
LISTS = (
    Step(
        name="note somebody",
        does="An e-mail, telephone, card, address or network counts for or against every later order.",
        service="orders.fraud.settings.listed_add",
        address="fraud-listed",
        undo="orders.fraud.settings.listed_remove",
        event=QUIET,
        mail=UNTOLD,
        line=NOT_OF_AN_ORDER,
    ),
    Step(
        name="strike off",
        does="It does not count any more.",
        service="orders.fraud.settings.listed_remove",
        address="fraud-listed-remove",
        undo="orders.fraud.settings.listed_add",
        event=QUIET,
        mail=UNTOLD,
        line=NOT_OF_AN_ORDER,
    ),
)

TABLES = (Table("Fraud checks", STEPS, NEXT), Table("Fraud: who is noted", LISTS))
