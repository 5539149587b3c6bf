"""The page of a gift voucher: whoever has the link has the voucher, so it is signed."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from promotions.gifts.models import GiftVoucher

SALT = "promotions.gifts.link"


def gift_token(gift: GiftVoucher) -> str:
    return signing.Signer(salt=SALT).sign(str(gift.pk))


def gift_id_of(token: str) -> int:
    """Raises ``BadSignature`` for anything that is not ours."""
    return int(signing.Signer(salt=SALT).unsign(token))


def gift_path(gift: GiftVoucher) -> str:
    return reverse("gifts:gift", args=[gift_token(gift)])


def gift_url(gift: GiftVoucher) -> str:
    """Absolute, in the voucher's language, for mails."""
    with translation.override(gift.language):
        return settings.PUBLIC_URL + gift_path(gift)
