"""Writing what buyers said: most of it by people who have it in their order history."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from faker import Faker

from catalog.models import Product
from catalog.opinions.models import ReviewDetail
from catalog.opinions.texts import signature
from catalog.reviews.models import ProductReview
from orders.models import Line
from orders.states import SOLD
from shop.core.bulk import rows_update
from shop.demo.catalogue import Catalogue, Good
from shop.demo.loader.bulk import bulk, dates_as_given
from shop.demo.loader.products import Shelved
from shop.demo.reviews import ReviewSeed, reviews_written

SOLD_LONG = dt.timedelta(days=400)
CHINESE_SHARE = 0.38
BUYER_SHARE = 0.8  # reviews by somebody who bought it, where there is somebody
USED_FOR = (4, 70)  # days between the order and the review
LANGUAGES = {"en": "en", "zh": "zh-hans"}


@dataclass(frozen=True)
class Bought:
    """One member's last paid order of a family. ``variant_id`` is None without variants."""

    user_id: int
    first_name: str
    last_name: str
    language: str
    variant_id: int | None
    placed_at: dt.datetime


@dataclass
class Buyers:
    """Who bought which family; each of them says one thing about it at most."""

    of_family: dict[int, list[Bought]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls) -> "Buyers":
        """One query over all lines that were paid."""
        rows = (
            Line.objects.filter(
                order__status__in=SOLD, order__user__isnull=False, order__user__is_staff=False
            )
            .order_by("-order__date_placed", "pk")
            .values_list(
                "product__parent_id",
                "product_id",
                "order__user_id",
                "order__user__first_name",
                "order__user__last_name",
                "order__user__language",
                "order__date_placed",
            )
        )
        buyers, seen = cls(), set()
        for parent, product, user, first, last, language, placed_at in rows.iterator(5000):
            family = parent or product
            if (family, user) not in seen:
                seen.add((family, user))
                variant = product if parent else None
                bought = Bought(user, first, last, language, variant, placed_at)
                buyers.of_family[family].append(bought)
        return buyers

    def take(
        self, family_id: int, language: str, *, before: dt.datetime, rng: random.Random
    ) -> Bought | None:
        """One who reads ``language`` and has had it for some days; nobody is taken twice."""
        waiting = self.of_family.get(family_id, [])
        fitting = [
            one
            for one in waiting
            if one.placed_at < before and (one.language == "zh-hans") == (language == "zh-hans")
        ]
        if not fitting:
            return None
        chosen = rng.choice(fitting)
        waiting.remove(chosen)
        return chosen


def reviews_load(
    catalogue: Catalogue, shelved: Shelved, *, now: dt.datetime, rng: random.Random
) -> Buyers:
    """Some for nearly every good, many for the featured ones, all approved, with their mean.

    Returns the buyers who have said nothing yet.
    """
    writer = _Writer(_Names(rng), Buyers.read(), random.Random(rng.getrandbits(64)), now)
    means = []
    for good in catalogue.goods:
        count = rng.randint(4, 14) if good.featured else rng.choice((0, 1, 2, 3, 4, 6))
        languages = ["zh" if rng.random() < CHINESE_SHARE else "en" for _ in range(count)]
        reviews = reviews_written(good, rng, languages)
        product = shelved.products[good.key]
        for review in reviews:
            writer.write(good, product, review, now - rng.random() ** 2 * SOLD_LONG)
        if reviews:
            product.rating = sum(review.score for review in reviews) / len(reviews)
            means.append(product)
    with dates_as_given((ProductReview, "date_created")):
        bulk(writer.reviews)
    bulk(writer.details)
    rows_update(means, ["rating"])
    return writer.buyers


class _Writer:
    """Makes the rows of reviews, by buyers where there are some."""

    def __init__(
        self, names: "_Names", buyers: Buyers, rng: random.Random, now: dt.datetime
    ) -> None:
        self.names, self.buyers, self.rng, self.now = names, buyers, rng, now
        self.reviews: list[ProductReview] = []
        self.details: list[ReviewDetail] = []

    def write(self, good: Good, product: Product, seed: ReviewSeed, at: dt.datetime) -> None:
        language = LANGUAGES[seed.language]
        name = self.names.one(seed.language)
        buyer = None
        if self.rng.random() < BUYER_SHARE:
            before = self.now - dt.timedelta(days=USED_FOR[0] + 1)
            buyer = self.buyers.take(product.pk, language, before=before, rng=self.rng)
        if buyer:
            name = signature(buyer.first_name, buyer.last_name) or name
            at = min(
                buyer.placed_at + dt.timedelta(days=self.rng.uniform(*USED_FOR)),
                self.now - dt.timedelta(hours=self.rng.uniform(1, 60)),
            )
        review = ProductReview(
            product=product,
            user_id=buyer.user_id if buyer else None,
            score=seed.score,
            title=seed.title[:255],
            body=seed.body,
            name=name,
            status=ProductReview.APPROVED,
            date_created=at,
        )
        self.reviews.append(review)
        self.details.append(
            ReviewDetail(
                review=review,
                language=language,
                is_verified=buyer is not None,
                variant_id=buyer.variant_id if buyer else None,
            )
        )


class _Names:
    """How people sign: "Hannah K.", "林**"."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._fakers = {"en": Faker(["en_GB", "de_DE", "en_US"]), "zh": Faker("zh_CN")}
        for faker in self._fakers.values():
            faker.seed_instance(rng.getrandbits(32))

    def one(self, language: str) -> str:
        if language == "zh":
            return self._fakers["zh"].last_name() + self._rng.choice(("女士", "先生", "同学", "**"))
        faker = self._fakers["en"]
        return f"{faker.first_name()} {faker.last_name()[0]}."
