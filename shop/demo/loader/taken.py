"""Orders that the team is taking: one on the telephone just now, one whose link waits for its payment."""

import datetime as dt
import random
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import Q

from catalog.models import Kind, Product
from orders.drafts.discounts import draft_discount_set
from orders.drafts.models import Draft
from orders.drafts.services import (
    LINK_LIVES,
    draft_customer_set,
    draft_line_add,
    draft_place_set,
    draft_start,
)

PLACE = {
    "first_name": "Henrike",
    "last_name": "Brandt",
    "line1": "Lange Reihe 12",
    "line2": "",
    "line3": "",
    "line4": "Hamburg",
    "state": "",
    "postcode": "20099",
    "phone_number": "+494012345678",
    "country_id": "DE",
    "notes": "",
}


def taken_load(*, agent: Any, shopper: Any, manager: Any, now: dt.datetime, seed: int) -> None:
    """Two drafts; nobody is written to when the demo starts."""
    rng = random.Random(f"taken-{seed}")
    goods = Product.objects.filter(
        Q(product_class__kind=Kind.GOODS) | Q(parent__product_class__kind=Kind.GOODS),
        is_public=True,
        stockrecords__num_in_stock__gte=20,
    ).exclude(structure=Product.PARENT)
    families = goods.select_related("product_class", "parent__product_class").order_by("pk")
    things = list({one.parent_id or one.pk: one for one in families}.values())[:3]
    on_the_line = _draft(agent, rng, things[:2])
    draft_customer_set(
        draft=on_the_line,
        customer=shopper,
        email=shopper.email,
        language="en",
        currency=on_the_line.currency,
    )
    waiting = _draft(agent, rng, things[1:])
    draft_customer_set(
        draft=waiting,
        customer=None,
        email="h.brandt@mail.example",
        language="en",
        currency=waiting.currency,
    )
    waiting = draft_place_set(draft=waiting, columns=PLACE)
    draft_discount_set(
        draft=waiting, percent=Decimal(5), amount=None, reason="Box is dented", user=manager
    )
    Draft.objects.filter(pk=waiting.pk).update(sends=1, sent_at=now, sent_until=now + LINK_LIVES)


def _draft(agent: Any, rng: random.Random, things: list[Product]) -> Draft:
    draft = draft_start(user=agent, language="en")
    Draft.objects.filter(pk=draft.pk).update(key=uuid.UUID(int=rng.getrandbits(128), version=4))
    for thing in things:
        draft_line_add(draft=draft, product=thing, quantity=rng.randint(1, 3))
    return draft
