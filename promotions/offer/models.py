"""Oscar's offers, with caps that hold when many buy at once."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

import nh3
from django.db.models.base import ModelState
from django.utils.html import escape
from oscar.apps.offer.abstract_models import (
    AbstractBenefit,
    AbstractCondition,
    AbstractConditionalOffer,
)
from oscar.apps.offer.results import ZERO_DISCOUNT, ApplicationResult, BasketDiscount

from promotions.exceptions import OfferExhausted
from shop.core.pagecache import SITE, drop
from shop.core.planned import planned_rows

SET_BENEFIT = "promotions.sets.models.SetBenefit"
DESCRIPTIONS = ("description", "description_en", "description_zh_hans")


USE = """
UPDATE offer_conditionaloffer SET num_applications = num_applications + %s,
    total_discount = total_discount + %s, num_orders = num_orders + 1
WHERE id = %s AND (max_global_applications IS NULL OR max_global_applications >= num_applications + %s)
RETURNING id
"""


class ConditionalOffer(AbstractConditionalOffer):
    #: Whether a range of it asks for the categories of products, where `promotions.prepared` has prepared it.
    asks_places: bool

    class Meta(AbstractConditionalOffer.Meta):
        abstract = False

    @property
    def is_set(self) -> bool:
        """Whether it is the price of a set; units in a set are in no other offer."""
        return self.benefit.proxy_class == SET_BENEFIT

    def runs_at(self, moment: dt.datetime) -> bool:
        """Whether its time has come and is not over; Oscar counts both ends in."""
        has_begun = self.start_datetime is None or self.start_datetime <= moment
        return has_begun and (self.end_datetime is None or moment <= self.end_datetime)

    def clean(self) -> None:
        """Its description is shown as HTML, so whatever form it comes by keeps only harmless tags."""
        super().clean()
        for name in DESCRIPTIONS:
            if text := getattr(self, name, None):
                setattr(self, name, nh3.clean(text))

    def apply_benefit(self, basket) -> ApplicationResult:
        """Oscar's; what it says it gave is what the lines lost, each rounded, to the cent."""
        if not self.is_condition_satisfied(basket):
            return ZERO_DISCOUNT  # most of them: the lines are not counted for it
        before = _discounts(basket)
        result = self.benefit.proxy().apply(basket, self.condition.proxy(), self)
        return BasketDiscount(_discounts(basket) - before) if result.affects_basket else result

    def record_usage(self, discount: dict) -> None:
        """Count one use, in one conditional update. Raises ``OfferExhausted`` at the cap."""
        uses, own = discount["freq"], self.in_own_currency(discount["discount"])
        if not planned_rows(USE, [uses, own, self.pk, uses]):
            raise OfferExhausted(self.name)
        if self.max_global_applications or self.max_discount:
            self._pages_follow()

    def in_own_currency(self, amount: Decimal) -> Decimal:
        """Caps and totals of an offer are in the shop's currency, whatever the order's is."""
        exchange = getattr(self, "exchange", None)
        return amount if exchange is None else exchange.back(amount)

    def _pages_follow(self) -> None:
        """The use that reaches the cap ends the offer, and with it the prices on every page."""
        left = type(self)._default_manager.get(pk=self.pk).get_max_applications()
        if left <= 0:
            drop(SITE)


class _KnownProxy:
    """Oscar asks for the class of a part for every line and offer, and looks all classes up each time."""

    _classes: ClassVar[dict[tuple[Any, ...], type[Any]]] = {}

    def proxy(self) -> Any:
        """Oscar's: the same row as an instance of the class that answers for its type."""
        if self._meta.proxy:  # type: ignore[attr-defined]
            return self
        kind = (type(self), self.proxy_class, self.type)  # type: ignore[attr-defined]
        chosen = self._classes.get(kind)
        if chosen is None:
            chosen = self._classes[kind] = type(super().proxy())  # type: ignore[misc]
        return row_twin(self, chosen)


def row_twin(row: Any, model: type[Any] | None = None) -> Any:
    """Another instance of a row, of a proxy ``model`` if one is given; it knows no related rows."""
    model = model or type(row)
    twin = model.__new__(model)
    twin._state = ModelState()
    twin.__dict__ |= {name: one for name, one in vars(row).items() if name[0] != "_"}
    return twin


class Condition(_KnownProxy, AbstractCondition):
    class Meta(AbstractCondition.Meta):
        abstract = False

    @property
    def description(self) -> str:
        """As HTML, which the back office shows as it is: the name of its range is text."""
        return escape(self.name)


class Benefit(_KnownProxy, AbstractBenefit):
    class Meta(AbstractBenefit.Meta):
        abstract = False

    @property
    def description(self) -> str:
        """As HTML, as that of the condition."""
        return escape(self.name)


def _discounts(basket) -> Decimal:
    return sum((line.discounts.incl_tax for line in basket.all_lines()), Decimal(0))


from oscar.apps.offer.models import *  # noqa: E402,F403
