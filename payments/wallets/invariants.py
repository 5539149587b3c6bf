"""What `manage.py verify` checks about stored value."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from payments.ledger.accounts import Role
from payments.ledger.models import Entry
from payments.models import PaymentIntent, Refund, RefundState
from payments.wallets.kinds import STORED
from payments.wallets.models import (
    EntryReason,
    GiftCard,
    Wallet,
    WalletEntry,
    WalletKind,
    WalletUse,
)
from payments.wallets.selectors import points_in_books
from shop.core.verify import invariant

NOTHING = Decimal(0)
ROLE = {WalletKind.GIFT_CARD: Role.GIFT_CARDS.value, WalletKind.CREDIT: Role.STORE_CREDIT.value}


@invariant("wallets: every balance is the sum of its entries, and none is below zero")
def balance_is_entries() -> Iterator[str]:
    booked = Coalesce(Sum("entries__amount"), NOTHING)
    rows = Wallet.objects.annotate(booked=booked)
    for wallet in rows.filter(~Q(booked=F("balance")) | Q(balance__lt=0)):
        yield f"wallet {wallet.pk}: balance {wallet.balance}, entries {wallet.booked}"


@invariant("wallets: what orders took of them is what their entries say")
def uses_are_entries() -> Iterator[str]:
    spent = _by_order(EntryReason.SPENT, -1)
    back = _by_order(EntryReason.RETURNED, 1)
    used: dict[tuple[int, str], tuple[Decimal, Decimal]] = {}
    for use in WalletUse.objects.select_related("intent"):
        place = (use.wallet_id, use.intent.order_number)
        units, returned = used.get(place, (NOTHING, NOTHING))
        used[place] = units + use.units, returned + use.units_back
    for place in sorted(spent.keys() | back.keys() | used.keys()):
        units, returned = used.get(place, (NOTHING, NOTHING))
        booked = (spent.get(place, NOTHING), back.get(place, NOTHING))
        if booked != (units, returned):
            yield (
                f"wallet {place[0]}, order {place[1]}: used {units} and back {returned},"
                f" entries {booked[0]} and {booked[1]}"
            )


def _by_order(reason: str, sign: int) -> dict[tuple[int, str], Decimal]:
    rows = WalletEntry.objects.filter(reason=reason).values("wallet_id", "order_number")
    return {
        (row["wallet_id"], row["order_number"]): sign * row["total"]
        for row in rows.order_by().annotate(total=Sum("amount"))
    }


@invariant(
    "wallets: each payment by stored value has its wallet, and all of it back means all of it"
)
def intents_have_wallets() -> Iterator[str]:
    stored = PaymentIntent.objects.filter(gateway__in=STORED)
    for intent in stored.filter(wallet_use__isnull=True):
        yield f"{intent.order_number}: {intent.amount} by stored value, no wallet"
    mine = Q(intent=OuterRef("pk")) | Q(intent__origin=OuterRef("pk"))  # or paid for an exchange
    back = Refund.objects.filter(mine, state=RefundState.DONE, target="").order_by()
    back = back.annotate(all=Value(1)).values("all").annotate(sum=Sum("amount"))
    done = Coalesce(Subquery(back.values("sum")), NOTHING)
    whole = stored.annotate(done=done).filter(done=F("amount_captured"), done__gt=0)
    for intent in whole.exclude(wallet_use__units_back=F("wallet_use__units")):
        yield f"{intent.order_number}: all of it went back, of the wallet's units only a part"


@invariant("wallets: of a gift no more was taken back than was given, and from its own wallet")
def gifts_are_taken_back_once() -> Iterator[str]:
    taken = WalletEntry.objects.annotate(back=Sum("taken_back__amount"))
    for gift in taken.filter(back__lt=-F("amount")):
        yield f"wallet {gift.wallet_id}, entry {gift.pk}: {gift.amount} given, {-gift.back} taken back"
    gifts = Q(undoes__wallet=F("wallet"), undoes__reason=EntryReason.GIVEN)
    for entry in WalletEntry.objects.filter(undoes__isnull=False).exclude(gifts):
        yield f"wallet {entry.wallet_id}, entry {entry.pk}: takes back what was no gift to it"


@invariant("gift cards: each began with what its unit cost")
def cards_are_worth_their_price() -> Iterator[str]:
    wrong = GiftCard.objects.exclude(initial=F("order_line__unit_price_incl_tax"))
    for card in wrong.select_related("order_line"):
        yield f"gift card {card.pk}: {card.initial}, paid {card.order_line.unit_price_incl_tax}"
    sold = WalletEntry.objects.filter(reason=EntryReason.SOLD, wallet__card__isnull=False)
    for entry in sold.exclude(amount=F("wallet__card__initial")).select_related("wallet__card"):
        yield f"gift card {entry.wallet.card.pk}: {entry.wallet.card.initial}, booked {entry.amount}"


@invariant("wallets: what the books say is owed on gift cards and store credit is on them")
def books_owe_balances() -> Iterator[str]:
    """By currency. What is owed for points has a check of its own: they are no money."""
    rows = Wallet.objects.exclude(kind=WalletKind.POINTS).values("kind", "currency")
    held = {
        (ROLE[row["kind"]], row["currency"]): row["total"]
        for row in rows.order_by().annotate(total=Sum("balance"))
    }
    booked = Entry.objects.filter(account__role__in=ROLE.values())
    booked = booked.values("account__role", "transaction__currency").order_by()
    owed = {
        (row["account__role"], row["transaction__currency"]): -row["total"]
        for row in booked.annotate(total=Sum("amount"))
    }
    for place in sorted(held.keys() | owed.keys()):
        if held.get(place, NOTHING) != owed.get(place, NOTHING):
            yield (
                f"{place[0]} in {place[1]}: {held.get(place, NOTHING)} on them,"
                f" {owed.get(place, NOTHING)} in the books"
            )


@invariant("wallets: what the books say is owed for points is what they pay")
def books_owe_points() -> Iterator[str]:
    """To the cent where a point pays a cent; else each movement may be off by a point and a coin.

    After another ``POINT_WORTH`` the books follow by `manage.py ledger_catch_up`.
    """
    held, owed, slack = points_in_books()
    if abs(held - owed) > slack:
        yield f"points pay {held}, {owed} in the books; manage.py ledger_catch_up books another worth"
    currency = Entry.objects.filter(account__role=Role.POINTS.value).values_list(
        "transaction__currency"
    )
    others = currency.exclude(transaction__currency=settings.OSCAR_DEFAULT_CURRENCY)
    for code, total in others.order_by().annotate(total=Sum("amount")):
        if total:
            yield f"{-total} {code} in the books for points, which are owed in our own currency"
