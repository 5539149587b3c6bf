"""What follows from a change of an offer: prices do."""

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from catalog.pricing.tasks import prices_compare
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range, RangeProduct
from promotions.prepared import site_offers_forget
from shop.core.pagecache import SITE, drop
from shop.core.tasks import send_after_commit

PARTS = (ConditionalOffer, Condition, Benefit, Range, RangeProduct)
LINKS = (
    ConditionalOffer.combinations.through,
    Range.excluded_products.through,
    Range.classes.through,
    Range.included_categories.through,
    Range.excluded_categories.through,
)


@receiver([post_save, post_delete], dispatch_uid="promotions.offer_part")
def on_part_changed(sender: type, **kwargs: Any) -> None:
    if issubclass(sender, PARTS):  # Oscar saves conditions as one of many proxies
        _follow()


@receiver(m2m_changed, dispatch_uid="promotions.offer_link")
def on_link_changed(sender: type, action: str, **kwargs: Any) -> None:
    if sender in LINKS and action.startswith("post_"):
        _follow()


def _follow() -> None:
    """Pages of this process are right at once; history and lists follow within seconds."""
    site_offers_forget()
    transaction.on_commit(site_offers_forget)
    drop(SITE)
    send_after_commit(prices_compare)
