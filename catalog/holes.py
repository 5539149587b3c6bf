"""Holes of the catalogue's own pages."""

from django.http import HttpRequest

from catalog.home import home_yours
from catalog.shortlist.cookies import RECENT
from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def home_yours_shown(request: HttpRequest | None) -> str:
    """Rows of the home page that are this visitor's own; empty for a stranger."""
    found = home_yours(request) if request is not None else {}
    return part_shown("catalog/_home_yours.html", request, **found) if found else ""


def register() -> None:
    hole_register(
        "home-yours", home_yours_shown, cookies=(RECENT.name,), is_members=True, is_packed=True
    )
