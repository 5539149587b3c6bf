"""The team reads whom an invoice is for, and changes it until the invoice is written."""

from uuid import uuid4

import pytest
from django.urls import reverse

from orders.checkout.countries import invoice_fields
from orders.life.models import EventKind, OrderEvent
from orders.life.timeline import order_timeline
from orders.models import BillingAddress, Order
from payments.services import intent_capture, intent_open
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import CountryFactory
from tests.flows.test_invoice_address import COLUMNS, INVOICE, TORTURE, with_invoice
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S1.15")]
AGENT = "Customer-service agent"


@pytest.fixture(autouse=True)
def france():
    CountryFactory()
    CountryFactory(iso_3166_1_a2="FR", printable_name="FR", name="FR")


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def form() -> dict[str, str]:
    return {**INVOICE, "key": str(uuid4())}


def test_an_invoice_gets_another_address_once_and_the_customer_is_told(office) -> None:
    agent, order = office(AGENT), order_of()
    assert agent.get(url("order-edit", order)).status_code == 200
    sent = form()

    for _ in range(2):
        assert agent.post(url("order-edit-invoice", order), sent).status_code == 302
    relay()

    order = Order.objects.get(pk=order.pk)
    assert invoice_fields(order.billing_address) == COLUMNS
    assert OrderEvent.objects.get(kind=EventKind.INVOICE).facts == {"was": []}
    mail = Mail.objects.get(kind="order_changed")
    assert "Before, it had no address of its own." in mail.text
    assert "5 rue de la Paix" in mail.text
    page = agent.get(url("order-detail", order)).content.decode()
    assert page.index("Invoice to") < page.index("5 rue de la Paix")
    assert "Invoice address changed" in page


def test_it_is_changed_and_taken_back(office) -> None:
    agent, order = office(AGENT), with_invoice()
    agent.post(url("order-edit-invoice", order), {**form(), "invoice-line1": "99 quai d’Orsay"})
    assert Order.objects.get(pk=order.pk).billing_address.line1 == "99 quai d’Orsay"

    agent.post(url("order-edit-invoice", order), {"same": "1", "key": str(uuid4())})

    assert Order.objects.get(pk=order.pk).billing_address is None
    assert not BillingAddress.objects.exists()
    notes = [one.note for one in order_timeline(order) if one.title == "Invoice address changed"]
    assert "5 rue de la Paix" in notes[0]
    assert "no address of its own any more" in notes[1]
    assert "99 quai d’Orsay" in notes[1]


def test_what_is_issued_never_changes(office) -> None:
    agent, order = office(AGENT), with_invoice()
    intent_open(intent=intent_of(order))
    intent_capture(intent=intent_of(order))
    relay()
    number = order.documents.get().number
    assert (
        f"Invoice {number} is issued already"
        in agent.get(url("order-edit", order)).content.decode()
    )

    for sent in (form() | {"invoice-line1": "99"}, {"same": "1", "key": str(uuid4())}):
        answer = agent.post(url("order-edit-invoice", order), sent)
        assert answer.status_code == 422
        assert f"Invoice {number} is issued already" in answer.content.decode()

    assert invoice_fields(Order.objects.get(pk=order.pk).billing_address) == COLUMNS
    assert not OrderEvent.objects.filter(kind=EventKind.INVOICE).exists()


def test_what_is_the_same_is_refused_with_words(office) -> None:
    agent, order = office(AGENT), with_invoice()
    answer = agent.post(url("order-edit-invoice", order), form())
    assert answer.status_code == 422
    assert "Nothing is different." in answer.content.decode()
    none = agent.post(url("order-edit-invoice", order_of()), {"same": "1", "key": str(uuid4())})
    assert none.status_code == 422


@pytest.mark.parametrize("typed", TORTURE.values(), ids=TORTURE)
@pytest.mark.parametrize("field", [*INVOICE, "key"])
def test_whatever_is_typed_is_a_message(office, field, typed) -> None:
    agent, order = office(AGENT), order_of()
    answer = agent.post(url("order-edit-invoice", order), {**form(), field: typed})
    assert answer.status_code in (302, 400, 422)


def test_an_analyst_reads_nothing_of_it(office) -> None:
    order = with_invoice()
    page = office("Analyst").get(url("order-detail", order))
    assert page.status_code == 200
    assert "rue de la Paix" not in page.content.decode()
    assert "Fils SARL" not in page.content.decode()
    assert "rue de la Paix" in office(AGENT).get(url("order-detail", order)).content.decode()
