"""Which offer brings which set's parts to the set's price, and how it does so in a basket."""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from oscar.apps.offer.results import ZERO_DISCOUNT, ApplicationResult, BasketDiscount

from catalog.kinds.reckoning import Rule, Units, set_price, set_taken
from catalog.kinds.selectors import rule_in, rules_on_sale
from promotions.offer.models import SET_BENEFIT, Benefit, Condition
from shop.core.money import ZERO, shares
from shop.core.prepared import INTEGERS, Prepared


class SetOffer(models.Model):
    """One offer per set, kept in step by `promotions.sets.services`."""

    product_set = models.OneToOneField(
        "kinds.ProductSet", on_delete=models.CASCADE, primary_key=True, related_name="set_offer"
    )
    offer = models.OneToOneField(
        "offer.ConditionalOffer", on_delete=models.CASCADE, related_name="set_offer"
    )

    def __str__(self) -> str:
        return self.offer.name


class SetCondition(Condition):
    """All parts of the set lie in the basket, not taken by another set."""

    proxy_path = "promotions.sets.models.SetCondition"

    @property
    def name(self) -> str:
        """Text and not a promise of it: Oscar's ``__str__`` returns it as it is."""
        return gettext("All parts of a set")

    description = name

    class Meta:
        proxy = True
        app_label = "sets"

    def is_satisfied(self, offer: Any, basket: Any) -> bool:
        rule = rules_in(basket).get(offer.pk)
        return rule is not None and set_taken(rule, units_free(offer, basket)) is not None

    def is_partially_satisfied(self, offer: Any, basket: Any) -> bool:
        return False


class SetBenefit(Benefit):
    """Brings one set to its price. Called again for each further one in the basket."""

    proxy_path = SET_BENEFIT

    @property
    def name(self) -> str:
        """Text and not a promise of it: Oscar's ``__str__`` returns it as it is."""
        return gettext("The parts of a set cost what the set costs")

    description = name

    class Meta:
        proxy = True
        app_label = "sets"

    def apply(self, basket: Any, condition: Any, offer: Any, **kwargs: Any) -> ApplicationResult:
        rule = rules_in(basket)[offer.pk]
        taken = set_taken(rule, units_free(offer, basket)) or {}
        lines = [(line, taken[line.pk]) for line in basket.all_lines() if line.pk in taken]
        values = [line.unit_effective_price * count for line, count in lines]
        alone = sum(values, ZERO)
        rule = rule_in(rule, basket.strategy.exchange)
        less = alone - set_price(rule, alone, basket.currency)
        if less <= ZERO:
            return ZERO_DISCOUNT
        parts = shares(less, values, basket.currency)
        for (line, count), part in zip(lines, parts, strict=True):
            line.discount(part, count, incl_tax=True, offer=offer)
        return BasketDiscount(less)


def units_free(offer: Any, basket: Any) -> list[Units]:
    """What no other set took yet, at the prices of the basket."""
    return [
        Units(
            key=line.pk,
            product_id=line.product_id,
            family_id=line.product.parent_id or line.product_id,
            price=line.unit_effective_price,
            count=line.discounts.available(offer),
        )
        for line in basket.all_lines()
        if line.purchase_info.price.exists
    ]


def rules_in(basket: Any) -> dict[int, Rule]:
    """By offer: the sets that have a part in this basket. Read once per pricing of it, and not at all
    where the offers that are tried name the parts of all sets and none of them is in it.
    """
    ids = sorted(
        {
            pk
            for line in basket.all_lines()
            for pk in (line.product_id, line.product.parent_id)
            if pk
        }
    )
    known = getattr(basket, "_set_rules", None)
    if known is None or known[0] != ids:
        tried = getattr(basket, "offers_tried", None)
        parts = None if tried is None else {pk for one in tried for pk in one.set_parts}
        is_asked = parts is None or not parts.isdisjoint(ids)
        offers = dict(_offers.read(ids=ids)) if is_asked else {}
        rules = rules_on_sale(offers.values()) if offers else {}
        found = {offer: rules[pk] for offer, pk in offers.items() if pk in rules}
        basket._set_rules = known = (ids, found)
    return known[1]


_offers: Prepared[tuple[int, int]] = Prepared(
    lambda ids: (
        SetOffer.objects.filter(product_set__parts__product__in=ids)
        .values_list("offer_id", "product_set_id")
        .distinct()
    ),
    ids=INTEGERS,
)
