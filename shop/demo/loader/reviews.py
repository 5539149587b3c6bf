"""Writing what buyers said."""

import datetime as dt
import random

from faker import Faker

from catalog.models import Product
from catalog.reviews.models import ProductReview
from shop.demo.catalogue import Catalogue
from shop.demo.loader.bulk import BATCH, bulk, dates_as_given
from shop.demo.loader.products import Shelved
from shop.demo.reviews import reviews_written

SOLD_LONG = dt.timedelta(days=400)
CHINESE_SHARE = 0.38


def reviews_load(
    catalogue: Catalogue, shelved: Shelved, *, now: dt.datetime, rng: random.Random
) -> None:
    """Some for nearly every good, many for the featured ones, all approved, with their mean."""
    names = _Names(rng)
    rows, means = [], []
    for good in catalogue.goods:
        count = rng.randint(4, 14) if good.featured else rng.choice((0, 1, 2, 3, 4, 6))
        languages = ["zh" if rng.random() < CHINESE_SHARE else "en" for _ in range(count)]
        reviews = reviews_written(good, rng, languages)
        product = shelved.products[good.key]
        rows += [
            ProductReview(
                product=product,
                score=review.score,
                title=review.title[:255],
                body=review.body,
                name=names.one(review.language),
                status=ProductReview.APPROVED,
                date_created=now - rng.random() ** 2 * SOLD_LONG,
            )
            for review in reviews
        ]
        if reviews:
            product.rating = sum(review.score for review in reviews) / len(reviews)
            means.append(product)
    with dates_as_given((ProductReview, "date_created")):
        bulk(rows)
    Product.objects.bulk_update(means, ["rating"], batch_size=BATCH)


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
