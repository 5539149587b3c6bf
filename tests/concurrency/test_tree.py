"""Many at the tree of categories at once: it stays whole, and nobody moves what he did not see."""

from functools import partial
from threading import Barrier
from typing import Any

import pytest

from catalog.models import Category
from catalog.tree.selectors import tree_read
from catalog.tree.services import Where, category_delete, category_move, category_save
from tests.concurrency.support import at_once, kinds
from tests.factories import CategoryFactory

pytestmark = pytest.mark.req("S5.04")


def test_of_many_moves_at_once_one_holds_and_the_tree_is_whole() -> None:
    roots = [CategoryFactory() for _ in range(3)]
    leaves = [CategoryFactory(parent=root) for root in roots for _ in range(2)]
    seen = tree_read().stamp

    outcomes = at_once(
        *(
            partial(category_move, pk=leaf.pk, where=Where.INSIDE, ref=leaves[at - 1].pk, seen=seen)
            for at, leaf in enumerate(leaves)
        )
    )

    assert kinds(outcomes) == {"Moved": 1, "TreeChanged": 5}
    assert Category.objects.find_problems() == ([], [], [], [], [])


def test_adding_renaming_deleting_and_moving_at_once_leave_a_whole_tree() -> None:
    roots = [CategoryFactory() for _ in range(4)]
    child = CategoryFactory(parent=roots[0])
    opened = Category.objects.get(pk=child.pk)

    def moved() -> None:
        category_move(pk=roots[0].pk, where=Where.INSIDE, ref=roots[3].pk, seen=tree_read().stamp)

    added = [
        partial(category_save, category=Category(name="New", slug=f"new-{at}"), parent=roots[0])
        for at in range(3)
    ]
    top = [partial(category_save, category=Category(name="Top", slug=f"t-{at}")) for at in range(2)]
    outcomes = at_once(
        *added,
        *top,
        partial(category_save, category=opened),
        partial(category_delete, pk=roots[1].pk),
        moved,
    )

    assert set(kinds(outcomes)) <= {"Category", "int", "NoneType", "TreeChanged"}
    assert kinds(outcomes)["Category"] == 6
    assert Category.objects.find_problems() == ([], [], [], [], [])
    assert Category.objects.count() == 9


def test_without_the_lock_two_new_departments_want_one_place(monkeypatch) -> None:
    CategoryFactory()
    manager, both_read = type(Category.objects), Barrier(2, timeout=20)
    read = manager.get_last_root_node

    def read_and_wait(self: Any) -> Any:
        last = read(self)
        both_read.wait()
        return last

    monkeypatch.setattr(manager, "get_last_root_node", read_and_wait)

    def add(slug: str) -> Category:
        return Category.objects.add_root(instance=Category(name=slug, slug=slug))

    outcomes = at_once(partial(add, "one"), partial(add, "two"))

    assert kinds(outcomes) == {"Category": 1, "IntegrityError": 1}
