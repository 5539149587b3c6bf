"""No link breaks: what moved is found at its new place, in one step, and nothing is hijacked."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalog.facts.models import Brand
from catalog.moved.models import Redirect
from catalog.moved.services import path_leave, redirects_set
from catalog.moved.things import thing_register
from promotions.offer.models import Range
from tests.factories import CategoryFactory, ProductFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]


def moved_to(client, path: str, status: int = 301) -> str:
    response = client.get(path)
    assert response.status_code == status, (path, response.status_code)
    return response["Location"]


def renamed(thing, slug: str):
    thing.slug = slug
    thing.save()
    return thing


def test_a_brand_keeps_every_address_it_ever_had(client):
    brand = Brand.objects.create(name="Kiln", slug="kiln")

    for slug in ("kiln-and-co", "kiln-works"):
        renamed(brand, slug)

    assert moved_to(client, "/brands/kiln/") == "/brands/kiln-works/"
    assert moved_to(client, "/brands/kiln-and-co/") == "/brands/kiln-works/"
    assert moved_to(client, "/brands/kiln") == "/brands/kiln-works/"  # its slash costs no step
    assert client.get("/brands/kiln-works/").status_code == 200


def test_the_language_and_the_query_stay(client):
    renamed(Brand.objects.create(name="Kiln", slug="kiln"), "ofen")

    there = moved_to(client, "/zh-hans/brands/kiln/?utm_source=a%26b&page=2")

    assert there == "/zh-hans/brands/ofen/?utm_source=a%26b&page=2"


def test_who_takes_an_old_address_has_it(client):
    first = renamed(Brand.objects.create(name="One", slug="kiln"), "one")
    second = Brand.objects.create(name="Two", slug="kiln")
    assert client.get("/brands/kiln/").status_code == 200

    renamed(second, "two")

    assert moved_to(client, "/brands/kiln/") == "/brands/two/"
    renamed(first, "kiln")
    assert client.get("/brands/kiln/").status_code == 200


def test_there_and_back_is_no_circle(client):
    brand = renamed(Brand.objects.create(name="Kiln", slug="kiln"), "ofen")
    renamed(brand, "kiln")

    assert moved_to(client, "/brands/ofen/") == "/brands/kiln/"
    assert client.get("/brands/kiln/").status_code == 200
    assert Redirect.objects.count() == 1


def test_what_is_gone_is_gone(client):
    brand = renamed(Brand.objects.create(name="Kiln", slug="kiln"), "ofen")
    brand.delete()

    assert client.get("/brands/kiln/").status_code == 404


def test_a_collection_too_and_its_older_address(client):
    held = Range.objects.create(name="Tea", slug="tea", is_public=True)
    renamed(held, "all-tea")

    assert moved_to(client, "/collections/tea/") == "/collections/all-tea/"
    assert moved_to(client, "/catalogue/ranges/tea/?a=1") == "/collections/all-tea/?a=1"
    assert moved_to(client, "/catalogue/ranges/all-tea/?a=1") == "/collections/all-tea/?a=1"

    Range.objects.update(is_public=False)
    assert client.get("/collections/tea/").status_code == 404


def test_products_and_categories_are_found_by_their_number(client):
    kitchen = CategoryFactory(slug="kitchen")
    cups = CategoryFactory(slug="cups", parent=kitchen)
    product = ProductFactory(slug="cup", categories=[cups])
    old = [product.get_absolute_url(), cups.get_absolute_url()]

    renamed(product, "beaker")
    cups.refresh_from_db()
    cups.move(CategoryFactory(slug="table"), "first-child")
    cups.refresh_from_db()
    renamed(cups, "mugs")

    assert moved_to(client, f"{old[0]}?variant=1") == f"/catalogue/beaker_{product.pk}/?variant=1"
    assert moved_to(client, f"{old[1]}?page=2").endswith(f"/table/mugs_{cups.pk}/?page=2")
    assert moved_to(client, f"/zh-hans{old[0]}") == f"/zh-hans/catalogue/beaker_{product.pk}/"


def test_a_variants_own_address_leads_to_its_family_for_good(client):
    family = product_with_variants(colours={"sage": 1})
    child = family.children.get()

    there = moved_to(client, f"/catalogue/any_{child.pk}/?utm_source=a")

    assert there == f"{family.get_absolute_url()}?variant={child.pk}&utm_source=a"


def test_what_operators_wrote_is_one_step_however_many_it_is(client):
    renamed(Brand.objects.create(name="Kiln", slug="kiln"), "ofen")
    redirects_set(
        pairs={"/a/": "/b/?from=a", "/b/": "/c/", "/c/": "/brands/kiln/", "/x.php": "/new/"},
        user_id=None,
    )

    assert moved_to(client, "/a/?q=1") == "/brands/ofen/?q=1"
    assert moved_to(client, "/x.php?id=7") == "/new/?id=7"
    assert moved_to(client, "/zh-hans/c/") == "/zh-hans/brands/ofen/"


def test_a_circle_is_a_plain_404(client):
    Redirect.objects.create(old_path="/a/", new_path="/b/")
    Redirect.objects.create(old_path="/b/", new_path="/a/")

    assert client.get("/a/").status_code == 404


def test_a_page_that_is_there_is_never_led_away_from(client):
    brand = Brand.objects.create(name="Kiln", slug="kiln")
    redirects_set(pairs={"/brands/kiln/": "/new/", "/": "/new/"}, user_id=None)

    assert client.get("/brands/kiln/").status_code == 200
    assert client.get("/").status_code == 200
    brand.delete()
    assert moved_to(client, "/brands/kiln/") == "/new/"


def test_only_what_is_asked_for_by_reading_leads_on(client):
    redirects_set(pairs={"/a/": "/new/"}, user_id=None)

    assert client.post("/a/").status_code == 404
    assert client.head("/a/").status_code == 301


def test_the_database_keeps_out_what_leads_nowhere_or_to_itself():
    for fields in (
        {"old_path": "/a/"},
        {"old_path": "/a/", "new_path": "/a/"},
        {"old_path": "a/", "new_path": "/b/"},
        {"old_path": "/a/", "new_path": "/b/", "kind": "brand", "key": 1},
    ):
        with pytest.raises(IntegrityError, match="redirect_"), transaction.atomic():
            Redirect.objects.create(**fields)


def test_another_kind_joins_by_registering(client, monkeypatch):
    from catalog.moved import things

    monkeypatch.setattr(things, "_things", dict(things._things))
    thing_register("article", lambda keys: {key: f"/zh-hans/new/?article={key}" for key in keys})

    assert path_leave(kind="article", key=7, old="/journal/old/", new="/journal/new/")
    assert not path_leave(kind="article", key=7, old="/journal/new/", new="/journal/new/")

    assert moved_to(client, "/journal/old/") == "/new/?article=7"


def test_finding_where_it_leads_costs_two_questions(client, django_assert_num_queries):
    renamed(Brand.objects.create(name="Kiln", slug="kiln"), "ofen")
    client.get(reverse("home"))

    with django_assert_num_queries(3):  # the brand that is not there, the redirect, its thing
        client.get("/brands/kiln/")
