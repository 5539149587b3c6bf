"""The price desk: lists, tables that come in whole or not at all, and checking a price."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.pricing.models import PriceList, PriceListEntry, PriceRecord
from tests.dashboard.conftest import member, office  # noqa: F401
from tests.factories import ProductFactory, UserFactory
from tests.pricing.makers import list_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea():
    product = ProductFactory(title="Tea", price="10.00")
    product.stockrecords.update(partner_sku="TEA")
    return product


@pytest.fixture
def desk(office):  # noqa: F811
    return office("Product manager")


def make_list(desk, **fields) -> PriceList:
    data = {"name_en": "Sale", "code": "sale", "currency": "EUR", "priority": 0, "is_active": "on"}
    answer = desk.post(reverse("dashboard:price-list-create"), data | fields)
    assert answer.status_code == 302
    return PriceList.objects.get(code=data["code"])


def bring(desk, price_list, **data):
    return desk.post(reverse("dashboard:price-import", args=[price_list.pk]), data)


def test_a_list_is_made_given_prices_and_counts_at_once(desk, tea, client):
    price_list = make_list(desk, name_zh_hans="特价")
    url = reverse("dashboard:price-entry-set", args=[price_list.pk])
    for _ in range(2):  # the same click twice
        assert desk.post(url, {"sku": "TEA", "quantity": 1, "price": "8.00"}).status_code == 302

    assert PriceListEntry.objects.get().price == 8
    newest = PriceRecord.objects.latest("pk")
    assert (newest.base, newest.now, newest.source) == (10, 8, "list:sale")
    assert newest.user_id is not None
    assert PriceRecord.objects.count() == 2

    entry = PriceListEntry.objects.get()
    desk.post(reverse("dashboard:price-entry-remove", args=[price_list.pk, entry.pk]))
    assert PriceRecord.objects.latest("pk").now == 10
    assert (
        "Price list sale"
        in desk.get(
            reverse("dashboard:price-history", args=[tea.stockrecords.get().pk])
        ).content.decode()
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"sku": "NONE", "quantity": 1, "price": "8"},
        {"sku": "TEA", "quantity": 0, "price": "8"},
        {"sku": "TEA", "quantity": 1, "price": "-8"},
        {"sku": "TEA", "quantity": 1, "price": "NaN"},
        {"sku": "TEA\x00", "quantity": "9" * 30, "price": "9" * 40},
        {},
    ],
)
def test_a_price_that_cannot_be_is_refused_with_words(desk, tea, bad):
    price_list = make_list(desk)

    answer = desk.post(reverse("dashboard:price-entry-set", args=[price_list.pk]), bad)

    assert answer.status_code in (400, 422)
    assert not PriceListEntry.objects.exists()


def test_a_table_comes_in_and_again_changes_nothing(desk, tea):
    price_list = make_list(desk)
    table = "sku;min_quantity;price\nTEA;1;9.50\n\nTEA;3;8.40\n"

    for _ in range(2):
        file = SimpleUploadedFile("prices.csv", b"\xef\xbb\xbf" + table.encode())
        assert bring(desk, price_list, file=file).status_code == 302

    rows = PriceListEntry.objects.order_by("min_quantity").values_list("min_quantity", "price")
    assert list(rows) == [(1, Decimal("9.50")), (3, Decimal("8.40"))]
    out = b"".join(
        desk.get(reverse("dashboard:price-export", args=[price_list.pk])).streaming_content
    ).decode("utf-8-sig")
    assert out.splitlines() == ["sku,min_quantity,price", "TEA,1,9.50", "TEA,3,8.40"]


def test_one_bad_row_keeps_the_whole_table_out_and_every_error_names_its_row(desk, tea):
    price_list = make_list(desk)
    rows = ["TEA,1,9.50", "NONE,1,9", "TEA,zero,9", "TEA,2,9.999", "TEA,2,x", "TEA,1,9", "a,b,c,d"]

    answer = bring(desk, price_list, table="\n".join(rows))

    assert answer.status_code == 422
    assert not PriceListEntry.objects.exists()
    text = answer.content.decode()
    for number in range(2, 8):
        assert f"Row {number}: " in text
    assert "Row 1: " not in text


@pytest.mark.parametrize(
    "data",
    [
        {"table": ""},
        {"table": "TEA,1,9\x00"},
        {"table": "TEA,1,1e999999"},
        {"file": SimpleUploadedFile("x.csv", b"\xff\xfe\x00")},
        {"file": SimpleUploadedFile("x.csv", b"TEA,1,1\n" * 200_000)},
        {"table": "\n".join(["TEA,1,1"] * 2_001)},
        {"table": '"' * 200_000},
    ],
)
def test_what_is_no_table_is_refused(desk, tea, data):
    assert bring(desk, make_list(desk), **data).status_code in (400, 422)


def test_a_list_must_end_after_it_starts(desk):
    data = {"name_en": "A", "code": "a", "currency": "EUR", "priority": 0}
    times = {"starts_at": "2026-11-22T10:00", "ends_at": "2026-11-22T09:00"}

    answer = desk.post(reverse("dashboard:price-list-create"), data | times)

    assert answer.status_code == 422
    assert "It must end after it starts." in answer.content.decode()


def test_two_lists_made_at_once_with_one_code_are_one_and_a_message(desk, monkeypatch):
    from catalog.pricing.dashboard.forms import PriceListForm

    make_list(desk)
    monkeypatch.setattr(PriceListForm, "validate_unique", lambda form: None)

    data = {"name_en": "B", "code": "sale", "currency": "EUR", "priority": 0}
    answer = desk.post(reverse("dashboard:price-list-create"), data)

    assert answer.status_code == 422
    assert "Another list has this code." in answer.content.decode()
    assert PriceList.objects.count() == 1


def test_a_price_above_the_products_own_is_pointed_at(desk, tea):
    entry = list_price(tea, "11.00")
    page = desk.get(reverse("dashboard:price-list-detail", args=[entry.price_list_id]))

    assert "above the product&#x27;s own price" in page.content.decode()


def test_the_check_shows_what_that_customer_would_see(office, tea):  # noqa: F811
    list_price(tea, "9.00", members_only=True, code="Members")
    person = UserFactory(email="ann@example.com")
    url = reverse("dashboard:price-check")
    manager, marketer = office("Operations manager"), office("Marketer")

    seen = manager.get(url, {"sku": "TEA", "quantity": 1, "customer": person.email})
    assert seen.context["page"].now == "€9.00"
    assert (
        marketer.get(url, {"sku": "TEA", "customer": person.email}).context["page"].now == "€10.00"
    )
    assert manager.get(url, {"sku": "NONE"}).status_code == 422
    assert manager.get(url, {"sku": "\u202e", "quantity": "x"}).status_code == 422
    assert manager.get(url, {"sku": "TEA", "customer": "nobody@example.com"}).status_code == 422


def test_pages_of_the_desk_open(desk, tea):
    list_price(tea, "9.00")
    for name in ("price-list-list", "price-list-create", "price-history-list", "price-check"):
        assert desk.get(reverse(f"dashboard:{name}")).status_code == 200
    assert desk.get(reverse("dashboard:price-history-list"), {"q": "tea"}).status_code == 200
