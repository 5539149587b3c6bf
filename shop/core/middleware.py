"""What stands before every page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponse]

PRIVATE = (
    "/dashboard/",
    "/basket/",
    "/checkout/",
    "/accounts/",
    "/orders/",
    "/payments/return/",
    "/wishlists/",
    "/alerts/",
)


class HealthMiddleware:
    """`/healthz`: the process answers. `/readyz`: and so does its database. Neither needs a host name."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return self._ready()
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (OperationalError, InterfaceError):
            connection.close()
            return JsonResponse({"status": "no database"}, status=503)
        return JsonResponse({"status": "ok"})


class PrivatePagesMiddleware:
    """Pages about a person or the business are never kept by browsers and proxies.

    Any other page of a visitor with a session may be kept by the browser, never by a proxy.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        languages = [code for code, _ in settings.LANGUAGES]
        self.prefixes = PRIVATE + tuple(f"/{code}{path}" for code in languages for path in PRIVATE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.prefixes):
            patch_cache_control(response, private=True, no_store=True)
        elif settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response:
            patch_cache_control(response, private=True)
        return response


class UnreadableInputMiddleware:
    """A NUL can be stored nowhere, so it is refused before anything reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a character that cannot be read.")
        if any("\0" in value for value in request.COOKIES.values()):  # written as \\000
            return HttpResponseBadRequest("A cookie holds a character that cannot be read.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        is_form = request.content_type in (
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        )
        if request.method == "POST" and is_form:
            values = (value for values in request.POST.lists() for value in (values[0], *values[1]))
            if any("\0" in value for value in values):
                return HttpResponseBadRequest("The form holds a character that cannot be read.")
        return None
