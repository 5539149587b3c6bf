"""Everything that changes a wallet. Each movement is one entry under a key, so that twice is once."""

from payments.wallets.services.booking import entries_catch_up
from payments.wallets.services.cards import (
    GiftWishes,
    card_issue,
    card_resend,
    card_send,
    cards_send_due,
    cards_void,
)
from payments.wallets.services.credit import credit_give, credit_limit_of, credit_take_back
from payments.wallets.services.members import (
    card_keep,
    points_earn,
    points_take_back,
    wallet_block,
    wallet_unblock,
    wallets_expire,
)
from payments.wallets.services.spending import tenders_take, use_write, wallet_give_back

__all__ = [
    "GiftWishes",
    "card_issue",
    "card_keep",
    "card_resend",
    "card_send",
    "cards_send_due",
    "cards_void",
    "credit_give",
    "credit_limit_of",
    "credit_take_back",
    "entries_catch_up",
    "points_earn",
    "points_take_back",
    "tenders_take",
    "use_write",
    "wallet_block",
    "wallet_give_back",
    "wallet_unblock",
    "wallets_expire",
]
