"""The catalogue in the back office: both languages, variants, pictures, and no way around the ledger."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from catalog.facts.models import Brand
from catalog.listing.models import ListedProduct
from catalog.models import Category, Product
from catalog.partner.models import StockRecord
from tests.factories import (
    CategoryFactory,
    PartnerFactory,
    ProductClassFactory,
    ProductFactory,
    option_attribute,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(**exif) -> SimpleUploadedFile:
    buffer = BytesIO()
    image = Image.new("RGB", (40, 30), "#c8452d")
    notes = image.getexif()
    notes[0x010F] = "SECRET-CAMERA"
    image.save(buffer, "JPEG", exif=notes)
    return SimpleUploadedFile("../../evil.php.jpg", buffer.getvalue(), "image/jpeg")


def product_form(category: Category | None = None, **others) -> dict:
    form = {
        "title_en": "Persimmon cup",
        "title_zh_hans": "柿子杯",
        "description_en": "<p>Good <script>alert(1)</script>tea</p>",
        "description_zh_hans": "好茶",
        "is_public": "on",
        "standing": "sale",
        "is_discountable": "on",
        "structure": "standalone",
        "action": "continue",
        "stockrecords-TOTAL_FORMS": "1",
        "stockrecords-INITIAL_FORMS": "0",
        "stockrecords-0-partner": PartnerFactory().pk,
        "stockrecords-0-partner_sku": "CUP-1",
        "stockrecords-0-price": "12.50",
        "stockrecords-0-num_in_stock": "999",
        "stockrecords-0-num_allocated": "5",
        "productcategory_set-TOTAL_FORMS": "1",
        "productcategory_set-INITIAL_FORMS": "0",
        "images-TOTAL_FORMS": "1",
        "images-INITIAL_FORMS": "0",
        "images-0-display_order": "0",
    }
    if category:
        form["productcategory_set-0-category"] = category.pk
    return form | others


def create(client, form: dict):
    ProductClassFactory()
    return client.post(
        reverse("dashboard:catalogue-product-create", kwargs={"product_class_slug": "things"}), form
    )


@pytest.mark.req("S1.01")
def test_a_product_is_made_in_both_languages_with_a_price_and_a_picture(office) -> None:
    form = product_form(CategoryFactory()) | {"images-0-original": picture()}

    answer = create(office("Product manager"), form)

    assert answer.status_code == 302, answer.context["form"].errors
    product = Product.objects.get()
    assert (product.title_en, product.title_zh_hans) == ("Persimmon cup", "柿子杯")
    assert product.slug == "persimmon-cup"
    assert product.description_en == "<p>Good tea</p>"
    assert product.stockrecords.get().price.as_tuple().digits == (1, 2, 5, 0)
    stored = product.images.get().original
    assert stored.name.endswith(".webp")
    assert "evil" not in stored.name
    with stored.open() as file:
        assert b"SECRET-CAMERA" not in file.read()


def test_the_form_of_a_product_says_who_makes_it(office) -> None:
    client, brand = office("Product manager"), Brand.objects.create(name_en="Still", slug="still")

    create(client, product_form(CategoryFactory(), brand=brand.pk))

    product = Product.objects.get()
    assert product.facts.brand == brand
    assert ListedProduct.objects.get(product=product).brand == brand
    address = reverse("dashboard:catalogue-product", kwargs={"pk": product.pk})
    assert client.get(address).context["form"]["brand"].value() == brand.pk


def test_no_form_of_the_catalogue_writes_stock(office) -> None:
    create(office("Product manager"), product_form(CategoryFactory()))

    record = StockRecord.objects.get()
    assert not record.num_in_stock
    assert not record.num_allocated


def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(office) -> None:
    upload = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")

    answer = create(
        office("Product manager"),
        product_form(CategoryFactory()) | {"images-0-original": upload},
    )

    assert answer.status_code == 422
    assert "柿子杯" in answer.content.decode()
    assert not Product.objects.exists()


def test_the_first_variant_makes_a_family(office) -> None:
    client, parent = office("Product manager"), ProductFactory(price=None)
    colour = option_attribute("colour")
    sage = colour.option_group.options.create(option="Sage", code="colour-sage")
    form = product_form(title_en="Cup, sage", structure="child", attr_colour=sage.pk)

    answer = client.post(
        reverse("dashboard:catalogue-product-create-child", kwargs={"parent_pk": parent.pk}), form
    )

    assert answer.status_code == 302, answer.context["form"].errors
    parent.refresh_from_db()
    child = parent.children.get()
    assert parent.is_parent
    assert child.attr.colour == sage
    assert child.stockrecords.get().partner_sku == "CUP-1"


def test_a_product_with_a_history_is_not_deleted(office) -> None:
    product = ProductFactory(stock=3)

    answer = office("Product manager").post(
        reverse("dashboard:catalogue-product-delete", kwargs={"pk": product.pk})
    )

    assert answer["Location"] == reverse("dashboard:catalogue-product", kwargs={"pk": product.pk})
    assert Product.objects.filter(pk=product.pk).exists()


def test_a_category_is_named_in_both_languages(office) -> None:
    answer = office("Product manager").post(
        reverse("dashboard:catalogue-category-create"),
        {
            "name_en": "Tea things",
            "name_zh_hans": "茶具",
            "is_public": "on",
            "treebeard_position": "first-child",
            "treebeard_ref_node": "",
        },
    )

    assert answer.status_code == 302, answer.context["form"].errors
    category = Category.objects.get()
    assert (category.name_en, category.name_zh_hans) == ("Tea things", "茶具")
    assert category.slug == "tea-things"


def test_lists_take_as_many_queries_with_many_rows(office) -> None:
    client = office("Product manager")
    addresses = [
        reverse(f"dashboard:catalogue-{name}-list") for name in ("product", "category", "class")
    ]

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    ProductFactory(categories=[CategoryFactory()])
    queries()
    few = queries()
    for _ in range(5):
        ProductFactory(categories=[CategoryFactory()])

    assert queries() == few
