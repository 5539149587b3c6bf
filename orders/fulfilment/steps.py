"""The steps of a consignment, what one warehouse sends of an order. See `shop.core.steps`."""

from orders.fulfilment.models import CONSIGNMENT_NEXT, ConsignmentState
from shop.core.events import OrderEdited, OrderShipped
from shop.core.steps import Final, Step, Table, Why

ROUTED, PICKING, PICKED = (
    ConsignmentState.ROUTED,
    ConsignmentState.PICKING,
    ConsignmentState.PICKED,
)
PACKED, LEFT, VOID = ConsignmentState.PACKED, ConsignmentState.LEFT, ConsignmentState.VOID

INSIDE = Why("inside the warehouse; the order tells of its parcels")
SILENT = Why("the shopper hears when it leaves")

STEPS = (
    Step(
        name="route",
        does="The units are reserved in the warehouse that sends them.",
        service="orders.services.order_route",
        address=Why("the shop itself, when the order is paid"),
        undo="orders.fulfilment.consigning.consignments_void",
        event=INSIDE,
        mail=SILENT,
        line="To be sent from %(warehouse)s",
        moves=(("", ROUTED),),
    ),
    Step(
        name="reroute",
        does="Another warehouse sends it; this one reserves it no longer.",
        service="orders.fulfilment.troubles.consignment_reroute",
        address="sending-reroute",
        undo="orders.fulfilment.troubles.consignment_reroute",
        event=INSIDE,
        mail=SILENT,
        line="Taken back from %(warehouse)s",
        moves=((ROUTED, VOID), (PICKING, VOID)),
    ),
    Step(
        name="into a wave",
        does="It has a tote on a picker's cart.",
        service="orders.fulfilment.waves.wave_make",
        address="wave-add",
        undo=Final(
            "it is walked to its end, by another picker if need be; an order that ends leaves it"
        ),
        event=INSIDE,
        mail=SILENT,
        line="In wave %(wave)s, tote %(tote)s",
        moves=((ROUTED, PICKING),),
    ),
    Step(
        name="pick",
        does="Units go from bins into the tote; with the last one it is picked.",
        service="orders.fulfilment.waves.line_pick",
        address="wave-pick",
        undo=Final("what is in the tote goes back to a bin by hand: the bin is booked there"),
        event=INSIDE,
        mail=SILENT,
        line="%(units)s unit picked",
        moves=((PICKING, PICKED),),
    ),
    Step(
        name="pack",
        does="The boxes are closed, scanned at the table or all at once.",
        service="orders.fulfilment.packing.box_close",
        address="pack-close",
        undo="orders.services.order_unpack",
        event=INSIDE,
        mail=SILENT,
        line="Packed",
        moves=((ROUTED, PACKED), (PICKED, PACKED)),
    ),
    Step(
        name="pack without a walk",
        does="The order is packed while a picker is still on the way with it.",
        service="orders.services.order_pack",
        address="order-pack",
        undo="orders.services.order_unpack",
        event=INSIDE,
        mail=SILENT,
        line="Packed",
        moves=((PICKING, PACKED),),
    ),
    Step(
        name="unpack",
        does="Boxes that did not leave are emptied; the units wait at the table.",
        service="orders.services.order_unpack",
        address="order-unpack",
        undo="orders.services.order_pack",
        event=INSIDE,
        mail=SILENT,
        line="Unpacked",
        moves=((PACKED, PICKED),),
    ),
    Step(
        name="leave",
        does="Its last box is with the carrier.",
        service="orders.services.parcel_ship",
        address=Why("with the parcel: the order's ship step, or its label handed over"),
        undo=Final("the carrier has it"),
        event=OrderShipped,
        mail=("order_shipped",),
        line="Parcel left with %(carrier)s, %(number)s",
        moves=((PACKED, LEFT),),
    ),
    Step(
        name="take back",
        does="Its order ended or lost these lines: boxes are emptied, nothing is reserved.",
        service="orders.fulfilment.consigning.consignments_void",
        address=Why("with the order that is cancelled or edited"),
        undo="orders.services.order_route",
        event=INSIDE,
        mail=Why("the order's own mail tells of it"),
        line="Taken back from %(warehouse)s",
        moves=((PICKED, VOID), (PACKED, VOID)),
    ),
    Step(
        name="end the rest",
        does="A part has left, and what is still here is not to be sent any more.",
        service="orders.services.order_rest_cancel",
        address="order-rest-cancel",
        undo=Final("its stock is free and may be sold; it is ordered again"),
        event=OrderEdited,
        mail=("order_changed",),
        line="Order changed",
        moves=((ROUTED, LEFT), (PICKING, LEFT), (PICKED, LEFT)),
    ),
)

TABLES = (Table("Fulfilment: consignments", STEPS, CONSIGNMENT_NEXT),)
