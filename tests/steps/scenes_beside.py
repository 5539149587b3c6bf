"""Steps of drafts, fraud checks and transfers between warehouses."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from catalog.models import Kind
from orders.drafts import discounts
from orders.drafts import services as drafts
from orders.drafts.models import Draft, DraftState
from orders.drafts.selectors import draft_price, payments_offered
from orders.fraud import services as fraud
from orders.fraud.models import CheckState, FraudCheck, FraudLine, Listed, Verdict
from orders.fraud.settings import listed_add, listed_remove
from orders.handover.models import DownloadGrant, ServiceJob
from orders.handover.services import grant_renew, job_done
from orders.models import Order
from orders.services import order_cancel
from orders.states import CancelReason
from promotions.voucher.models import Voucher
from supply import services as supply
from supply.models import Transfer, TransferState
from tests.factories import (
    CountryFactory,
    OtherWarehouseFactory,
    ProductFactory,
    UserFactory,
    WarehouseFactory,
)
from tests.flows.test_basket import coupon
from tests.kinds.support import download, placed, product_of
from tests.kinds.support import paid as money_came
from tests.sales import ADDRESS, basket_with, order_of
from tests.steps.scenes import Stage, fresh, scene

DRAFTS, BEFORE = (
    "Orders taken by the team: states",
    "Orders taken by the team: before they are placed",
)
FRAUD, TRANSFERS = "Fraud checks", "Transfers between warehouses"
LISTS, HANDED = "Fraud: who is noted", "Downloads and work"


def begun() -> Draft:
    CountryFactory()
    return drafts.draft_start(user=UserFactory(is_staff=True), language="en")


def ready(units: int = 1) -> Draft:
    """For a guest in Berlin."""
    draft = named(begun())
    drafts.draft_line_add(draft=draft, product=ProductFactory(stock=9), quantity=units)
    return Draft.objects.get(pk=draft.pk)


def named(draft: Draft) -> Draft:
    return drafts.draft_customer_set(
        draft=draft,
        customer=None,
        email="li@example.com",
        language="en",
        currency="EUR",
        place=ADDRESS,
    )


def is_now(draft: Draft, state: DraftState) -> None:
    assert Draft.objects.get(pk=draft.pk).state == state


@scene(DRAFTS, "take")
def take(_stage: Stage):
    yield None
    is_now(begun(), DraftState.OPEN)


@scene(DRAFTS, "send")
def send(_stage: Stage):
    draft = ready()
    yield None
    for _again in range(2):
        drafts.draft_send(draft=draft)
        is_now(draft, DraftState.SENT)


@scene(DRAFTS, "place")
def place(_stage: Stage):
    draft = drafts.draft_send(draft=ready())
    price = draft_price(draft)
    offered = {one["code"]: one for one in payments_offered(price, is_office=True)}
    yield None
    order = drafts.draft_place(
        draft=draft,
        code=price.code,
        payment_method="transfer",
        shown=offered["transfer"]["shown"],
        user=UserFactory(is_staff=True),
    )
    is_now(draft, DraftState.PLACED)
    return order


@scene(DRAFTS, "drop")
def drop(_stage: Stage):
    draft = drafts.draft_send(draft=ready())
    yield None
    assert drafts.draft_drop(draft=draft) is True
    assert drafts.draft_drop(draft=draft) is False
    is_now(draft, DraftState.DROPPED)


@scene(BEFORE, "the same again")
def the_same_again(_stage: Stage):
    order = order_of()
    yield None
    draft, _taken = drafts.draft_copy(order=order, user=UserFactory(is_staff=True))
    assert draft.basket.num_items == 1


@scene(BEFORE, "name the customer")
def name_the_customer(_stage: Stage):
    draft = begun()
    yield None
    assert named(draft).email == "li@example.com"


@scene(BEFORE, "name the place")
def name_the_place(_stage: Stage):
    draft = begun()
    yield None
    assert drafts.draft_place_set(draft=draft, columns=ADDRESS).country == "DE"


@scene(BEFORE, "put something in")
def put_something_in(_stage: Stage):
    draft, cup = begun(), ProductFactory(stock=9)
    yield None
    drafts.draft_line_add(draft=draft, product=cup, quantity=2)
    assert draft.basket.lines.get().quantity == 2


@scene(BEFORE, "change the units")
def change_the_units(_stage: Stage):
    draft = ready(2)
    yield None
    line = draft.basket.lines.get()
    drafts.draft_line_set(draft=draft, line_id=line.pk, quantity=1)
    assert draft.basket.lines.get().quantity == 1


@scene(BEFORE, "enter a coupon")
def enter_a_coupon(_stage: Stage):
    draft = ready()
    code = coupon().code
    yield None
    drafts.draft_coupon_add(draft=draft, code=code)
    drafts.draft_coupon_remove(draft=draft, voucher_id=Voucher.objects.get(code=code).pk)
    assert not draft.basket.vouchers.exists()


@scene(BEFORE, "choose the delivery")
def choose_the_delivery(_stage: Stage):
    draft = ready()
    yield None
    draft = drafts.draft_delivery_set(draft=draft, code="standard", note="Call first")
    assert (draft.shipping_code, draft.note) == ("standard", "Call first")


@scene(BEFORE, "agree a discount")
def agree_a_discount(_stage: Stage):
    draft = ready()
    yield None
    draft = discounts.draft_discount_set(
        draft=draft,
        percent=Decimal(10),
        amount=None,
        reason="Scratched",
        user=UserFactory(is_staff=True),
    )
    assert draft.has_discount
    assert not discounts.draft_discount_end(draft=draft).has_discount


def noted() -> Listed:
    return listed_add(
        kind="email",
        value="lin@example.com",
        shown="lin@example.com",
        verdict=Verdict.BLOCKED,
        reason="Twice a card of somebody else",
        user=UserFactory(is_staff=True),
    )


@scene(LISTS, "note somebody")
def note_somebody(_stage: Stage):
    yield None
    assert noted().verdict == Verdict.BLOCKED


@scene(LISTS, "strike off")
def strike_off(_stage: Stage):
    listed = noted()
    yield None
    assert listed_remove(pk=listed.pk) is True
    assert listed_remove(pk=listed.pk) is False


@scene(HANDED, "work is done")
def work_is_done(_stage: Stage):
    order = sold(product_of(Kind.SERVICE))
    yield order
    job_done(job=ServiceJob.objects.get(), user=UserFactory(is_staff=True))


@scene(HANDED, "renew a download")
def renew_a_download(_stage: Stage):
    order = sold(download().product)
    grant = DownloadGrant.objects.get()
    DownloadGrant.objects.update(used=grant.allowed)
    yield order
    assert grant_renew(grant=grant) is True
    assert DownloadGrant.objects.get().allowed == 2 * grant.allowed


def sold(product: Any) -> Order:
    """Without a parcel, and paid."""
    return fresh(money_came(placed(basket_with({product: 1}), is_sent=False)))


def dear() -> Order:
    """A first order of 900 with a throw-away mailbox: it has to wait."""
    order = order_of(ProductFactory(price="900.00", stock=9))
    looks_bad(order)
    return order


def looks_bad(order: Order) -> None:
    """From now on its mailbox is one to throw away."""
    Order.objects.filter(pk=order.pk).update(guest_email="m.lin@mailinator.com")
    FraudCheck.objects.filter(order=order).update(email="m.lin@mailinator.com")


def check_is(order: Order, state: CheckState) -> FraudCheck:
    check = FraudCheck.objects.get(order=order)
    assert check.state == state
    return check


@scene(FRAUD, "check")
def check_it(_stage: Stage):
    order = order_of()
    yield order
    fraud.order_check(order_number=order.number)
    check_is(order, CheckState.CLEAR)


@scene(FRAUD, "hold")
def hold(_stage: Stage):
    order = order_of(ProductFactory(price="900.00", stock=9))
    yield order
    looks_bad(order)
    fraud.order_check(order_number=order.number)
    check_is(order, CheckState.HELD)


@scene(FRAUD, "approve")
def approve(_stage: Stage):
    order = dear()
    yield order
    check = check_is(order, CheckState.HELD)
    fraud.check_approve(check=check, user=UserFactory(), words="A regular of our shop")
    check_is(order, CheckState.APPROVED)


@scene(FRAUD, "decline")
def decline(_stage: Stage):
    order = dear()
    yield order
    check = check_is(order, CheckState.HELD)
    fraud.check_decline(check=check, user=UserFactory(), words="A stolen card")
    check_is(order, CheckState.DECLINED)


@scene(FRAUD, "over first")
def over_first(_stage: Stage):
    order = dear()
    yield order
    check_is(order, CheckState.HELD)
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    fraud.order_is_over(order_number=order.number)
    check_is(order, CheckState.GONE)


@scene(FRAUD, "too late")
def too_late(_stage: Stage):
    order = order_of()
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    yield order
    check_is(order, CheckState.CLEAR)
    FraudLine.objects.create(pk=1, score=1)
    looks_bad(order)
    fraud.order_check(order_number=order.number)
    check_is(order, CheckState.GONE)


def laden(units: int = 4) -> Transfer:
    """From the main warehouse to Lyon, with something on it."""
    cup = ProductFactory(stock=9).stockrecords.get()
    moved = supply.transfer_make(
        source=WarehouseFactory(), target=OtherWarehouseFactory(), key=uuid4()
    )
    supply.transfer_line_set(transfer=moved, stock_record_id=cup.pk, units=units)
    return moved


def transfer_is(moved: Transfer, state: TransferState) -> None:
    moved.refresh_from_db()
    assert moved.state == state


@scene(TRANSFERS, "put together", "put something on it")
def put_together(_stage: Stage):
    yield None
    moved = laden()
    transfer_is(moved, TransferState.DRAFT)
    assert moved.lines.get().sent == 4


@scene(TRANSFERS, "send")
def transfer_send(_stage: Stage):
    moved = laden()
    yield None
    supply.transfer_send(transfer=moved)
    transfer_is(moved, TransferState.SENT)


@scene(TRANSFERS, "receive")
def transfer_receive(_stage: Stage):
    moved = laden()
    supply.transfer_send(transfer=moved)
    yield None
    supply.transfer_receive(transfer=moved, came={})
    transfer_is(moved, TransferState.RECEIVED)


@scene(TRANSFERS, "cancel")
def transfer_cancel(_stage: Stage):
    moved = laden()
    yield None
    supply.transfer_cancel(transfer=moved)
    transfer_is(moved, TransferState.CANCELLED)
