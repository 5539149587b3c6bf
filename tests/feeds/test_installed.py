"""The shop on a home screen: its manifest, its worker, and the page without a network."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.10")]


@pytest.mark.parametrize(
    ("path", "lang", "start", "shortcut"),
    [
        ("/manifest.webmanifest", "en", "/", "New"),
        ("/zh-hans/manifest.webmanifest", "zh-Hans", "/zh-hans/", "新品"),
    ],
)
def test_the_manifest_speaks_the_language_of_its_address(client, path, lang, start, shortcut):
    response = client.get(path)

    said = json.loads(response.content)
    assert response["Content-Type"].startswith("application/manifest+json")
    assert (said["lang"], said["start_url"], said["id"]) == (lang, start, "/")
    assert said["name"] == "Storekeep"
    assert said["display"] == "standalone"
    assert said["shortcuts"][0]["name"] == shortcut
    for one in said["shortcuts"]:
        assert client.get(one["url"]).status_code in (200, 302)
        assert one["url"].startswith(start)


def test_its_icons_are_there_in_the_size_that_it_says(client):
    icons = json.loads(client.get("/manifest.webmanifest").content)["icons"]

    assert {(one["sizes"], one["purpose"]) for one in icons} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for one in icons:
        with Image.open(finders.find(one["src"].removeprefix("/static/"))) as picture:
            assert "x".join(map(str, picture.size)) == one["sizes"]
            assert picture.format == "PNG"


def test_pages_name_the_manifest_of_their_language(client):
    assert '<link rel="manifest" href="/manifest.webmanifest" data-worker="/sw.js">' in (
        client.get("/").content.decode()
    )
    assert 'href="/zh-hans/manifest.webmanifest"' in client.get("/zh-hans/").content.decode()


def test_the_worker_keeps_the_offline_pages_and_their_style_and_nothing_else(client):
    response = client.get("/sw.js")

    text = response.content.decode()
    assert response["Cache-Control"] == "no-cache"
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Content-Type"].startswith("text/javascript")
    facts = json.loads(re.search(r"assets \} = (\{.*\});", text)[1])
    assert [page["url"] for page in facts["pages"].values()] == ["/offline/", "/zh-hans/offline/"]
    assert facts["assets"] == ["/static/css/storefront.css", "/static/img/favicon.svg"]
    assert text.count(".put(") == 1
    assert len(text.splitlines()) < 150
    assert client.get("/sw.js", HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304


def test_other_words_make_another_cache(client, settings):
    def name() -> str:
        return re.search(r'"cache": "([^"]+)"', client.get("/sw.js").content.decode())[1]

    before = name()
    settings.OSCAR_SHOP_NAME = "Another"

    assert name() != before


def test_the_worker_can_be_taken_away(client, settings):
    settings.SERVICE_WORKER = False

    text = client.get("/sw.js").content.decode()

    assert "unregister()" in text
    assert "fetch" not in text
    assert "data-worker" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "words"), [("/offline/", "no connection"), ("/zh-hans/offline/", "没有网络")]
)
def test_the_offline_page_is_the_same_for_everybody_and_needs_nothing(
    client, django_assert_num_queries, path, words
):
    client.cookies["theme"] = "dark"
    with django_assert_num_queries(0):
        page = client.get(path)

    text = page.content.decode()
    assert words in text
    assert "Storekeep" in text
    assert "csrf" not in text
    assert "<script" not in text
    assert "sessionid" not in str(page.cookies)
    assert '<a class="btn" href="">' in text
