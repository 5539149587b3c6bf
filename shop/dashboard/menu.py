"""The side of the back office, with the work that waits behind each line."""

from functools import cache

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from oscar.apps.dashboard.nav import Node

from shop.core.office import may
from shop.dashboard.selectors import WorkCounts, counts_for


class CountedNode(Node):
    """A line of the side and how much waits behind it."""

    count = 0

    @property
    def url(self) -> str:
        return _address(self.url_name, get_language(), get_script_prefix())


def get_nodes(user) -> list[Node]:
    """What ``user`` may see, group by group; Oscar's template tag asks here."""
    counts = counts_for(user)
    nodes = []
    for entry in settings.OSCAR_DASHBOARD_NAVIGATION:
        if "children" not in entry:
            nodes += _links([entry], user, counts)
        elif children := _links(entry["children"], user, counts):
            group = Node(label=entry["label"])
            group.children = children
            nodes.append(group)
    return nodes


def _links(entries: list[dict], user, counts: WorkCounts) -> list[Node]:
    links = []
    for entry in entries:
        if may(user, entry["url_name"]):
            link = CountedNode(label=entry["label"], url_name=entry["url_name"])
            link.count = getattr(counts, entry["count"]) if entry["count"] else 0
            links.append(link)
    return links


@cache
def _address(url_name: str, language: str | None, prefix: str) -> str:
    """Fifty lines ask four times each on every page; the language and the prefix are part of it."""
    return reverse(url_name)
