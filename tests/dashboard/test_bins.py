"""A bin gets another name, and is emptied into another: what the warehouse holds stays the same."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from supply.exceptions import SupplyRefused
from supply.models import Bin, BinStock, CountLine, WarehouseStock
from supply.services import bin_put, bin_take, count_enter, count_plan
from tests.factories import OtherWarehouseFactory, ProductFactory, WarehouseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.51")]


@pytest.fixture
def shelves() -> tuple[Bin, Bin]:
    main = WarehouseFactory()
    one, two = (Bin.objects.create(warehouse=main, code=code) for code in ("A-1", "A-2"))
    cup, jug = ProductFactory(stock=9), ProductFactory(stock=9)
    for product, shelf, units in ((cup, one, 4), (jug, one, 2), (cup, two, 1)):
        bin_put(shelf=shelf, stock_record_id=product.stockrecords.get().pk, units=units)
    return one, two


def url(step: str, shelf: Bin) -> str:
    return reverse(f"dashboard:bin-{step}", args=[shelf.pk])


def test_all_of_a_bin_moves_into_another_once(office, shelves) -> None:
    (one, two), clerk = shelves, office("Warehouse clerk")
    Bin.objects.create(warehouse=OtherWarehouseFactory(), code="Z-1")
    assert "Empty it into another bin" in clerk.get(url("detail", one)).text
    for wrong in ("A-1", "Z-1", "nowhere"):
        assert clerk.post(url("empty", one), {"target": wrong}).status_code == 422
    assert BinStock.objects.filter(bin=one, units__gt=0).count() == 2

    for _twice in range(2):
        clerk.post(url("empty", one), {"target": "a-2"})

    left = BinStock.objects.filter(bin=two).order_by("stock_record")
    assert list(left.values_list("units", flat=True)) == [5, 2]
    assert not BinStock.objects.filter(bin=one, units__gt=0).exists()
    assert "It is empty" in clerk.get(url("detail", one)).text
    assert set(WarehouseStock.objects.values_list("on_hand", flat=True)) == {9}


def test_a_bin_is_renamed_unless_the_name_is_taken(office, shelves) -> None:
    (one, _two), clerk = shelves, office("Warehouse clerk")

    taken = clerk.post(url("rename", one), {"code": "a-2", "rank": 5})
    assert taken.status_code == 422
    assert "another bin of this name" in taken.text
    clerk.post(url("rename", one), {"code": "b-07", "rank": 5})

    one.refresh_from_db()
    assert (one.code, one.rank, one.stock.count()) == ("B-07", 5, 2)
    assert office("Analyst").post(url("rename", one), {"code": "C", "rank": 1}).status_code == 403


def test_an_empty_bin_is_removed_and_past_counts_keep_its_name(office, shelves) -> None:
    (_one, two), clerk = shelves, office("Warehouse clerk")
    cup = BinStock.objects.get(bin=two).stock_record_id
    assert "Yes, remove it" not in clerk.get(url("detail", two)).text
    full = clerk.post(url("remove", two), follow=True)
    assert "Empty it into another one first" in full.text

    plan = {"day": timezone.localdate(), "key": uuid4()}
    count = count_plan(warehouse=two.warehouse, bins=[two.pk], **plan)
    bin_take(shelf=two, stock_record_id=cup, units=1)
    asked = clerk.post(url("remove", two), follow=True)
    assert "Finish the count first" in asked.text
    assert Bin.objects.count() == 2
    count_enter(line=count.lines.get(), counted=0)

    assert office("Analyst").post(url("remove", two)).status_code == 403
    assert "Yes, remove it" in clerk.get(url("detail", two)).text
    for _twice in range(2):
        clerk.post(url("remove", two))
    assert [one.code for one in Bin.objects.all()] == ["A-1"]
    assert CountLine.objects.get().place == "A-2"
    assert "A-2" in clerk.get(reverse("dashboard:count-detail", args=[count.pk])).text
    with pytest.raises(SupplyRefused, match="gone"):
        bin_put(shelf=two, stock_record_id=cup, units=1)
    put = {"sku": Bin.objects.get().stock.first().stock_record.partner_sku, "bin": "A-2"}
    page = reverse("dashboard:warehouse-put", args=[two.warehouse_id])
    assert clerk.post(page, put | {"units": 1}).status_code == 422
