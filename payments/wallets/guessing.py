"""Codes that people type: wrong ones are counted for the account and for the address, right ones are not."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from payments.wallets.exceptions import WalletRefused
from payments.wallets.models import Wallet
from payments.wallets.selectors import card_by_code
from payments.wallets.services.members import code_unknown
from shop.core.throttle import Throttle, client_address

BY_ADDRESS = Throttle("gift-code-address", limit=10, seconds=60 * 60)
BY_ACCOUNT = Throttle("gift-code-account", limit=10, seconds=60 * 60)


class TooManyCodes(WalletRefused):
    """Whoever asks has to wait, whether the code is right or wrong."""


def card_asked(request: HttpRequest, code: str) -> Wallet:
    """The card with this code, whatever its state, unless it is in another member's account.

    Raises ``TooManyCodes`` after ten wrong ones in an hour, else ``WalletRefused``: its words do not
    tell a code that does not exist from a card of somebody else.
    """
    account = str(request.user.pk) if request.user.is_authenticated else ""
    address = client_address(request)
    if BY_ADDRESS.is_full(address) or (account and BY_ACCOUNT.is_full(account)):
        raise TooManyCodes(_("That was a lot of tries. Please wait an hour, or write to us."))
    wallet = card_by_code(code)
    if wallet is not None and wallet.owner_id in (None, request.user.pk):
        return wallet
    BY_ADDRESS.count(address)
    if account:
        BY_ACCOUNT.count(account)
    raise WalletRefused(code_unknown())
