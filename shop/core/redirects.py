"""Where a form may send its reader next."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def next_path(request: HttpRequest, wanted: str, fallback: str = "") -> str:
    """``wanted`` if it is a path of this shop, else ``fallback``.

    A path begins with a slash: Django's ``redirect`` takes other words for names of views, and
    fails when there is no such view.
    """
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else fallback
