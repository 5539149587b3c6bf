"""Titles, descriptions, canonical addresses and languages of the storefront's pages."""

import re

import pytest
from django.urls import translate_url
from django.utils import translation

from catalog.facts.models import Brand
from catalog.facts.services import product_brand_set
from catalog.listing.services import listing_rebuild
from catalog.seo.models import PageKind, PageRule
from catalog.seo.rules import rules_changed
from catalog.seo.services import rule_reset, rule_save
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.seo.support import alternates_of, canonical_of, html_of, meta_of, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]


@pytest.fixture
def tea():
    return CategoryFactory(name_en="Tea", name_zh_hans="茶", slug="tea")


@pytest.fixture
def cup(tea):
    product = ProductFactory(
        title_en="Evening cup",
        title_zh_hans="晚间杯",
        description_en="<p>For a long <b>evening</b>.</p>",
        description_zh_hans="献给漫长的夜晚。",
        price="12.50",
        categories=[tea],
    )
    product_brand_set(product=product, brand=Brand.objects.create(name_en="Stillwater", slug="s"))
    return product


def page(client, url, **query) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, url
    return html_of(response)


def test_a_product_says_its_name_and_the_beginning_of_its_text(client, cup):
    html = page(client, cup.get_absolute_url())

    assert title_of(html) == "Evening cup · Storekeep"
    assert meta_of(html, "description") == "For a long evening."
    assert meta_of(html, "robots") is None


@pytest.mark.django_db(transaction=True)
def test_rules_are_followed_at_once_and_in_their_language(client, cup):
    heard = []

    def listen(**facts):
        heard.append(facts)

    rules_changed.connect(listen)
    url, chinese = cup.get_absolute_url(), "/zh-hans" + cup.get_absolute_url()
    assert title_of(page(client, url)) == "Evening cup · Storekeep"

    rule_save(PageRule(kind=PageKind.PRODUCT, title_en="{name} by {brand} | {category}"))

    assert title_of(page(client, url)) == "Evening cup by Stillwater | Tea"
    assert title_of(page(client, chinese)) == "晚间杯 · Storekeep"
    assert heard
    assert rule_reset(kind=PageKind.PRODUCT)
    assert title_of(page(client, url)) == "Evening cup · Storekeep"


def test_what_somebody_wrote_for_one_page_wins_in_its_language_only(client, cup, tea):
    for row in (cup, tea):
        row.meta_title_en, row.meta_description_en = "Own words", "Own text of {shop}"
        row.save()

    for url, chinese in ((cup.get_absolute_url(), "晚间杯"), (tea.get_absolute_url(), "茶")):
        html = page(client, url)
        assert title_of(html) == "Own words"
        assert meta_of(html, "description") == "Own text of Storekeep"
        assert title_of(page(client, f"/zh-hans{url}")) == f"{chinese} · Storekeep"
        translation.activate("en")


def test_a_page_that_is_to_be_found_names_itself_and_its_other_language(client, cup, tea, settings):
    settings.PUBLIC_URL = "https://shop.example"
    listing_rebuild()
    paths = [
        "/",
        "/catalogue/",
        "/new/",
        "/brands/",
        "/brands/s/",
        "/delivery/",
        cup.get_absolute_url(),
        tea.get_absolute_url(),
    ]
    for path in paths:
        translation.activate("en")
        both = {"en": path, "zh-Hans": translate_url(path, "zh-hans")}
        assert both["zh-Hans"].startswith("/zh-hans/")
        for language, url in both.items():
            html = page(client, url, utm_source="x")
            assert canonical_of(html) == f"https://shop.example{url}"
            assert alternates_of(html) == {
                "en": f"https://shop.example{path}",
                "zh-Hans": f"https://shop.example{both['zh-Hans']}",
                "x-default": f"https://shop.example{path}",
            }
            assert re.search(r'<html lang="([^"]+)"', html)[1] == language
            assert meta_of(html, "og:url") == f"https://shop.example{url}"
            assert meta_of(html, "robots") is None
            assert meta_of(html, "description")


def test_the_request_does_not_decide_about_addresses(client, cup, settings):
    settings.PUBLIC_URL = "https://shop.example"
    settings.ALLOWED_HOSTS = ["*"]

    html = html_of(client.get(cup.get_absolute_url(), headers={"host": "evil.example"}))

    assert canonical_of(html).startswith("https://shop.example/")
    assert "evil.example" not in html


def test_pages_of_a_list_stand_for_themselves_and_narrowed_ones_are_left_out(client, tea):
    for _ in range(26):
        ProductFactory(categories=[tea])
    path = tea.get_absolute_url()

    second = page(client, path, page="2")
    sorted_ = page(client, path, sort="price", page="2")
    longer = page(client, path, per="48")
    narrowed = page(client, path, price="1-50")

    assert canonical_of(second).endswith(f"{path}?page=2")
    assert alternates_of(second)["zh-Hans"].endswith(f"/zh-hans{path}?page=2")
    assert title_of(second) == "Tea · Storekeep · page 2"
    for same in (sorted_, longer):
        assert canonical_of(same).endswith(path)
        assert meta_of(same, "robots") is None
    assert meta_of(narrowed, "robots") == "noindex, follow"
    assert canonical_of(narrowed) is None
    assert not alternates_of(narrowed)
    for html in (second, sorted_, longer, narrowed):
        assert 'rel="next"' not in html
        assert 'rel="prev"' not in html


@pytest.mark.parametrize(
    "url", ["/search/?q=cup", "/search/", "/basket/", "/compare/", "/recently-viewed/"]
)
def test_what_is_nobody_elses_business_is_not_to_be_found(client, cup, url):
    html = html_of(client.get(url, follow=True))

    assert "noindex" in meta_of(html, "robots")
    assert canonical_of(html) is None


def test_accounts_and_checkout_are_not_to_be_found(client, cup):
    client.force_login(UserFactory())
    client.post(f"/basket/add/{cup.pk}/", {"quantity": 1})
    for url in ("/accounts/", "/accounts/profile/", "/checkout/"):
        response = client.get(url, follow=True)
        assert response.status_code == 200
        assert "noindex" in meta_of(html_of(response), "robots")


def test_an_empty_list_is_not_to_be_found_but_an_empty_shelf_is(client, tea):
    assert meta_of(page(client, "/on-offer/"), "robots") == "noindex, follow"
    assert "noindex" not in page(client, tea.get_absolute_url())


@pytest.mark.parametrize("method", ["head", "get"])
def test_lists_answer_those_who_only_want_to_know_that_they_are_there(client, tea, method):
    for path in ("/catalogue/", "/new/", tea.get_absolute_url(), "/search/"):
        assert getattr(client, method)(path).status_code == 200
