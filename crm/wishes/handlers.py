"""What a guest wished for is kept while they sign in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.wishes.services import wish_kept

WANTED = "wish_wanted"  # key in the session of a guest


@receiver(user_logged_in, dispatch_uid="wishes.kept")
def on_signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Signing in is a POST, so it may change something: the heart that was pressed before counts."""
    session = getattr(request, "session", None)
    wanted = session.pop(WANTED, None) if session is not None else None
    if not isinstance(wanted, int) or request is None:
        return
    if product := wish_kept(user=user, product_id=wanted):
        text = _("%(name)s is on your wish list.") % {"name": product.get_title()}
        messages.success(request, text, fail_silently=True)
