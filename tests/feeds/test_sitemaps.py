"""Robots find every page that is meant to be found, in each language, and nothing else."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.facts.models import Brand, ProductFacts
from catalog.feeds import sitemaps
from catalog.feeds.addresses import product_paths
from catalog.feeds.sections import ProductSection
from catalog.feeds.sitemaps import Page, Part, section_register
from catalog.models import Product, ProductImage
from promotions.offer.models import Range
from tests.factories import CategoryFactory, ProductFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]

NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "i": "http://www.google.com/schemas/sitemap-image/1.1",
}
OURS = settings.PUBLIC_URL


def read(client, path: str, **headers) -> ET.Element:
    response = client.get(path, **headers)
    assert response.status_code == 200, (path, response.status_code)
    return ET.fromstring(response.getvalue())


def locs(root: ET.Element) -> list[str]:
    return [loc.text for loc in root.findall("*/s:loc", NS)]


def everything(client) -> dict[str, ET.Element]:
    """By address: every entry of every sitemap that the index names."""
    found = {}
    for path in locs(read(client, "/sitemap.xml")):
        for url in read(client, path.removeprefix(OURS)).findall("s:url", NS):
            assert url.find("s:loc", NS).text not in found
            found[url.find("s:loc", NS).text] = url
    return found


@pytest.fixture
def shop():
    """A little of everything, and of what must not be shown."""
    kitchen = CategoryFactory(name="Kitchen", slug="kitchen")
    cups = CategoryFactory(name="Cups", slug="cups", parent=kitchen)
    hidden = CategoryFactory(name="Hidden", slug="hidden")
    hidden.is_public = False
    hidden.save()
    kiln = Brand.objects.create(name="Kiln", slug="kiln")
    Brand.objects.create(name="Empty", slug="empty")
    cup = ProductFactory(title="Cup", slug="cup", title_zh_hans="杯 & 子", categories=[cups])
    ProductFacts.objects.create(product=cup, brand=kiln)
    family = product_with_variants(colours={"sage": 1, "ink": 0}, slug="bowl")
    ProductFactory(slug="secret", is_public=False)
    Range.objects.create(name="Tea", slug="tea", is_public=True)
    Range.objects.create(name="Work", slug="work")
    return {"cup": cup, "family": family, "cups": cups}


def test_every_entry_is_a_page_with_that_very_address(client, shop):
    found = everything(client)

    for url in found:
        page = client.get(url.removeprefix(OURS))
        assert page.status_code == 200, url
        html = page.content.decode()
        assert "noindex" not in html, url
        canonical = re.search(r'rel="canonical" href="([^"]+)"', html)
        assert canonical is None or canonical[1] == url
    paths = {url.removeprefix(OURS) for url in found}
    assert {"/", "/zh-hans/", "/brands/kiln/", "/zh-hans/collections/tea/"} <= paths
    assert not [
        path for path in paths if re.search("secret|hidden|empty|work|variant|dashboard", path)
    ]


def test_both_languages_name_each_other_and_themselves(client, shop):
    found = everything(client)

    for url, entry in found.items():
        pairs = {one.get("hreflang"): one.get("href") for one in entry.findall("x:link", NS)}
        assert set(pairs) == {"en", "zh-Hans", "x-default"}
        assert url in pairs.values()
        assert pairs["x-default"] == pairs["en"]
        assert set(pairs.values()) <= found.keys()
        assert pairs["zh-Hans"] == pairs["en"].replace(OURS, f"{OURS}/zh-hans", 1)


def test_pictures_have_titles_in_the_language_of_the_page(client, shop):
    ProductImage.objects.create(product=shop["cup"], original="products/a cup.webp")
    child = shop["family"].children.first()
    ProductImage.objects.create(product=child, original="products/bowl.webp")

    found = everything(client)

    path = shop["cup"].get_absolute_url()
    for prefix, title in (("", "Cup"), ("/zh-hans", "杯 & 子")):
        (image,) = found[f"{OURS}{prefix}{path}"].findall("i:image", NS)
        assert image.find("i:loc", NS).text == f"{OURS}/media/products/a%20cup.webp"
        assert image.find("i:title", NS).text == title
    (image,) = found[OURS + shop["family"].get_absolute_url()].findall("i:image", NS)
    assert image.find("i:loc", NS).text == f"{OURS}/media/products/bowl.webp"


def lastmod(client, product) -> dt.datetime:
    number = product.pk // sitemaps.PART
    root = read(client, f"/sitemaps/products-en-{number}.xml")
    (entry,) = [
        url
        for url in root.findall("s:url", NS)
        if url.find("s:loc", NS).text == OURS + product.get_absolute_url()
    ]
    return dt.datetime.fromisoformat(entry.find("s:lastmod", NS).text)


def test_the_date_is_that_of_the_last_real_change(client, shop):
    family = shop["family"]
    long_ago = dt.datetime(2020, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    with connection.cursor() as cursor:  # the history is append-only, on purpose
        cursor.execute("TRUNCATE pricing_pricerecord")
    Product.objects.update(date_updated=long_ago)
    cache.clear()
    assert lastmod(client, family) == long_ago

    child = family.children.first()
    Product.objects.filter(pk=child.pk).update(date_updated=long_ago + dt.timedelta(days=1))
    assert lastmod(client, family) == long_ago + dt.timedelta(days=1)
    assert lastmod(client, shop["cup"]) == long_ago

    record = child.stockrecords.get()
    record.price += 1
    record.save()
    assert lastmod(client, family) > long_ago + dt.timedelta(days=2)
    cache.clear()
    part = ProductSection().parts()[family.pk // sitemaps.PART]
    assert part.changed_at.replace(microsecond=0) == lastmod(client, family)


def test_a_part_never_holds_more_than_its_range(client, monkeypatch):
    from catalog.feeds import sections

    monkeypatch.setattr(sections, "PART", 4)
    monkeypatch.setattr(sections, "PARTS", sections.PARTS.replace("/ 10000", "/ 4"))
    products = [ProductFactory() for _ in range(11)]

    names = [path for path in locs(read(client, "/sitemap.xml")) if "/products-en-" in path]
    found = [locs(read(client, name.removeprefix(OURS))) for name in names]

    assert len(names) >= 3
    assert max(len(part) for part in found) <= 4
    assert sorted(url for part in found for url in part) == sorted(
        OURS + product.get_absolute_url() for product in products
    )


def test_a_sitemap_asks_the_same_for_any_number_of_products(client):
    def count() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            client.get("/sitemap.xml")
            for number in {
                pk // sitemaps.PART for pk in Product.objects.values_list("pk", flat=True)
            }:
                client.get(f"/sitemaps/products-en-{number}.xml").getvalue()
        return len(seen)

    product = ProductFactory()
    ProductImage.objects.create(product=product, original="a.webp")
    few = count()
    for number in range(12):
        product = ProductFactory()
        ProductImage.objects.create(product=product, original=f"{number}.webp")

    assert count() == few


def test_the_host_of_the_request_never_matters(client, shop, settings):
    settings.ALLOWED_HOSTS = ["*"]

    found = locs(read(client, "/sitemap.xml", HTTP_HOST="evil.example"))

    assert found
    assert all(url.startswith(f"{OURS}/") for url in found)


def test_who_has_it_already_gets_a_304(client, shop):
    number = shop["cup"].pk // sitemaps.PART
    for path in ("/sitemap.xml", f"/sitemaps/products-zh-hans-{number}.xml"):
        first = client.get(path)
        assert "max-age=600" in first["Cache-Control"]
        assert "public" in first["Cache-Control"]
        assert "Cookie" not in first["Vary"]
        assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        assert client.get(path, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304

    old = client.get(f"/sitemaps/products-en-{number}.xml")
    shop["cup"].title_en = "Beaker"
    shop["cup"].save()
    cache.clear()
    again = client.get(f"/sitemaps/products-en-{number}.xml", HTTP_IF_NONE_MATCH=old["ETag"])
    assert again.status_code == 200


def test_it_can_be_compressed(client, shop):
    number = shop["cup"].pk // sitemaps.PART

    page = client.get(f"/sitemaps/products-en-{number}.xml", HTTP_ACCEPT_ENCODING="gzip")

    assert page["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/sitemaps/products-en-999999999.xml",
        "/sitemaps/products-en-9999999999999999999.xml",
        "/sitemaps/nothing-en-0.xml",
        "/sitemaps/products-fr-0.xml",
        "/sitemaps/products-en--1.xml",
        "/sitemaps/../products-en-0.xml",
    ],
)
def test_a_part_that_is_not_there_is_a_404(client, path):
    assert client.get(path).status_code == 404


def test_articles_can_join_in_one_language_only(client, monkeypatch):
    class Articles:
        def parts(self):
            return {0: Part(2, None)}

        def pages(self, number, *, language):
            yield Page("/journal/both/")
            yield Page("/journal/english/", languages=("en",))

    monkeypatch.setattr(sitemaps, "_sections", dict(sitemaps._sections))
    section_register("articles", Articles())

    assert f"{OURS}/sitemaps/articles-zh-hans-0.xml" in locs(read(client, "/sitemap.xml"))
    english = read(client, "/sitemaps/articles-en-0.xml")
    assert locs(english) == [f"{OURS}/journal/both/", f"{OURS}/journal/english/"]
    assert locs(read(client, "/sitemaps/articles-zh-hans-0.xml")) == [
        f"{OURS}/zh-hans/journal/both/"
    ]
    assert not english.findall("s:url", NS)[1].findall("x:link", NS)


@pytest.mark.parametrize("slug", ["cup", "tea-cup_2", "", "x" * 200])
def test_the_quick_way_to_an_address_is_the_right_one(slug):
    product = ProductFactory.build(slug=slug, pk=7)

    assert product_paths()(slug, 7) == product.get_absolute_url()


def test_robots_are_told_where_to_look_and_where_not_to(client):
    text = client.get("/robots.txt").content.decode()

    lines = text.splitlines()
    assert f"Sitemap: {OURS}/sitemap.xml" in lines
    assert {"Disallow: /dashboard/", "Disallow: /zh-hans/checkout/", "Disallow: /*?sort="} <= set(
        lines
    )
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    for path in (
        "/",
        "/zh-hans/",
        "/catalogue/",
        "/brands/kiln/",
        "/static/a.css",
        "/media/a.webp",
    ):
        assert not [one for one in closed if path.startswith(one)], path
    assert not [one for one in closed if "page=" in one or "variant=" in one or "q=" in one]


def test_a_shop_that_is_not_to_be_found_sends_robots_away(client, settings):
    settings.INDEXING = False

    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
