"""The only place that locks wallets: after the payment intent and the offers, before stock records."""

from collections.abc import Collection

from django.contrib.auth import get_user_model

from payments.wallets.models import Wallet


def wallet_lock(wallet_id: int) -> Wallet:
    """Lock one wallet and return its fresh row."""
    return Wallet.objects.select_for_update(of=("self",)).get(pk=wallet_id)


def cards_lock(*, order_line_ids: Collection[int]) -> list[Wallet]:
    """Lock the gift cards that were bought with these lines, by key: nobody pays with them meanwhile."""
    rows = Wallet.objects.filter(card__order_line__in=order_line_ids)
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def gifts_lock(owner_id: int) -> None:
    """Let one gift at a time reach a member, in whatever currency: before all else, as every lock of a person is.

    Their row, because a wallet in a new currency has none yet. Without its key: buying does not wait.
    """
    people = get_user_model().objects
    people.select_for_update(of=("self",), no_key=True).only("pk").get(pk=owner_id)
