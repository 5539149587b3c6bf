"""Who of the team comes in and goes, and who tries to."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from shop.core.audit.models import Action
from shop.core.audit.services import entry_write
from shop.core.throttle import client_address


@receiver(user_logged_in, dispatch_uid="audit.in")
def on_signed_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    _note(Action.SIGN_IN, request, user)


@receiver(user_logged_out, dispatch_uid="audit.out")
def on_signed_out(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    _note(Action.SIGN_OUT, request, user)


@receiver(user_login_failed, dispatch_uid="audit.failed")
def on_failed(request: HttpRequest | None, credentials: dict[str, Any], **kwargs: Any) -> None:
    """At the door of the back office only: elsewhere an answer must not take longer for some."""
    if request is None or "/dashboard/" not in request.path:
        return
    email = str(credentials.get("email") or credentials.get("username") or "")
    tried = get_user_model().objects.filter(email__iexact=email, is_staff=True).first()
    entry_write(
        action=Action.SIGN_IN_FAILED,
        actor=None,
        place="login",
        address=client_address(request),
        label="accounts.user" if tried else "",
        key=tried.pk if tried else "",
        new={"is_known": tried is not None},
    )


def _note(action: Action, request: HttpRequest | None, user: Any) -> None:
    if request is not None and user is not None and user.is_staff:
        entry_write(
            action=action,
            actor=user.pk,
            place="login" if "/dashboard/" in request.path else "shop",
            address=client_address(request),
            label="accounts.user",
            key=user.pk,
        )
