"""An order that is read by prepared statements is the one that its query sets would give."""

import pytest

from catalog.models import ProductImage
from orders.models import Order
from orders.page_parts import picture_of
from orders.selectors import order_of_number, order_thanked, orders_with_lines
from payments.models import PaymentIntent
from payments.selectors import intents_in_short, intents_of_order
from tests.factories import product_with_variants
from tests.sales import basket_with, checkout_of

pytestmark = pytest.mark.django_db


def _placed() -> Order:
    from orders.services import order_place

    family = product_with_variants(colours={"sage": 5, "ink": 5})
    wanted = dict.fromkeys(family.children.all(), 1)
    return order_place(checkout=checkout_of(basket_with(wanted)))


def _plain(one) -> dict:
    hidden = ("_state", "_prefetched_objects_cache", "attr")
    return {name: value for name, value in vars(one).items() if name not in hidden}


def test_it_is_the_same_order_with_all_that_hangs_on_it(django_assert_num_queries):
    number = _placed().number
    usual = orders_with_lines().get(number=number)

    with django_assert_num_queries(5):
        read = order_of_number(number)
        assert read is not None
        lines = list(read.lines.all())
        pictures = [list(one.product.parent.images.all()) for one in lines]
        others = [*read.shipments.all(), *read.status_changes.all()]
        assert (read.facts.language, read.sums.total_own) == ("en", read.total_incl_tax)
        assert read.shipping_address.line1
        assert all(one.order is read for one in lines)

    assert (read.is_held, _plain(read)["number"]) == (usual.is_held, number)
    assert [_plain(one)["title"] for one in lines] == [one.title for one in usual.lines.all()]
    assert [one.product.parent.pk for one in lines] == [
        one.product.parent.pk for one in usual.lines.all()
    ]
    assert pictures == [list(one.product.parent.images.all()) for one in usual.lines.all()]
    assert others == [*usual.shipments.all(), *usual.status_changes.all()]


def test_its_page_of_thanks_shows_the_same_pictures(django_assert_num_queries):
    order = _placed()
    number, (own, other) = order.number, order.lines.order_by("pk")
    images = [
        ProductImage(product=own.product, original="b.webp", display_order=2),
        ProductImage(product=own.product, original="a.webp", display_order=1),
        ProductImage(product=other.product.parent, original="c.webp"),
    ]
    ProductImage.objects.bulk_create(images)  # nobody looks at their files
    usual = order_of_number(number)

    with django_assert_num_queries(2):
        read = order_thanked(number)
        assert (read.gives_something, list(read.shipments.all())) == (False, [])
        shown = [picture_of(line.product) for line in read.lines.all()]

    assert shown == [picture_of(line.product) for line in usual.lines.all()]
    assert [one.src.rpartition("/")[2] for one in shown] == ["a.webp", "c.webp"]
    assert order_thanked("nobody") is None


def test_nobody_has_that_number():
    assert order_of_number("nobody") is None


def test_its_payments_are_the_same_too(django_assert_num_queries):
    number = _placed().number
    usual = list(intents_in_short(number))

    with django_assert_num_queries(4):
        read = intents_of_order(number)
        for one in read:
            assert [*one.captures.all(), *one.entries.all(), *one.refunds.all()] == []

    assert read == usual
    assert PaymentIntent.objects.count() == 1
    assert intents_of_order("nobody") == []
