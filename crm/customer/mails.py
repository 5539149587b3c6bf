"""Mails about the account."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language

from crm.accounts.models import User
from crm.customer.services import email_change_token, register_token
from crm.signin.services import LINK_LIVES, link_make
from shop.core.mail import mail_queue


def register_queue(*, email: str, language: str) -> None:
    """The link that makes the account."""
    url = _url("customer:register-finish", [register_token(email)], language)
    _queue("account_new", to=email, language=language, context={"url": url})


def sign_in_queue(*, user: User, language: str, there: str = "") -> None:
    """A link that signs in once, and then leads ``there``."""
    url = _url("customer:signin-by-link", [link_make(user=user)], language)
    if there:
        url += "?" + urlencode({"next": there})
    minutes = int(LINK_LIVES.total_seconds() // 60)
    context = {"url": url, "user": user, "minutes": minutes}
    _queue("account_signin", to=user.email, language=language, context=context)


def password_reset_queue(*, user: User, language: str, knew: bool) -> None:
    """A link to a new password. ``knew`` False: they wanted an account and have one already."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    url = _url("password-reset-confirm", [uid, token], language)
    context = {"url": url, "knew": knew, "user": user}
    _queue("account_password", to=user.email, language=language, context=context)


def password_changed_queue(user: User) -> None:
    language = _language_of(user)
    url = _url("password-reset", [], language)
    context = {"url": url, "user": user}
    _queue("account_password_changed", to=user.email, language=language, context=context)


def email_change_queue(*, user: User, email: str) -> None:
    """A link to the new address, and word of it to the old one."""
    language = _language_of(user)
    url = _url("customer:email-finish", [email_change_token(user=user, email=email)], language)
    _queue("account_email", to=email, language=language, context={"url": url, "user": user})
    warned = {"email": email, "user": user, "url": _url("password-reset", [], language)}
    _queue("account_email_warning", to=user.email, language=language, context=warned)


def _language_of(user: User) -> str:
    return user.language or get_language() or settings.LANGUAGE_CODE


def _url(name: str, args: list[str], language: str) -> str:
    with translation.override(language):
        return settings.PUBLIC_URL + reverse(name, args=args)


def _queue(kind: str, *, to: str, language: str, context: dict[str, Any]) -> None:
    stamp = timezone.now().strftime("%Y%m%d%H%M%S%f")
    mail_queue(
        key=f"{kind}:{stamp}", kind=kind, to=to, language=language, context=context, reference=""
    )
