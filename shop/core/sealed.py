"""Text that is kept encrypted: account numbers and the like, which nobody reads in the database.

The key follows from ``SECRET_KEY``; what was sealed under one of ``SECRET_KEY_FALLBACKS`` is still read,
and sealed anew the next time that it is written.
"""

import base64
import functools
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"storekeep.sealed.1:"  # so that no other use of the secret has this key


def seal(text: str) -> str:
    """``text`` as it may be kept; empty stays empty."""
    return _box(_secrets()).encrypt(text.encode()).decode() if text else ""


def unseal(kept: str) -> str:
    """What was sealed; empty where the key it was sealed under is gone."""
    try:
        return _box(_secrets()).decrypt(kept.encode()).decode() if kept else ""
    except InvalidToken:
        return ""


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@functools.lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    digests = [hashlib.sha256(PURPOSE + one.encode()).digest() for one in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
