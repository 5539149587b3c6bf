"""Accounts: made and changed only by somebody who reads the e-mail."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction

from crm.accounts.models import User
from crm.signin.services import links_end
from orders.services.adopting import addresses_adopt, orders_adopt
from shop.core.events import AccountLinkAsked
from shop.core.mailing.services import choices_follow
from shop.core.outbox import emit

REGISTER_SALT = "crm.register"
EMAIL_SALT = "crm.email"
LINK_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True)
class EmailChange:
    """A signed wish: this user wants that e-mail, while the present one is still ``before``."""

    user_id: int
    before: str
    email: str


class EmailTaken(Exception):
    """Another account has this e-mail."""


@transaction.atomic
def account_link_ask(*, email: str, language: str, purpose: str, there: str = "") -> None:
    """Note the wish; a worker looks who it is, so the answer takes as long for everybody.

    ``there``: a path of this shop to go on to after signing in.
    """
    asked = AccountLinkAsked(email=email, language=language, purpose=purpose, there=there)
    emit(asked)


def register_token(email: str) -> str:
    return signing.dumps(email, salt=REGISTER_SALT)


def register_email(token: str) -> str:
    """Raises ``BadSignature`` for a link that is old or not ours."""
    return signing.loads(token, salt=REGISTER_SALT, max_age=LINK_SECONDS)


@transaction.atomic
def account_create(
    *, email: str, password: str, first_name: str, last_name: str, language: str
) -> User:
    """Make the account of a proved e-mail and give it the guest orders of that e-mail.

    Their addresses go into the address book. Without a ``password`` one signs in by links. Raises
    ``EmailTaken`` if the link was used before, or is being used at this moment.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken
    user = User(
        email=email,
        first_name=first_name,
        last_name=last_name,
        language=language,
    )
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    _save(user)
    orders_adopt(user=user)
    addresses_adopt(user=user)
    return user


def email_change_token(*, user: User, email: str) -> str:
    return signing.dumps([user.pk, user.email, email], salt=EMAIL_SALT)


def email_change_of(token: str) -> EmailChange:
    """Raises ``BadSignature`` for a link that is old or not ours."""
    return EmailChange(*signing.loads(token, salt=EMAIL_SALT, max_age=LINK_SECONDS))


@transaction.atomic
def email_change(*, change: EmailChange) -> User:
    """Raises ``EmailTaken``, also if the account's e-mail changed since the link was sent."""
    user = User.objects.filter(pk=change.user_id, email=change.before).first()
    others = User.objects.filter(email__iexact=change.email).exclude(pk=change.user_id)
    if user is None or others.exists():
        raise EmailTaken
    user.email = change.email
    _save(user, update_fields=["email"])
    choices_follow(before=change.before, now=change.email)
    links_end(user=user)
    return user


def _save(user: User, **how: Any) -> None:
    """Raises ``EmailTaken`` for the second of two who save one e-mail at once."""
    try:
        with transaction.atomic():
            user.save(**how)
    except IntegrityError as error:
        raise EmailTaken from error
