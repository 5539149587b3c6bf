"""Queries that are put together once: the same rows as Django's own, with other values each time."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import override

from catalog.models import Product, ProductAttributeValue, ProductCategory
from catalog.pricing.models import PriceList
from catalog.selectors import products_by_id, products_listed
from orders.models import Line, Order
from orders.papers.models import Series
from payments.models import PaymentIntent
from shop.core.models import OutboxEvent
from shop.core.prepared import (
    INTEGER,
    INTEGERS,
    KEY,
    MOMENT,
    SMALL,
    TEXT,
    TEXTS,
    NotPreparableError,
    Prepared,
    narrowed,
    related_known,
)
from tests.factories import CategoryFactory, ProductFactory, product_with_variants
from tests.sales import order_of

pytestmark = pytest.mark.django_db


@pytest.mark.req("S5.02")
def test_it_gives_what_the_query_set_gives(django_assert_num_queries):
    family = product_with_variants(colours={"sage": 2, "ink": 0})
    others = [ProductFactory(), ProductFactory()]
    ids = [family.pk, *(one.pk for one in others)]
    plain = {one.pk: one for one in products_listed().filter(pk__in=ids)}
    with django_assert_num_queries(1):
        found = products_by_id(ids)
        classes = [one.product_class.name for one in found.values()]  # came along
    assert list(found) == ids
    assert classes == [plain[pk].product_class.name for pk in ids]
    for pk in ids:
        own = {"_state": None, "attr": None}  # each instance has one of its own
        assert vars(found[pk]) | own == vars(plain[pk]) | own
        assert found[pk]._state.adding is False
        assert found[pk]._state.db == "default"


@pytest.mark.req("S5.02")
def test_the_values_are_those_of_each_time():
    one, two = ProductFactory(), ProductFactory()
    named = Prepared(
        lambda ids, number: Product.objects.filter(pk__in=ids, product_class=number).order_by("pk"),
        ids=INTEGERS,
        number=INTEGER,
    )
    assert named.read(ids=[one.pk, two.pk], number=one.product_class_id) == [one, two]
    assert named.read(ids=[two.pk], number=one.product_class_id) == [two]
    assert named.read(ids=[one.pk, two.pk], number=0) == []
    assert named.read(ids=[], number=one.product_class_id) == []


def test_moments():
    moment = timezone.now()
    PriceList.objects.create(code="old", name="Old", currency="EUR", ends_at=moment)
    later = moment + dt.timedelta(days=1)
    new = PriceList.objects.create(code="new", name="New", currency="EUR", ends_at=later)
    running = Prepared(
        lambda now: PriceList.objects.filter(ends_at__gt=now).order_by("pk"), now=MOMENT
    )
    assert running.read(now=moment) == [new]
    assert running.read(now=later) == []


def test_several_texts():
    for name in ("a", "b", 'c "d", e'):
        OutboxEvent.objects.create(name=name, payload={})
    named = Prepared(
        lambda names: OutboxEvent.objects.filter(name__in=names).order_by("pk").values_list("name"),
        names=TEXTS,
    )
    assert named.read(names=["b", 'c "d", e', "f"]) == [("b",), ('c "d", e',)]
    assert named.read(names=[]) == []


def test_columns_of_small_numbers():
    for year in (2025, 2026):
        Series.objects.create(kind="invoice", year=year)
    of_year = Prepared(
        lambda kind, year: Series.objects.filter(kind=kind, year=year), kind=TEXT, year=SMALL
    )
    assert [one.year for one in of_year.read(kind="invoice", year=2026)] == [2026]
    assert of_year.read(kind="invoice", year=2024) == []


def test_columns():
    category = CategoryFactory()
    one = ProductFactory(categories=[category])
    places = Prepared(
        lambda ids: ProductCategory.objects.filter(product__in=ids).values_list(
            "category__path", "product_id"
        ),
        ids=INTEGERS,
    )
    assert places.read(ids=[one.pk]) == [(category.path, one.pk)]


def test_each_language_has_its_own_columns():
    one = ProductFactory(title="A", title_zh_hans="B")
    two = ProductFactory(title="B", title_zh_hans="A")
    by_title = Prepared(
        lambda ids: Product.objects.filter(pk__in=ids).order_by("title"), ids=INTEGERS
    )
    assert by_title.read(ids=[one.pk, two.pk]) == [one, two]
    with override("zh-hans"):
        assert by_title.read(ids=[one.pk, two.pk]) == [two, one]


@pytest.mark.parametrize(
    "build",
    [
        lambda ids: Product.objects.all(),  # leaves the value out
        lambda ids: Product.objects.filter(pk__in=[one + 1 for one in ids]),  # reckons with it
        lambda ids: Product.objects.filter(pk=ids[0]),  # a list is asked for with IN
        lambda ids: Product.objects.filter(pk__in=ids).prefetch_related("children"),
        lambda ids: Product.objects.filter(pk__in=ids).values_list("pk", "title"),  # translated
    ],
)
def test_what_cannot_be_prepared_is_refused(build):
    with pytest.raises(NotPreparableError):
        Prepared(build, ids=INTEGERS).read(ids=[1])


def test_sub_queries_take_their_values_too():
    family = product_with_variants(colours={"sage": 2, "ink": 0})
    plain = ProductFactory()
    values = ProductAttributeValue.objects.filter(product__parent=OuterRef("pk"))
    with_variants = Prepared(
        lambda ids: (
            Product.objects.filter(Exists(values.filter(product__parent__in=ids)), pk__in=ids)
            .annotate(variants=Count("children"))
            .order_by("pk")
        ),
        ids=INTEGERS,
    )
    (found,) = with_variants.read(ids=[family.pk, plain.pk])
    assert (found, found.variants) == (family, 2)


@pytest.mark.req("S5.02")
def test_keys():
    facts = {"gateway": "transfer", "amount": 1, "currency": "EUR"}
    one, two = (PaymentIntent.objects.create(order_number=name, **facts) for name in "AB")
    of_key = Prepared(lambda key: PaymentIntent.objects.filter(key=key), key=KEY)
    assert of_key.read(key=one.key) == [one]
    assert of_key.read(key=two.key) == [two]
    assert of_key.read(key=uuid4()) == []


def test_rows_of_an_owner_are_known_and_can_be_narrowed(django_assert_num_queries):
    order, other = order_of(), order_of()
    lines = list(Line.objects.order_by("pk"))
    order, other = Order.objects.filter(pk__in=[order.pk, other.pk]).order_by("pk")

    related_known([order, other], "lines", lines)

    with django_assert_num_queries(0):
        assert list(order.lines.all()) == lines[:1]
        assert list(other.lines.all()) == lines[1:]
        assert order.lines.all()[0].order is order
        assert len(order.lines.all()) == order.lines.all().count() == 1
    with django_assert_num_queries(1):
        found = list(order.lines.filter(quantity__gte=1).order_by("-pk"))
        assert found == lines[:1]
        assert found[0].order is order
    assert not order.lines.all().filter(quantity__gt=1000).exists()
    assert order.lines.exclude(pk=lines[1].pk).count() == 1


def test_rows_that_are_known_are_a_query_set_like_any_other(django_assert_num_queries):
    first, second = (Series.objects.create(kind="invoice", year=year) for year in (2025, 2026))
    Series.objects.create(kind="credit", year=2027)
    with django_assert_num_queries(0):
        rows = narrowed(Series, [second, first], "-year", kind="invoice")
        assert [*rows] == [second, first]
        assert (len(rows), rows[0], rows.count()) == (2, second, 2)
    with django_assert_num_queries(1):
        assert [*rows.filter(year__in=[2025, 2027])] == [first]
    assert [*rows.all()] == [second, first]
