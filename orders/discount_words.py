"""What a discount is called: for shoppers, and for colleagues who read another language than the buyer."""

from collections.abc import Iterable

from orders.models import OrderDiscount
from promotions.offer.models import ConditionalOffer


def discount_words(name: str, code: str) -> str:
    """An offer's name without the code of its voucher: what was agreed in a draft is unique by that."""
    return name.removesuffix(code).strip() or name


def discounts_named(discounts: Iterable[OrderDiscount]) -> list[tuple[str, OrderDiscount]]:
    """In the reader's language where the offer is still there, else as the buyer read it. One query."""
    discounts = list(discounts)
    offers = ConditionalOffer.objects.in_bulk({one.offer_id for one in discounts if one.offer_id})
    return [
        (discount_words(_name(one, offers.get(one.offer_id)), one.voucher_code), one)
        for one in discounts
    ]


def _name(discount: OrderDiscount, offer: ConditionalOffer | None) -> str:
    return (offer.name if offer else "") or discount.offer_name or discount.voucher_code
