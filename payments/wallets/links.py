"""The page of a gift card: whoever has the link has the card, so it is signed."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from payments.wallets.models import GiftCard

SALT = "payments.wallets.link"


def card_token(card: GiftCard) -> str:
    return signing.Signer(salt=SALT).sign(str(card.pk))


def card_id_of(token: str) -> int:
    """Raises ``BadSignature`` for anything that is not ours."""
    return int(signing.Signer(salt=SALT).unsign(token))


def card_path(card: GiftCard) -> str:
    return reverse("gift-cards:card", args=[card_token(card)])


def card_url(card: GiftCard) -> str:
    """Absolute, in the card's language, for mails."""
    with translation.override(card.language):
        return settings.PUBLIC_URL + card_path(card)
