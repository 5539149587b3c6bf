"""One product at the desk: its plan, its variants in a matrix, its pictures, a copy, its end."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from catalog.listing.models import ListedProduct
from catalog.models import Product, ProductImage
from catalog.partner.models import StockRecord
from catalog.search.models import SearchDocument
from shop.dashboard.goods.models import ProductPlan
from shop.dashboard.goods.plans import Standing, plans_follow, standing_set
from supply.models import StockMovement
from tests.dashboard.test_catalogue import product_form
from tests.factories import (
    CategoryFactory,
    PartnerFactory,
    ProductClassFactory,
    ProductFactory,
    WarehouseFactory,
    option_attribute,
    product_with_variants,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]


@pytest.fixture(autouse=True)
def _shop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    WarehouseFactory()
    PartnerFactory()


def edit(client, product, **others):
    record = product.stockrecords.first()
    form = product_form(CategoryFactory(), **others)
    form |= {
        "stockrecords-INITIAL_FORMS": "1" if record else "0",
        "stockrecords-0-id": record.pk if record else "",
        "stockrecords-0-partner_sku": record.partner_sku if record else "NEW-1",
    }
    return client.post(reverse("dashboard:catalogue-product", args=[product.pk]), form)


def local(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_planned_product_appears_and_ends_by_the_clock(office):
    client, product = office("Product manager"), ProductFactory()
    now = timezone.now()
    begin, end = now + dt.timedelta(days=1), now + dt.timedelta(days=2)

    answer = edit(
        client, product, standing="sale", starts_at=local(begin), ends_at=local(end), version="0"
    )

    assert answer.status_code == 302, answer.context["form"].errors
    shown = Product.objects.filter(pk=product.pk, is_public=True)
    assert not shown.exists()
    assert not ListedProduct.objects.exists()
    assert plans_follow(now=now) == 0

    assert plans_follow(now=begin + dt.timedelta(seconds=1)) == 1
    assert plans_follow(now=begin + dt.timedelta(seconds=1)) == 0
    assert shown.exists()
    assert ListedProduct.objects.filter(pk=product.pk).exists()
    assert SearchDocument.objects.filter(product=product).exists()

    assert plans_follow(now=end) == 1
    assert not shown.exists()
    assert not ListedProduct.objects.exists()
    assert not SearchDocument.objects.exists()


def test_the_clock_drops_the_pages_that_were_kept(monkeypatch):
    dropped: list[str] = []
    product = ProductFactory()
    moment = timezone.now() + dt.timedelta(hours=1)
    standing_set(product=product, standing=Standing.SALE, starts_at=moment)
    monkeypatch.setattr("catalog.handlers.drop", lambda *tags: dropped.extend(tags))

    plans_follow(now=moment)

    assert f"family:{product.pk}" in dropped


def test_an_end_before_the_beginning_is_said_at_its_field(office):
    client, product = office("Product manager"), ProductFactory()
    now = timezone.now()
    begin, end = now + dt.timedelta(days=3), now + dt.timedelta(days=2)

    answer = edit(client, product, standing="sale", starts_at=local(begin), ends_at=local(end))

    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_at"]


def test_the_second_of_two_editors_is_told_and_loses_nothing(office):
    first, second = office("Product manager"), office("Operations manager")
    product = ProductFactory()
    page = second.get(reverse("dashboard:catalogue-product", args=[product.pk]))
    version = page.context["form"]["version"].value()
    edit(first, product, title_en="By the first", version=version)

    answer = edit(second, product, title_en="By the second", version=version)

    assert answer.status_code == 409
    assert "changed this product" in answer.content.decode()
    assert "By the second" in answer.content.decode()
    product.refresh_from_db()
    assert product.title_en == "By the first"

    again = edit(
        second, product, title_en="By the second", version=answer.context["form"]["version"].value()
    )
    assert again.status_code == 302
    product.refresh_from_db()
    assert product.title_en == "By the second"


def test_what_is_missing_in_a_language_is_said_beside_it(office):
    product = ProductFactory(title_en="Cup", description_en="Good")

    page = office("Product manager").get(reverse("dashboard:catalogue-product", args=[product.pk]))

    english, chinese = page.context["languages"]
    assert english["missing"] == []
    assert len(chinese["missing"]) == 2
    assert "2 texts are missing" in page.content.decode()


def family_with_axes():
    ProductClassFactory()
    colour, size = option_attribute("colour"), option_attribute("size")
    names = (("Sage", "Rose", "Ink"), ("S", "L"))
    chosen = {}
    for attribute, options in zip((colour, size), names, strict=True):
        chosen[f"axis_{attribute.pk}"] = [
            attribute.option_group.options.create(
                option_en=name, option_zh_hans=f"{name}色", code=f"{attribute.code}-{name}"
            ).pk
            for name in options
        ]
    return ProductFactory(title_en="Scarf", title_zh_hans="围巾", price=None), chosen


def matrix_form(page, **others) -> dict:
    form = {"version": page.context["version"], "key": uuid4()}
    for row in page.context["rows"]:
        for field in row:
            value = field.value()
            form[field.html_name] = "on" if value is True else "" if value is None else value
    return form | others


def test_six_variants_are_made_on_one_page(office):
    client = office("Operations manager")
    product, chosen = family_with_axes()
    address = reverse("dashboard:product-variants", args=[product.pk])

    page = client.get(address, {**chosen, "stem": "SC", "price": "12.50"})
    rows = page.context["rows"]
    assert [row["sku"].value() for row in rows] == [
        "SC-SAGE-S",
        "SC-SAGE-L",
        "SC-ROSE-S",
        "SC-ROSE-L",
        "SC-INK-S",
        "SC-INK-L",
    ]
    form = matrix_form(page)
    form[f"{rows[0].prefix}-stock"] = "4"
    form[f"{rows[5].prefix}-price"] = "14.00"
    form[f"{rows[5].prefix}-barcode"] = "4006381333931"
    query = page.wsgi_request.META["QUERY_STRING"]

    for _ in range(2):  # the same form twice
        client.post(f"{address}?{query}", form)

    product.refresh_from_db()
    assert product.is_parent
    assert product.children.count() == 6
    record = StockRecord.objects.get(partner_sku="SC-SAGE-S")
    assert (record.num_in_stock, record.price) == (4, Decimal("12.50"))
    assert StockMovement.objects.get().quantity == 4
    last = StockRecord.objects.get(partner_sku="SC-INK-L")
    assert (last.price, last.product.upc) == (Decimal("14.00"), "4006381333931")
    assert last.product.title_en == "Scarf – Ink, L"
    assert last.product.title_zh_hans == "围巾（Ink色，L色）"
    assert ListedProduct.objects.get(product=product).price == Decimal("12.50")


def test_a_mistake_in_one_row_is_said_in_that_row(office):
    client = office("Operations manager")
    family = product_with_variants(colours={"sage": 3, "rose": 1})
    other = ProductFactory()
    address = reverse("dashboard:product-variants", args=[family.pk])
    page = client.get(address)
    first, second = page.context["rows"]
    form = matrix_form(page)
    form[f"{first.prefix}-price"] = "-1"
    taken = dict(form) | {
        f"{first.prefix}-price": "10.00",
        f"{second.prefix}-sku": other.stockrecords.get().partner_sku,
    }

    wrong = client.post(address, form)
    also = client.post(address, taken)

    assert wrong.status_code == also.status_code == 422
    assert list(wrong.context["rows"][0].errors) == ["price"]
    assert not wrong.context["rows"][1].errors
    assert list(also.context["rows"][1].errors) == ["sku"]
    assert StockRecord.objects.filter(price=Decimal("10.00")).count() == 3


def test_units_of_variants_go_through_the_ledger_and_only_for_those_who_book(office):
    family = product_with_variants(colours={"sage": 3})
    address = reverse("dashboard:product-variants", args=[family.pk])
    moves = StockMovement.objects.count()
    for role, units in (("Product manager", 3), ("Operations manager", 9)):
        client = office(role)
        page = client.get(address)
        form = matrix_form(page)
        form[f"{page.context['rows'][0].prefix}-stock"] = "9"
        client.post(address, form)
        assert family.children.get().stockrecords.get().num_in_stock == units, role

    assert StockMovement.objects.count() == moves + 1
    assert StockMovement.objects.order_by("-pk").first().quantity == 6


def test_a_product_with_a_price_of_its_own_has_no_variants(office):
    product = ProductFactory()

    page = office("Product manager").get(reverse("dashboard:product-variants", args=[product.pk]))

    assert "has no variants" in page.content.decode()


def picture(name="a.jpg") -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "#c8452d").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def test_pictures_come_many_at_once_in_an_order_and_with_words_in_both_languages(office):
    client, product = office("Product manager"), ProductFactory()
    address = reverse("dashboard:product-pictures", args=[product.pk])

    client.post(address, {"step": "upload", "files": [picture(), picture(), picture()]})
    first, second, third = product.images.order_by("display_order")
    form = {"step": "save", "version": client.get(address).context["version"]}
    for image, place in ((first, 3), (second, 1), (third, 2)):
        form |= {
            f"picture-{image.pk}-position": place,
            f"picture-{image.pk}-caption_en": f"Cup {place}",
            f"picture-{image.pk}-caption_zh": f"杯子{place}",
        }
    form[f"picture-{third.pk}-is_gone"] = "on"
    client.post(address, form)

    images = list(product.images.order_by("display_order"))
    assert [one.pk for one in images] == [second.pk, first.pk]
    assert [one.caption_zh_hans for one in images] == ["杯子1", "杯子3"]
    chinese = client.get(f"/zh-hans{product.get_absolute_url()}").content.decode()
    assert 'alt="杯子1"' in chinese
    stale = client.post(address, form)
    assert stale.status_code == 409


def test_what_is_no_picture_is_named_and_the_others_come_in(office):
    client, product = office("Product manager"), ProductFactory()
    fake = SimpleUploadedFile("note.jpg", b"<svg>", "image/jpeg")

    answer = client.post(
        reverse("dashboard:product-pictures", args=[product.pk]),
        {"step": "upload", "files": [picture(), fake]},
    )

    assert answer.status_code == 422
    assert "note.jpg: This is not a JPEG" in answer.content.decode()
    assert ProductImage.objects.count() == 1


def test_a_copy_is_a_draft_with_skus_of_its_own_made_once(office):
    client = office("Product manager")
    family = product_with_variants(
        title_en="Scarf", title_zh_hans="围巾", colours={"sage": 3, "rose": 1}
    )
    key = uuid4()

    for _ in range(2):
        client.post(reverse("dashboard:product-copy", args=[family.pk]), {"key": key})

    copy = Product.objects.exclude(structure="child").exclude(pk=family.pk).get()
    assert (copy.title_en, copy.title_zh_hans) == ("Scarf (copy)", "围巾（副本）")
    assert copy.is_public is False
    assert not ListedProduct.objects.filter(product=copy).exists()
    assert copy.children.count() == 2
    records = StockRecord.objects.filter(product__parent=copy)
    assert {record.num_in_stock for record in records} == {0}
    assert len({record.partner_sku for record in StockRecord.objects.all()}) == 4


def test_before_a_product_goes_it_is_told_what_hangs_on_it(office):
    client, held, free = office("Product manager"), ProductFactory(stock=3), ProductFactory(stock=0)
    delete = "dashboard:catalogue-product-delete"

    page = client.get(reverse(delete, args=[held.pk])).content.decode()
    assert "rows of the stock ledger" in page
    assert "Delete it for good" not in page
    client.post(reverse(delete, args=[held.pk]), {"step": "archive"})
    client.post(reverse(delete, args=[free.pk]), {"step": "delete"})

    assert ProductPlan.objects.get(pk=held.pk).archived_at
    assert Product.objects.filter(pk=held.pk, is_public=False).exists()
    assert not Product.objects.filter(pk=free.pk).exists()


def test_who_may_not_edit_sees_no_editor(office):
    product = ProductFactory()
    client = office("Analyst")

    for name in ("product-variants", "product-pictures"):
        assert client.get(reverse(f"dashboard:{name}", args=[product.pk])).status_code == 403


def test_pictures_change_places_while_another_is_removed(office):
    client, product = office("Product manager"), ProductFactory()
    address = reverse("dashboard:product-pictures", args=[product.pk])
    client.post(address, {"step": "upload", "files": [picture(), picture(), picture()]})
    gone, second, third = product.images.order_by("display_order")
    form = {"step": "save", "version": client.get(address).context["version"]}
    for image, place in ((gone, 1), (second, 3), (third, 2)):
        form[f"picture-{image.pk}-position"] = place
    form[f"picture-{gone.pk}-is_gone"] = "on"

    client.post(address, form)

    places = product.images.order_by("display_order").values_list("pk", "display_order")
    assert list(places) == [(third.pk, 0), (second.pk, 1)]


def test_files_of_the_same_name_are_each_named(office):
    fakes = [SimpleUploadedFile("note.jpg", b"<svg>", "image/jpeg") for _ in range(2)]

    answer = office("Product manager").post(
        reverse("dashboard:product-pictures", args=[ProductFactory().pk]),
        {"step": "upload", "files": [picture(), *fakes]},
    )

    assert len(answer.context["problems"]) == 2
    assert "1 picture is added." in answer.content.decode()


def test_more_variants_than_can_be_shown_are_counted_and_not_made(office):
    product, chosen = ProductFactory(price=None), {}
    for code in ("colour", "size", "scent", "cut", "year", "edition"):
        attribute = option_attribute(code)
        options = [
            attribute.option_group.options.create(option_en=str(n), code=f"{code}-{n}")
            for n in range(20)
        ]
        chosen[f"axis_{attribute.pk}"] = [one.pk for one in options]

    page = office("Product manager").get(
        reverse("dashboard:product-variants", args=[product.pk]), chosen
    )

    assert page.context["rows"] == []
    assert "That would be 64000000 variants" in page.context["refusal"]


def test_units_of_what_is_not_counted_cannot_be_typed(office):
    product, chosen = family_with_axes()
    product.product_class.track_stock = False
    product.product_class.save()

    page = office("Operations manager").get(
        reverse("dashboard:product-variants", args=[product.pk]), chosen
    )

    assert page.context["may_stock"] is False
    assert page.context["rows"][0].fields["stock"].disabled
