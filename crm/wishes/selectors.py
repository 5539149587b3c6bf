"""Reading wish lists, with the truth of today about price and stock."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from catalog.cards import CardFacts, Offer, cards_make, offers_of, price_shown, truth_shown
from catalog.delivery import delivery_promised
from catalog.models import Product
from catalog.selectors import with_card_facts
from catalog.variants import attribute_values
from crm.accounts.models import User
from crm.wishes.models import Wish, WishList


@dataclass(frozen=True)
class WishShown:
    """One wish as its page shows it. ``buy_id``: the variant that one press puts into the basket."""

    wish: Wish
    card: CardFacts
    family_id: int
    variant: str
    url: str
    now: str
    truth: str
    buy_id: int | None
    must_choose: bool


def wish_lists(user: User) -> QuerySet[WishList]:
    """With ``number``: how much is on each."""
    return WishList.objects.filter(owner=user).annotate(number=Count("wishes"))


def wish_list_shared(key: str) -> WishList | None:
    """The list behind a secret link."""
    if not key or len(key) > 43:
        return None
    return WishList.objects.filter(share_key=key).select_related("owner").first()


def wished_ids(user: User) -> set[int]:
    """What is on any list of the member: products and variants. One query."""
    return set(Wish.objects.filter(wish_list__owner=user).values_list("product_id", flat=True))


def wishes_shown(wishes: Sequence[Wish]) -> list[WishShown]:
    """Those whose product is still on show. Six queries, however many. Wishes come with products."""
    ids = {wish.product.parent_id or wish.product_id for wish in wishes}
    families = with_card_facts(Product.objects.browsable()).in_bulk(ids)
    offers = offers_of(list(families.values()))
    cards = {card.pk: card for card in cards_make(families.values(), offers=offers)}
    variants = [wish.product for wish in wishes if wish.product.is_child]
    labels = _labels(variants)
    return [
        _shown(wish, cards[family_id], offers.get(family_id, []), labels)
        for wish in wishes
        if (family_id := wish.product.parent_id or wish.product_id) in cards
        and wish.product.is_public
    ]


def _shown(
    wish: Wish, card: CardFacts, offers: Sequence[Offer], labels: dict[int, str]
) -> WishShown:
    is_variant = wish.product.is_child
    own = [offer for offer in offers if not is_variant or offer.product.pk == wish.product_id]
    can = [offer for offer in own if offer.is_available]
    return WishShown(
        wish=wish,
        card=card,
        family_id=card.pk,
        variant=labels.get(wish.product_id, ""),
        url=f"{card.url}?variant={wish.product_id}" if is_variant else card.url,
        now=price_shown(own) if is_variant else card.now,
        truth=truth_shown(own, delivery_promised()) if is_variant else card.truth,
        buy_id=can[0].product.pk if len(can) == 1 else None,
        must_choose=len(can) > 1,
    )


def _labels(variants: Sequence[Product]) -> dict[int, str]:
    if not variants:
        return {}
    return {
        pk: " · ".join(str(value.value_option.option) for value in values if value.value_option_id)
        for pk, values in attribute_values(variants).items()
    }
