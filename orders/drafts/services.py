"""Taking an order for a customer. Every change is made under the lock of the draft's basket."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.basket.models import Basket
from orders.basket.services import coupon_add, coupon_remove, line_add, line_quantity_set
from orders.checkout.countries import address_fields
from orders.drafts.links import draft_url
from orders.drafts.locks import draft_lock
from orders.drafts.models import Draft, DraftState
from orders.drafts.page import mail_page
from orders.drafts.selectors import draft_checkout, draft_price, draft_strategy
from orders.exceptions import CheckoutRefused
from orders.keeping.sharing import Taken, Wanted, things_take
from orders.models import Order, OrderNote
from orders.services import order_place
from shop.core.locks import retry_on_conflict
from shop.core.mail import mail_queue

LINK_LIVES = dt.timedelta(days=7)


@retry_on_conflict
def draft_start(*, user: Any, language: str) -> Draft:
    """A new one, empty, in the shop's own currency and market."""
    return Draft.objects.create(
        basket=Basket.objects.create(),
        language=language,
        currency=settings.OSCAR_DEFAULT_CURRENCY,
        country=settings.STORE_COUNTRY,
        taken_by=user,
    )


@retry_on_conflict
def draft_copy(*, order: Order, user: Any) -> tuple[Draft, Taken]:
    """The same again for the same customer, at today's prices, as far as it can be had."""
    draft = draft_start(user=user, language=order.facts.language)
    draft.customer, draft.email = order.user, order.email or ""
    draft.currency = order.currency
    if order.shipping_address is not None:
        draft.place = address_fields(order.shipping_address)
        draft.country = order.shipping_address.country_id
    draft.note = _("As order %(number)s") % {"number": order.number}
    draft.save()
    lines = order.lines.select_related("product__parent__product_class", "product__product_class")
    things = [
        # A gift card was for somebody; its wishes are not repeated.
        Wanted(None if line.attributes.exists() else line.product, line.title, line.quantity)
        for line in lines.prefetch_related("attributes").order_by("pk")
    ]
    draft.basket.strategy = draft_strategy(draft)
    return draft, things_take(basket=draft.basket, things=things)


@retry_on_conflict
def draft_customer_set(
    *,
    draft: Draft,
    customer: Any,
    email: str,
    language: str,
    currency: str,
    place: Mapping[str, Any] | None = None,
) -> Draft:
    """For whom it is. ``customer`` None: a guest of this e-mail. ``place``: where they had it sent."""
    draft = _open(draft)
    draft.customer = customer
    draft.email = customer.email if customer else email
    draft.language, draft.currency = language, currency
    if place is not None:
        draft.place, draft.country = dict(place), place["country_id"]
    draft.save()
    return draft


@retry_on_conflict
def draft_place_set(*, draft: Draft, columns: Mapping[str, Any]) -> Draft:
    """Where it goes; taxes and deliveries follow."""
    draft = _open(draft)
    draft.place, draft.country = dict(columns), columns["country_id"]
    draft.save()
    return draft


@retry_on_conflict
def draft_delivery_set(*, draft: Draft, code: str, note: str) -> Draft:
    """How it is sent, and what colleagues should know."""
    draft = _open(draft)
    draft.shipping_code, draft.note = code, note
    draft.save()
    return draft


@retry_on_conflict
def draft_line_add(*, draft: Draft, product: Any, quantity: int) -> None:
    """Raises ``BasketRefused`` when there are not so many."""
    draft = _open(draft)
    line_add(basket=draft.basket, product=product, quantity=quantity)
    draft.save(update_fields=["changed_at"])


@retry_on_conflict
def draft_line_set(*, draft: Draft, line_id: int, quantity: int) -> None:
    """0 takes the line out. Raises ``BasketRefused`` when there are not so many."""
    draft = _open(draft)
    line_quantity_set(basket=draft.basket, line_id=line_id, quantity=quantity)
    draft.save(update_fields=["changed_at"])


@retry_on_conflict
def draft_coupon_add(*, draft: Draft, code: str) -> None:
    """Raises ``BasketRefused`` saying why it takes nothing off."""
    draft = _open(draft)
    coupon_add(basket=draft.basket, code=code, user=draft.customer or AnonymousUser())
    draft.save(update_fields=["changed_at"])


@retry_on_conflict
def draft_coupon_remove(*, draft: Draft, voucher_id: int) -> None:
    """Of a coupon; what was agreed is taken off by `discounts.draft_discount_end`."""
    draft = _open(draft)
    if voucher_id != draft.voucher_id:
        coupon_remove(basket=draft.basket, voucher_id=voucher_id)
    draft.save(update_fields=["changed_at"])


@retry_on_conflict
def draft_send(*, draft: Draft) -> Draft:
    """Mail the customer a link that shows the order and takes the payment for `LINK_LIVES`.

    The links of earlier mails end. Raises ``CheckoutRefused`` while something is missing.
    """
    draft = _open(draft)
    price = draft_price(draft)
    if price.quote is None or not draft.email or (price.is_sent and not draft.place):
        raise CheckoutRefused(_("Something is still missing before this can be sent."))
    now = timezone.now()
    draft.sends += 1
    draft.sent_at, draft.sent_until = now, now + LINK_LIVES
    draft.save()
    with translation.override(draft.language):
        mail_queue(
            key=f"draft_link:{draft.pk}:{draft.sends}",
            kind="draft_link",
            to=draft.email,
            language=draft.language,
            context={
                "page": mail_page(price.quote),
                "until": draft.sent_until,
                "url": draft_url(draft),
            },
        )
    return draft


@retry_on_conflict
def draft_place(
    *, draft: Draft, code: str, payment_method: str, shown: str, network: str = "", user: Any = None
) -> Order:
    """Place it as the checkout does, at the prices that were ``shown``; twice gives the same order.

    ``user``: who of the team placed it; None: the customer, by the link. Raises as `order_place`
    does, and ``CheckoutRefused`` once the draft was dropped.
    """
    draft = draft_lock(draft.pk)
    if draft.order is not None:
        return draft.order
    if not draft.may_become(DraftState.PLACED):
        raise CheckoutRefused(_("This order was withdrawn. Please ask us."))
    if not draft.email:
        raise CheckoutRefused(_("Something is still missing before this can be sent."))
    checkout = draft_checkout(draft, code=code, payment_method=payment_method, shown=shown)
    checkout = replace(checkout, network=network)
    order = order_place(checkout=checkout)
    draft.order, draft.placed_by = order, user
    draft.save()
    if draft.note:
        OrderNote.objects.create(
            order=order, message=draft.note, user=draft.taken_by, note_type=OrderNote.INFO
        )
    return order


@retry_on_conflict
def draft_drop(*, draft: Draft) -> bool:
    """It will not be placed; its link ends. False if it is placed or dropped already."""
    draft = draft_lock(draft.pk)
    if not draft.may_become(DraftState.DROPPED):
        return False
    draft.dropped_at = timezone.now()
    draft.save()
    return True


def _open(draft: Draft) -> Draft:
    """Its fresh row under the lock. Raises ``CheckoutRefused`` if it is placed or dropped."""
    draft = draft_lock(draft.pk)
    if not draft.is_open:
        raise CheckoutRefused(_("This draft was placed or dropped meanwhile; nothing was changed."))
    draft.basket.strategy = draft_strategy(draft)
    return draft
