"""What follows from a change of the content: the links at the foot of every page are read anew."""

from catalog.content.news import content_listen
from catalog.content.selectors import foot_links_forget


def on_content_changed(tags: frozenset[str]) -> None:
    """Everything may be linked there: pages by their titles, guides by being there at all."""
    foot_links_forget()


content_listen(on_content_changed)
