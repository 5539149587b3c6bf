"""Who may fetch which paper, and what stands on it."""

import re

import pytest
from django.urls import reverse

from orders.life.holds import order_hold
from orders.life.models import HoldReason
from orders.links import order_token
from orders.models import ShippingAddress
from orders.papers import printing
from orders.papers.exceptions import PrintingFailed
from orders.papers.files import document_pdf
from orders.papers.services import invoice_issue
from orders.papers.slips import MOST
from orders.services import parcel_ship
from shop.core.models import Mail
from tests.factories import ProductFactory, UserFactory
from tests.papers.support import invoice_of, read, sent_back, sold
from tests.payments.parcels import box_of
from tests.sales import order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22", "S7.03")]
NASTY = '#panic("x") *bold* $x$ @ref <tag> \\ "“引号”'


@pytest.fixture
def press(monkeypatch) -> list[dict]:
    """The jobs that would have been printed."""
    jobs: list[dict] = []
    monkeypatch.setattr(printing, "_set", lambda **job: jobs.append(job) or b"%PDF-")
    return jobs


def test_what_people_typed_is_printed_as_they_typed_it_and_always_the_same():
    order = order_of(ProductFactory(title_en="Vase", title_zh_hans=NASTY, price="1234.50"))
    ShippingAddress.objects.update(first_name="Łukasz", last_name="佐藤")
    order.facts.language = "zh-hans"
    order.facts.save()
    line = order.lines.get()
    for _copy in range(59):
        line.pk = None
        line.save()
    total = 60 * line.line_price_incl_tax
    type(order).objects.update(
        status="paid",
        total_incl_tax=total,
        total_excl_tax=60 * line.line_price_excl_tax,
        shipping_incl_tax=0,
        shipping_excl_tax=0,
    )
    paper = invoice_issue(order_number=order.number)

    pdf = document_pdf(paper)

    assert pdf == document_pdf(paper)
    reader, text = read(pdf)
    assert reader.metadata.title == f"发票 {paper.number}"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    pages = len(reader.pages)
    assert pages > 2
    assert f"1 / {pages}" in text
    assert f"{pages} / {pages}" in text
    assert text.count("单价") == pages  # the head of the table, on each page
    assert text.replace(" ", "").count(NASTY.replace(" ", "")) == 60
    for words in ("Łukasz", "佐藤", "€74,070.00", "SKU-"):
        assert words in text


def test_shoppers_fetch_the_papers_of_their_own_orders_only(client, press):
    member = UserFactory()
    mine, guests = sold({ProductFactory(): 2}, user=member), sold({ProductFactory(): 2})
    sent_back(mine, "3.00")
    invoice, note = mine.documents.order_by("pk")
    account = reverse("customer:order", args=[mine.number])
    link = reverse("orders:order", args=[order_token(guests)])

    client.force_login(member)
    page = client.get(account).content.decode()
    for paper in (invoice, note):
        path = f"{account}papers/{paper.number}/"
        assert f'href="{path}"' in page
        response = client.get(path)
        assert response.headers["Content-Type"] == "application/pdf"
        assert paper.number in response.headers["Content-Disposition"]
        assert "no-store" in response.headers["Cache-Control"]
        assert b"".join(response.streaming_content) == b"%PDF-"
    assert client.get(f"{account}papers/{invoice_of(guests).number}/").status_code == 404
    client.force_login(UserFactory())
    assert client.get(f"{account}papers/{invoice.number}/").status_code == 404
    client.logout()
    assert client.get(f"{account}papers/{invoice.number}/").status_code == 302

    assert client.get(f"{link}papers/{invoice_of(guests).number}/").status_code == 200
    assert client.get(f"{link}papers/{invoice.number}/").status_code == 404
    assert client.get(f"{link}x/papers/{invoice.number}/").status_code == 404
    mailed = Mail.objects.filter(reference=guests.number).latest("pk").text
    url = re.search(r"http\S+/invoice/", mailed).group()
    assert (
        client.get(url)
        .headers["Content-Disposition"]
        .endswith(f'"{invoice_of(guests).number}.pdf"')
    )
    waiting = order_of()
    link = reverse("orders:order", args=[order_token(waiting)])
    assert client.get(f"{link}invoice/", follow=True).redirect_chain == [(link, 302)]
    assert {job["layout"] for job in press} == {"paper"}


