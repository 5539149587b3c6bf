"""`manage.py verify` is quiet about a true shop and finds every kind of planted drift."""

import io
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from catalog.listing.models import ListedProduct
from catalog.partner.models import StockRecord
from catalog.search.models import SearchDocument
from orders.basket.models import Basket
from orders.fulfilment.models import Consignment, ConsignmentLine, Wave
from orders.models import Line, LinePrice, Order, OrderDiscount
from orders.refunds.models import RefundRequest
from orders.services import order_cancel, order_pack, order_refund, order_ship
from orders.states import CancelReason, OrderState
from payments.bank.models import BankLine, BankUse
from payments.bank.uses import line_use
from payments.ledger.models import WriteOff, WriteOffKind
from payments.ledger.services import write_off_book
from payments.models import IntentState, PaymentEntry, PaymentIntent, Refund
from shop.core.outbox import relay
from supply.models import (
    Bin,
    BinStock,
    StockMovement,
    Transfer,
    Warehouse,
    WarehouseStock,
)
from tests.factories import OtherWarehouseFactory, ProductFactory
from tests.ledger.support import settlement_made
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, paid_order, pay, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.03")]


def verified() -> tuple[bool, str]:
    """Whether all is well, and what was printed."""
    out = io.StringIO()
    try:
        call_command("verify", stdout=out)
    except CommandError:
        return False, out.getvalue()
    return True, out.getvalue()


