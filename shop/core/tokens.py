"""One masked CSRF token for all forms of a page.

Django masks the visitor's secret anew for each form. The mask is there so that two pages are never the same where
the token stands; inside one page the same token may stand in every form.
"""

from django.http import HttpRequest
from django.middleware.csrf import get_token

KEPT = "_token_masked"


def token_of(request: HttpRequest) -> str:
    """`get_token`, masked once in a request; again where the secret was changed meanwhile, at sign-in."""
    secret, token = getattr(request, KEPT, ("", ""))
    if not secret or request.META.get("CSRF_COOKIE") != secret:
        token = get_token(request)
        setattr(request, KEPT, (request.META["CSRF_COOKIE"], token))
    return token
