"""The link by which a customer pays what was taken for them."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from orders.drafts.models import Draft

SALT = "orders.draft"


class LinkOver(Exception):
    """The link was good once: it ran out, a newer one was sent, or the draft was dropped."""


def draft_token(draft: Draft) -> str:
    return signing.Signer(salt=SALT).sign(f"{draft.key.hex}.{draft.sends}")


def draft_url(draft: Draft) -> str:
    """For mails: absolute, in the draft's language."""
    with translation.override(draft.language):
        return settings.PUBLIC_URL + reverse("orders:draft", args=[draft_token(draft)])


def draft_of_token(token: str) -> Draft:
    """Raises ``BadSignature`` for what is not ours and ``LinkOver`` for what no longer works.

    A placed draft is found by every link that was sent for it: it leads to its order.
    """
    key, _dot, sends = signing.Signer(salt=SALT).unsign(token).partition(".")
    draft = Draft.objects.select_related("customer", "order", "basket").filter(key=key).first()
    if draft is None:
        raise LinkOver
    if draft.order_id:
        return draft
    is_newest = sends == str(draft.sends)
    if not draft.is_open or not is_newest or draft.sent_until is None:
        raise LinkOver
    if draft.sent_until <= timezone.now():
        raise LinkOver
    return draft
