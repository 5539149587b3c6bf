"""What goes on between the shelves and the door: orders routed, picked and packed, counts, transfers."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Sum

from crm.accounts import roles
from crm.accounts.models import User
from orders.fulfilment.boxes import rest_box
from orders.fulfilment.consigning import consignments_make
from orders.fulfilment.models import Consignment, ConsignmentState, OrderFacts, Shipment, Wave
from orders.fulfilment.packing import BOXES, Measure, box_close, item_pack
from orders.fulfilment.troubles import order_route_or_note
from orders.fulfilment.waves import line_pick, line_short, wave_make
from orders.life.models import OrderHold
from orders.models import Order
from orders.services import parcel_ship
from orders.states import OrderState
from payments.gateways.offline import BankTransfer, CashOnDelivery
from payments.models import IntentState, PaymentIntent
from payments.services import intent_open
from supply.models import Bin, StockMovement, Warehouse, WarehouseStock
from supply.selectors import bins_of, warehouse_default
from supply.services import count_plan, transfer_line_set, transfer_make, transfer_send

ROUTED = 30  # paid orders that have their warehouse; the others wait for it
IN_WAVE, PICKED = 8, 5
FIRST_PART = "first-part"  # until `parcels` gives it a label
HEAVY_G = 350  # of one unit, as a guess


def floor_load(*, accounts: Mapping[str, User], now: dt.datetime) -> None:
    clerk, manager = accounts[roles.CLERK], accounts[roles.OPERATIONS_MANAGER]
    _boxes_packed(clerk)
    _at_the_door()
    paid = Order.objects.filter(status=OrderState.PAID, shipping_address__isnull=False)
    for number in list(paid.order_by("date_placed").values_list("number", flat=True)[:ROUTED]):
        order_route_or_note(order_number=number)
    main = warehouse_default()
    if main.consignments.filter(state=ConsignmentState.ROUTED).count() > IN_WAVE + PICKED:
        _picked(wave_make(warehouse=main, key=UUID(int=11), limit=PICKED, picker=clerk), clerk)
        wave_make(warehouse=main, key=UUID(int=12), limit=IN_WAVE, picker=clerk, user=manager)
    _partly_sent(clerk, now)
    _supply(main, manager, now)


def _partly_sent(clerk: User, now: dt.datetime) -> None:
    """Of one order of several things a first parcel has left; the rest waits for its box."""
    waits = Consignment.objects.filter(
        state=ConsignmentState.ROUTED, order__status=OrderState.PAID, wave=None
    )
    several = waits.annotate(units=Sum("lines__quantity")).filter(units__gt=1)
    free = several.exclude(order__in=OrderHold.objects.filter(released_at=None).values("order"))
    consignment = free.select_related("order").order_by("order__date_placed").first()
    if consignment is None:
        return
    sku = consignment.lines.order_by("pk")[0].order_line.partner_sku
    item_pack(consignment=consignment, code=sku, user=clerk)
    measure = Measure("s", HEAVY_G + 120, 250, 175, 100)
    box = box_close(consignment=consignment, measure=measure, user=clerk)
    parcel_ship(parcel=box, carrier="parcelway", tracking_number=FIRST_PART, user=clerk)
    left = now - (now - consignment.order.date_placed) / 3
    Shipment.objects.filter(pk=box.pk).update(packed_at=left, shipped_at=left)
    StockMovement.objects.filter(source=f"shipment:{box.pk}").update(moved_at=left)


def _at_the_door() -> None:
    """The newest order that waits for a transfer is paid to the courier instead: it is sent unpaid."""
    waits = Order.objects.filter(status=OrderState.PENDING, shipping_address__isnull=False)
    order = waits.filter(facts__payment_method=BankTransfer.code).order_by("-date_placed").first()
    if order is None:
        return
    OrderFacts.objects.filter(order=order).update(payment_method=CashOnDelivery.code)
    rows = PaymentIntent.objects.filter(order_number=order.number)
    rows.update(gateway=CashOnDelivery.code, state=IntentState.NEW, reference="", expires_at=None)
    for intent in rows:
        intent_open(intent=intent)
    order_route_or_note(order_number=order.number)


def _boxes_packed(clerk: User) -> None:
    """Orders that were packed in the past stand by the door in boxes."""
    for order in Order.objects.filter(status=OrderState.PACKED).select_related("shipping_address"):
        consignments_make(order)
        rest_box(order, user=clerk)
    medium = BOXES[2]
    for parcel in Shipment.objects.filter(packed_at__isnull=False, shipped_at__isnull=True):
        units = sum(parcel.lines.values_list("quantity", flat=True))
        parcel.box, parcel.weight_g = medium.code, medium.empty_g + units * HEAVY_G
        parcel.length_mm, parcel.width_mm, parcel.height_mm = medium.size
        parcel.save()


def _picked(wave: Wave, clerk: User) -> None:
    """All of it is on the cart, but for one unit that was not in its bin."""
    short = True
    for consignment in wave.consignments.order_by("pk"):
        for line in consignment.lines.select_related("order_line").order_by("pk"):
            if short:
                short = False
                line_short(line_id=line.pk, found=line.quantity - 1, seen=0, user=clerk)
                continue
            record = line.order_line.stockrecord_id
            shelf = bins_of([record], warehouse_id=wave.warehouse_id).first() if record else None
            line_pick(
                line_id=line.pk,
                units=line.quantity,
                seen=0,
                user=clerk,
                bin_id=shelf.bin_id if shelf else None,
            )


def _supply(main: Warehouse, manager: User, now: dt.datetime) -> None:
    """A transfer on its way, one that is put together, and a count for today."""
    other = Warehouse.objects.filter(is_sellable=True).exclude(pk=main.pk).first()
    if other is None:
        return
    free = WarehouseStock.objects.filter(warehouse=other, on_hand__gte=6, reserved=0)
    records = list(free.order_by("pk").values_list("stock_record", flat=True)[:6])
    for number, chosen in enumerate((records[:3], records[3:])):
        if not chosen:
            continue
        transfer = transfer_make(source=other, target=main, key=UUID(int=21 + number), user=manager)
        for record in chosen:
            transfer_line_set(transfer=transfer, stock_record_id=record, units=2 + number)
        if not number:
            transfer_send(transfer=transfer, user=manager)
    shelves = Bin.objects.filter(warehouse=main, stock__units__gt=0).distinct().order_by("rank")
    count_plan(
        warehouse=main,
        day=now.date(),
        key=UUID(int=31),
        bins=list(shelves.values_list("pk", flat=True)[:3]),
        user=manager,
    )
