"""Sessions are noted when somebody signs in, and forgotten when they sign out."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from crm.accounts.models import User
from crm.signin.services import session_forget, session_note


@receiver(user_logged_in, dispatch_uid="signin.noted")
def on_signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    session = getattr(request, "session", None)
    if request is not None and session is not None:
        agent = request.META.get("HTTP_USER_AGENT", "")
        session_note(user=user, session=session, agent=agent)


@receiver(user_logged_out, dispatch_uid="signin.forgotten")
def on_signed_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        session_forget(session.session_key)
