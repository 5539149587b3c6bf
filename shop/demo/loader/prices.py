"""Price lists, running offers, and a year of what everything cost."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from zlib import crc32

from catalog.partner.models import StockRecord
from catalog.pricing.models import PriceList, PriceListEntry, PriceRecord
from catalog.pricing.services import history_write, prices_change_by
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.demo.catalogue import Catalogue, Good
from shop.demo.loader.bulk import bulk
from shop.demo.loader.products import Shelved
from shop.demo.loader.tiers import TIERED, tier_prices

RUNNING = dt.timedelta(days=2)  # since when the offer of the rainy evening is on
MEMBERS_ONE_IN = 12  # goods with a price for members
SALE_GONE = range(140, 146)  # days ago: the summer sale that one in five goods was in
EARLY_SALE = range(15, 19)  # days ago: the one that makes a prior price lower than the base
CUT_ONE_IN = 9  # goods whose price came down lately, for good


def prices_load(
    catalogue: Catalogue, shelved: Shelved, *, begin: dt.datetime, now: dt.datetime, seed: int
) -> None:
    """Everything about prices that is not the product's own; orders keep what they were sold for."""
    _offers(now)
    _lists(catalogue, shelved)
    bulk(_history(catalogue, shelved, begin=begin, now=now, seed=seed))
    records = StockRecord.objects.select_related(
        "product__product_class", "product__parent__product_class"
    )
    with prices_change_by("offers"):
        history_write(records.order_by("pk"), moment=now - RUNNING)


def _offers(now: dt.datetime) -> None:
    """One that runs and ends, one that wants two of a kind, one that has not begun."""
    day = dt.timedelta(days=1)
    _offer(
        "rainy-evening",
        ("15 % off for a rainy evening", "雨夜八五折"),
        percent=15,
        start_datetime=now - RUNNING,
        end_datetime=now + 6 * day,
        priority=10,
    )
    _offer(
        "for-the-desk",
        ("Two for the desk: 10 % off", "书桌好物，两件九折"),
        percent=10,
        wanted=2,
    )
    _offer(
        "out-before-nine",
        ("Early risers' week: 12 % off", "早起周：八八折"),
        percent=12,
        start_datetime=now + 3 * day,
        end_datetime=now + 10 * day,
    )


def _offer(slug: str, names: tuple[str, str], *, percent: int, wanted: int = 1, **fields) -> None:
    about = Range.objects.filter(slug=slug).first()
    if about is None:  # the small shop has not every collection
        return
    ConditionalOffer.objects.create(
        name=names[0],
        name_zh_hans=names[1],
        condition=Condition.objects.create(range=about, type=Condition.COUNT, value=wanted),
        benefit=Benefit.objects.create(
            range=about, type=Benefit.PERCENTAGE, value=Decimal(percent)
        ),
        **fields,
    )


def _lists(catalogue: Catalogue, shelved: Shelved) -> None:
    several = PriceList.objects.create(
        code="several", name_en="Three for less", name_zh_hans="三件更省"
    )
    members = PriceList.objects.create(
        code="members", name_en="Members' price", name_zh_hans="会员价", members_only=True
    )
    entries = []
    for good in catalogue.goods:
        for record in _records(good, shelved):
            if good.category in TIERED:
                entries += [
                    PriceListEntry(
                        price_list=several, stock_record=record, min_quantity=units, price=price
                    )
                    for units, price in tier_prices(record.price)
                ]
            elif crc32(good.key.encode()) % MEMBERS_ONE_IN == 0:
                price = rounded_nicely(record.price * Decimal("0.9"))
                if price < record.price:
                    entries.append(
                        PriceListEntry(price_list=members, stock_record=record, price=price)
                    )
    bulk(entries)


def _records(good: Good, shelved: Shelved) -> list[StockRecord]:
    return [shelved.records[variant.sku] for variant in good.variants]


def _history(
    catalogue: Catalogue, shelved: Shelved, *, begin: dt.datetime, now: dt.datetime, seed: int
) -> Iterator[PriceRecord]:
    """By SKU, so that the same shop has the same past whatever else is loaded."""
    for good in catalogue.goods:
        for record in _records(good, shelved):
            rng = random.Random(f"{seed}:{record.partner_sku}")
            yield from _past(record, rng, family=crc32(good.key.encode()), begin=begin, now=now)


def _past(
    record: StockRecord, rng: random.Random, *, family: int, begin: dt.datetime, now: dt.datetime
) -> Iterator[PriceRecord]:
    def row(days: float, base: Decimal, price: Decimal, source: str) -> PriceRecord:
        moment = max(begin, now - dt.timedelta(days=days))
        return PriceRecord(
            stock_record=record,
            currency=record.price_currency,
            base=base,
            now=price,
            moment=moment,
            source=source,
        )

    held = record.price
    was_cut = family % CUT_ONE_IN == 0
    first = rounded_nicely(held * Decimal(rng.choice(["0.92", "0.95", "0.97", "1"])))
    middle = rounded_nicely(held * Decimal("1.12")) if was_cut else held
    yield row((now - begin).days, first, first, "opening")
    review = rng.randint(180, 300)
    yield row(review, middle, middle, "season")
    if family % 5 == 0:
        sale = rounded_nicely(middle * Decimal("0.85"))
        yield row(SALE_GONE.stop, middle, min(sale, middle), "offers")
        yield row(SALE_GONE.start, middle, middle, "offers")
    if was_cut:
        yield row(rng.randint(8, 20), held, held, "season")
    elif family % 4 == 0:
        sale = min(rounded_nicely(held * Decimal("0.9")), held)
        yield row(EARLY_SALE.stop, held, sale, "offers")
        yield row(EARLY_SALE.start, held, held, "offers")


def rounded_nicely(price: Decimal) -> Decimal:
    """To ten cents, as price tags are written; small prices to five."""
    step = Decimal("0.05") if price < 10 else Decimal("0.10")
    return max((price / step).quantize(Decimal(1)) * step, step).quantize(Decimal("0.01"))
