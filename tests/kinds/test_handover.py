"""What needs no parcel: files, services, gift vouchers. Given after payment, taken back with it."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from catalog.cards import offers_of
from catalog.kinds.exceptions import KindRefused
from catalog.kinds.files import name_safe
from catalog.kinds.services import file_add, next_steps_save
from catalog.models import Kind
from orders.basket.models import Basket
from orders.exceptions import ImpossibleStep
from orders.handover.links import grant_path
from orders.handover.models import DownloadGrant, ServiceJob
from orders.handover.services import grant_renew, job_done
from orders.models import Order
from orders.pages import OrderPage
from orders.services import order_cancel, order_deliver, order_pack, order_refund, order_ship
from orders.states import CancelReason, OrderState
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory, product_with_variants
from tests.flows.shopper import Shopper, form_values
from tests.kinds.support import class_of, download, paid, placed, product_of
from tests.pricing.makers import site_offer
from tests.sales import basket_with, refund_finish
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.07")]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def test_files_are_given_after_payment_and_not_before():
    file = download()
    order = placed(basket_with({file.product: 2}), is_sent=False)
    relay()
    assert not DownloadGrant.objects.exists()

    order = paid(order)

    grant = DownloadGrant.objects.get()
    assert (grant.allowed, grant.used) == (10, 0)
    assert order.status == OrderState.DELIVERED
    assert grant_path(grant) in Mail.objects.get(kind="order_handover").text
    assert not Mail.objects.filter(kind="order_delivered").exists()
    assert verified()[0], verified()[1]


def test_a_file_is_fetched_by_a_button_so_often_and_no_more(client):
    file = download(downloads=2, content=b"%PDF-1.4 chart")
    paid(placed(basket_with({file.product: 1}), is_sent=False))
    path = grant_path(DownloadGrant.objects.get())

    assert client.get(path).status_code == 200
    answers = [client.post(path) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 410]
    assert b"".join(answers[0].streaming_content) == b"%PDF-1.4 chart"
    assert answers[0]["Content-Disposition"].startswith("attachment;")
    assert answers[0]["X-Content-Type-Options"] == "nosniff"
    assert DownloadGrant.objects.get().used == 2


def test_another_persons_file_does_not_exist(client):
    owner, other = UserFactory(), UserFactory()
    file = download()
    order = paid(placed(basket_with({file.product: 1}), is_sent=False))
    Order.objects.filter(pk=order.pk).update(user=owner)
    path = grant_path(DownloadGrant.objects.get())

    assert client.get(path).status_code == 302  # to sign in
    assert client.post(path).status_code == 404
    client.force_login(other)
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    client.force_login(owner)
    assert client.get(path).status_code == 200
    assert client.get(path[:-2] + "x/").status_code == 404
    assert client.get(reverse("handover:download", args=["1"])).status_code == 404


def test_an_order_of_files_alone_asks_for_no_address(client):
    shopper = Shopper(client)
    shopper.add(download().product)

    page = shopper.post("checkout:index", {"email": "ada@example.com"})
    assert page["Content-Location"].endswith("/preview/")
    values = {**form_values(page, "place-form"), "payment": "transfer"}
    shopper.post("checkout:preview", values)

    order = Order.objects.get()
    assert order.shipping_address is None
    assert order.shipping_incl_tax == 0
    assert "cash" not in page.content.decode()
    with pytest.raises(ImpossibleStep):
        order_pack(order=paid(order))


def test_a_mixed_basket_ships_the_goods_only():
    lamp, file = ProductFactory(price="30.00", stock=4), download()
    order = paid(placed(basket_with({lamp: 1, file.product: 1})))
    assert order.status == OrderState.PAID
    assert DownloadGrant.objects.count() == 1

    order_pack(order=order)
    parcel = order_ship(order=order, carrier="DHL", tracking_number="1")
    order_deliver(order=order)

    assert [line.order_line.product for line in parcel.lines.all()] == [lamp]
    assert verified()[0], verified()[1]


def test_a_service_says_what_is_next_and_ends_when_it_is_done(client):
    lesson = product_of(Kind.SERVICE)
    next_steps_save(product=lesson, texts={"text_en": "We write to you.", "text_zh_hans": ""})
    order = paid(placed(basket_with({lesson: 1}), is_sent=False))
    assert order.status == OrderState.PAID
    assert "We write to you." in Mail.objects.get(kind="order_handover").text

    job_done(job=ServiceJob.objects.get(), user=UserFactory())
    job_done(job=ServiceJob.objects.get(), user=None)
    relay()

    order.refresh_from_db()
    assert order.status == OrderState.DELIVERED
    assert Mail.objects.filter(kind="order_delivered").count() == 1
    assert verified()[0], verified()[1]


def test_money_sent_back_takes_files_work_and_codes_back(client):
    file, lesson = download(), product_of(Kind.SERVICE)
    order = paid(placed(basket_with({file.product: 1, lesson: 1}), is_sent=False))
    grant = DownloadGrant.objects.get()

    refund = order_refund(order=order, amount=order.total_incl_tax, reason="x", key="k", user=None)
    refund_finish(refund)
    relay()

    grant.refresh_from_db()
    assert grant.revoked_at
    assert ServiceJob.objects.get().cancelled_at
    assert client.post(grant_path(grant)).status_code == 410
    assert not grant_renew(grant=grant)


def test_a_used_up_file_can_be_given_again():
    file = download(downloads=1)
    paid(placed(basket_with({file.product: 1}), is_sent=False))
    grant = DownloadGrant.objects.select_related("file").get()
    DownloadGrant.objects.update(used=1, expires_at=timezone.now())

    assert grant_renew(grant=grant)

    grant.refresh_from_db()
    assert grant.is_good
    assert grant.left == 1


def test_what_is_not_what_its_name_says_is_not_sold():
    product = product_of(Kind.DOWNLOAD)
    for name, content in (
        ("a.pdf", b"MZ"),
        ("a.exe", b"MZ"),
        ("a.txt", b"\x00\x01"),
        ("a.pdf", b""),
    ):
        upload = SimpleUploadedFile(name, content)
        with pytest.raises(KindRefused):
            file_add(product=product, upload=upload, downloads=5, days=5)
    assert name_safe("..\\..\u202e/x\r\n“y”.pdf") == "x“y”.pdf"


def test_the_gift_form_goes_to_the_basket_and_says_for_whom(client):
    product = product_of(Kind.VOUCHER, price="25.00")
    url = reverse("basket:add-gift", args=[product.pk])

    assert client.post(url, {"to_email": "x"}, headers={"HX-Request": "true"}).status_code == 422
    page = client.post(url, {"to_email": "lin@example.com", "message": "hi"}, follow=True)

    assert "for lin@example.com is in your basket" in page.content.decode()
    basket = client.get(reverse("basket:summary")).content.decode()
    assert "Goes to lin@example.com" in basket
    assert Basket.objects.get().lines.get().attributes.get().value["message"] == "hi"


def test_no_amount_of_a_gift_card_is_sold_for_less():
    site_offer(value="50")
    family = product_with_variants(
        price="200.00", colours={"red": 0}, product_class=class_of(Kind.VOUCHER)
    )
    mug = ProductFactory(price="200.00")

    card = family.children.get()

    assert not card.is_discountable
    assert offers_of([family])[family.pk][0].price == Decimal("200.00")
    assert offers_of([mug])[mug.pk][0].price == Decimal("100.00")


def test_who_has_used_it_cannot_send_it_back_alone(client):
    lesson, file = product_of(Kind.SERVICE), download()
    order = paid(placed(basket_with({lesson: 1, file.product: 1}), is_sent=False))
    assert OrderPage(order).can_cancel
    client.post(grant_path(DownloadGrant.objects.get()))

    assert not OrderPage(order).can_cancel
    with pytest.raises(ImpossibleStep):
        order_cancel(order=order, reason=CancelReason.CUSTOMER)
    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert order_cancel(order=order, reason=CancelReason.OPERATOR)
