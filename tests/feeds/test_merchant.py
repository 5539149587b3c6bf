"""The feed for merchants says of each thing what the shop's own pages say, to the cent."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facts.models import Brand, ProductFacts
from catalog.feeds import items, services
from catalog.feeds.models import FeedProblem, FeedRun, Flaw
from catalog.feeds.selectors import is_due, run_last
from catalog.feeds.services import merchant_feed_make
from catalog.models import Kind, ProductClass, ProductImage
from promotions.offer.models import Benefit, Condition
from tests.factories import CategoryFactory, ProductFactory, UserFactory, product_with_variants
from tests.pricing.makers import basket_line, list_price, site_offer

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.09")]

G = "{http://base.google.com/ns/1.0}"
OURS = django_settings.PUBLIC_URL
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


def pictured(product, name: str = "products/thing.webp"):
    ProductImage.objects.create(product=product, original=name)
    return product


def feed(client, language: str = "en") -> dict[str, ET.Element]:
    """Make it and read it: items by their id."""
    merchant_feed_make()
    response = client.get(f"/feeds/google-{language}.xml")
    assert response.status_code == 200
    root = ET.fromstring(response.getvalue())
    return {item.find(f"{G}id").text: item for item in root.findall("channel/item")}


def said(item: ET.Element, name: str) -> str | None:
    return item.findtext(f"{G}{name}")


def paid(item: ET.Element) -> Decimal:
    """What one costs by the feed, tax included."""
    amount, currency = (said(item, "sale_price") or said(item, "price")).split()
    assert currency == "EUR"
    return Decimal(amount)


def test_an_item_says_all_that_a_merchant_centre_asks_for(client):
    kitchen = CategoryFactory(name="Kitchen", name_zh_hans="厨房", slug="kitchen")
    cups = CategoryFactory(name="Cups & mugs", name_zh_hans="杯子", slug="cups", parent=kitchen)
    cup = pictured(
        ProductFactory(
            title="Cup <1>",
            title_zh_hans="杯",
            slug="cup",
            description="<p>Warm &amp; good.</p>",
            upc="4006381333931",
            price="12.50",
            stock=2,
            categories=[cups],
        ),
        "products/a cup.webp",
    )
    pictured(cup, "products/b.webp")
    brand = Brand.objects.create(name="Kiln", name_zh_hans="窑", slug="kiln")
    ProductFacts.objects.create(product=cup, brand=brand)

    item = feed(client)[str(cup.pk)]

    sku = cup.stockrecords.get().partner_sku
    assert {name: said(item, name) for name in (
        "title", "description", "link", "image_link", "additional_image_link", "availability",
        "price", "sale_price", "condition", "brand", "gtin", "mpn", "identifier_exists",
        "item_group_id", "product_type",
    )} == {
        "title": "Cup <1>",
        "description": "Warm & good.",
        "link": f"{OURS}/catalogue/cup_{cup.pk}/",
        "image_link": f"{OURS}/media/products/a%20cup.webp",
        "additional_image_link": f"{OURS}/media/products/b.webp",
        "availability": "in_stock",
        "price": "12.50 EUR",
        "sale_price": None,
        "condition": "new",
        "brand": "Kiln",
        "gtin": "4006381333931",
        "mpn": sku,
        "identifier_exists": None,
        "item_group_id": None,
        "product_type": "Kitchen > Cups & mugs",
    }  # fmt: skip
    shipping = item.find(f"{G}shipping")
    assert said(shipping, "country") == "DE"
    assert re.fullmatch(r"\d+\.\d\d EUR", said(shipping, "price"))
    chinese = feed(client, "zh-hans")[str(cup.pk)]
    assert said(chinese, "title") == "杯"
    assert said(chinese, "brand") == "窑"
    assert said(chinese, "product_type") == "厨房 > 杯子"
    assert said(chinese, "link") == f"{OURS}/zh-hans/catalogue/cup_{cup.pk}/"


def test_variants_are_a_group_and_each_its_own(client):
    family = pictured(
        product_with_variants(colours={"sage": 3, "ink": 0}, title="Bowl", slug="bowl")
    )
    sage, ink = family.children.order_by("pk")
    pictured(ink, "products/ink.webp")

    found = feed(client)

    assert set(found) == {str(sage.pk), str(ink.pk)}
    one, other = found[str(sage.pk)], found[str(ink.pk)]
    assert said(one, "item_group_id") == said(other, "item_group_id") == str(family.pk)
    assert (said(one, "title"), said(one, "color")) == ("Bowl, Sage", "Sage")
    assert (said(one, "availability"), said(other, "availability")) == ("in_stock", "out_of_stock")
    assert said(one, "link") == f"{OURS}/catalogue/bowl_{family.pk}/?variant={sage.pk}"
    assert said(one, "image_link").endswith("/thing.webp")
    assert said(other, "image_link").endswith("/ink.webp")
    assert said(one, "identifier_exists") == "no"


def test_the_price_is_that_of_the_page_and_of_the_basket(client):
    """Offers, price lists, tiers, members' prices; products and variants."""
    family = pictured(product_with_variants(price="33.33", colours={"sage": 9, "ink": 9}))
    sage, ink = family.children.order_by("pk")
    plain, listed, member, tier = (
        pictured(ProductFactory(price=price)) for price in ("9.99", "50.00", "20.00", "8.00")
    )
    list_price(listed, "41.15", code="sale")
    list_price(ink, "30.00", code="sale2", priority=3)
    list_price(member, "1.00", code="members", members_only=True)
    list_price(tier, "2.00", code="many", quantity=5)
    site_offer(name="Seven", value="7")
    site_offer(name="Two", kind=Benefit.FIXED, value="3", condition=(Condition.COUNT, "2"))

    found = feed(client)

    for product in (plain, listed, member, tier, sage, ink):
        item = found[str(product.pk)]
        line = basket_line(product)
        assert paid(item) == line.line_price_incl_tax_incl_discounts, product.title
        page = client.get(said(item, "link").removeprefix(OURS)).content.decode()
        assert f"€{paid(item)}" in page
        if said(item, "sale_price"):
            assert f"€{said(item, 'price').split()[0]}" in page
    assert said(found[str(listed.pk)], "price") == "50.00 EUR"
    assert paid(found[str(member.pk)]) == Decimal("18.60")


