"""What running offers do to the price of a thing that is bought alone.

Registered with the price resolver. Oscar's own code decides (`promotions.lone`); this module finds
the words for what it decided.
"""

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.apps import apps
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from oscar.apps.offer.applicator import Applicator as OscarApplicator

from catalog.exchange.rates import exchange_of
from catalog.pricing.prices import Outcome, PriceContext, PriceStep
from catalog.pricing.rules import Answer, Asked, RunningOffer
from catalog.pricing.words import amount_shown, moment_shown
from promotions.currency import offers_in
from promotions.lone import LoneBasket, LoneLine, LoneProduct
from promotions.offer.models import Condition, ConditionalOffer
from promotions.prepared import asks_places, offers_loadable, offers_prepare, site_offers_kept
from promotions.ranges import places_read
from promotions.voucher.models import Voucher
from shop.core.money import rounded
from shop.core.pagecache import until

OTHERS_SHOWN = 5  # offers that are for other things; more would only be noise


class OfferRule:
    """Oscar's site offers as a rule of the price resolver."""

    code = "offers"

    def answers(self, asked: Sequence[Asked], *, context: PriceContext) -> list[Answer]:
        """One query for the categories when an offer asks for them, one for caps per member.

        To explain, two more for the offers that need a code.
        """
        moment = context.moment or timezone.now()
        offers = site_offers_kept()
        until(*(one for offer in offers for one in (offer.start_datetime, offer.end_datetime)))
        coupons = _coupon_offers(moment) if context.explain else []
        if not offers and not coupons:
            return [Answer(one.unit * one.quantity) for one in asked]
        exchange = exchange_of(context.currency)
        offers = offers_in(_with_member_caps(offers, context.user_id), exchange)
        coupons = list(offers_in(coupons, exchange))
        products = {one.record.pk: one.record.product for one in asked}
        places = places_read(products.values(), with_paths=asks_places([*offers, *coupons]))
        answers = []
        for one in asked:
            product = products[one.record.pk]
            line = LoneLine(
                product=LoneProduct.of(product, places[product.pk]),
                record=one.record,
                quantity=one.quantity,
                unit=one.unit,
                currency=one.currency,
            )
            case = _Case(line, offers, coupons, context=context, moment=moment)
            answers.append(case.answer())
        return answers

    def running(self, moment: dt.datetime) -> list[RunningOffer]:
        return [
            RunningOffer(
                code=f"offer:{offer.pk}",
                name=offer.name,
                starts_at=offer.start_datetime,
                ends_at=offer.end_datetime,
                url=offer.get_absolute_url(),
            )
            for offer in site_offers_kept()
            if offer.runs_at(moment) and offer.get_max_applications() > 0
        ]

    def is_personal(self) -> bool:
        """Caps per person: who has used one up pays more."""
        return any(offer.max_user_applications for offer in site_offers_kept())

    def changes_between(self, after: dt.datetime, until: dt.datetime) -> bool:
        """Starts, ends, and caps that orders may have used up meanwhile."""
        offers = ConditionalOffer.objects.filter(offer_type=ConditionalOffer.SITE)
        by_clock = offers.filter(start_datetime__gt=after, start_datetime__lte=until) | (
            offers.filter(end_datetime__gte=after, end_datetime__lt=until)
        )
        capped = offers.filter(status=ConditionalOffer.OPEN).exclude(
            max_global_applications=None, max_discount=None
        )
        return by_clock.exists() or capped.exists()


