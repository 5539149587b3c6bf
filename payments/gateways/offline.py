"""Money that comes outside the browser; an operator says when it is there."""

from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from payments.gateways.base import Refunded
from payments.gateways.own import OwnRow
from payments.models import PaymentIntent


class _Offline(OwnRow):
    is_amount_ours = True  # nobody else was told how much it is
    pays_back_by_hand = True  # somebody has to send it: `payments.bank.services.payouts`

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """Nobody sends it by being asked."""
        return Refunded(reference="", is_done=False)


class BankTransfer(_Offline):
    code = "transfer"
    icon = "bank"
    books_to = "bank"
    label = _("Bank transfer")

    @property
    def help(self) -> str:
        days = settings.TRANSFER_HOLD_DAYS
        text = ngettext(
            "We send you our account and keep your things aside for %(days)d day.",
            "We send you our account and keep your things aside for %(days)d days.",
            days,
        )
        return text % {"days": days}

    @property
    def hold_minutes(self) -> int:
        return settings.TRANSFER_HOLD_DAYS * 24 * 60


class CashOnDelivery(_Offline):
    code = "cod"
    icon = "coins"
    label = _("Cash on delivery")
    help = _("Pay the courier at your door, in cash or by card.")
    ships_before_capture = True
    hold_minutes = 0
    opens_as = "authorised"
