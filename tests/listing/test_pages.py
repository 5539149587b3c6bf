"""The pages of lists over HTTP: filters, htmx, forms without scripts, and any nonsense in an address."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.facts.models import Brand, ProductFacts
from catalog.listing.models import CollectionText, ListedProduct
from catalog.listing.services import listing_rebuild
from promotions.offer.models import Range
from tests.factories import CategoryFactory, ProductFactory, UserFactory, product_with_variants

pytestmark = pytest.mark.django_db

NASTY = ["\x00", "9" * 400, "-1", "‮gnirts", "🫖", "' OR 1=1 --", "<script>", "%", "[]", "x" * 9000]
WORDS = ["q", "category", "price", "min", "max", "brand", "colour", "rating", "stock", "offer"]
WORDS += ["sort", "per", "page", "exact"]


@pytest.fixture
def category(db):
    return CategoryFactory(name="Tea", slug="tea")


@pytest.fixture
def brand(category):
    brand = Brand.objects.create(
        name_en="Stillwater", name_zh_hans="静屿", slug="stillwater", description_en="Made slowly."
    )
    product = product_with_variants(
        title="Pot", price="20", colours={"sage": 2, "ink": 2}, categories=[category]
    )
    ProductFacts.objects.create(product=product, brand=brand)
    ProductFactory(title="Hammer", price="9", categories=[CategoryFactory()])
    return brand


@pytest.fixture
def collection(brand):
    made = Range.objects.create(name="Rainy evening", slug="rainy-evening", is_public=True)
    CollectionText.objects.create(range=made, name_en="Rainy evening", name_zh_hans="下雨的晚上")
    for place, product in enumerate(ListedProduct.objects.order_by("pk"), start=1):
        made.add_product(product.product, display_order=place)
    return made


@pytest.mark.parametrize("word", WORDS)
def test_any_word_in_an_address_leads_to_a_page(client, brand, word):
    for value in NASTY:
        for path in ("/catalogue/", "/search/"):
            page = client.get(path, {word: value}, follow=True)
            assert page.status_code == (400 if "\x00" in value else 200), (word, value[:20])


@pytest.mark.req("S3.10")
def test_a_form_without_scripts_ends_at_the_short_address(client, brand):
    page = client.get(
        "/catalogue/?category=&min=10&max=50&colour=sage&rating=&sort=featured&per=24"
    )

    assert page.status_code == 302
    assert page["Location"] == "/catalogue/?colour=sage&price=10-50"


def test_htmx_gets_what_changes_and_the_address_to_remember(client, brand):
    page = client.get("/catalogue/?colour=sage&min=&max=", headers={"HX-Request": "true"})
    text = page.content.decode()

    assert page["HX-Push-Url"] == "/catalogue/?colour=sage"
    assert "HX-Request" in page["Vary"]
    assert 'id="listing-results"' in text
    assert 'id="listing-panel" hx-swap-oob="true"' in text
    assert "<html" not in text


def test_show_more_is_a_link_and_appends_with_htmx(client, category):
    for _number in range(30):
        ProductFactory(categories=[category])
    assert 'href="/catalogue/?page=2"' in client.get("/catalogue/").content.decode()

    headers = {"HX-Request": "true", "HX-Target": "div#listing-more"}
    page = client.get("/catalogue/?page=2", headers=headers)

    assert page["HX-Replace-Url"] == "/catalogue/?page=2"
    assert page.content.decode().count("<article") == 6
    assert 'hx-swap-oob="beforeend:#listing-cards"' in page.content.decode()


def test_an_empty_list_says_which_filter_to_take_away(client, brand):
    text = client.get("/catalogue/?colour=sage&price=500-").content.decode()

    assert "Nothing fits all of these" in text
    assert "1 thing" in text.split("Take one away")[1]


@pytest.mark.req("S3.10")
def test_a_brand_has_a_page_in_both_languages(client, brand):
    assert "Stillwater" in client.get("/brands/").content.decode()
    page = client.get("/brands/stillwater/")
    assert [card.name for card in page.context["cards"]] == ["Pot"]
    assert "Made slowly." in page.content.decode()
    assert "静屿" in client.get("/zh-hans/brands/stillwater/").content.decode()
    assert client.get("/brands/nobody/").status_code == 404


def test_a_collection_stands_in_the_order_of_the_hand(client, collection):
    page = client.get("/collections/rainy-evening/")

    first = collection.rangeproduct_set.order_by("display_order").first().product.title
    assert page.context["cards"][0].name == first
    assert page.context["listing"].total == 2
    assert "下雨的晚上" in client.get("/zh-hans/collections/").content.decode()


def test_a_range_that_is_not_public_has_no_page(client, collection):
    Range.objects.update(is_public=False)

    assert client.get("/collections/rainy-evening/").status_code == 404
    assert "Rainy" not in client.get("/collections/").content.decode()


def test_the_old_address_of_a_range_leads_to_its_collection(client, collection):
    page = client.get("/catalogue/ranges/rainy-evening/")

    assert (page.status_code, page["Location"]) == (301, "/collections/rainy-evening/")


@pytest.mark.parametrize("path", ["/new/", "/best-sellers/", "/on-offer/", "/brands/"])
def test_a_shop_without_anything_has_these_pages_too(client, db, path):
    assert client.get(path).status_code == 200


def test_new_is_never_empty_in_a_shop_that_sells(client, brand):
    ListedProduct.objects.update(listed_at="2020-01-01T00:00Z")

    assert client.get("/new/").context["listing"].total == 2


def clerk(client, *names: str):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)


def test_the_office_names_a_brand_in_both_languages(client, brand):
    clerk(client, "view_brand", "change_brand")
    address = reverse("dashboard:brand-update", kwargs={"pk": brand.pk})
    told = {
        "name_en": "Still & Water",
        "name_zh_hans": "静水",
        "slug": "",
        "description_en": "<script>x</script>Hm",
    }

    assert client.post(address, told).status_code == 302

    brand.refresh_from_db()
    assert (brand.name_en, brand.name_zh_hans) == ("Still & Water", "静水")
    assert brand.slug == "still-water"
    assert "script" not in brand.description_en


def test_a_brand_needs_a_name_and_an_address_of_its_own(client, brand):
    Brand.objects.create(name_en="Other", slug="other")
    clerk(client, "view_brand", "change_brand")
    address = reverse("dashboard:brand-update", kwargs={"pk": brand.pk})

    assert client.post(address, {"name_en": "", "slug": "x"}).status_code == 422
    assert client.post(address, {"name_en": "A", "slug": "other"}).status_code == 422


def test_a_brand_that_goes_leaves_its_products(client, brand):
    clerk(client, "view_brand", "delete_brand")

    client.post(reverse("dashboard:brand-delete", kwargs={"pk": brand.pk}))

    assert not Brand.objects.exists()
    assert ListedProduct.objects.filter(brand=None).count() == 2


def test_who_may_only_look_cannot_change_a_brand(client, brand):
    clerk(client, "view_brand")
    address = reverse("dashboard:brand-update", kwargs={"pk": brand.pk})

    assert client.get(reverse("dashboard:brand-list")).status_code == 200
    assert client.post(address, {"name_en": "Mine"}).status_code == 403


def test_the_office_writes_the_texts_of_a_collection(client, collection):
    clerk(client, "view_range", "change_range")
    address = reverse("dashboard:collection-update", kwargs={"pk": collection.pk})

    assert client.post(address, {"name_en": "Wet days", "name_zh_hans": "雨天"}).status_code == 302

    collection.refresh_from_db()
    assert collection.collection.name_en == "Wet days"
    assert collection.is_public is False  # the box was not ticked


def test_lists_are_rebuilt_from_nothing(brand):
    ListedProduct.objects.all().delete()

    assert listing_rebuild() == 2
    assert ListedProduct.objects.count() == 2
