"""The cookie by which a guest's shelf is found again."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from orders.keeping.models import Shelf

COOKIE = "aside"
SALT = "orders.aside"
YEAR = 365 * 24 * 60 * 60  # seconds


def shelf_id_of_cookie(request: HttpRequest) -> int | None:
    """None for no cookie and for one that is not ours."""
    value = request.COOKIES.get(COOKIE, "")
    if not value:
        return None
    try:
        return int(signing.Signer(salt=SALT).unsign(value))
    except (signing.BadSignature, ValueError):
        return None


def shelf_of_request(request: HttpRequest) -> Shelf | None:
    """The member's shelf, or the one that the cookie names. No query for a guest without a cookie."""
    if request.user.is_authenticated:
        return Shelf.objects.filter(owner=request.user.pk).first()
    pk = shelf_id_of_cookie(request)
    return Shelf.objects.filter(pk=pk, owner=None).first() if pk is not None else None


def shelf_remember(response: HttpResponse, shelf: Shelf) -> None:
    """Give a guest the cookie; members are found by who they are."""
    if shelf.owner_id is None:
        response.set_cookie(
            COOKIE,
            _signed(shelf),
            max_age=YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )


def shelf_expect(request: HttpRequest, shelf: Shelf) -> None:
    """What this request shows already comes from ``shelf``, before the browser knows its cookie."""
    request.COOKIES[COOKIE] = _signed(shelf)


def _signed(shelf: Shelf) -> str:
    return signing.Signer(salt=SALT).sign(shelf.pk)
