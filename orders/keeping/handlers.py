"""Signing in is a POST, so it may change something: what a guest gathered becomes the member's."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core.signing import BadSignature, Signer
from django.db import OperationalError
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from orders.keeping.aside import shelves_merge
from orders.keeping.cookies import COOKIE, shelf_id_of_cookie
from orders.keeping.merging import baskets_merge, merged_words

logger = logging.getLogger(__name__)


@receiver(user_logged_in, dispatch_uid="keeping.merge")
def on_signed_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Merges basket and shelf and says what came. A busy database never stops a sign-in."""
    if request is None:
        return
    try:
        things_bring(request, user)
    except OperationalError:  # the next page tries again: the cookie is still there
        logger.warning("a basket was not merged at sign-in: the database was busy")


def things_bring(request: HttpRequest, user: Any) -> None:
    """What the cookies of this browser name is given to ``user``; the cookies go."""
    gone = request.__dict__.setdefault("cookies_to_delete", [])
    basket_id = basket_id_of_cookie(request)
    if basket_id is not None:
        merged = baskets_merge(owner=user, guest_basket_id=basket_id)
        gone.append(settings.OSCAR_BASKET_COOKIE_OPEN)
        if merged and (words := merged_words(merged)):
            messages.info(request, words, fail_silently=True)
    shelf_id = shelf_id_of_cookie(request)
    if shelf_id is not None:
        number = shelves_merge(owner=user, guest_shelf_id=shelf_id)
        gone.append(COOKIE)
        if number:
            words = ngettext(
                "%(number)d thing that you put aside is kept in your account now.",
                "%(number)d things that you put aside are kept in your account now.",
                number,
            )
            messages.info(request, words % {"number": number}, fail_silently=True)


def basket_id_of_cookie(request: HttpRequest) -> int | None:
    value = request.COOKIES.get(settings.OSCAR_BASKET_COOKIE_OPEN, "")
    if not value:
        return None
    try:
        return int(Signer().unsign(value))
    except (BadSignature, ValueError):
        return None
