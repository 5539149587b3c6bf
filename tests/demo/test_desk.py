"""What the demo leaves at the desk of products."""

import datetime as dt

import pytest
from django.utils import timezone

from shop.dashboard.goods.finding import Search, View, products_found
from shop.demo.loader.desk import desk_load
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_a_draft_and_a_planned_product_stand_beside_the_goods():
    cup = ProductFactory(title_en="Cup", title_zh_hans="杯子", price="20.00")
    pot = ProductFactory(title_en="Pot", title_zh_hans="壶", price="30.00")
    now = timezone.now()

    desk_load(now=now)

    assert set(products_found(Search(view=View.SALE))) == {cup, pot}
    planned = products_found(Search(view=View.PLANNED)).get()
    assert planned.title_en == "Cup, new edition"
    assert now + dt.timedelta(days=20) < planned.plan.starts_at
    drafts = products_found(Search(view=View.DRAFT)).exclude(pk=planned.pk)
    assert [one.title_en for one in drafts] == ["Pot (copy)"]


def test_one_thing_that_stands_alone_is_enough():
    ProductFactory(title_en="Cup", title_zh_hans="杯子", price="20.00")

    desk_load(now=timezone.now())

    drafts = products_found(Search(view=View.DRAFT))
    assert {one.title_en for one in drafts} == {"Cup (copy)", "Cup, new edition"}
