"""The address of a file that somebody bought: signed, so that it cannot be guessed."""

from django.core import signing
from django.urls import reverse

from orders.handover.models import DownloadGrant

SALT = "orders.handover.grant"


def grant_token(grant: DownloadGrant) -> str:
    return signing.Signer(salt=SALT).sign(str(grant.pk))


def grant_id_of(token: str) -> int:
    """Raises ``BadSignature`` for anything that is not ours."""
    return int(signing.Signer(salt=SALT).unsign(token))


def grant_path(grant: DownloadGrant) -> str:
    return reverse("handover:download", args=[grant_token(grant)])
