"""What a shopper may pay with beside the way to pay: shown, chosen and left out again."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.quotes import Quote, gift_cards_cost
from payments.wallets.models import Wallet
from payments.wallets.selectors import wallets_usable
from payments.wallets.worth import worth
from shop.core.money import ZERO


@dataclass(frozen=True)
class TenderChoice:
    """One wallet: ``there`` is all that it could pay, ``paid`` what it pays now."""

    wallet: Wallet
    there: Decimal
    paid: Decimal

    @property
    def name(self) -> str:
        label = str(self.wallet.get_kind_display())
        return f"{label} …{self.wallet.code_tail}" if self.wallet.code_tail else label


def tender_choices(
    quote: Quote, *, user_id: int | None, wallet_ids: Collection[int]
) -> list[TenderChoice]:
    """The shopper's own wallets and the cards whose codes they gave; one query if there can be any."""
    if not user_id and not wallet_ids:
        return []
    paid = {one.wallet_id: one.amount for one in quote.tenders}
    exchange = quote.basket.strategy.exchange
    choices = [
        TenderChoice(wallet=one, there=worth(one, exchange), paid=paid.get(one.pk, ZERO))
        for one in wallets_usable(user_id=user_id, card_ids=wallet_ids)
    ]
    return [one for one in choices if one.there > ZERO]


def tender_words(quote: Quote) -> str:
    """Why nothing can be paid that way; empty if it can."""
    if quote.total.incl_tax > gift_cards_cost(quote.basket):
        return ""
    return _("Gift cards cannot be bought with gift cards, credit or points.")
