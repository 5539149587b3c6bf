"""The categories as one tree, for who sorts them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from catalog.models import Category, ProductCategory

STAMP_LENGTH = 16
INDENT = "\u2003"


@dataclass(eq=False, repr=False)
class Node:
    """A category in its place. ``place`` counts from 1 among the ``siblings`` below one parent."""

    category: Category
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)
    siblings: list["Node"] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.category.pk

    @property
    def label(self) -> str:
        """For a menu: moved in as deep as it stands."""
        return INDENT * (self.category.depth - 1) + self.category.name

    @property
    def other_language(self) -> str:
        return "en" if (get_language() or "").startswith("zh") else "zh-Hans"

    @property
    def other_name(self) -> str:
        """In the language that the reader does not read; empty when it has none or is the same."""
        one = self.category
        name = (one.name_en if self.other_language == "en" else one.name_zh_hans) or ""
        return "" if name == one.name else name

    @property
    def place(self) -> int:
        return self.siblings.index(self) + 1

    @property
    def is_last(self) -> bool:
        return self.siblings[-1] is self

    def stands_in(self, other: "Node") -> bool:
        """Whether it is ``other`` or somewhere below it."""
        return self.category.path.startswith(other.category.path)


class Tree:
    """All categories by key, each after its parent; ``roots`` in their order."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.roots: list[Node] = []
        self.nodes: dict[int, Node] = {}
        by_path: dict[str, Node] = {}
        for category in categories:
            parent = by_path.get(category.path[: -Category.steplen])
            siblings = parent.children if parent else self.roots
            node = Node(category, parent, siblings=siblings)
            siblings.append(node)
            self.nodes[category.pk] = by_path[category.path] = node
        self.stamp = _stamp([node.category for node in self.nodes.values()])

    def narrowed(self, text: str) -> set[int]:
        """Keys of those that bear ``text`` in a name of any language, and of all above them."""
        wanted, kept = text.casefold(), set()
        for node in self.nodes.values():
            names = (node.category.name_en, node.category.name_zh_hans)
            if any(wanted in (name or "").casefold() for name in names):
                above: Node | None = node
                while above is not None and above.pk not in kept:
                    kept.add(above.pk)
                    above = above.parent
        return kept


def tree_read() -> Tree:
    """One query."""
    return Tree(_categories())


def tree_with_products() -> Tree:
    """Categories know as ``products`` how many stand in them or below, each once. One query."""
    inside = (
        ProductCategory.objects.filter(category__path__startswith=OuterRef("path"))
        .order_by()
        .values(together=Value(1))
        .annotate(number=Count("product", distinct=True))
        .values("number")
    )
    number = Coalesce(Subquery(inside, output_field=IntegerField()), 0)
    return Tree(_categories().annotate(products=number))


def _categories() -> QuerySet[Category]:
    return Category.objects.order_by("path")


def _stamp(categories: Sequence[Category]) -> str:
    """Another one whenever something is added, gone or elsewhere; names do not count."""
    shape = ";".join(f"{one.pk}.{one.depth}" for one in categories)
    return sha256(shape.encode()).hexdigest()[:STAMP_LENGTH]