def without(*constraints: str) -> None:
    """Drop constraints for the rest of this test; the test's transaction brings them back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in constraints:
            cursor.execute(
                "SELECT conrelid::regclass FROM pg_constraint WHERE conname = %s", [name]
            )
            table = cursor.fetchone()
            # A unique constraint with a condition is an index to PostgreSQL.
            cursor.execute(
                f"ALTER TABLE {table[0]} DROP CONSTRAINT {name}" if table else f"DROP INDEX {name}"
            )


def test_a_shop_that_sold_shipped_refunded_and_cancelled_adds_up(provider: Running):
    shipped = paid_order(provider, ProductFactory(stock=5), quantity=2)
    order_pack(order=shipped)
    order_ship(order=shipped, carrier="DHL", tracking_number="1")
    refunded = paid_order(provider)
    order_refund(order=refunded, amount=Decimal("3.33"), reason="x", key="k", user=None)
    order_cancel(order=paid_order(provider), reason=CancelReason.OPERATOR)
    refunds_finish()
    order_of(payment="cod")

    is_well, text = verified()

    assert is_well, text
    assert "Everything adds up." in text
    assert "skip" not in text


def test_without_a_card_provider_that_check_says_so(settings):
    settings.STRIPE_SECRET_KEY = ""

    is_well, text = verified()

    assert is_well
    assert "skip  money: what the provider holds" in text
    assert "no provider that can be asked is configured" in text


Drift = Callable[[Order], object]
PLANTED: dict[str, tuple[str, Drift]] = {}


def drift(finding: str) -> Callable[[Drift], Drift]:
    """Register one way of spoiling a paid order of two units, and what verify must say about it."""

    def register(plant: Drift) -> Drift:
        PLANTED[plant.__name__] = (finding, plant)
        return plant

    return register


@drift("stock: allocated is between nothing and what is on hand")
def more_allocated_than_on_hand(order: Order) -> None:
    without("stock_allocated_within_on_hand", "order_line_allocated_within_quantity")
    StockRecord.objects.update(num_allocated=99)
    Line.objects.update(num_allocated=99)


@drift("stock: allocated is what open orders have not shipped yet")
def allocation_without_an_order(order: Order) -> None:
    StockRecord.objects.update(num_allocated=3)


@drift("stock: on hand is the sum of the ledger")
def unit_without_a_movement(order: Order) -> None:
    StockRecord.objects.update(num_in_stock=11)


@drift("stock: no warehouse holds less than nothing")
def warehouse_below_nothing(order: Order) -> None:
    opening = StockMovement.objects.get()
    StockMovement.objects.create(
        stock_record=opening.stock_record,
        warehouse=opening.warehouse,
        quantity=-11,
        reason="lost",
        source="planted",
    )


@drift("stock: what a warehouse holds is its part of the ledger")
def unit_only_in_the_warehouse(order: Order) -> None:
    WarehouseStock.objects.update(on_hand=F("on_hand") + 1)


@drift("stock: on hand is the sum over the warehouses that sell")
def warehouse_that_sells_no_more(order: Order) -> None:
    Warehouse.objects.update(is_default=False, is_sellable=False)


@drift("stock: bins hold no more than their warehouse")
def bin_that_holds_too_much(order: Order) -> None:
    shelf = Bin.objects.create(warehouse=Warehouse.objects.get(), code="A-1")
    BinStock.objects.create(bin=shelf, stock_record=order.lines.get().stockrecord, units=99)


@drift("stock: a transfer booked what it says")
def transfer_that_was_not_booked(order: Order) -> None:
    main = Warehouse.objects.get()
    moved = Transfer.objects.create(
        source=main, target=OtherWarehouseFactory(), state="sent", key=uuid4()
    )
    moved.lines.create(stock_record=order.lines.get().stockrecord, sent=1)


@drift("fulfilment: what a warehouse reserves is what it is still to send")
def reserved_for_nobody(order: Order) -> None:
    WarehouseStock.objects.update(reserved=F("reserved") + 1)


@drift("fulfilment: nothing is to be sent that the order does not hold")
def more_to_send_than_was_ordered(order: Order) -> None:
    ConsignmentLine.objects.update(quantity=F("quantity") + 1)


@drift("fulfilment: what left a warehouse is what its parcels hold")
def left_without_a_parcel(order: Order) -> None:
    ConsignmentLine.objects.update(left=1)


@drift("fulfilment: a wave that is done leaves nobody to pick")
def done_wave_with_an_order(order: Order) -> None:
    wave = Wave.objects.create(
        warehouse=Warehouse.objects.get(), state="done", done_at=order.date_placed, key=uuid4()
    )
    Consignment.objects.update(wave=wave, state="picking")


@drift("stock: every price is a number")
def price_that_is_no_number(order: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partner_stockrecord SET price = 'NaN'")


@drift("lists: every row says what the catalogue says")
def list_of_an_old_price(order: Order) -> None:
    relay()  # what is on its way would mend the row, and so is no drift
    ListedProduct.objects.update(price=Decimal(1))


@drift("search: every browsable product has one document per language")
def product_that_cannot_be_found(order: Order) -> None:
    SearchDocument.objects.filter(language="en").delete()


@drift("search: documents say what the products say now")
def document_of_an_old_name(order: Order) -> None:
    SearchDocument.objects.filter(language="en").update(title="Another")


@drift("orders: ended or shipped orders hold no stock")
def shipped_but_still_allocated(order: Order) -> None:
    Order.objects.update(status=OrderState.SHIPPED)


@drift("orders: total is lines + shipping")
def cent_in_the_total(order: Order) -> None:
    Order.objects.update(total_incl_tax=order.total_incl_tax + Decimal("0.01"))


@drift("orders: unit prices add up to their line")
def cent_in_the_unit_price(order: Order) -> None:
    LinePrice.objects.update(price_incl_tax=F("price_incl_tax") + Decimal("0.01"))


@drift("orders: unit prices add up to their line")
def line_without_unit_prices(order: Order) -> None:
    LinePrice.objects.all().delete()


@drift("orders: every amount is a number")
def total_that_is_no_number(order: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE order_order SET total_incl_tax = 'NaN', total_excl_tax = 'NaN'")


@drift("orders: discounts are what the lines lost")
def discount_that_no_line_lost(order: Order) -> None:
    OrderDiscount.objects.create(order=order, amount=Decimal("1.00"), frequency=1)


@drift("orders: no open basket has an order")
def basket_open_again(order: Order) -> None:
    Basket.objects.update(status=Basket.OPEN)


@drift("orders: no open basket has an order")
def basket_submitted_without_order(order: Order) -> None:
    Basket.objects.create(status=Basket.SUBMITTED)


@drift("orders: no open basket has an order")
def order_without_facts(order: Order) -> None:
    order.facts.delete()


@drift("orders: no open basket has an order")
def payment_for_no_order(order: Order) -> None:
    PaymentIntent.objects.create(
        order_number="NONE-0000", gateway="transfer", amount=1, currency="EUR"
    )


@drift("money: every captured payment has one paid order")
def money_kept_for_a_cancelled_order(order: Order) -> None:
    Order.objects.update(status=OrderState.CANCELLED)


@drift("money: every captured payment has one paid order")
def paid_twice(order: Order) -> None:
    intent = intent_of(order)
    intent.part = "tender:2"
    intent.pk, intent.key, intent.reference = None, "11111111-1111-4111-8111-111111111111", "other"
    intent.save()


@drift("orders: what is paid, packed or delivered has its money")
def delivered_without_money(order: Order) -> None:
    PaymentEntry.objects.all().delete()
    PaymentIntent.objects.update(state=IntentState.OPEN, amount_captured=0, amount_authorised=0)
    Order.objects.update(status=OrderState.DELIVERED)


@drift("money: refunded <= captured <= authorised")
def more_refunded_than_captured(order: Order) -> None:
    without("intent_refunded_within_captured")
    PaymentIntent.objects.update(amount_refunded=order.total_incl_tax + 1)


@drift("money: captured is the sum of its entries")
def capture_without_an_entry(order: Order) -> None:
    PaymentEntry.objects.filter(kind="captured").delete()


@drift("money: refunded is the sum of its refunds")
def refund_without_a_row(order: Order) -> None:
    PaymentIntent.objects.update(amount_refunded=1)


@drift("money: refunded is the sum of its refunds")
def refund_done_without_an_entry(order: Order) -> None:
    Refund.objects.create(intent=intent_of(order), key="p", amount=1, reason="x", state="done")
    PaymentIntent.objects.update(amount_refunded=1)


@drift("refunds: what was approved was sent")
def refund_that_was_never_sent(order: Order) -> None:
    RefundRequest.objects.create(
        order=order,
        key="11111111-1111-4111-8111-111111111111",
        state="approved",
        amount=1,
        reason="x",
        is_over_limit=False,
        decided_at=timezone.now(),
    )


@drift("refunds: no line gives back more than it cost")
def line_refunded_beyond_its_price(order: Order) -> None:
    refund_that_was_never_sent(order)
    RefundRequest.objects.get().lines.create(
        order_line=order.lines.get(), amount=order.total_incl_tax + 1
    )


@drift("bank: what a line paid for is its shares")
def bank_line_that_paid_for_nothing(order: Order) -> None:
    BankLine.objects.create(
        fingerprint="id:1",
        booked_on=timezone.localdate(),
        amount=9,
        currency="EUR",
        amount_assigned=9,
    )


@drift("bank: what a line paid for is its shares, and what was paid in full is booked")
def bank_line_whose_payment_is_not_booked(order: Order) -> None:
    waits = intent_of(order_of())
    line = BankLine.objects.create(
        fingerprint="id:1",
        booked_on=timezone.localdate(),
        amount=waits.amount,
        currency="EUR",
        amount_assigned=waits.amount,
    )
    line.shares.create(intent=waits, amount=waits.amount)


@drift("bank: what a line was is booked as much as it was")
def bank_line_whose_fee_is_not_booked(order: Order) -> None:
    BankUse.objects.create(line=_bank_line(), kind="fee", amount=9)


@drift("ledger: what lies on the bank is transfers, payouts and what else its lines were")
def bank_line_that_was_booked_and_is_forgotten(order: Order) -> None:
    line_use(line=_bank_line(assigned=0), kind="fee")
    BankUse.objects.all().delete()


@drift("ledger: what lies at each provider is captured less refunded less settled")
def payout_on_a_statement_that_is_forgotten(order: Order) -> None:
    line_use(line=_bank_line(assigned=0), kind="payout", gateway_code="stripe")
    BankUse.objects.all().delete()


@drift("bank: a settlement on a statement paid out what its line says")
def settlement_of_another_sum(order: Order) -> None:
    line = _bank_line()
    settlement = settlement_made()
    BankUse.objects.create(
        line=line, kind="payout", gateway="stripe", amount=9, settlement=settlement
    )


@drift("ledger: every write-off is booked as much as it is, and not after it was undone")
def write_off_that_was_not_reversed(order: Order) -> None:
    made = write_off_book(
        kind=WriteOffKind.REST, currency="EUR", amount=Decimal(1), reason="x", user=None
    )
    WriteOff.objects.filter(pk=made.pk).update(undone_at=timezone.now())


def _bank_line(assigned: int = 9) -> BankLine:
    return BankLine.objects.create(
        fingerprint="id:1",
        booked_on=timezone.localdate(),
        amount=9,
        currency="EUR",
        amount_assigned=assigned,
    )


@drift("money: what the provider holds is what we booked")
def charge_that_we_do_not_know(order: Order) -> None:
    PaymentIntent.objects.update(key="11111111-1111-4111-8111-111111111111")


@drift("money: what the provider holds is what we booked")
def capture_of_another_amount(order: Order) -> None:
    without("intent_captured_within_authorised")
    PaymentIntent.objects.update(amount_captured=order.total_incl_tax + 1)
    PaymentEntry.objects.filter(kind="captured").update(amount=order.total_incl_tax + 1)


@pytest.mark.parametrize("name", PLANTED)
def test_planted_drift_is_found(name: str, provider: Running):
    finding, plant = PLANTED[name]
    order = paid_order(provider, ProductFactory(stock=10), quantity=2)
    assert verified()[0]

    plant(order)

    is_well, text = verified()
    assert not is_well
    assert f"DRIFT {finding}" in text


def test_a_charge_that_the_provider_denies_is_drift(provider: Running):
    paid_order(provider)
    provider.control.reset()

    is_well, text = verified()

    assert not is_well
    assert "booked, not at the provider" in text


def test_a_provider_that_does_not_answer_is_drift(provider: Running):
    provider.control.fault("error", "charges.list", times=None)

    is_well, text = verified()

    assert not is_well
    assert "stripe does not answer" in text


def test_a_capture_on_its_way_to_the_order_is_no_drift(provider: Running):
    order = order_of(payment="stripe")
    pay(order, provider)

    is_well, text = verified()

    assert is_well, text
