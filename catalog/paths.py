"""Keys and queries of addresses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

KEY_DIGITS = 18  # what surely fits a bigint


def key_of(text: str) -> int:
    """A primary key from an address; 0, which no row has, for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) <= KEY_DIGITS else 0


def redirect_with_query(request: HttpRequest, there: str) -> HttpResponse:
    """To the one address of this page; what was asked for stays asked for."""
    query = request.META["QUERY_STRING"]
    mark = "&" if "?" in there else "?"
    return redirect(f"{there}{mark}{query}" if query else there, permanent=True)
