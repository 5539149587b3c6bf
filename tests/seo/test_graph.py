"""Structured data: what schema.org and those who read it want is there, and it is what the page shows."""

import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facts.models import Brand
from catalog.facts.services import product_brand_set
from catalog.listing.services import listing_rebuild
from catalog.opinions.models import Answer, Question, State
from catalog.reviews.models import ProductReview
from catalog.seo.graph import graph_script
from catalog.seo.product_graph import gtin_of
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from tests.factories import (
    CategoryFactory,
    ProductFactory,
    StockRecordFactory,
    UserFactory,
    option_attribute,
    option_set,
    product_with_variants,
)
from tests.seo.support import graph_of, has_node, html_of, node_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]

SCHEMA = "https://schema.org/"
#: What Google wants of each kind before it shows anything, and what schema.org calls a value.
REQUIRED = {
    "Product": {"name", "offers"},
    "ProductGroup": {"name", "hasVariant", "productGroupID"},
    "Offer": {"price", "priceCurrency", "availability", "url", "itemCondition"},
    "AggregateRating": {"ratingValue", "reviewCount", "bestRating", "worstRating"},
    "Review": {"author", "reviewRating", "datePublished"},
    "Rating": {"ratingValue"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "OnlineStore": {"name", "url", "logo"},
    "FAQPage": {"mainEntity"},
    "QAPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "Brand": {"name"},
    "OfferShippingDetails": {"shippingRate", "shippingDestination", "deliveryTime"},
    "MonetaryAmount": {"value", "currency"},
    "DefinedRegion": {"addressCountry"},
    "ShippingDeliveryTime": {"handlingTime", "transitTime"},
    "QuantitativeValue": {"minValue", "maxValue", "unitCode"},
    "Person": {"name"},
    "Organization": {"name"},
    "EntryPoint": {"urlTemplate"},
}


def check(node, ids: set[str]) -> None:
    """Every node has what its kind needs, nothing is empty, and every reference leads somewhere."""
    if isinstance(node, list):
        assert node
        for one in node:
            check(one, ids)
    elif isinstance(node, dict):
        if node.keys() == {"@id"}:
            assert node["@id"] in ids or node["@id"].endswith("#shop")
            return
        missing = REQUIRED[node["@type"]] - node.keys()
        assert not missing, (node["@type"], missing)
        for name, value in node.items():
            assert value not in ("", None), name
            check(value, ids)
            if name in {"url", "item", "image", "logo"} and isinstance(value, str):
                assert value.startswith("http"), (name, value)


def checked(html: str) -> list[dict]:
    graph = graph_of(html)
    check(graph, {node["@id"] for node in graph if "@id" in node})
    return graph


def reviewed(product, score=4, body="Keeps warm.", name="Mei"):
    return ProductReview.objects.create(
        product=product, score=score, title="Good", body=body, name=name, status=State.APPROVED
    )


def asked(product, *answers: tuple[str, bool]):
    question = Question.objects.create(
        product=product, text="Dishwasher?", name="Lin", language="en", state=State.APPROVED
    )
    for text, is_shop in answers:
        Answer.objects.create(
            question=question,
            text=text,
            name="" if is_shop else "Ann",
            language="en",
            is_shop=is_shop,
            state=State.APPROVED,
        )
    return question


def test_a_product_is_told_in_full(client):
    tea = CategoryFactory(name="Tea", slug="tea")
    product = ProductFactory(
        title="Cup", description_en="For tea.", upc="4006381333931", price=None, categories=[tea]
    )
    StockRecordFactory(product=product, partner_sku="CUP-1", price=Decimal("12.50"))
    product_brand_set(product=product, brand=Brand.objects.create(name="Stillwater", slug="s"))
    reviewed(product, 5)
    reviewed(product, 4)

    html = html_of(client.get(product.get_absolute_url()))

    checked(html)
    node = node_of(html, "Product")
    assert node["sku"] == "CUP-1"
    assert node["gtin"] == "4006381333931"
    assert node["brand"]["name"] == "Stillwater"
    assert node["description"] == "For tea."
    assert node["offers"]["price"] == "12.50"
    assert node["offers"]["priceCurrency"] == "EUR"
    assert node["offers"]["availability"] == f"{SCHEMA}InStock"
    assert "priceValidUntil" not in node["offers"]
    assert node["aggregateRating"]["ratingValue"] == "4.5"
    assert node["aggregateRating"]["reviewCount"] == 2
    assert [one["reviewBody"] for one in node["review"]] == ["Keeps warm."] * 2
    names = [step["name"] for step in node_of(html, "BreadcrumbList")["itemListElement"]]
    assert names == ["Home", "Tea", "Cup"]


def test_nobody_made_up_a_rating_a_number_or_a_question(client):
    html = html_of(client.get(ProductFactory(upc="123").get_absolute_url()))

    node = node_of(html, "Product")
    assert not {"aggregateRating", "review", "gtin", "brand"} & node.keys()
    assert not has_node(html, "FAQPage")


def test_what_is_sold_out_or_not_for_sale_is_said_so(client):
    gone = node_of(html_of(client.get(ProductFactory(stock=0).get_absolute_url())), "Product")
    never = node_of(html_of(client.get(ProductFactory(price=None).get_absolute_url())), "Product")

    assert gone["offers"]["availability"] == f"{SCHEMA}OutOfStock"
    assert "offers" not in never


def test_a_family_is_told_by_its_variants(client):
    family = product_with_variants(title="Shirt", colours={"sage": 1, "ink": 0}, price="20.00")

    html = html_of(client.get(family.get_absolute_url()))

    checked(html)
    group = node_of(html, "ProductGroup")
    assert group["variesBy"] == [f"{SCHEMA}color"]
    sage, ink = group["hasVariant"]
    assert (sage["name"], sage["color"]) == ("Shirt, Sage", "Sage")
    assert sage["offers"]["availability"] == f"{SCHEMA}InStock"
    assert ink["offers"]["availability"] == f"{SCHEMA}OutOfStock"
    assert sage["offers"]["url"].endswith(
        f"?variant={min(family.children.values_list('pk', flat=True))}"
    )


def reduce_by(percent: int, product) -> ConditionalOffer:
    everything = Range.objects.create(name="Some")
    everything.add_product(product)
    return ConditionalOffer.objects.create(
        name="Less",
        slug="less",
        offer_type=ConditionalOffer.SITE,
        end_datetime=timezone.now() + timezone.timedelta(days=3),
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(
            range=everything, type=Benefit.PERCENTAGE, value=Decimal(percent)
        ),
    )


@pytest.mark.parametrize("percent", [0, 20])
def test_the_price_is_the_one_on_the_page_and_in_the_basket(client, percent):
    colour = option_attribute("colour")
    family = ProductFactory(structure="parent", price=None)
    for tone, price in {"sage": "20.00", "ink": "33.35"}.items():
        child = ProductFactory(
            structure="child", parent=family, product_class=None, price=price, stock=3
        )
        option_set(child, colour, tone)
    if percent:
        reduce_by(percent, family)

    for child in family.children.all():
        page = client.get(family.get_absolute_url(), {"variant": child.pk})
        html = html_of(page)
        (offer,) = [
            one["offers"]
            for one in node_of(html, "ProductGroup")["hasVariant"]
            if one["offers"]["url"].endswith(f"={child.pk}")
        ]
        shown = re.search(r"\d+\.\d\d", page.context["page"].price)[0]
        assert offer["price"] == shown
        assert f"€{shown}" in html
        client.post(f"/basket/add/{family.pk}/", {"quantity": 1, "child_id": child.pk})
        basket = client.get("/basket/").context["basket"]
        assert basket.total_incl_tax == Decimal(offer["price"])
        assert ("priceValidUntil" in offer) is bool(percent)
        basket.flush()


def test_parcels_say_what_they_cost_at_home(client):
    cheap, dear = (
        html_of(client.get(ProductFactory(price=price).get_absolute_url()))
        for price in ("10.00", "500.00")
    )

    assert node_of(dear, "OfferShippingDetails")["shippingRate"]["value"] == "0"
    rate = node_of(cheap, "OfferShippingDetails")["shippingRate"]
    assert Decimal(rate["value"]) > 0
    assert node_of(cheap, "Product")["offers"]["shippingDetails"] == {
        "@id": node_of(cheap, "OfferShippingDetails")["@id"]
    }


def test_the_shop_tells_who_it_is_and_how_to_search_it(client):
    html = html_of(client.get("/zh-hans/"))

    checked(html)
    site = node_of(html, "WebSite")
    assert site["inLanguage"] == "zh-Hans"
    template = site["potentialAction"]["target"]["urlTemplate"]
    assert template.endswith("/zh-hans/search/?q={search_term_string}")
    assert node_of(html, "OnlineStore")["name"] == "Storekeep"


def test_a_list_names_its_products_in_their_order_and_goes_on_counting(client):
    tea = CategoryFactory(name="Tea", slug="tea")
    for _ in range(26):
        ProductFactory(categories=[tea])

    page = client.get(tea.get_absolute_url(), {"page": "2"})

    checked(html_of(page))
    items = node_of(html_of(page), "ItemList")["itemListElement"]
    assert [one["position"] for one in items] == [25, 26]
    assert [one["name"] for one in items] == [card.name for card in page.context["cards"]]
    assert all(one.keys() == {"@type", "position", "name", "url"} for one in items)


def test_questions_are_told_by_who_answered_them(client):
    product = ProductFactory()
    by_shop = asked(product, ("Yes, up to 60 degrees.", True), ("It is.", False))
    by_buyer = asked(product, ("I do it all the time.", False))

    html = html_of(client.get(product.get_absolute_url()))
    path = f"/catalogue/{product.slug}_{product.pk}/questions/"
    pages = [html_of(client.get(f"{path}{one.pk}/")) for one in (by_shop, by_buyer)]

    checked(html)
    answers = [one["acceptedAnswer"]["text"] for one in node_of(html, "FAQPage")["mainEntity"]]
    assert answers == ["Yes, up to 60 degrees."]
    for one in pages:
        checked(one)
    question = node_of(pages[0], "QAPage")["mainEntity"]
    assert question["answerCount"] == 2
    assert question["acceptedAnswer"]["author"]["@type"] == "Organization"
    assert [one["text"] for one in question["suggestedAnswer"]] == ["It is."]


EVIL = '</script><script>alert("1")</script><!--\u2028&'


def test_nothing_that_people_write_leaves_the_script(client):
    product = ProductFactory(title=EVIL, description_en=EVIL)
    reviewed(product, body=EVIL, name=EVIL)
    asked(product, (EVIL, True))

    html = html_of(client.get(product.get_absolute_url()))

    assert "<script>alert" not in html
    assert node_of(html, "Product")["name"] == EVIL
    assert node_of(html, "Product")["review"][0]["author"]["name"] == EVIL


def test_the_script_is_plain_data():
    text = graph_script([{"@type": "Thing", "name": EVIL}])

    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["@graph"] == [{"@type": "Thing", "name": EVIL}]
    assert graph_script([{}]) == ""


@pytest.mark.parametrize(
    ("code", "gtin"),
    [
        ("4006381333931", "4006381333931"),
        ("4006381333932", ""),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        ("SKU-1", ""),
        ("１２３４５６７８", ""),
        (None, ""),
        ("", ""),
    ],
)
def test_a_number_is_a_gtin_when_its_last_digit_says_so(code, gtin):
    assert gtin_of(code) == gtin


def test_structured_data_costs_no_query(client, monkeypatch):
    tea = CategoryFactory(name="Tea", slug="tea")
    product = ProductFactory(categories=[tea])
    reviewed(product, UserFactory() and 4)
    listing_rebuild()
    for url in (product.get_absolute_url(), tea.get_absolute_url(), "/"):
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as with_head:
            client.get(url)
        monkeypatch.setattr("catalog.seo.head.graph_script", lambda nodes: "")
        with CaptureQueriesContext(connection) as without:
            client.get(url)
        monkeypatch.undo()
        assert len(with_head) == len(without)
        assert not [one for one in with_head if "seo_pagerule" in one["sql"]]
