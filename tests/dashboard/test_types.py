"""Product types and groups of options: lists, and what is in use stays."""

import pytest
from django.urls import reverse

from catalog.models import AttributeOptionGroup, ProductAttributeValue, ProductClass
from tests.factories import ProductFactory, option_attribute, option_set

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]


@pytest.mark.parametrize(
    ("name", "model"),
    [("class", ProductClass), ("attribute-option-group", AttributeOptionGroup)],
)
def test_what_products_rest_on_is_not_deleted(admin_client, name, model):
    product = ProductFactory()
    option_set(product, option_attribute("colour"), "sage")
    used, free = model.objects.get(), model.objects.create(name="Free")
    address = f"dashboard:catalogue-{name}-delete"

    page = admin_client.get(reverse(address, args=[used.pk]))
    answer = admin_client.post(reverse(address, args=[used.pk]))

    assert page.context["users"].startswith("1 ")
    assert answer.status_code == 409
    assert model.objects.filter(pk=used.pk).exists()
    assert ProductAttributeValue.objects.count() == 1
    assert admin_client.post(reverse(address, args=[free.pk])).status_code == 302
    assert not model.objects.filter(pk=free.pk).exists()


@pytest.mark.parametrize("name", ["class", "attribute-option-group"])
def test_lists_ask_no_more_for_more_rows(admin_client, django_assert_max_num_queries, name):
    address = reverse(f"dashboard:catalogue-{name}-list")
    for number in range(30):
        ProductClass.objects.create(name=f"Type {number}")
        group = AttributeOptionGroup.objects.create(name=f"Group {number}", code=f"g{number}")
        group.options.create(option="Red", code=f"red-{number}")
    admin_client.get(address)

    with django_assert_max_num_queries(10):
        page = admin_client.get(address)

    assert len(page.context["page_obj"].object_list) >= 30
