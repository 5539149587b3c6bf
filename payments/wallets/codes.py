"""Codes of gift cards: 16 letters that nobody guesses and that a copy of the database does not hold.

A code is worked out from the card's random key and the shop's ``SECRET_KEY``; the database keeps the
key, a hash to find the card by, and the last four letters to tell cards apart. So the card's page
and a second mail can say the code, and somebody with the tables alone cannot. After a change of
``SECRET_KEY`` old codes go on working, because the hash needs no secret (25¹⁶ codes cannot be tried);
only the shop cannot say them any more: a second mail then carries a new code.
"""

import hashlib
import hmac
import re
import unicodedata
from uuid import UUID

from django.conf import settings

from payments.wallets.models import Wallet

ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"  # as in order numbers: read aloud without a mistake
GROUPS, GROUP = 4, 4
PREFIX = "GC"
SALT = b"payments.wallets.code:"
LENGTH_AT_MOST = 60  # of what people type


def code_of_key(key: UUID) -> str:
    """``GC-7F3K-9QPM-…`` of a card with this key."""
    secret = settings.SECRET_KEY.encode()
    number = int.from_bytes(hmac.new(secret, SALT + key.bytes, hashlib.sha256).digest())
    letters = []
    for _place in range(GROUPS * GROUP):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    groups = ["".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP)]
    return "-".join([PREFIX, *groups])


def code_hash(code: str) -> str:
    """Of a code as people type it: spaces, dashes, case and full-width letters do not matter."""
    plain = unicodedata.normalize("NFKC", code[:LENGTH_AT_MOST]).upper()
    return hashlib.sha256(re.sub(r"[^0-9A-Z]", "", plain).encode()).hexdigest()


def code_said(wallet: Wallet) -> str:
    """The card's code; empty if it cannot be worked out any more."""
    code = code_of_key(wallet.key)
    return code if code_hash(code) == wallet.code_hash else ""
