"""The account: birthday, the same order again, own reviews."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from catalog.reviews.models import ProductReview
from crm.members.models import MemberFacts
from crm.members.services import birthday_of, birthday_set
from orders.basket.models import Basket
from orders.models import Order
from orders.services.adopting import addresses_adopt
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.sales import order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]


@pytest.fixture(autouse=True)
def germany():
    CountryFactory()


@pytest.fixture
def mei():
    return UserFactory(email="mei@example.com")


@pytest.fixture
def member(client, mei) -> Client:
    client.force_login(mei)
    return client


def profile(member, birthday):
    values = {"first_name": "Mei", "last_name": "Lin", "language": "en", "birthday": birthday}
    return member.post("/accounts/profile/", values)


def test_a_birthday_is_told_changed_and_taken_back(member, mei):
    assert profile(member, "1990-05-17").status_code == 302
    assert birthday_of(mei) == dt.date(1990, 5, 17)
    assert 'value="1990-05-17"' in member.get("/accounts/profile/").content.decode()

    assert profile(member, "").status_code == 302
    assert birthday_of(mei) is None


def test_who_tells_no_birthday_leaves_no_row(member):
    assert profile(member, "").status_code == 302

    assert not MemberFacts.objects.exists()


def test_orders_to_one_place_are_one_address_that_counts_them(mei):
    for _n in range(3):
        order_of(product=ProductFactory())
    Order.objects.update(user=mei)

    assert addresses_adopt(user=mei) == 1

    assert mei.addresses.get().num_orders_as_shipping_address == 3


@pytest.mark.parametrize(
    "birthday", ["1899-12-31", "2999-01-01", "nonsense", "１９９０", "0001-01-01"]
)
def test_a_birthday_that_cannot_be_is_refused(member, mei, birthday):
    birthday_set(user=mei, birthday=dt.date(1990, 5, 17))

    assert profile(member, birthday).status_code == 422

    assert birthday_of(mei) == dt.date(1990, 5, 17)
    assert profile(member, timezone.localdate().isoformat()).status_code == 302


def test_the_same_order_again(member, mei):
    vase = ProductFactory(title="Vase")
    order = order_of(vase, quantity=2, user=mei)
    assert "Order again" in member.get("/accounts/orders/").content.decode()
    assert "Order it again" in member.get(f"/accounts/orders/{order.number}/").content.decode()

    page = member.post(f"/accounts/orders/{order.number}/again/", follow=True)

    assert "In your basket now: Vase." in page.content.decode()
    assert Basket.open.get(owner=mei).lines.get().quantity == 2
    member.post(f"/accounts/orders/{order.number}/again/")
    assert Basket.open.get(owner=mei).lines.get().quantity == 2


def test_what_is_not_sold_any_more_is_named(member, mei):
    vase = ProductFactory(title="Vase")
    order = order_of(vase, user=mei)
    Product.objects.filter(pk=vase.pk).update(is_public=False)

    page = member.post(f"/accounts/orders/{order.number}/again/", follow=True)

    assert "Not to be had any more, or not so many: Vase." in page.content.decode()


def test_nobody_repeats_the_order_of_another(member):
    order = order_of(user=UserFactory(email="ada@example.com"))

    assert member.post(f"/accounts/orders/{order.number}/again/").status_code == 404
    assert not Basket.open.exclude(lines=None).exists()


def test_own_reviews_in_every_state_and_what_waits_for_one(member, mei):
    assert "No reviews yet" in member.get("/accounts/reviews/").content.decode()
    vase, cup = ProductFactory(title="Vase"), ProductFactory(title="Cup")
    order_of(vase, user=mei)
    Order.objects.update(status="delivered")
    assert "How do you like it?" in member.get("/accounts/reviews/").content.decode()

    for product, status in ((vase, 0), (cup, 2)):
        ProductReview.objects.create(
            product=product, user=mei, score=4, title="Fine", body="It is.", status=status
        )
    other = UserFactory(email="ada@example.com")
    ProductReview.objects.create(
        product=cup, user=other, score=1, title="Not mine", body="No.", status=1
    )
    html = member.get("/accounts/reviews/").content.decode()

    assert "Waits for a look" in html
    assert "Not shown" in html
    assert "Not mine" not in html
    assert "How do you like it?" not in html