def test_a_sale_says_how_long_it_lasts_and_only_what_is_known(client):
    timed, endless = (pictured(ProductFactory(price="50.00")) for _ in range(2))
    ends = (NOW + dt.timedelta(days=2)).replace(microsecond=0)
    list_price(timed, "40.00", code="timed", ends_at=ends)
    list_price(endless, "45.00", code="endless")
    for product in (timed, endless):
        product.save()  # the history hears of it

    found = feed(client)

    begins, _slash, until = said(found[str(timed.pk)], "sale_price_effective_date").partition("/")
    assert dt.datetime.fromisoformat(until) == ends
    assert dt.datetime.fromisoformat(begins) <= timezone.now()
    assert said(found[str(endless.pk)], "sale_price") == "45.00 EUR"
    assert said(found[str(endless.pk)], "sale_price_effective_date") is None


def test_what_cannot_be_in_it_is_left_out_and_said(client):
    bare = ProductFactory(title="Bare")
    priceless = pictured(ProductFactory(price=None))
    odd = pictured(ProductFactory(upc="1234567890123", title="x" * 200))
    hidden = pictured(ProductFactory(is_public=False))
    download = ProductClass.objects.create(name="Files", slug="files", kind=Kind.DOWNLOAD)
    pictured(ProductFactory(product_class=download))

    found = feed(client)

    assert set(found) == {str(odd.pk)}
    assert len(said(found[str(odd.pk)], "title")) == 150
    assert said(found[str(odd.pk)], "gtin") is None
    told = set(FeedProblem.objects.values_list("product_id", "flaw", "is_left_out"))
    assert told == {
        (bare.pk, Flaw.NO_PICTURE, True),
        (priceless.pk, Flaw.NO_PRICE, True),
        (odd.pk, Flaw.NO_TEXT, False),
        (odd.pk, Flaw.BAD_CODE, False),
        (odd.pk, Flaw.LONG_NAME, False),
    }
    assert hidden.pk not in {pk for pk, _flaw, _out in told}
    run = run_last()
    assert (run.items, run.left_out) == (1, 2)


