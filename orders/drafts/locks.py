"""A draft is locked by its basket, first in the order of docs/locking.md."""

from orders.drafts.models import Draft
from orders.locks import basket_lock


def draft_lock(pk: int) -> Draft:
    """Lock the basket behind a draft and return the draft's fresh row, with that basket."""
    basket_id = Draft.objects.values_list("basket_id", flat=True).get(pk=pk)
    basket = basket_lock(basket_id)
    draft = Draft.objects.select_related("customer", "order", "voucher").get(pk=pk)
    draft.basket = basket
    return draft
