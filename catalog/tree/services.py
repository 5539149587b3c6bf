"""Changing the tree. Whoever moves says which tree was on the screen; late ones are told.

A category is found by its number, so old addresses lead to the new one by themselves. What shows or
counts categories follows its being saved: navigation, kept pages, list rows, search documents.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from treebeard.exceptions import PathOverflow

from catalog.models import Category
from catalog.tree.exceptions import MoveRefused, TreeChanged
from catalog.tree.locks import tree_lock
from catalog.tree.selectors import Node, Tree, tree_read
from shop.core.locks import retry_on_conflict

POSITIONS = {"before": "left", "after": "right", "inside": "last-child"}  # as treebeard says it
DEPTH_MOST = 8  # more is no menu any more, and an address that nobody can read


class Where(StrEnum):
    """Beside another category, or in it as its last."""

    BEFORE = "before"
    AFTER = "after"
    INSIDE = "inside"


class Step(StrEnum):
    """One place on: ``IN`` is below the one above it, ``OUT`` is behind its parent."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Moved:
    """Where it stands now. ``is_news``: it stood elsewhere before."""

    node: Node
    is_news: bool


@retry_on_conflict
def category_move(*, pk: int, where: Where, ref: int | None, seen: str) -> Moved:
    """Put a category with all below it before, after or last inside ``ref``; None: the top level.

    ``seen``: the stamp of the tree on the screen. Raises ``TreeChanged`` when it is another by now,
    ``MoveRefused`` for a place in itself or too deep.
    """
    tree_lock()
    tree = tree_read()
    node = _seen(tree, seen, pk)
    return _put(tree, node, where, None if ref is None else _seen(tree, seen, ref))


@retry_on_conflict
def category_step(*, pk: int, step: Step, seen: str) -> Moved:
    """One place up, down, in or out. At the end of the way nothing happens. Raises as above."""
    tree_lock()
    tree = tree_read()
    node = _seen(tree, seen, pk)
    before = node.siblings[node.place - 2] if node.place > 1 else None
    if step == Step.UP and before:
        return _put(tree, node, Where.BEFORE, before)
    if step == Step.IN and before:
        return _put(tree, node, Where.INSIDE, before)
    if step == Step.DOWN and not node.is_last:
        return _put(tree, node, Where.AFTER, node.siblings[node.place])
    if step == Step.OUT and node.parent:
        return _put(tree, node, Where.AFTER, node.parent)
    return Moved(node, is_news=False)


@retry_on_conflict
def category_save(*, category: Category, parent: Category | None = None) -> Category:
    """Write its words; a new one goes last below ``parent``. Where others moved it meanwhile, it stays.

    Raises ``MoveRefused`` when ``parent`` is gone or its branch is too deep.
    """
    tree_lock()
    if category.pk:
        category.refresh_from_db(fields=["path", "depth", "numchild"])
        category.save()
        return category
    if parent is None:
        return Category.objects.add_root(instance=category)
    parent = Category.objects.filter(pk=parent.pk).first()
    if parent is None:
        raise MoveRefused(_("The category it was to stand in is gone."))
    _depth_check(parent.depth + 1)
    return Category.objects.add_child(parent, instance=category)


@retry_on_conflict
def category_delete(*, pk: int) -> int:
    """It and all below it go; products stay. How many categories went; 0 when it was gone already."""
    tree_lock()
    tree = tree_read()
    node = tree.nodes.get(pk)
    if node is None:
        return 0
    branch = [one for one in tree.nodes.values() if one.stands_in(node)]
    node.category.delete()
    return len(branch)


def _seen(tree: Tree, seen: str, pk: int) -> Node:
    if tree.stamp != seen or pk not in tree.nodes:
        raise TreeChanged
    return tree.nodes[pk]


def _put(tree: Tree, node: Node, where: Where, ref: Node | None) -> Moved:
    if ref is not None and ref.stands_in(node):
        raise MoveRefused(_("A category cannot stand in itself or in what is below it."))
    deepest = max(one.category.depth for one in tree.nodes.values() if one.stands_in(node))
    top = ref.category.depth + (where == Where.INSIDE) if ref else 1
    _depth_check(deepest - node.category.depth + top)
    target = ref.category if ref else tree.roots[-1].category
    try:
        Category.objects.move(node.category, target, POSITIONS[where if ref else Where.AFTER])
    except PathOverflow as error:
        raise MoveRefused(_("There is no room for it here.")) from error
    after = tree_read()
    is_news = after.stamp != tree.stamp
    if is_news:
        after.nodes[node.pk].category.save()
    return Moved(after.nodes[node.pk], is_news)


def _depth_check(depth: int) -> None:
    if depth > DEPTH_MOST:
        raise MoveRefused(_("At most %(most)d levels.") % {"most": DEPTH_MOST})