class _Case:
    """One line, tried with every offer in the order of the basket."""

    def __init__(
        self,
        line: LoneLine,
        offers: Sequence[ConditionalOffer],
        coupons: Sequence[ConditionalOffer],
        *,
        context: PriceContext,
        moment: dt.datetime,
    ) -> None:
        self.line = line
        self.offers = offers
        self.coupons = coupons
        self.basket = LoneBasket(line, owner=context.user_id)
        self.moment = moment
        self.explain = context.explain
        self.steps: list[PriceStep] = []
        self.ends: list[dt.datetime] = []

    def answer(self) -> Answer:
        for offer in self.offers:
            self.offer_try(offer)
        self.steps.sort(key=lambda step: step.outcome != Outcome.APPLIED)
        if self.explain:
            self.others_tell()
        return Answer(
            total=self.line.total,
            steps=tuple(self.steps),
            ends_at=min(self.ends, default=None),
        )

    def offer_try(self, offer: ConditionalOffer) -> None:
        if not self.is_about(offer):
            return
        if not offer.runs_at(self.moment):
            self.refused(offer, self.not_running(offer))
            return
        why = self.missing(offer) if self.explain else ""
        before = self.line.total
        OscarApplicator().apply_offers(self.basket, [offer])
        if self.line.total < before:
            if offer.end_datetime:
                self.ends.append(offer.end_datetime)
            self.tell(offer, Outcome.APPLIED, self.saved_shown(before - self.line.total))
        elif len(self.basket.offer_applications):
            self.tell(offer, Outcome.APPLIED, gettext("changes the delivery, not this price"))
        else:
            self.refused(offer, why or gettext("an offer that goes first has it already"))

    def is_about(self, offer: ConditionalOffer) -> bool:
        """Whether its condition can be met with this product; only those can change anything."""
        facts = offer.condition.range
        return facts is None or facts.contains_product(self.line.product)

    def others_tell(self) -> None:
        """Offers that a code opens, and those that are for other things."""
        for offer in self.coupons if self.line.product.is_discountable else ():
            facts = offer.benefit.range or offer.condition.range
            if facts is not None and facts.contains_product(self.line.product):
                self.refused(offer, gettext("needs a code, typed in the basket"))
        others = [offer for offer in self.offers if not self.is_about(offer)]
        for offer in others[:OTHERS_SHOWN]:
            self.refused(offer, gettext("is for other things"))

    def not_running(self, offer: ConditionalOffer) -> str:
        if offer.start_datetime and offer.start_datetime > self.moment:
            return gettext("starts %(moment)s") % {"moment": moment_shown(offer.start_datetime)}
        return gettext("has ended")

    def missing(self, offer: ConditionalOffer) -> str:
        """What the condition still wants, in words; empty when it is met."""
        if not self.line.product.is_discountable:
            return gettext("this product is in no offers")
        if offer.get_max_applications(self.basket.owner) < 1:
            is_personal = offer.get_max_applications() > 0
            return gettext("you have used it already") if is_personal else gettext("is used up")
        free = self.line.quantity_without_offer_discount(offer)
        if free < self.line.quantity:
            return ""
        words = MISSING.get(offer.condition.type)
        missing = words(offer, self.line) if words else ""
        gift = offer.benefit.range
        if not missing and gift is not None and not gift.contains_product(self.line.product):
            return gettext("takes its part off other things")
        return missing

    def saved_shown(self, saved: Decimal) -> str:
        amount = amount_shown(saved, self.line.currency)
        return gettext("takes %(amount)s off") % {"amount": amount}

    def refused(self, offer: ConditionalOffer, why: str) -> None:
        self.tell(offer, Outcome.REFUSED, why)

    def tell(self, offer: ConditionalOffer, outcome: Outcome, why: str) -> None:
        if self.explain:
            price = rounded(self.line.total / self.line.quantity, self.line.currency)
            self.steps.append(PriceStep(f"offer:{offer.pk}", offer.name, outcome, price, why))


def _count_missing(offer: ConditionalOffer, line: LoneLine) -> str:
    more = int(offer.condition.value) - line.quantity
    if more <= 0:
        return ""
    return ngettext(
        "buy %(units)d more from “%(range)s”", "buy %(units)d more from “%(range)s”", more
    ) % {"units": more, "range": offer.condition.range}


def _coverage_missing(offer: ConditionalOffer, line: LoneLine) -> str:
    more = int(offer.condition.value) - 1
    if more <= 0:
        return ""
    return ngettext(
        "buy %(units)d other thing from “%(range)s” too",
        "buy %(units)d other things from “%(range)s” too",
        more,
    ) % {"units": more, "range": offer.condition.range}


def _value_missing(offer: ConditionalOffer, line: LoneLine) -> str:
    more = offer.condition.value - line.unit_effective_price * line.quantity
    if more <= 0:
        return ""
    amount = amount_shown(rounded(more, line.currency), line.currency)
    return gettext("spend %(amount)s more on “%(range)s”") % {
        "amount": amount,
        "range": offer.condition.range,
    }


MISSING: dict[str, Callable[[ConditionalOffer, LoneLine], str]] = {
    Condition.COUNT: _count_missing,
    Condition.COVERAGE: _coverage_missing,
    Condition.VALUE: _value_missing,
}


def _coupon_offers(moment: dt.datetime) -> list[ConditionalOffer]:
    """Offers whose code anybody may use; personal codes are nobody else's business."""
    offers = list(
        offers_loadable(
            ConditionalOffer.objects.filter(
                offer_type=ConditionalOffer.VOUCHER,
                status=ConditionalOffer.OPEN,
                vouchers__usage=Voucher.MULTI_USE,
                vouchers__start_datetime__lte=moment,
                vouchers__end_datetime__gte=moment,
            ).distinct()
        )
    )
    if offers:
        offers_prepare(offers)
    return offers


def _with_member_caps(
    offers: Sequence[ConditionalOffer], user_id: int | None
) -> list[ConditionalOffer]:
    """``offers``, of which those with a cap per person know how often the member had them."""
    capped = [offer.pk for offer in offers if offer.max_user_applications]
    if user_id is None or not capped:
        return list(offers)
    used = _uses(capped, user_id)
    return [
        _knowing(offer, used.get(offer.pk, 0)) if offer.pk in capped else offer for offer in offers
    ]


def _uses(offer_ids: Iterable[int], user_id: int) -> dict[int, int]:
    discounts = apps.get_model("order", "OrderDiscount").objects
    rows = discounts.filter(offer_id__in=offer_ids, order__user=user_id).order_by()
    return dict(rows.values_list("offer_id").annotate(Sum("frequency")))


def _knowing(offer: ConditionalOffer, uses: int) -> ConditionalOffer:
    """A copy: the kept one is everybody's."""
    own = copy.copy(offer)
    own.get_num_user_applications = lambda user: uses
    return own
