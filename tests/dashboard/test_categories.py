"""The tree of categories on the desk: moved with and without scripts, by who may, and never blindly."""

import re

import pytest
from django.urls import reverse

from catalog.models import Category
from tests.factories import CategoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.04")]
LIST = "/dashboard/catalogue/categories/"
MOVE = f"{LIST}move/"
ROLE = "Product manager"


@pytest.fixture
def shelves() -> tuple[Category, Category, Category]:
    kitchen = CategoryFactory(slug="kitchen", name_en="Kitchen", name_zh_hans="厨房")
    cups = CategoryFactory(slug="cups", name_en="Cups <b>", parent=kitchen)
    return kitchen, cups, CategoryFactory(slug="garden", name_en="Garden", is_public=False)


def seen_on(client) -> str:
    return re.search(r'name="seen" value="(\w+)"', client.get(LIST).content.decode())[1]


def order() -> list[tuple[str, int]]:
    return list(Category.objects.order_by("path").values_list("slug", "depth"))


def test_the_page_says_what_each_category_is(office, shelves) -> None:
    kitchen, cups, garden = shelves

    page = office(ROLE).get(LIST).content.decode()

    assert page.index("Kitchen") < page.index("Cups &lt;b&gt;") < page.index("Garden")
    row = {one: page.split(f'id="category-{one.pk}"')[1].split("<li")[0] for one in shelves}
    assert 'lang="zh-Hans">厨房' in row[kitchen]
    assert "No Chinese" not in row[kitchen]
    assert "No Chinese" in row[cups]
    assert "Hidden" in row[garden]
    assert "Hidden" not in row[kitchen]


def test_a_tree_is_searched_in_either_language_with_what_is_above(office, shelves) -> None:
    client = office(ROLE)

    found = client.get(LIST, {"q": "CUPS"}).content.decode()
    assert [one in found for one in ("Kitchen</a>", "Cups &lt;b&gt;</a>", "Garden</a>")] == [
        True,
        True,
        False,
    ]
    assert "Kitchen</a>" in client.get(LIST, {"q": "厨"}).content.decode()
    assert "Nothing found" in client.get(LIST, {"q": "nothing % such"}).content.decode()


def test_without_scripts_a_move_leads_back_to_the_row(office, shelves) -> None:
    kitchen, cups, garden = shelves
    client = office(ROLE)
    form = client.get(LIST, {"move": cups.pk}).content.decode()
    choices = re.search(r'<select name="ref".*?</select>', form, re.DOTALL)[0]
    assert re.findall(r'value="(\d*)"', choices) == ["", str(kitchen.pk), str(garden.pk)]

    told = {"item": cups.pk, "where": "inside", "ref": garden.pk, "seen": seen_on(client)}
    answer = client.post(MOVE, told)

    assert answer["Location"].endswith(f"{LIST}#category-{cups.pk}")
    assert order() == [("kitchen", 1), ("garden", 1), ("cups", 2)]
    assert "stands in “Garden”, place 1 of 1" in client.get(LIST).content.decode()
    client.post(MOVE, {"step": f"up-{garden.pk}", "seen": seen_on(client)})
    assert order() == [("garden", 1), ("cups", 2), ("kitchen", 1)]


def test_a_fresh_tree_comes_back_and_is_announced(office, shelves) -> None:
    _kitchen, cups, _garden = shelves
    client = office(ROLE)

    told = {"step": f"out-{cups.pk}", "seen": seen_on(client), "q": "cups"}
    answer = client.post(MOVE, told, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "stands at the top, place 2 of 3" in page.split("hx-swap-oob")[1].split("<section")[0]
    assert "Garden</a>" not in page  # still narrowed


def test_an_old_page_is_told_and_moves_nothing(office, shelves) -> None:
    kitchen, cups, garden = shelves
    client = office(ROLE)
    seen = seen_on(client)
    CategoryFactory(slug="new")
    before = order()

    told = {"item": cups.pk, "where": "after", "ref": garden.pk, "seen": seen}
    late = client.post(MOVE, told, headers={"HX-Request": "true"})
    plain = client.post(MOVE, told)
    fresh = {"seen": seen_on(client)}
    itself = client.post(MOVE, fresh | {"item": kitchen.pk, "where": "inside", "ref": cups.pk})
    nonsense = [
        client.post(MOVE, fresh | told).status_code
        for told in (
            {},
            {"step": "sideways-1"},
            {"where": "before", "item": cups.pk},
            {"where": "inside", "item": "9" * 40, "ref": "x"},
        )
    ]

    assert (late.status_code, plain.status_code, itself.status_code) == (409, 409, 422)
    assert "Somebody changed the tree meanwhile" in late.content.decode()
    assert "cannot stand in itself" in itself.content.decode()
    assert nonsense == [422, 422, 422, 409]
    assert order() == before


def test_a_new_category_begins_where_it_was_asked_for(office, shelves) -> None:
    kitchen, cups, _garden = shelves
    client = office(ROLE)
    address = reverse("dashboard:catalogue-category-create-child", kwargs={"parent": kitchen.pk})
    page = client.get(address).content.decode()
    assert f'<option value="{kitchen.pk}" selected>' in page

    client.post(address, {"name_en": "Pots", "parent": kitchen.pk, "is_public": "on"})

    pots = Category.objects.get(slug="pots")
    assert order() == [("kitchen", 1), ("cups", 2), ("pots", 2), ("garden", 1)]
    page = client.get(reverse("dashboard:catalogue-category-delete", kwargs={"pk": kitchen.pk}))
    assert "2 categories below it go as well" in page.content.decode()
    client.post(reverse("dashboard:catalogue-category-delete", kwargs={"pk": pots.pk}))
    assert order() == [("kitchen", 1), ("cups", 2), ("garden", 1)]
    assert cups.pk != pots.pk


def test_the_tree_takes_as_many_queries_with_many_branches(
    office, shelves, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    client = office(ROLE)
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST)
    for root in range(5):
        CategoryFactory(parent=CategoryFactory(slug=f"root-{root}"))

    with django_assert_num_queries(len(few)):
        client.get(LIST)
