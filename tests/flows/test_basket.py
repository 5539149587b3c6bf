"""The basket over HTTP, as a browser without scripts and as htmx see it."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.basket.models import Basket, Line
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher
from tests.factories import ProductFactory, UserFactory, product_with_variants

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def add(client, product, quantity="1", **fields):
    return client.post(f"/basket/add/{product.pk}/", {"quantity": quantity, **fields}, follow=True)


def said(page) -> str:
    """The messages of a page, and what it says at its fields."""
    beside = re.findall(
        r'class="field__error".*?<span>(.*?)</span>', page.content.decode(), re.DOTALL
    )
    return " ".join(
        [*(str(message) for message in page.context["messages"]), *map(unescape, beside)]
    )


def change(client, quantity, **kwargs):
    return client.post(
        f"/basket/lines/{Line.objects.get().pk}/", {"quantity": quantity}, follow=True, **kwargs
    )


def coupon(code="TEA10", *, percent=10, days=(-1, 1)) -> Voucher:
    everything = Range.objects.create(name=code, includes_all_products=True)
    now = timezone.now()
    offer = ConditionalOffer.objects.create(
        name=f"Offer {code}",
        offer_type=ConditionalOffer.VOUCHER,
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=percent),
    )
    voucher = Voucher.objects.create(
        name=code,
        code=code,
        start_datetime=now + dt.timedelta(days=days[0]),
        end_datetime=now + dt.timedelta(days=days[1]),
    )
    voucher.offers.add(offer)
    return voucher


@pytest.mark.req("S1.01", "S1.03", "S5.04")
def test_from_the_product_to_the_basket_and_out_again_without_scripts(client):
    family = product_with_variants(title="Cup", price="12.50", colours={"sage": 3, "ink": 2})
    ink = family.children.order_by("pk").last()

    page = add(client, family, "2", child_id=ink.pk, next=f"{family.get_absolute_url()}?variant=1")
    assert page.redirect_chain[-1][0] == f"{family.get_absolute_url()}?variant=1"
    assert "Cup is in your basket." in said(page)

    html = client.get("/basket/").content.decode()
    assert "Cup" in html
    assert "Ink" in html
    assert "€25.00" in html
    assert "€24.00 more and delivery is free." in html

    assert "The quantity is changed." in said(change(client, "1"))
    assert Line.objects.get().quantity == 1

    page = client.post(f"/basket/lines/{Line.objects.get().pk}/", {"remove": "1"}, follow=True)
    assert "is out of your basket" in said(page)
    assert "Nothing in it yet" in page.content.decode()


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("0", "starts at 1"),
        ("-3", "starts at 1"),
        ("1.5", "whole number"),
        ("", "whole number"),
        ("two", "whole number"),
        ("1e2", "whole number"),
        ("NaN", "whole number"),
        ("🫖", "whole number"),
        ("\u202e3", "whole number"),
        ("501", "at most 500"),
        ("9" * 30, "at most 500"),
        ("9" * 6000, "whole number"),
        ("11", "There are only 10 left."),
    ],
)
def test_a_quantity_that_cannot_be_is_answered_with_a_sentence(client, quantity, message):
    page = add(client, ProductFactory(stock=10), quantity)

    assert message in said(page)
    assert not Line.objects.exists()


def test_full_width_digits_are_digits(client):
    add(client, ProductFactory(), "３")

    assert Line.objects.get().quantity == 3


def test_a_nul_is_refused_before_anything_reads_it(client):
    page = client.post(f"/basket/add/{ProductFactory().pk}/", {"quantity": "1\0"})

    assert page.status_code == 400


@pytest.mark.parametrize("quantity", ["-1", "1.5", "x", "", "9" * 30])
def test_a_wrong_change_leaves_the_line_as_it_was(client, quantity):
    add(client, ProductFactory(), "2")

    page = change(client, quantity)

    assert page.status_code == 422
    assert said(page)
    assert Line.objects.get().quantity == 2


def test_more_than_there_is_says_how_many_there_are(client):
    product = ProductFactory(stock=3)
    add(client, product, "2")

    assert "There are only 3 left; your basket holds 2." in said(add(client, product, "2"))
    assert "There are only 3 left." in said(change(client, "4"))
    assert Line.objects.get().quantity == 2


def test_what_is_sold_out_cannot_be_added(client):
    assert "This is sold out." in said(add(client, ProductFactory(stock=0)))


def test_a_family_needs_a_choice_and_takes_only_its_own_variants(client):
    family = product_with_variants(colours={"sage": 3})
    other = product_with_variants(colours={"ink": 3}).children.get()

    for child_id in ("", "0", "x", "9" * 40, str(other.pk)):
        page = add(client, family, child_id=child_id)
        assert said(page)
    assert not Line.objects.exists()


def test_hidden_products_cannot_be_added(client):
    assert add(client, ProductFactory(is_public=False)).status_code == 404
    assert client.post("/basket/add/99999999999999999999999/", {"quantity": 1}).status_code == 404


def test_stock_that_went_away_is_said_on_the_line_and_stops_the_checkout(client):
    product = ProductFactory(stock=3)
    add(client, product, "3")
    product.stockrecords.update(num_allocated=2)

    html = client.get("/basket/").content.decode()

    assert "There is only 1 left. Please lower the quantity." in html
    assert "To the checkout" not in html
    assert "The quantity is changed." in said(change(client, "1"))
    assert "To the checkout" in client.get("/basket/").content.decode()


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_this_host(client, there):
    product = ProductFactory()

    page = client.post(f"/basket/add/{product.pk}/", {"quantity": 1, "next": there})

    assert page["Location"] == product.get_absolute_url()


def test_a_get_changes_nothing(client):
    voucher = coupon()
    product = ProductFactory()
    add(client, product)
    line = Line.objects.get()

    for url in (
        f"/basket/add/{product.pk}/?quantity=2",
        f"/basket/lines/{line.pk}/?quantity=0",
        f"/basket/lines/{line.pk}/?remove=1",
        "/basket/vouchers/add/?code=TEA10",
        f"/basket/vouchers/{voucher.pk}/remove/",
    ):
        assert client.get(url).status_code in (302, 405)
    line.refresh_from_db()
    assert line.quantity == 1
    assert not Basket.objects.get().vouchers.exists()


def test_another_shoppers_line_cannot_be_changed(client):
    add(client, ProductFactory())
    stranger = Client()
    add(stranger, ProductFactory())
    mine = Line.objects.order_by("pk").first()

    page = stranger.post(f"/basket/lines/{mine.pk}/", {"remove": 1}, follow=True)

    assert "not in your basket any more" in said(page)
    assert Line.objects.filter(pk=mine.pk).exists()


def test_a_coupon_takes_off_and_can_be_taken_out(client):
    voucher = coupon()
    add(client, ProductFactory(price="20.00"))

    page = client.post("/basket/vouchers/add/", {"code": " tea10 "}, follow=True)
    assert "The coupon “TEA10” is in your basket." in said(page)
    assert "−€2.00" in page.content.decode()
    assert "€22.90" in page.content.decode()  # 18.00 and 4.90 for delivery

    page = client.post(f"/basket/vouchers/{voucher.pk}/remove/", follow=True)
    assert "is taken out" in said(page)
    assert "€24.90" in page.content.decode()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "Please type the code"),
        ("NOPE", "There is no coupon “NOPE”"),
        ("x" * 500, "No coupon has a code that long."),
        ("OLD", "has expired"),
        ("SOON", "is not valid yet"),
        ("NOTHING", "takes nothing off"),
    ],
)
def test_a_coupon_that_does_not_work_says_why(client, code, message):
    coupon("OLD", days=(-9, -8))
    coupon("SOON", days=(8, 9))
    coupon("NOTHING", percent=0)
    add(client, ProductFactory())

    page = client.post("/basket/vouchers/add/", {"code": code}, follow=True)

    assert message in said(page)
    assert not Basket.objects.get().vouchers.exists()


def test_a_coupon_is_taken_once(client):
    coupon()
    add(client, ProductFactory())
    client.post("/basket/vouchers/add/", {"code": "TEA10"})

    page = client.post("/basket/vouchers/add/", {"code": "TEA10"}, follow=True)

    assert "in your basket already" in said(page)


def test_guessing_coupons_gets_slow(client):
    coupon()
    add(client, ProductFactory())
    for number in range(12):
        client.post("/basket/vouchers/add/", {"code": f"GUESS{number}"})

    page = client.post("/basket/vouchers/add/", {"code": "TEA10"}, follow=True)

    assert "Too many tries" in said(page)


def test_htmx_gets_fragments_and_the_new_count(client):
    product = ProductFactory(stock=3)

    page = client.post(f"/basket/add/{product.pk}/", {"quantity": 2}, headers=HTMX)
    assert page.status_code == 200
    assert 'id="basket-link"' in page.content.decode()
    assert "2 things in the basket" in page.content.decode()

    page = client.post(f"/basket/add/{product.pk}/", {"quantity": 2}, headers=HTMX)
    assert page.status_code == 422
    assert "There are only 3 left" in page.content.decode()

    page = change(client, "3", headers=HTMX)
    assert page.status_code == 200
    assert "3 things in the basket" in page.content.decode()
    assert "<html" not in page.content.decode()

    page = client.post("/basket/vouchers/add/", {"code": "NOPE"}, headers=HTMX)
    assert page.status_code == 422
    assert "There is no coupon" in page.content.decode()


def test_a_basket_page_costs_the_same_for_2_and_12_lines(client):
    client.force_login(UserFactory())
    costs = []
    for number in (1, 5):
        for _ in range(number):
            add(client, ProductFactory())
            family = product_with_variants(colours={"sage": 2})
            add(client, family, child_id=family.children.get().pk)
        client.get("/basket/")  # the countries that we send to are kept from now on
        with CaptureQueriesContext(connection) as queries:
            client.get("/basket/")
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_chinese_basket_names_things_in_chinese(client):
    add(client, ProductFactory(title_en="Cup", title_zh_hans="留香杯"))

    assert "留香杯" in client.get("/zh-hans/basket/").content.decode()
