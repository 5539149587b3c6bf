"""What was agreed off the price, brought into the draft's basket by a voucher that works nowhere else.

So the basket prices it with all other offers, tax and lines take their share to the cent, and the order
keeps who may ask about it: `orders.drafts.models.AgreedBenefit` reads the draft.
"""

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.drafts.locks import draft_lock
from orders.drafts.models import AgreedBenefit, AgreedCondition, Draft
from orders.exceptions import CheckoutRefused
from orders.utils import ALPHABET
from promotions.offer.models import Benefit, Condition, ConditionalOffer
from promotions.voucher.models import Voucher
from shop.core.locks import retry_on_conflict

LAST = -10_000  # Oscar's priority: after every other offer
LIVES = dt.timedelta(days=365)


@retry_on_conflict
def draft_discount_set(
    *,
    draft: Draft,
    percent: Decimal | None,
    amount: Decimal | None,
    reason: str,
    user: Any,
) -> Draft:
    """One of ``percent`` (of the goods, 10 for 10 %) and ``amount`` (as prices are shown, in its currency).

    Replaces what was agreed before. Raises ``CheckoutRefused`` if the draft is placed or dropped.
    """
    draft = _open(draft)
    draft.discount_percent, draft.discount_amount = percent, amount
    draft.discount_reason, draft.discount_by = reason, user
    if draft.voucher is None:
        draft.voucher = _voucher_new()
    draft.save()
    draft.basket.vouchers.add(draft.voucher)
    return draft


@retry_on_conflict
def draft_discount_end(*, draft: Draft) -> Draft:
    """The price as everybody's again."""
    draft = _open(draft)
    draft.discount_percent = draft.discount_amount = None
    draft.discount_reason = ""
    draft.save()
    if draft.voucher is not None:
        draft.basket.vouchers.remove(draft.voucher)
    return draft


def _open(draft: Draft) -> Draft:
    draft = draft_lock(draft.pk)
    if not draft.is_open:
        raise CheckoutRefused(_("This draft was placed or dropped meanwhile; nothing was changed."))
    return draft


def _voucher_new() -> Voucher:
    code = "AG-" + "".join(secrets.choice(ALPHABET) for _index in range(10))
    now = timezone.now()
    condition = Condition.objects.filter(proxy_class=AgreedCondition.proxy_path).first()
    offer = ConditionalOffer.objects.create(
        name=f"Agreed discount {code}",
        name_en=f"Agreed discount {code}",
        name_zh_hans=f"约定优惠 {code}",
        offer_type=ConditionalOffer.VOUCHER,
        condition=condition or Condition.objects.create(proxy_class=AgreedCondition.proxy_path),
        benefit=Benefit.objects.create(proxy_class=AgreedBenefit.proxy_path),
        exclusive=False,
        max_basket_applications=1,
        priority=LAST,
    )
    voucher = Voucher.objects.create(
        name=f"Agreed discount {code}",
        code=code,
        usage=Voucher.SINGLE_USE,
        start_datetime=now,
        end_datetime=now + LIVES,
    )
    voucher.offers.add(offer)
    return voucher
