"""What follows from a change of the content: what is kept of it is read anew."""

from catalog.content.news import content_listen
from catalog.content.selectors import kept_forget


def on_content_changed(tags: frozenset[str]) -> None:
    """The foot links to pages by their titles and to guides if there are any; the home page shows some."""
    kept_forget()


content_listen(on_content_changed)
