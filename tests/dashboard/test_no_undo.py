"""Where a step cannot be undone, the page says why: before the button is pressed, and after."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from orders.services import order_cancel, order_deliver, order_pack, order_ship
from orders.states import CancelReason
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.core.steps import Final, Why, final_steps, no_undo, tables, way_back
from tests.sales import intent_of, order_of

STEPS = [step for table in tables() for step in table.steps]


def page_of(client, order, prefix: str = "") -> str:
    address = reverse("dashboard:order-detail", kwargs={"number": order.number})
    return client.get(f"{prefix}{address}").text


def paid():
    order = order_of()
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    return order


def test_each_step_without_an_undo_says_why_in_both_languages() -> None:
    reasons = {step.undo for step in STEPS if isinstance(step.undo, Why)}

    assert reasons
    for reason in reasons:
        assert isinstance(reason, Final), reason
        with override("zh-hans"):
            assert re.search(r"[\u4e00-\u9fff]", gettext(reason)), reason


def test_a_reason_is_found_by_address_and_by_service_and_only_where_there_is_no_undo() -> None:
    assert no_undo("order-ship") == no_undo("orders.services.order_ship") != ""
    assert (no_undo("order-pack"), no_undo("order-hold"), no_undo("nowhere")) == ("", "", "")
    assert "order-cancel" in final_steps()
    assert way_back("Orders: states", "shipped") == "order-ship"
    assert way_back("Orders: states", "packed") == ""  # it is unpacked again
    assert way_back("Returns", "refused") == "return-refuse"


@pytest.mark.django_db
def test_the_page_of_an_order_says_before_and_after_what_has_no_way_back(office) -> None:
    client, order = office("Operations manager"), paid()
    said = {name: no_undo(name) for name in ("order-cancel", "order-ship", "order-deliver")}

    page = page_of(client, order)
    assert said["order-cancel"] in page
    assert said["order-ship"] not in page  # there is nothing to press yet

    order_pack(order=order)
    page = page_of(client, order)
    assert said["order-ship"] in page
    assert "Packed · cannot be undone" not in page

    order_ship(order=order, carrier="dhl", tracking_number="1Z-1")
    page = page_of(client, order)
    assert f"Shipped · cannot be undone: {said['order-ship']}" in page
    assert f"Mark as delivered · cannot be undone: {said['order-deliver']}" in page
    assert said["order-cancel"] not in page

    order_deliver(order=order)
    assert f"Delivered · cannot be undone: {said['order-deliver']}" in page_of(client, order)


@pytest.mark.django_db
def test_a_cancelled_order_says_it_to_a_chinese_colleague(office) -> None:
    order = order_of()
    order_cancel(order=order, reason=CancelReason.CUSTOMER)

    client = office("Customer-service agent")
    page = page_of(client, order, prefix="/zh-hans")
    with override("zh-hans"):
        reason = no_undo("order-cancel")

    assert f"无法撤销：{reason}。" in page
    assert "cannot be undone" not in page


@pytest.mark.django_db
def test_who_may_not_take_a_step_reads_nothing_of_it(office) -> None:
    order = paid()

    page = page_of(office("Analyst"), order)

    assert "annot be undone" not in page


@pytest.mark.django_db
def test_the_desk_says_it_beside_the_buttons_for_many(office) -> None:
    order = paid()
    order_pack(order=order)

    page = office("Operations manager").get(reverse("dashboard:order-list"), {"view": "to_ship"})

    assert f"Hand over · cannot be undone: {no_undo('parcels-hand-over')}" in page.text
    assert "Buy labels · cannot" not in page.text
