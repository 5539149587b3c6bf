"""Computing suggestions anew, and what the team decides about them."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Category, Product
from catalog.recommend.describe import families_described
from catalog.recommend.exceptions import ChoiceRefused
from catalog.recommend.history import Purchase, bought_by, purchases_of
from catalog.recommend.likeness import likenesses_find
from catalog.recommend.locks import suggestions_lock
from catalog.recommend.models import Choice, Reason, Run, Shelf, Suggestion, Verdict
from catalog.recommend.neighbours import (
    WEIGHINGS,
    Neighbours,
    blended,
    neighbours_find,
)
from catalog.recommend.popular import popularity
from catalog.recommend.rules import rules_find
from catalog.recommend.settings import HISTORY, PEOPLE_SHARE, WEIGHING
from catalog.sales import sales
from shop.core.locks import retry_on_conflict
from shop.core.pagecache import SITE, drop

RULES_KEPT = 12  # of each family
POPULAR_KEPT = 500
RUNS_KEPT = 90
PLACES = 20


@dataclass(frozen=True)
class Computed:
    """All rows of one run, not written yet."""

    rows: list[Suggestion]
    orders: int
    families: int


def recommendations_rebuild(*, now: dt.datetime | None = None) -> Run:
    """Compute every list from the orders and the catalogue, and swap them in one transaction.

    Shoppers read the old lists until the new ones are there. Safe to repeat and in parallel: the
    swap is one at a time, and the choices of the team are laid over whatever is written last.
    """
    now = now or timezone.now()
    began = time.monotonic()
    computed = _compute(now)
    with transaction.atomic():
        suggestions_lock()
        Suggestion.objects.all().delete()
        there = set(Product.objects.values_list("pk", flat=True))
        rows = [row for row in computed.rows if {row.product_id, row.other_id} - {None} <= there]
        Suggestion.objects.bulk_create(rows, batch_size=2000)
        _choices_apply(Choice.objects.filter(ended_at=None))
        drop(SITE)
        run = Run.objects.create(
            started_at=now,
            seconds=round(time.monotonic() - began, 2),
            orders=computed.orders,
            families=computed.families,
            rows={shelf: sum(row.shelf == shelf for row in rows) for shelf in Shelf},
            coverage=_coverage(rows, computed.families),
        )
        Run.objects.exclude(pk__in=Run.objects.values("pk")[:RUNS_KEPT]).delete()
    return run


def _coverage(rows: list[Suggestion], families: int) -> dict[str, float]:
    """Share of families beside which a list has something; for popular: that are on it."""
    beside = {
        shelf: {
            row.other_id if shelf == Shelf.POPULAR else row.product_id
            for row in rows
            if row.shelf == shelf
        }
        for shelf in Shelf
    }
    return {
        shelf: round(len(ids) / families, 4) if families else 0 for shelf, ids in beside.items()
    }


def _compute(now: dt.datetime) -> Computed:
    purchases = purchases_of(sales().lines(since=now - HISTORY))
    described = families_described()
    shown = {one.pk for one in described}
    alike = likenesses_find(described, step=Category.steplen)
    rows = [
        *_together(purchases, shown),
        *(
            Suggestion(
                shelf=Shelf.SIMILAR,
                product_id=pk,
                other_id=other,
                score=round(likeness.score, 6),
                reason=likeness.reason,
            )
            for pk, others in alike.items()
            for other, likeness in others
        ),
        *_taste(
            purchases,
            {pk: [(other, one.score) for other, one in others] for pk, others in alike.items()},
            shown,
        ),
        *_popular(purchases, now, shown),
    ]
    return Computed(rows=rows, orders=len(purchases), families=len(shown))


def _together(purchases: list[Purchase], shown: set[int]) -> Iterator[Suggestion]:
    kept: dict[int, int] = {}
    for rule in rules_find(purchase.families for purchase in purchases):
        if not {rule.product, rule.other} <= shown or kept.get(rule.product, 0) >= RULES_KEPT:
            continue
        kept[rule.product] = kept.get(rule.product, 0) + 1
        yield Suggestion(
            shelf=Shelf.TOGETHER,
            product_id=rule.product,
            other_id=rule.other,
            score=round(rule.excess, 6),
            reason=Reason.TOGETHER,
            both=rule.both,
            orders=rule.orders,
            others=rule.others,
            confidence=rule.confidence,
            lift=rule.lift,
        )


def _taste(purchases: list[Purchase], content: Neighbours, shown: set[int]) -> Iterator[Suggestion]:
    histories = bought_by(purchases).values()
    people = neighbours_find(histories, weighing=WEIGHINGS[WEIGHING])
    for family, others in blended(people, content, share=PEOPLE_SHARE).items():
        by_people = {other for other, _weight in people.get(family, [])}
        for other, weight in others:
            if {family, other} <= shown:
                yield Suggestion(
                    shelf=Shelf.TASTE,
                    product_id=family,
                    other_id=other,
                    score=round(weight, 6),
                    reason=Reason.BUYERS if other in by_people else Reason.TEXT,
                )


def _popular(purchases: list[Purchase], now: dt.datetime, shown: set[int]) -> Iterator[Suggestion]:
    found = popularity(purchases, now=now)
    best = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    for family, score in [one for one in best if one[0] in shown][:POPULAR_KEPT]:
        yield Suggestion(
            shelf=Shelf.POPULAR, other_id=family, score=round(score, 6), reason=Reason.SALES
        )


@retry_on_conflict
def choice_make(
    *,
    verdict: str,
    shelf: str,
    product_id: int | None,
    other_id: int,
    place: int = 1,
    note: str = "",
    user_id: int | None = None,
) -> Choice:
    """Pin or ban ``other`` beside a product (None: everywhere); an older choice about it ends.

    Shoppers see it from the commit on. Raises ``ChoiceRefused`` for what makes no sense.
    """
    if verdict not in Verdict or (shelf and shelf not in Shelf):
        raise ChoiceRefused(_("There is no such list."))
    if verdict == Verdict.PIN and not shelf:
        raise ChoiceRefused(_("A pin needs a list."))
    if verdict == Verdict.PIN and (shelf == Shelf.POPULAR) != (product_id is None):
        raise ChoiceRefused(
            _("“Popular now” is one list for the whole shop; others go by product.")
        )
    if product_id == other_id:
        raise ChoiceRefused(_("A product is not suggested beside itself."))
    wanted = {other_id} | ({product_id} if product_id else set())
    if Product.objects.browsable().filter(pk__in=wanted).count() < len(wanted):
        raise ChoiceRefused(_("This product is not on sale."))
    suggestions_lock()
    now = timezone.now()
    same = Choice.objects.filter(shelf=shelf, product=product_id, other=other_id, ended_at=None)
    same.update(ended_at=now, ended_by=user_id)
    choice = Choice.objects.create(
        verdict=verdict,
        shelf=shelf,
        product_id=product_id,
        other_id=other_id,
        place=min(max(place, 1), PLACES),
        note=note,
        made_by_id=user_id,
    )
    _overlay_refresh(other_id)
    return choice


@retry_on_conflict
def choice_end(*, choice_id: int, user_id: int | None = None) -> Choice | None:
    """The choice holds no longer; its row stays. None: there is no such choice that holds."""
    suggestions_lock()
    choice = Choice.objects.filter(pk=choice_id, ended_at=None).first()
    if choice is None:
        return None
    choice.ended_at, choice.ended_by_id = timezone.now(), user_id
    choice.save(update_fields=["ended_at", "ended_by"])
    _overlay_refresh(choice.other_id)
    return choice


def _overlay_refresh(other_id: int) -> None:
    """Lay all choices about one product over the lists anew."""
    mine = Suggestion.objects.filter(other=other_id)
    mine.filter(reason=Reason.CHOICE).delete()  # it stood there only because it was pinned
    mine.filter(Q(pin__isnull=False) | Q(is_banned=True)).update(pin=None, is_banned=False)
    _choices_apply(Choice.objects.filter(ended_at=None, other=other_id))
    drop(SITE)


def _choices_apply(choices) -> None:
    """Pins before bans: what is banned stays away, also where it is pinned."""
    pins = [choice for choice in choices if choice.verdict == Verdict.PIN]
    for pin in pins:
        _made, is_new = Suggestion.objects.get_or_create(
            shelf=pin.shelf,
            product_id=pin.product_id,
            other_id=pin.other_id,
            defaults={"score": 0, "reason": Reason.CHOICE, "pin": pin.place},
        )
        if not is_new:
            Suggestion.objects.filter(pk=_made.pk).update(pin=pin.place)
    for ban in choices:
        if ban.verdict != Verdict.BAN:
            continue
        banned = Suggestion.objects.filter(other=ban.other_id)
        if ban.shelf:
            banned = banned.filter(shelf=ban.shelf)
        if ban.product_id:
            banned = banned.filter(product=ban.product_id)
        banned.update(is_banned=True)
