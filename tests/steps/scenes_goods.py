"""Steps of consignments, labels and claims."""

from uuid import uuid4

from orders import services
from orders.carriers import services as carriers
from orders.carriers.models import Label
from orders.carriers.states import ClaimState
from orders.fulfilment.consigning import consignments_void
from orders.fulfilment.troubles import consignment_reroute
from orders.fulfilment.waves import line_pick, wave_make
from orders.models import Order
from orders.states import CancelReason
from tests.carriers.support import packed_parcel
from tests.factories import OtherWarehouseFactory, ProductFactory, UserFactory, WarehouseFactory
from tests.orders.test_fulfilment import bring
from tests.orders.test_partly_sent import boxed, of_two, partly_sent, skus
from tests.steps.scenes import Stage, fresh, paid, scene

SENDING = "Fulfilment: consignments"
PARCELS = "Fulfilment: parcels and their labels"
CLAIMS = "Fulfilment: claims from carriers"


def bought(_stage: Stage) -> Label:
    _stage.outside  # noqa: B018  the carriers are there
    return carriers.label_buy(parcel=packed_parcel(), carrier="parcelway")


def handed(stage: Stage) -> Label:
    label = bought(stage)
    carriers.label_hand_over(label=label)
    label.refresh_from_db()
    return label


def tells(stage: Stage, label: Label, script: str, days: float) -> None:
    """The carrier's story goes on, and we ask it."""
    stage.outside.script(script)
    stage.outside.days_pass(days)
    for _again in range(2):
        carriers.label_refresh(label=label)
    label.refresh_from_db()


@scene(SENDING, "route")
def route(_stage: Stage):
    order = paid()
    consignments_void(order)
    yield order
    services.order_route(order=order)


@scene(SENDING, "reroute")
def reroute(_stage: Stage):
    WarehouseFactory()
    lyon, cup = OtherWarehouseFactory(), ProductFactory(stock=2)
    bring(cup, 3, lyon)
    order = paid(product=cup)
    yield order
    consignment_reroute(consignment=order.consignments.get(), warehouse=lyon)


def in_wave(order: Order) -> None:
    wave_make(warehouse=order.consignments.get().warehouse, key=uuid4(), user=UserFactory())


@scene(SENDING, "into a wave")
def into_a_wave(_stage: Stage):
    order = paid()
    yield order
    in_wave(order)


@scene(SENDING, "pick")
def pick(_stage: Stage):
    order = paid()
    in_wave(order)
    yield order
    line = order.consignments.get().lines.get()
    line_pick(line_id=line.pk, units=line.quantity, seen=0, user=UserFactory())


@scene(SENDING, "pack")
def pack(_stage: Stage):
    order = of_two(Mug=1)
    yield order
    boxed(order, *skus(order))


@scene(SENDING, "pack without a walk")
def pack_without_a_walk(_stage: Stage):
    order = paid()
    in_wave(order)
    yield order
    services.order_pack(order=order)


@scene(SENDING, "unpack")
def unpack(_stage: Stage):
    order = paid()
    services.order_pack(order=order)
    yield fresh(order)
    services.order_unpack(order=order)


@scene(SENDING, "leave")
def leave(_stage: Stage):
    parcel = packed_parcel()
    yield parcel.order
    services.parcel_ship(parcel=parcel, carrier="DHL", tracking_number="1")


@scene(SENDING, "take back")
def take_back(_stage: Stage):
    order = paid()
    services.order_pack(order=order)
    yield fresh(order)
    services.order_cancel(order=order, reason=CancelReason.OPERATOR)


@scene(SENDING, "end the rest")
def end_the_rest(_stage: Stage):
    order = partly_sent(of_two())
    yield order
    services.order_rest_cancel(order=order)


@scene(PARCELS, "ask for a label", "buy")
def buy(stage: Stage):
    stage.outside  # noqa: B018
    parcel = packed_parcel()
    yield parcel.order
    carriers.label_buy(parcel=parcel, carrier="parcelway")


@scene(PARCELS, "void")
def void(stage: Stage):
    label = bought(stage)
    yield label.order
    carriers.label_void(label=label)


@scene(PARCELS, "hand over")
def hand_over(stage: Stage):
    label = bought(stage)
    yield label.order
    carriers.label_hand_over(label=label)


def _script(name: str, script: str, days: float) -> None:
    @scene(PARCELS, name)
    def told(stage: Stage):
        label = handed(stage)
        yield fresh(label.order)
        tells(stage, label, script, days)


_script("on its way", "late", 1.5)
_script("out for delivery", "usual", 0.85)
_script("delivered", "usual", 9)
_script("lost", "lost", 4)
_script("damaged", "damaged", 9)
_script("sent back", "returned", 9)


@scene(CLAIMS, "open")
def claim_open(stage: Stage):
    label = handed(stage)
    yield label.order
    carriers.claim_open(label=label, kind="lost")


def _claim(name: str, state: str, *before: str) -> None:
    @scene(CLAIMS, name)
    def moved(stage: Stage):
        label = handed(stage)
        claim = carriers.claim_open(label=label, kind="lost")
        for one in before:
            carriers.claim_move(claim=claim, state=one, granted=claim.amount)
        yield label.order
        carriers.claim_move(claim=claim, state=state, granted=claim.amount)


_claim("hand in", ClaimState.SENT)
_claim("grant", ClaimState.GRANTED, ClaimState.SENT)
_claim("refuse", ClaimState.REFUSED, ClaimState.SENT)
_claim("pay", ClaimState.PAID, ClaimState.SENT, ClaimState.GRANTED)
_claim("drop", ClaimState.DROPPED)
