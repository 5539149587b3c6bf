"""Where a step cannot be undone, the page says why: before the button is pressed, and after."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from orders.refunds.models import RefundRequest
from orders.services import order_cancel, order_deliver, order_pack, order_ship
from orders.states import CancelReason
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.core.steps import Final, Why, final_steps, no_undo, tables, way_back
from tests.sales import intent_of, order_of

STEPS = [step for table in tables() for step in table.steps]
ROOT = settings.BASE_DIR / "templates"
TEMPLATES = {file.relative_to(ROOT).as_posix(): file.read_text() for file in ROOT.rglob("*.html")}
#: Their pages send to themselves.
OWN_PAGES = {
    "bank-import": "bank/import.html",
    "book-days": "ledger/office/days.html",
    "book-settlements": "ledger/office/settlements.html",
}
#: Whose reason would warn of nothing: what is set anew as often as one likes, what is done with a
#: scanner in the hand, and the one form of a claim, whose buttons are several steps.
UNSAID = {
    "draft-customer",
    "draft-delivery",
    "draft-lines",
    "draft-place",
    "wave-add",
    "wave-pick",
    "claim-move",
}


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


def is_said_in(name: str, step) -> bool:
    """By the page's own words, or by a page that it is a part of."""
    said = (f'no_undo "{step.address}"', f'no_undo "{step.service}"', f'step="{step.address}"')
    around = [one for one, text in TEMPLATES.items() if f'include "{name}"' in text]
    return any(words in TEMPLATES[one] for one in (name, *around) for words in said)


@pytest.mark.parametrize("address", sorted(set(final_steps()) - UNSAID))
def test_wherever_such_a_step_can_be_taken_its_reason_stands(address: str) -> None:
    step = final_steps()[address]
    if "." in address or isinstance(step.address, Why):
        return  # a service: it is looked for by its address
    sent_to = re.compile(rf"""(action="{{% url |{{% url |url_name=")['"]?dashboard:{address}['"]""")
    names = [name for name, text in TEMPLATES.items() if sent_to.search(text)]
    names = [OWN_PAGES[address]] if address in OWN_PAGES else names

    assert names, "no page has it"
    assert [name for name in names if not is_said_in(name, step)] == []


def test_what_is_left_unsaid_is_a_step_without_an_undo() -> None:
    assert set(final_steps()) >= UNSAID


@pytest.mark.django_db
def test_lists_say_it_once_and_only_to_whom_they_offer_it(office, member) -> None:
    order = paid()
    RefundRequest.objects.create(
        order=order,
        key=uuid4(),
        state="waiting",
        amount=5,
        reason="late",
        is_over_limit=True,
        asked_by=member("Customer-service agent"),
    )
    reason = no_undo("refund-ask-approve")

    pages = {
        role: office(role).get(reverse("dashboard:refund-ask-list")).text
        for role in ("Finance", "Analyst")
    }

    assert pages["Finance"].count(f"Approve and send it · cannot be undone: {reason}") == 1
    assert reason not in pages["Analyst"]


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
