"""The search index of stock Oscar, which its lists are read from too."""

from django.apps import apps
from haystack import connections


def index_fill(*, above: int) -> int:
    """Index the browsable products with keys above ``above``, as ``update_index`` does. How many."""
    product = apps.get_model("catalogue", "Product")
    index = connections["default"].get_unified_index().get_index(product)
    new = list(index.index_queryset().filter(pk__gt=above).order_by("pk"))
    connections["default"].get_backend().update(index, new)
    return len(new)
