"""What follows from a change: pages say something else, cards are made anew."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog.facts.models import ProductFacts
from catalog.models import Product, ProductImage
from catalog.seo.models import PageRule
from catalog.seo.rules import rules_changed, rules_forget
from catalog.seo.tasks import share_cards
from shop.core.pagecache import SITE, drop
from shop.core.tasks import send_quietly


@receiver([post_save, post_delete], sender=PageRule, dispatch_uid="seo.rules")
def on_rule_changed(**kwargs: object) -> None:
    """The next page follows."""
    transaction.on_commit(partial(rules_forget))


@receiver(rules_changed, dispatch_uid="seo.kept_pages")
def on_rules_changed(**kwargs: object) -> None:
    """Every kept page has a head that may be another one."""
    drop(SITE)


@receiver(post_save, sender=Product, dispatch_uid="seo.product")
def on_product_saved(instance: Product, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        _cards_follow(instance.parent_id or instance.pk)


@receiver([post_save, post_delete], sender=ProductImage, dispatch_uid="seo.picture")
def on_picture_changed(
    instance: ProductImage, raw: bool = False, origin: object = None, **kwargs: object
) -> None:
    goes_with_product = getattr(origin, "model", type(origin)) is Product
    if not raw and not goes_with_product:
        _cards_follow(instance.product.parent_id or instance.product_id)


@receiver(post_save, sender=ProductFacts, dispatch_uid="seo.facts")
def on_facts_saved(instance: ProductFacts, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        _cards_follow(instance.pk)


def _cards_follow(family: int) -> None:
    """Made beside the request; what is missed here, the night finds."""
    transaction.on_commit(partial(send_quietly, share_cards, [family]))