def test_a_press_that_fails_is_said_and_nothing_breaks(client, monkeypatch):
    order = sold({ProductFactory(): 1})

    def fail(**job):
        raise PrintingFailed("too slow")

    monkeypatch.setattr(printing, "_set", fail)
    page = client.get(
        reverse("orders:order-invoice", args=[order_token(order)]), follow=True
    ).content.decode()

    assert "It cannot be printed right now" in page


def test_the_office_finds_papers_and_prints_what_is_to_be_packed(office, press):
    vase = ProductFactory(title="Vase")
    orders = [sold({vase: 2}), sold({vase: 1})]
    finance, clerk = office("Finance"), office("Warehouse clerk")
    invoice = invoice_of(orders[0])

    listed = finance.get(reverse("dashboard:paper-list"), {"q": orders[0].number})
    assert invoice.number in listed.content.decode()
    assert invoice_of(orders[1]).number not in listed.content.decode()
    sheet = b"".join(finance.get(reverse("dashboard:paper-export")).streaming_content).decode()
    assert f"{invoice.number},invoice," in sheet
    detail = reverse("dashboard:order-detail", args=[orders[0].number])
    assert invoice.number in finance.get(detail).content.decode()
    assert invoice.number not in clerk.get(detail).content.decode()
    assert clerk.get(reverse("dashboard:order-slip", args=[orders[0].number])).status_code == 200
    assert [row["quantity"] for row in press[-1]["data"]["slips"][0]["rows"]] == ["2"]

    chosen = {"order": [order.number for order in orders], "next": "/dashboard/orders/"}
    assert clerk.post(reverse("dashboard:orders-pick"), chosen).status_code == 200
    (group,) = press[-1]["data"]["groups"]
    assert group["title"] == orders[0].consignments.get().warehouse.name
    assert group["rows"] == [
        {
            "bin": "–",
            "quantity": "3",
            "sku": vase.stockrecords.get().partner_sku,
            "title": "Vase",
            "orders": f"{orders[0].number} × 2, {orders[1].number}",
        }
    ]
    assert clerk.post(reverse("dashboard:orders-slips"), chosen).status_code == 200
    assert len(press[-1]["data"]["slips"]) == 2
    order_hold(order=orders[1], reason=HoldReason.FRAUD, user=None)
    left = clerk.post(reverse("dashboard:orders-slips"), chosen)
    assert left.status_code == 200
    assert [one["number"] for one in press[-1]["data"]["slips"]] == [orders[0].number]
    printed = len(press)
    for numbers, words in (
        ([], "Tick the orders"),
        ([str(n) for n in range(MOST + 1)], "at most 200"),
        (["gone"], "goes into a parcel"),
    ):
        refused = clerk.post(reverse("dashboard:orders-slips"), {"order": numbers}, follow=True)
        assert words in refused.content.decode()
    assert len(press) == printed


def test_a_slip_has_what_has_not_left_yet(office, press):
    mug, pot = ProductFactory(title="Mug"), ProductFactory(title="Pot")
    order = sold({mug: 3, pot: 1})
    clerk = office("Warehouse clerk")

    def printed() -> list[list[tuple[str, str]]]:
        assert clerk.get(reverse("dashboard:order-slip", args=[order.number])).status_code == 200
        slips = press[-1]["data"]["slips"]
        return [[(row["title"], row["quantity"]) for row in slip["rows"]] for slip in slips]

    assert printed() == [[("Mug", "3"), ("Pot", "1")]]
    parcel_ship(parcel=box_of(order, {mug: 1, pot: 1}), carrier="DHL", tracking_number="1")
    assert printed() == [[("Mug", "2")]]
    second = box_of(order, {mug: 1})
    assert printed() == [[("Mug", "1")], [("Mug", "1")]]  # what is in the box, and what is in none
    parcel_ship(parcel=second, carrier="DHL", tracking_number="2")
    parcel_ship(parcel=box_of(order, {mug: 1}), carrier="DHL", tracking_number="3")
    assert printed() == [[("Mug", "1"), ("Pot", "1")], [("Mug", "1")], [("Mug", "1")]]  # once more


def test_slips_and_pick_lists_can_be_set(office):
    order = sold({ProductFactory(title="Vase"): 2})
    clerk = office("Warehouse clerk")

    slip = clerk.get(reverse("dashboard:order-slip", args=[order.number]))
    pick = clerk.post(reverse("dashboard:orders-pick"), {"order": [order.number]})

    for response, words in ((slip, "Packing slip"), (pick, "Pick list")):
        _reader, text = read(b"".join(response.streaming_content))
        assert words in text
        assert order.number in text
        assert "Vase" in text
        assert "2 units" in text
