"""Links in mails: what they may do is signed, so nobody can guess another's."""

from django.core import signing

SALT = "alerts"
CONFIRM_SECONDS = 7 * 24 * 60 * 60


def alert_token(alert_id: int) -> str:
    return signing.dumps(alert_id, salt=SALT)


def alert_of_token(token: str) -> int | None:
    """The alert's key; None for a link that is not ours."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return key if isinstance(key, int) else None
