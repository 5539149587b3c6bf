"""What pages show of a visitor's comparison. The cookie tells; no query is asked."""

from django.http import HttpRequest

from catalog.shortlist.cookies import COMPARED, recent_remember
from shop.core.fragments import fragment
from shop.core.pagecache import visits_register
from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def _compared(request: HttpRequest | None) -> list[int]:
    return COMPARED.read(request) if request is not None else []


def compare_button(request: HttpRequest | None, family_id: int) -> str:
    return part_shown(
        "shortlist/_compare_button.html",
        request,
        product_id=family_id,
        is_compared=family_id in _compared(request),
        next=request.get_full_path() if request is not None else "",
    )


def compare_link(request: HttpRequest | None) -> str:
    """For the head of every page; shown once there is something in it."""
    values = {"count": len(_compared(request)), "oob": False}
    return fragment("shortlist/_compare_link.html", values)


def register() -> None:
    hole_register("compare", compare_button, cookies=(COMPARED.name,))
    hole_register("compare-link", compare_link, cookies=(COMPARED.name,))
    visits_register("product-seen", recent_remember)
