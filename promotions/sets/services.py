"""Keeping one offer per set: it is named as the set is, and on while the set has parts."""

from django.db import transaction

from catalog.kinds.models import ProductSet
from catalog.models import Kind, Product
from promotions.offer.models import Benefit, Condition, ConditionalOffer
from promotions.sets.models import SetBenefit, SetCondition, SetOffer

FIRST = 10_000  # Oscar's priority: before every other offer
NAMES = ("name", "name_en", "name_zh_hans")
NAME_LENGTH = 110  # of 128, so that a number still fits


@transaction.atomic
def set_offer_keep(set_id: int) -> ConditionalOffer | None:
    """Make or mend the offer of a set. None: there is no such set (any more)."""
    product_set = ProductSet.objects.select_related("product").filter(pk=set_id).first()
    if product_set is None or product_set.product.get_product_class().kind != Kind.SET:
        return None
    known = SetOffer.objects.select_related("offer").filter(product_set=product_set).first()
    offer = known.offer if known else _offer_new()
    for column, name in _names(product_set.product, offer).items():
        setattr(offer, column, name)
    offer.status = (
        ConditionalOffer.OPEN if product_set.parts.exists() else ConditionalOffer.SUSPENDED
    )
    offer.save()
    if known is None:
        SetOffer.objects.create(product_set=product_set, offer=offer)
    return offer


def _offer_new() -> ConditionalOffer:
    """All sets share one condition and one benefit; the parts are read from the set."""
    condition = Condition.objects.filter(proxy_class=SetCondition.proxy_path).first()
    benefit = Benefit.objects.filter(proxy_class=SetBenefit.proxy_path).first()
    return ConditionalOffer(
        condition=condition or Condition.objects.create(proxy_class=SetCondition.proxy_path),
        benefit=benefit or Benefit.objects.create(proxy_class=SetBenefit.proxy_path),
        offer_type=ConditionalOffer.SITE,
        exclusive=True,
        priority=FIRST,
    )


def _names(product: Product, offer: ConditionalOffer) -> dict[str, str]:
    """The titles of the set; Oscar wants every name once, so a namesake gets a number."""
    english = product.title_en or product.get_title()
    titles = {"name_en": english, "name_zh_hans": product.title_zh_hans or english}
    names = {}
    for column, title in titles.items():
        short = title[:NAME_LENGTH]
        others = ConditionalOffer.objects.exclude(pk=offer.pk)
        is_taken = others.filter(**{column: short}).exists() or (
            column == "name_en" and others.filter(name=short).exists()
        )
        names[column] = f"{short} ({product.pk})" if is_taken else short
    return names
