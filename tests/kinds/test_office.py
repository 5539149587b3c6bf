"""The operator's side of sets, files, services and gift cards."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.kinds.models import ProductFile, ProductSet
from catalog.models import Kind, ProductClass
from orders.handover.models import DownloadGrant, ServiceJob
from tests.factories import ProductFactory, UserFactory
from tests.kinds.support import class_of, download, paid, placed, product_of, set_of
from tests.sales import basket_with

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.07")]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


@pytest.fixture
def owner(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_a_set_is_built_on_one_page(owner):
    product = product_of(Kind.SET, price=None, title="Tea for two")
    ProductFactory(title="Evening teapot", title_en="Evening teapot", price="46.00")
    ProductFactory(title="Evening lamp", title_en="Evening lamp", price="20.00")
    url = reverse("dashboard:set-detail", args=[product.pk])
    part = reverse("dashboard:set-part-add", args=[product.pk])

    assert owner.post(part, {"q": "Evening teapot", "quantity": 1}).status_code == 422
    assert owner.post(url, {"price": "30", "percent": "5"}).status_code == 422
    assert owner.post(url, {"price": "40.00"}).status_code == 302
    assert "Several fit" in owner.post(part, {"q": "evening", "quantity": 1}).content.decode()
    assert owner.post(part, {"q": "Evening teapot", "quantity": 2}).status_code == 302
    assert owner.post(part, {"q": "nothing\x00", "quantity": "9" * 30}).status_code in (400, 422)

    page = owner.get(url).content.decode()
    assert "€92.00" in page
    assert "€40.00" in page
    made = ProductSet.objects.get()
    gone = reverse("dashboard:set-part-remove", args=[product.pk, made.parts.get().pk])
    assert owner.post(gone).status_code == 302
    assert not made.parts.exists()
    assert "Without parts it is not sold" in owner.get(url).content.decode()


def test_a_type_says_what_follows_from_it_whatever_was_ticked(owner):
    forms = {"attributes-TOTAL_FORMS": 0, "attributes-INITIAL_FORMS": 0}
    owner.post(
        reverse("dashboard:catalogue-class-create"),
        {
            "name_en": "Cards",
            "kind": "voucher",
            "tax_class": "standard",
            "requires_shipping": "on",
            "track_stock": "on",
            **forms,
        },
    )

    made = ProductClass.objects.get(kind=Kind.VOUCHER)
    assert (made.requires_shipping, made.track_stock, made.tax_class) == (False, False, "none")


def test_a_type_keeps_its_kind_once_products_have_it(owner):
    made = ProductFactory().product_class
    url = reverse("dashboard:catalogue-class-update", args=[made.pk])
    forms = {"attributes-TOTAL_FORMS": 0, "attributes-INITIAL_FORMS": 0}

    owner.post(url, {"name_en": "T", "kind": "download", "tax_class": "standard", **forms})

    made.refresh_from_db()
    assert made.kind == Kind.GOODS


def test_a_file_is_uploaded_and_taken_off_sale_without_taking_it_from_buyers(owner):
    product = product_of(Kind.DOWNLOAD)
    url = reverse("dashboard:file-add", args=[product.pk])
    bad = SimpleUploadedFile("a.pdf", b"<html>")
    good = SimpleUploadedFile("a.pdf", b"%PDF-1.4")

    refused = owner.post(url, {"file": bad, "downloads": 5, "days": 30})
    assert refused.status_code == 422
    assert owner.post(url, {"file": good, "downloads": 5, "days": 30}).status_code == 302
    paid(placed(basket_with({product: 1}), is_sent=False))
    file = ProductFile.objects.get()
    owner.post(reverse("dashboard:file-offer", args=[file.pk]), {"offer": "0"})

    paid(placed(basket_with({product: 1}), is_sent=False))
    assert DownloadGrant.objects.count() == 1
    assert DownloadGrant.objects.get().is_good
    assert (
        file.name
        in owner.get(reverse("dashboard:digital-detail", args=[product.pk])).content.decode()
    )


def test_the_order_shows_what_is_to_be_done_and_takes_the_steps(owner):
    lesson, file = product_of(Kind.SERVICE), download()
    order = paid(placed(basket_with({lesson: 1, file.product: 1}), is_sent=False))
    url = reverse("dashboard:order-detail", args=[order.number])
    assert "Without a parcel" in owner.get(url).content.decode()

    done = reverse("dashboard:job-done", args=[ServiceJob.objects.get().pk])
    assert owner.post(done, {"next": url}).url == url
    renew = reverse("dashboard:grant-renew", args=[DownloadGrant.objects.get().pk])
    assert owner.post(renew, {"next": "https://evil.example"}).url == reverse(
        "dashboard:grant-list"
    )

    order.refresh_from_db()
    assert order.status == "delivered"
    assert owner.get(reverse("dashboard:job-list"), {"view": "all"}).status_code == 200


def test_lists_take_the_same_queries_for_two_sets_and_for_six(owner):
    url = reverse("dashboard:set-list")
    class_of(Kind.SET)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(url).status_code == 200
        return len(queries)

    for number in range(2):
        set_of({ProductFactory(): 1}, price="5.00", title=f"Set {number}")
    count()
    few = count()
    for number in range(4):
        set_of({ProductFactory(): 1}, price="5.00", title=f"More {number}")
    assert count() == few
