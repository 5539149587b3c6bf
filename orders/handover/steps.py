"""The steps of what is handed over without a parcel. See `shop.core.steps`."""

from shop.core.events import OrderDelivered
from shop.core.steps import Final, Step, Table, Why

SERVICES = "orders.handover.services."

STEPS = (
    Step(
        name="work is done",
        does="Of an order without goods the last of it delivers the order.",
        service=SERVICES + "job_done",
        address="job-done",
        undo=Final("it happened; what was not done well is a complaint"),
        event=OrderDelivered,
        mail=("order_delivered",),
        line="Delivered",
    ),
    Step(
        name="renew a download",
        does="The buyer has all its downloads and days once more, from now.",
        service=SERVICES + "grant_renew",
        address="grant-renew",
        undo=SERVICES + "order_take_back",
        event=Why("no other area waits for it"),
        mail=Why("the links of the order's page work again; they asked for it"),
        line=Why("the list of downloads shows how often and until when"),
    ),
)

TABLES = (Table("Downloads and work", STEPS),)
