"""The heart beside a product, as this visitor sees it."""

from typing import Any

from django.http import HttpRequest

from crm.wishes.selectors import wished_ids
from shop.core.pagecache.holes import hole_register
from shop.core.visitor_holes import part_shown


def wish_button(request: HttpRequest | None, product_id: int) -> str:
    """One query per page for members, none for guests."""
    return part_shown(
        "wishes/_button.html",
        request,
        product_id=product_id,
        is_wished=product_id in _wished(request),
        next=request.get_full_path() if request is not None else "",
    )


def _wished(request: Any) -> set[int]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return set()
    if not hasattr(request, "wished_ids"):
        request.wished_ids = wished_ids(user)
    return request.wished_ids


def register() -> None:
    hole_register("wish", wish_button, is_members=True)
