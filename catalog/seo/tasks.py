"""Cards are made beside the shop; safe to run twice."""

import time

from celery import shared_task
from django.db import OperationalError

from catalog.models import Product
from catalog.seo.card_selectors import families_without_card
from catalog.seo.card_services import cards_refresh, cards_sweep, shop_cards_refresh

AT_ONCE = 24  # families a minute, so that a new shop has a core left for its visitors
ROUND_SECONDS = 60
BATCH = 500
KEEP_SECONDS = 30 * 24 * 60 * 60


@shared_task(acks_late=True, autoretry_for=(OperationalError, OSError), max_retries=5)
def share_cards(ids: list[int]) -> int:
    """A name, a maker or a picture changed."""
    return cards_refresh(ids)


@shared_task
def share_cards_next() -> int:
    """By the clock: the shop's own card; and some of those that are missing, one by one, so that mails get between."""
    own, missing = shop_cards_refresh(), families_without_card(limit=AT_ONCE)
    for pk in missing:  # what is not begun in time is missing still, and asked for again
        share_cards.apply_async(([pk],), expires=ROUND_SECONDS)
    return own + len(missing)


@shared_task(time_limit=3600, soft_time_limit=3500)
def share_cards_nightly() -> int:
    """What changed without saying so, such as ratings; and old files go."""
    last, made = 0, 0
    while ids := list(
        Product.objects.filter(parent=None, pk__gt=last, share_cards__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()[:BATCH]
    ):
        made += cards_refresh(ids)
        last = ids[-1]
    cards_sweep(older_than=time.time() - KEEP_SECONDS)
    return made
