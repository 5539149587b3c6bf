"""One masked CSRF token for all forms of a page.

Django masks the visitor's secret anew for each form. The mask is there so that two pages are never the same where
the token stands; inside one page the same token may stand in every form.
"""

import os

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

KEPT = "_token_masked"
LETTERS = len(CSRF_ALLOWED_CHARS)
FAIR = 256 - 256 % LETTERS  # bytes from here on would make some letters likelier than others
PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}


def token_of(request: HttpRequest) -> str:
    """`get_token`, masked once in a request; again where the secret was changed meanwhile, at sign-in."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        get_token(request)  # makes one
        secret = request.META["CSRF_COOKIE"]
    of, token = getattr(request, KEPT, (None, ""))
    if of != secret:
        token = masked(secret)
        setattr(request, KEPT, (secret, token))
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True  # its time begins anew
    return token


def masked(secret: str) -> str:
    """What `get_token` makes of a secret: a random mask, and the secret moved by it, letter by letter."""
    mask: list[int] = []
    while len(mask) < CSRF_SECRET_LENGTH:
        mask += [byte % LETTERS for byte in os.urandom(2 * CSRF_SECRET_LENGTH) if byte < FAIR]
    del mask[CSRF_SECRET_LENGTH:]
    moved = [(PLACES[letter] + shift) % LETTERS for letter, shift in zip(secret, mask, strict=True)]
    return "".join([CSRF_ALLOWED_CHARS[place] for place in mask + moved])
