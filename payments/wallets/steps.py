"""The steps of gift cards, store credit and points. See `shop.core.steps`."""

from payments.wallets.models import WALLET_NEXT, WalletState
from shop.core.steps import Final, Step, Table, Why

ACTIVE, BLOCKED, CLOSED = WalletState.ACTIVE, WalletState.BLOCKED, WalletState.CLOSED
SERVICES = "payments.wallets.services."
QUIET = Why("no other area waits for it")
IN_ACCOUNT = Why("it stands in the member's account, with its reason")
OF_WALLET = Why("the wallet's own page has each movement")

STATES = (
    Step(
        name="issue",
        does="A gift card for each unit that was paid, mailed on its day; credit and points with their first entry.",
        service=SERVICES + "card_issue",
        address=Why("the shop itself, when its order is paid"),
        undo=SERVICES + "cards_void",
        event=Why("its order tells of it"),
        mail=("gift_card",),
        line=Why("the order tells that it is paid and handed over"),
        moves=(("", ACTIVE),),
    ),
    Step(
        name="block",
        does="Nobody can pay with it; what is on it stays.",
        service=SERVICES + "wallet_block",
        address="wallet-block",
        undo=SERVICES + "wallet_unblock",
        event=QUIET,
        mail=Why("the account and the balance page say so; whoever stole a code is not warned"),
        line=OF_WALLET,
        moves=((ACTIVE, BLOCKED),),
    ),
    Step(
        name="unblock",
        does="It can be used again.",
        service=SERVICES + "wallet_unblock",
        address="wallet-unblock",
        undo=SERVICES + "wallet_block",
        event=QUIET,
        mail=Why("they were not told that it was blocked"),
        line=OF_WALLET,
        moves=((BLOCKED, ACTIVE),),
    ),
    Step(
        name="end",
        does="What is left on a gift card is gone, its code never works again; also when its time is over.",
        service=SERVICES + "cards_void",
        address="wallet-void",
        undo=Final("its code never works again; the money goes back on the order that bought it"),
        event=QUIET,
        mail=Why("the refund of the order that bought it tells of the money"),
        line=OF_WALLET,
        moves=((ACTIVE, CLOSED), (BLOCKED, CLOSED)),
    ),
    Step(
        name="come back",
        does="An order that it paid is refunded: what had run out is good for another while.",
        service=SERVICES + "wallet_give_back",
        address=Why("with the refund of the order that it paid"),
        undo=Final("it is the money of whoever paid with it"),
        event=Why("the refund tells of it"),
        mail=Why("the order's own mail tells of it"),
        line="Refunded",
        moves=((CLOSED, ACTIVE),),
    ),
)

BESIDE = (
    Step(
        name="give credit",
        does="To a member, with a reason, up to a limit in a day.",
        service=SERVICES + "credit_give",
        address="wallet-give",
        undo=SERVICES + "credit_take_back",
        event=QUIET,
        mail=IN_ACCOUNT,
        line=OF_WALLET,
    ),
    Step(
        name="take credit back",
        does="What is still there of a gift, with a reason; never what was spent, and no money of a refund.",
        service=SERVICES + "credit_take_back",
        address="wallet-take-back",
        undo=SERVICES + "credit_give",
        event=QUIET,
        mail=IN_ACCOUNT,
        line=OF_WALLET,
    ),
    Step(
        name="mail again",
        does="A gift card once more, before its day, or to another address.",
        service=SERVICES + "card_resend",
        address="wallet-resend",
        undo=Final("the mail is out; a card that went to the wrong person is blocked or ended"),
        event=QUIET,
        mail=("gift_card",),
        line=OF_WALLET,
    ),
    Step(
        name="put into an account",
        does="From now on only this member can pay with the gift card.",
        service=SERVICES + "card_keep",
        address=Why("the member, with its code"),
        undo=Final("whoever has it now may pay with it; a card that was stolen is blocked"),
        event=QUIET,
        mail=Why("they do it themselves"),
        line=OF_WALLET,
    ),
    Step(
        name="pay with it",
        does="What the shopper chose is taken as the order is placed, if it is still there.",
        service=SERVICES + "tenders_take",
        address=Why("the shopper at the checkout"),
        undo=SERVICES + "wallet_give_back",
        event=Why("its order tells of it"),
        mail=Why("the order's own mail tells of it"),
        line="Captured",
    ),
    Step(
        name="run out",
        does="What nobody used in time is booked out.",
        service=SERVICES + "wallets_expire",
        address=Why("the clock"),
        undo=Final("its day was told from the start; credit can be given instead"),
        event=QUIET,
        mail=Why("its day stands on it and in the account"),
        line=OF_WALLET,
    ),
)

TABLES = (
    Table("Stored value: states", STATES, WALLET_NEXT),
    Table("Stored value: beside its states", BESIDE),
)