@pytest.mark.parametrize(
    ("code", "is_good"),
    [
        ("4006381333931", True),
        ("036000291452", True),
        ("96385074", True),
        ("4006381333930", False),
        ("2000000000008", False),  # for one company's own use
        ("0000000000000", False),
        ("400638133393１", False),
        ("12", False),
        ("", False),
    ],
)
def test_a_barcode_is_checked(code, is_good):
    assert items.is_gtin(code) is is_good


def test_a_failed_run_leaves_the_last_feed_and_says_why(client, monkeypatch):
    thing = pictured(ProductFactory())
    assert feed(client)

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(services, "items_made", fail)
    with pytest.raises(RuntimeError):
        merchant_feed_make()

    assert FeedRun.objects.first().error == "RuntimeError: the disk is full"
    assert str(thing.pk).encode() in client.get("/feeds/google-en.xml").getvalue()


def test_the_same_products_make_the_same_file_and_readers_get_a_304(client):
    thing = pictured(ProductFactory())
    feed(client)
    first = client.get("/feeds/google-en.xml")
    feed(client)
    assert client.get("/feeds/google-en.xml", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304

    thing.title_en = "Another"
    thing.save()
    feed(client)

    again = client.get("/feeds/google-en.xml", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 200
    assert b"Another" in again.getvalue()


def test_old_files_go_and_who_reads_one_reads_on(client, tmp_path):
    thing = pictured(ProductFactory())
    for number in range(5):
        thing.title_en = f"Thing {number}"
        thing.save()
        merchant_feed_make()

    assert len(list((tmp_path / "feeds").glob("google-en-*.xml"))) == 2


def test_the_memory_and_the_questions_do_not_grow_with_the_products(monkeypatch):
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            merchant_feed_make()
        return len(seen)

    pictured(product_with_variants(colours={"sage": 1}))
    count()
    few = count()
    for _ in range(6):
        pictured(product_with_variants(colours={"sage": 1, "ink": 2}))
    assert count() == few

    monkeypatch.setattr(services, "CHUNK", 2)
    merchant_feed_make()
    assert run_last().items == 13


def test_a_token_keeps_others_out(client, settings):
    pictured(ProductFactory())
    merchant_feed_make()
    settings.FEED_TOKEN = "s3cret-token"

    assert client.get("/feeds/google-en.xml").status_code == 403
    assert client.get("/feeds/google-en.xml?token=s3cret").status_code == 403
    assert client.get("/feeds/google-en.xml?token=茶").status_code == 403
    assert client.get("/feeds/google-en.xml?token=s3cret-token").status_code == 200


def test_before_the_first_run_there_is_none(client):
    assert client.get("/feeds/google-en.xml").status_code == 404
    assert client.get("/feeds/google-fr.xml").status_code == 404


def test_it_is_made_when_the_last_one_is_old():
    assert is_due(minutes=60)
    assert not is_due(minutes=0)
    FeedRun.objects.create(started_at=timezone.now() - dt.timedelta(minutes=30))

    assert not is_due(minutes=60)
    assert is_due(minutes=20)


def test_the_desk_says_how_it_went_and_asks_a_worker(client, monkeypatch):
    from catalog.feeds.dashboard import views

    asked = []
    monkeypatch.setattr(views, "send_quietly", lambda task: asked.append(task.name))
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    url = "/dashboard/feeds/"
    assert "No feed yet" in client.get(url).content.decode()
    bare = ProductFactory(title="Bare thing")
    pictured(ProductFactory(description="Good."))
    merchant_feed_make()

    page = client.get(url).content.decode()
    assert f"{OURS}/feeds/google-zh-hans.xml" in page
    assert "Bare thing" in page
    assert f"/dashboard/catalogue/products/{bare.pk}/" in page
    assert "Bare thing" not in client.get(f"{url}?flaw=text").content.decode()

    client.post("/dashboard/feeds/make/")
    client.post("/dashboard/feeds/make/")
    assert asked == ["catalog.feeds.tasks.merchant_feed_make"]
