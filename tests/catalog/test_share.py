"""Showing a product to somebody: what a link says of itself, and a code that a phone reads."""

import pytest

from tests.factories import ProductFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.14")]


def test_a_link_says_what_it_leads_to(client, settings):
    product = ProductFactory(title="Cup & saucer", price="12.50", description_en="For tea.")

    html = client.get(product.get_absolute_url()).content.decode()

    for said in (
        '<meta property="og:title" content="Cup &amp; saucer">',
        f'<meta property="og:url" content="{settings.PUBLIC_URL}{product.get_absolute_url()}">',
        '<meta property="product:price:amount" content="12.50">',
        '<meta property="product:price:currency" content="EUR">',
        '<meta property="product:availability" content="in stock">',
        '<meta name="twitter:card" content="summary">',
    ):
        assert said in html


def test_channels_are_plain_links_and_load_nothing(client):
    html = client.get(ProductFactory().get_absolute_url()).content.decode()

    for start in ("mailto:?subject=", "https://wa.me/?text=", "https://service.weibo.com/share/"):
        assert f'href="{start}' in html
    assert 'src="http' not in html


def test_a_code_leads_to_the_chosen_variant_and_may_be_kept(client):
    family = product_with_variants(colours={"sage": 1})
    sage = family.children.get()
    page = client.get(family.get_absolute_url(), {"variant": sage.pk})

    code = client.get(page.context["share"].qr)

    assert f"variant={sage.pk}" in page.context["share"].qr
    assert code["Content-Type"] == "image/svg+xml"
    assert "public" in code["Cache-Control"]
    assert code.content.startswith(b"<svg")
    assert not code.cookies


@pytest.mark.parametrize("variant", ["x", "-1", "9" * 40, "<svg>", "\u202e"])
def test_what_is_no_variant_stays_out_of_the_code(client, variant):
    product = ProductFactory()

    plain = client.get(f"{product.get_absolute_url()}qr.svg")
    asked = client.get(f"{product.get_absolute_url()}qr.svg", {"variant": variant})

    assert asked.content == plain.content


def test_what_is_hidden_has_no_code(client):
    product = ProductFactory(is_public=False)

    assert client.get(f"{product.get_absolute_url()}qr.svg").status_code == 404
