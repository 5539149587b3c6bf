"""Reading prices for other parts of the shop: what is on offer, what changes when."""

import datetime as dt

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.pricing.models import PriceList, PriceRecord
from catalog.pricing.rules import RunningOffer, rules


def offers_running(now: dt.datetime | None = None) -> list[RunningOffer]:
    """The offers and price lists that everybody gets, those that end first at the front."""
    moment = now or timezone.now()
    found = [offer for rule in rules() for offer in rule.running(moment)]
    lists = PriceList.objects.filter(is_active=True, members_only=False, group=None).filter(
        Q(starts_at__isnull=True) | Q(starts_at__lte=moment), ends_at__gt=moment
    )
    found += [
        RunningOffer(f"list:{one.code}", one.name, one.starts_at, one.ends_at) for one in lists
    ]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda offer: (offer.ends_at or far, offer.code))


def offers_changing_between(after: dt.datetime, until: dt.datetime) -> bool:
    """Whether the clock changes a price after ``after``, up to ``until``."""
    return lists_change_between(after, until) or any(
        rule.changes_between(after, until) for rule in rules()
    )


def lists_change_between(after: dt.datetime, until: dt.datetime) -> bool:
    """Whether a price list begins or ends in that time."""
    return PriceList.objects.filter(
        Q(starts_at__gt=after, starts_at__lte=until) | Q(ends_at__gt=after, ends_at__lte=until),
        is_active=True,
    ).exists()


def families_on_offer() -> set[int]:
    """Families of which something costs less now than without reduction. One query."""
    newest = (
        PriceRecord.objects.order_by("stock_record_id", "-moment", "-pk")
        .distinct("stock_record_id")
        .values("pk")
    )
    reduced = PriceRecord.objects.filter(pk__in=newest, now__lt=F("base"))
    family = Coalesce("stock_record__product__parent_id", "stock_record__product_id")
    return set(reduced.order_by().values_list(family, flat=True))
