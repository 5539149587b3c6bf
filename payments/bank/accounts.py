"""Account numbers that people name: an IBAN, or the digits of an account where there are no IBANs."""

import re

from django.utils.translation import gettext as _

from shop.core.levels import DOTS

IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
DIGITS = re.compile(r"[0-9]{6,30}")


def account_cleaned(text: str) -> str:
    """Without spaces and in capitals. Raises ``ValueError`` with words for whoever typed it.

    The two check digits of an IBAN are proven (ISO 13616: modulo 97 is 1).
    """
    bare = re.sub(r"[\s.\-]", "", text).upper()
    if DIGITS.fullmatch(bare):
        return bare
    if not IBAN.fullmatch(bare) or _remainder(bare) != 1:
        raise ValueError(_("This is no account number. Please look at each digit once more."))
    return bare


def account_shown(account: str) -> str:
    """Enough to tell one's own accounts apart: ``DE•••3000``."""
    country = account[:2] if account[:2].isalpha() else ""
    return f"{country}{DOTS}{account[-4:]}"


def _remainder(iban: str) -> int:
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97
