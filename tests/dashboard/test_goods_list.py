"""The list of products: what it finds, what its facets count, and one change for many."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from catalog.facts.models import Brand
from catalog.facts.services import product_brand_set
from catalog.listing.models import ListedProduct
from catalog.models import Product
from catalog.partner.models import StockRecord
from catalog.pricing.models import PriceRecord
from shop.dashboard.goods import jobs
from shop.dashboard.goods.models import Job, JobState, Outcome
from shop.dashboard.goods.plans import Standing, standing_set
from tests.factories import CategoryFactory, ProductFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]
LIST = "/dashboard/catalogue/products/"


def titles(answer) -> list[str]:
    return [row["product"].title for row in answer.context["rows"]]


def begin(client, products, action, **others):
    form = {"action": action, "products": [one.pk for one in products], "key": uuid4()} | others
    return client.post(reverse("dashboard:product-bulk"), form, follow=True)


def step(client, job, step, **others):
    address = reverse("dashboard:product-job", args=[job.pk])
    return client.post(address, {"step": step} | others, follow=True)


def test_facets_narrow_and_say_how_many(office):
    client = office("Product manager")
    tea, pots = CategoryFactory(name="Tea"), CategoryFactory(name="Pots")
    still = Brand.objects.create(name_en="Still", slug="still")
    cup = ProductFactory(title="Cup", categories=[tea], stock=0, title_zh_hans="杯子")
    pot = ProductFactory(title="Pot", categories=[pots, tea], is_public=False)
    ProductFactory(title="Bare", price=None)
    product_brand_set(product=cup, brand=still)

    assert titles(client.get(LIST, {"brand": still.pk})) == ["Cup"]
    assert titles(client.get(LIST, {"category": tea.pk})) == ["Pot", "Cup"]
    assert titles(client.get(LIST, {"stock": "out"})) == ["Cup"]
    assert titles(client.get(LIST, {"stock": "none"})) == ["Bare"]
    assert titles(client.get(LIST, {"missing": "chinese"})) == ["Bare", "Pot"]
    assert titles(client.get(LIST, {"missing": "category"})) == ["Bare"]
    answer = client.get(LIST, {"category": tea.pk})
    assert [tab["count"] for tab in answer.context["tabs"]] == [2, 1, 1, 0, 0]
    assert "Tea (2)" in answer.content.decode()
    assert "Pots (1)" in answer.content.decode()
    assert cup.pk
    assert pot.pk


def test_a_sku_or_a_bar_code_of_a_variant_finds_its_family(office):
    client = office("Product manager")
    family = product_with_variants(title="Scarf", colours={"sage": 2})
    child = family.children.get()
    child.upc = "4006381333931"
    child.save()
    ProductFactory(title="Other")

    assert titles(client.get(LIST, {"q": child.stockrecords.get().partner_sku})) == ["Scarf"]
    assert titles(client.get(LIST, {"q": "4006381333931"})) == ["Scarf"]


def test_order_by_price_and_stock_counts_variants(office):
    client = office("Product manager")
    ProductFactory(title="Dear", price="90.00", stock=1)
    product_with_variants(title="Family", price="20.00", colours={"sage": 4, "rose": 5})
    ProductFactory(title="Cheap", price="3.00", stock=2)

    assert titles(client.get(LIST, {"sort": "price"})) == ["Cheap", "Family", "Dear"]
    assert titles(client.get(LIST, {"sort": "-stock"})) == ["Family", "Cheap", "Dear"]


def test_prices_are_shown_before_they_change_and_change_once(office):
    client = office("Product manager")
    family = product_with_variants(price="10.00", colours={"sage": 1, "rose": 1})
    bare = ProductFactory(price=None)

    begin(client, [family, bare], "percent")
    job = Job.objects.get()
    planned = step(client, job, "choose", by="-12.5")

    rows = {row.product_id: row for row in job.rows.all()}
    assert rows[family.pk].outcome == Outcome.CHANGED
    assert rows[family.pk].after == "€8.75"
    assert rows[bare.pk].outcome == Outcome.WRONG
    assert "€8.75" in planned.content.decode()
    assert set(StockRecord.objects.values_list("price", flat=True)) == {Decimal("10.00")}

    step(client, job, "run")
    again = step(client, job, "run")

    assert set(StockRecord.objects.values_list("price", flat=True)) == {Decimal("8.75")}
    assert "This is over already" in again.content.decode()
    assert ListedProduct.objects.get(product=family).price == Decimal("8.75")
    newest = PriceRecord.objects.order_by("-pk").first()
    assert newest.source == f"job:{job.pk}"
    assert newest.user_id == job.created_by_id


def test_a_price_that_somebody_changed_meanwhile_is_left_alone(office):
    client, product = office("Product manager"), ProductFactory(price="10.00")
    other = ProductFactory(price="20.00")
    begin(client, [product, other], "amount")
    job = Job.objects.get()
    step(client, job, "choose", by="1.00")
    StockRecord.objects.filter(product=product).update(price=Decimal("11.50"))

    step(client, job, "run")

    assert product.stockrecords.get().price == Decimal("11.50")
    assert other.stockrecords.get().price == Decimal("21.00")
    assert job.rows.get(product=product).outcome == Outcome.WRONG


@pytest.mark.parametrize(
    ("action", "is_public"), [("draft", False), ("archive", False), ("sale", True)]
)
def test_many_go_on_and_off_sale(office, action, is_public):
    client = office("Product manager")
    products = [ProductFactory(is_public=not is_public) for _ in range(3)]

    begin(client, products, action)
    step(client, Job.objects.get(), "run")

    assert Product.objects.filter(is_public=is_public).count() == 3
    assert ListedProduct.objects.count() == (3 if is_public else 0)
    assert Job.objects.get().state == JobState.DONE
    archived = titles(client.get(LIST, {"view": "archived"}))
    assert len(archived) == (3 if action == "archive" else 0)


def test_a_category_and_a_brand_are_given_to_all_that_was_found(office):
    client, tea = office("Product manager"), CategoryFactory(name="Tea")
    brand = Brand.objects.create(name_en="Still", slug="still")
    cups = [ProductFactory(title=f"Cup {number}") for number in range(3)]
    spoon = ProductFactory(title="Spoon")

    begin(client, [], "category_add", everything="on", query="q=cup")
    step(client, Job.objects.get(), "choose", category=tea.pk)
    step(client, Job.objects.get(), "run")
    begin(client, [spoon], "brand")
    step(client, Job.objects.first(), "choose", brand=brand.pk)
    step(client, Job.objects.first(), "run")

    assert {one.pk for one in Product.objects.filter(categories=tea)} == {one.pk for one in cups}
    assert spoon.facts.brand == brand
    begin(client, cups, "category_remove")
    step(client, Job.objects.first(), "choose", category=tea.pk)
    step(client, Job.objects.first(), "run")
    assert not Product.objects.filter(categories=tea).exists()


def test_the_same_form_sent_twice_is_one_job(office):
    client, product, key = office("Product manager"), ProductFactory(), uuid4()

    begin(client, [product], "draft", key=key)
    begin(client, [product], "draft", key=key)

    assert Job.objects.count() == 1


def test_nothing_ticked_or_chosen_is_said(office):
    client, product = office("Product manager"), ProductFactory()

    assert "Tick the products first." in begin(client, [], "draft").content.decode()
    assert "Choose what to do" in begin(client, [product], "").content.decode()
    assert not Job.objects.exists()


def test_a_mistake_in_the_number_is_said_at_the_field(office):
    client = office("Product manager")
    begin(client, [ProductFactory()], "percent")

    for wrong in ("-101", "0", "NaN", "9" * 40, ""):
        answer = step(client, Job.objects.get(), "choose", by=wrong)
        assert answer.status_code == 422, wrong
        assert answer.context["form"].errors["by"]


def test_a_job_that_lost_its_worker_is_taken_up_again(office, member):
    client = office("Product manager")
    products = [ProductFactory() for _ in range(3)]
    begin(client, products, "draft")
    job = Job.objects.get()
    jobs.job_step(pk=job.pk, state=JobState.RUNNING)
    Job.objects.update(beat_at="2020-01-01T00:00Z")

    assert jobs.jobs_stuck() == [job.pk]
    assert jobs.job_move(pk=job.pk) is True
    assert jobs.job_move(pk=job.pk) is False

    assert not Product.objects.filter(is_public=True).exists()
    assert jobs.jobs_stuck() == []


def test_a_ticked_product_that_is_gone_is_left_out(office):
    client, cup, gone = office("Product manager"), ProductFactory(), ProductFactory(price=None)
    pk = gone.pk
    gone.delete()

    begin(client, [cup, Product(pk=pk)], "draft")

    assert list(Job.objects.get().rows.values_list("product_id", flat=True)) == [cup.pk]


def test_a_filter_that_is_gone_does_not_widen_a_change_to_all(office):
    client, tea = office("Product manager"), CategoryFactory(name="Tea")
    ProductFactory()
    query = f"category={tea.pk}"
    tea.delete()

    page = begin(client, [], "draft", everything="on", query=query)

    assert "A filter of this list is gone" in page.content.decode()
    assert not Job.objects.exists()


def test_a_brand_that_goes_before_the_change_is_made_is_said(office):
    client, product = office("Product manager"), ProductFactory()
    brand = Brand.objects.create(name_en="Still", slug="still")
    begin(client, [product], "brand")
    job = Job.objects.get()
    step(client, job, "choose", brand=brand.pk)
    brand.delete()

    step(client, job, "run")

    assert job.rows.get().outcome == Outcome.WRONG
    assert job.rows.get().message == "What you chose is gone; choose again."
    assert Job.objects.get().state == JobState.DONE


def test_choosing_again_is_offered_only_where_something_is_chosen(office):
    client, product = office("Product manager"), ProductFactory()

    plain = begin(client, [product], "draft")
    begin(client, [product], "percent")
    chosen = step(client, Job.objects.first(), "choose", by="5")

    assert "Choose again" not in plain.content.decode()
    assert "Choose again" in chosen.content.decode()


def test_a_product_that_came_on_sale_meanwhile_is_taken_off(office):
    product = ProductFactory(is_public=False)
    seen = Product.objects.get(pk=product.pk)
    standing_set(product=product, standing=Standing.SALE)

    standing_set(product=seen, standing=Standing.DRAFT)

    assert Product.objects.get(pk=product.pk).is_public is False
    assert not ListedProduct.objects.exists()
