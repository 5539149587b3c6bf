"""The slip for the parcel back: one PDF for shoppers, guests and the desk, with the number to be scanned."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.links import order_token
from orders.models import Order
from orders.papers import printing
from orders.papers.exceptions import PrintingFailed
from orders.papers.slips import qr_code
from orders.returns.dashboard.selectors import returns_scanned
from orders.returns.models import Return
from orders.returns.selectors import returns_read
from orders.returns.services import return_approve, return_receive
from orders.returns.slip import slip_data
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory
from tests.orders.returns.support import arrived, asked, wanted
from tests.papers.support import read, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22")]


def approved(order: Order, *lines: Any) -> Return:
    back = asked(order, *lines)
    return_approve(back=back, user=None)
    relay()
    return returns_read().get(pk=back.pk)


def path_of(back: Return) -> str:
    return reverse("orders:return-slip", args=[order_token(back.order), back.number])


def three_things() -> Order:
    vase = ProductFactory(title_en="Vase", title_zh_hans="花瓶", price="24.00")
    lamp = ProductFactory(title_en="Lamp", title_zh_hans="台灯", price="31.50")
    return arrived({vase: 3, lamp: 1, ProductFactory(title_en="Kept", title_zh_hans="留下"): 1})


def test_it_says_where_what_and_which_number():
    order = three_things()
    vase, lamp, _kept = order.lines.order_by("pk")
    back = approved(order, wanted(vase, 2, "mind"), wanted(lamp, 1, "damaged"))

    response = Client().get(path_of(back))

    assert f"return-slip-{back.number}.pdf" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    (text,) = words_of(response)
    for words in (
        "Return slip",
        back.number,
        f"Order {order.number}",
        "Storekeep Demo Speicherstadt 12 20457 Hamburg Germany",
        f"2 × Vase {vase.partner_sku} I changed my mind",
        f"1 × Lamp {lamp.partner_sku} Arrived damaged",
        "3 units",
        "Fold here",
        "1. Pack the things",
    ):
        assert words in text, words
    assert "Kept" not in text
    assert "€" not in text
    data = slip_data(back)
    assert data["code"] == qr_code(back.number)
    assert returns_scanned(back.number) == [back.pk]


def test_it_is_in_the_language_of_the_order_whoever_reads_the_page():
    order = three_things()
    back = approved(order, wanted(order.lines.order_by("pk")[0], 2))
    order.facts.language = "zh-hans"
    order.facts.save()

    response = Client().get(path_of(back), headers={"accept-language": "en"})

    reader, text = read(b"".join(response.streaming_content))
    text = text.replace(" ", "")
    assert reader.metadata.title == f"退货单 {back.number}"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    for words in (
        "退货单",
        "2×花瓶",
        "不想要了",
        "2件",
        "收件人",
        "德国",
        "沿此线对折",
        "如何寄回",
    ):
        assert words in text, words
    assert "Vase" not in text


def test_many_things_go_on_with_a_head_of_their_own():
    products = {ProductFactory(title_en=f"Cup {n}", title_zh_hans=f"杯 {n}"): 1 for n in range(24)}
    order = arrived(products)
    back = approved(order, *[wanted(line) for line in order.lines.order_by("pk")])

    first, second, *_more = words_of(Client().get(path_of(back)))

    assert "Fold here" in first
    assert "Fold here" not in second
    assert f"Return slip {back.number}" in second
    assert "Units Product Reason" in second


def test_only_who_may_see_the_order_fetches_it_while_it_is_to_be_sent(office):
    member = UserFactory()
    order, others = arrived(user=member), arrived()
    back, other = asked(order), approved(others)
    page = reverse("customer:return", args=[order.number, back.number])
    desk = reverse("dashboard:return-slip", args=[back.number])
    client, stranger, clerk = Client(), Client(), office("Warehouse clerk")
    client.force_login(member)
    stranger.force_login(UserFactory())

    assert client.get(f"{page}slip/")["Location"] == page  # not before somebody agreed
    said = clerk.get(desk, follow=True).content.decode()
    assert "There is a slip once the return is approved" in said
    return_approve(back=back, user=None)

    assert f'href="{page}slip/"' in client.get(page).content.decode()
    assert back.number in words_of(client.get(f"{page}slip/"))[0]
    assert stranger.get(f"{page}slip/").status_code == 404
    assert Client().get(f"{page}slip/").status_code == 302
    elsewhere = reverse("orders:return-slip", args=[order_token(others), back.number])
    assert Client().get(elsewhere).status_code == 404
    assert Client().get(path_of(other).replace(":", "x", 1)).status_code == 404

    detail = reverse("dashboard:return-detail", args=[back.number])
    assert desk in clerk.get(detail).content.decode()
    assert back.number in words_of(clerk.get(desk))[0]
    assert office("Marketer").get(desk).status_code == 403
    return_receive(back=Return.objects.get(pk=back.pk), user=None)
    assert client.get(f"{page}slip/")["Location"] == page
    assert desk not in clerk.get(detail).content.decode()


def test_the_mail_that_agrees_links_it():
    back = approved(arrived())

    mail = Mail.objects.filter(kind="return_step", text__contains="/slip/").get()

    url = re.search(r"http\S+/slip/", mail.text)
    assert url
    assert url.group() in mail.html
    path = url.group().removeprefix(settings.PUBLIC_URL)
    assert back.number in words_of(Client().get(path))[0]


def test_a_press_that_fails_is_said_on_the_page(monkeypatch, office):
    back = approved(arrived())

    def fail(**job):
        raise PrintingFailed("too slow")

    monkeypatch.setattr(printing, "_set", fail)
    page = Client().get(path_of(back), follow=True).content.decode()
    desk = office("Warehouse clerk").get(
        reverse("dashboard:return-slip", args=[back.number]), follow=True
    )

    assert "It cannot be printed right now" in page
    assert "It cannot be printed right now" in desk.content.decode()
