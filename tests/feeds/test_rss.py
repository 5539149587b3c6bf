"""New products for feed readers."""

import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import ProductImage
from tests.factories import ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.09")]
OURS = settings.PUBLIC_URL


def channel(client, path: str) -> ET.Element:
    response = client.get(path, HTTP_HOST="testserver")
    assert response["Content-Type"].startswith("application/rss+xml")
    return ET.fromstring(response.content).find("channel")


def test_the_latest_products_stand_first_in_both_languages(client):
    ProductFactory(title="Old", title_zh_hans="旧")
    new = ProductFactory(
        title="New & <b>", title_zh_hans="新", description="<p>Good &amp; <i>warm</i>.</p>"
    )
    ProductFactory(title="Hidden", is_public=False)
    ProductImage.objects.create(product=new, original="products/new.webp")
    path = new.get_absolute_url()

    said = channel(client, "/new/rss.xml")

    assert [item.find("title").text for item in said.findall("item")] == ["New & <b>", "Old"]
    item = said.find("item")
    assert item.find("link").text == OURS + path
    assert item.find("guid").text == OURS + path
    assert item.find("description").text == "Good & warm."
    assert item.find("enclosure").get("url") == f"{OURS}/media/products/new.webp"
    assert item.find("enclosure").get("type") == "image/webp"
    chinese = channel(client, "/zh-hans/new/rss.xml")
    assert chinese.find("language").text == "zh-hans"
    assert chinese.find("item/title").text == "新"
    assert chinese.find("item/link").text == f"{OURS}/zh-hans{path}"
    assert "testserver" not in ET.tostring(chinese, encoding="unicode")


def test_only_the_page_of_new_things_names_it(client):
    ProductFactory()

    assert (
        '<link rel="alternate" type="application/rss+xml"' in client.get("/new/").content.decode()
    )
    assert "rss.xml" in client.get("/zh-hans/new/").content.decode()
    assert "rss" not in client.get("/best-sellers/").content.decode()


def test_more_products_cost_no_more_and_a_reader_is_told_of_no_change(client):
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/new/rss.xml")
        return len(seen)

    ProductFactory()
    count()
    few = count()
    for _ in range(10):
        ProductFactory()
    assert count() == few

    first = client.get("/new/rss.xml")
    assert client.get("/new/rss.xml", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
