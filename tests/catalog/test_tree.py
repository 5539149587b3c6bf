"""The tree of categories: what a move changes, what it refuses, what follows it."""

import pytest
from django.test import Client

from catalog.listing.models import ListedProduct
from catalog.listing.tasks import listing_mend
from catalog.models import Category
from catalog.tree.exceptions import MoveRefused, TreeChanged
from catalog.tree.selectors import Node, tree_read, tree_with_products
from catalog.tree.services import (
    DEPTH_MOST,
    Step,
    Where,
    category_delete,
    category_move,
    category_save,
    category_step,
)
from tests.factories import CategoryFactory, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.04")]


@pytest.fixture
def shelves() -> dict[str, int]:
    """Kitchen with cups and pots, and in pots lids; garden. Keys by slug."""
    kitchen = CategoryFactory(slug="kitchen")
    cups, pots = (CategoryFactory(slug=slug, parent=kitchen) for slug in ("cups", "pots"))
    lids = CategoryFactory(slug="lids", parent=pots)
    garden = CategoryFactory(slug="garden")
    return {one.slug: one.pk for one in (kitchen, cups, pots, lids, garden)}


def drawn() -> str:
    """The tree in one line, and nothing in it that treebeard would find broken."""
    assert Category.objects.find_problems() == ([], [], [], [], [])

    def branch(nodes: list[Node]) -> str:
        below = [f"({branch(node.children)})" if node.children else "" for node in nodes]
        pairs = zip(nodes, below, strict=True)
        return " ".join(f"{node.category.slug}{rest}" for node, rest in pairs)

    return branch(tree_read().roots)


def move(pk: int, where: Where, ref: int | None) -> bool:
    return category_move(pk=pk, where=where, ref=ref, seen=tree_read().stamp).is_news


def test_a_branch_goes_before_behind_and_into_another_and_to_the_top(shelves) -> None:
    assert drawn() == "kitchen(cups pots(lids)) garden"

    assert move(shelves["pots"], Where.BEFORE, shelves["cups"])
    assert drawn() == "kitchen(pots(lids) cups) garden"
    assert move(shelves["pots"], Where.INSIDE, shelves["garden"])
    assert drawn() == "kitchen(cups) garden(pots(lids))"
    assert move(shelves["garden"], Where.AFTER, shelves["cups"])
    assert drawn() == "kitchen(cups garden(pots(lids)))"
    assert move(shelves["pots"], Where.INSIDE, None)
    assert drawn() == "kitchen(cups garden) pots(lids)"
    assert not move(shelves["pots"], Where.INSIDE, None)
    assert not move(shelves["cups"], Where.BEFORE, shelves["garden"])


def test_steps_go_one_place_on_and_end_at_the_end(shelves) -> None:
    def step(slug: str, step: Step) -> str:
        category_step(pk=shelves[slug], step=step, seen=tree_read().stamp)
        return drawn()

    assert step("pots", Step.UP) == "kitchen(pots(lids) cups) garden"
    assert step("pots", Step.UP) == "kitchen(pots(lids) cups) garden"
    assert step("cups", Step.IN) == "kitchen(pots(lids cups)) garden"
    assert step("lids", Step.DOWN) == "kitchen(pots(cups lids)) garden"
    assert step("pots", Step.OUT) == "kitchen pots(cups lids) garden"
    assert step("pots", Step.OUT) == "kitchen pots(cups lids) garden"


def test_what_cannot_be_is_refused_and_nothing_moves(shelves) -> None:
    before = drawn()

    for ref in ("kitchen", "lids"):
        with pytest.raises(MoveRefused, match="in itself"):
            move(shelves["kitchen"], Where.INSIDE, shelves[ref])
    with pytest.raises(TreeChanged):
        category_move(pk=shelves["cups"], where=Where.INSIDE, ref=None, seen="another")
    with pytest.raises(TreeChanged):
        move(10**9, Where.INSIDE, None)
    parent = None
    for _ in range(DEPTH_MOST - 1):
        parent = category_save(category=Category(name="deep", slug="deep"), parent=parent)
    before = drawn()
    with pytest.raises(MoveRefused, match="levels"):
        move(shelves["pots"], Where.INSIDE, parent.pk)

    assert drawn() == before


def test_everything_follows_a_move(shelves, client: Client, django_capture_on_commit_callbacks):
    product = ProductFactory(categories=[Category.objects.get(slug="lids")])
    old = Category.objects.get(slug="lids").get_absolute_url()
    assert ListedProduct.objects.get(pk=product.pk).category_ids == sorted(
        shelves[slug] for slug in ("kitchen", "pots", "lids")
    )

    with django_capture_on_commit_callbacks(execute=True):
        Category.objects.filter(slug="garden").update(is_public=False)
        move(shelves["pots"], Where.INSIDE, shelves["garden"])
    listing_mend()

    assert not Category.objects.get(slug="lids").ancestors_are_public
    assert client.get(old).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        move(shelves["pots"], Where.BEFORE, shelves["kitchen"])
    listing_mend()
    lids = Category.objects.get(slug="lids")
    assert lids.ancestors_are_public
    assert ListedProduct.objects.get(pk=product.pk).category_ids == sorted(
        shelves[slug] for slug in ("pots", "lids")
    )
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (
        301,
        f"/catalogue/category/pots/lids_{lids.pk}/",
    )


def test_words_saved_late_do_not_move_it_back(shelves) -> None:
    opened = Category.objects.get(slug="cups")
    move(shelves["cups"], Where.INSIDE, shelves["garden"])

    opened.name_en = "Mugs"
    category_save(category=opened)

    assert drawn() == "kitchen(pots(lids)) garden(cups)"
    assert Category.objects.get(slug="cups").name_en == "Mugs"


def test_a_category_goes_with_all_below_it_and_products_stay(shelves) -> None:
    product = ProductFactory(categories=[Category.objects.get(slug="lids")])

    assert category_delete(pk=shelves["pots"]) == 2
    assert category_delete(pk=shelves["pots"]) == 0

    assert drawn() == "kitchen(cups) garden"
    product.refresh_from_db()
    assert list(product.categories.all()) == []


def test_products_are_counted_once_in_each_branch(shelves, django_assert_num_queries) -> None:
    cups, lids = (Category.objects.get(slug=slug) for slug in ("cups", "lids"))
    ProductFactory(categories=[cups, lids])
    ProductFactory(categories=[lids])

    with django_assert_num_queries(1):
        nodes = tree_with_products().nodes

    counts = {slug: nodes[pk].category.products for slug, pk in shelves.items()}
    assert counts == {"kitchen": 2, "cups": 1, "pots": 2, "lids": 2, "garden": 0}
