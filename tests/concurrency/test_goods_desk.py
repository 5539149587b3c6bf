"""Two at once at the desk of products: editors, clocks, workers."""

import datetime as dt
import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Product
from catalog.partner.models import StockRecord
from shop.dashboard.goods import jobs
from shop.dashboard.goods.copies import product_copy
from shop.dashboard.goods.exceptions import PlanChanged
from shop.dashboard.goods.models import JobKind, JobState, Outcome, ProductPlan
from shop.dashboard.goods.plans import Standing, plans_follow, standing_set
from tests.factories import ProductFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S1.01")]


def together(*works) -> list[object]:
    """What each answers or raises, when all begin at the same moment."""
    barrier, found = threading.Barrier(len(works)), [None] * len(works)

    def go(place, work):
        try:
            barrier.wait(10)
            found[place] = work()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_editors_that_saw_the_same_version_one_saves():
    product = ProductFactory()

    def save():
        return standing_set(
            product=Product.objects.get(pk=product.pk), standing=Standing.DRAFT, version=0
        )

    found = together(*[save] * 5)

    assert sum(isinstance(one, ProductPlan) for one in found) == 1
    assert sum(isinstance(one, PlanChanged) for one in found) == 4
    assert ProductPlan.objects.get().version == 1


def test_two_clocks_put_a_product_on_sale_once():
    product, moment = ProductFactory(), timezone.now() + dt.timedelta(hours=1)
    standing_set(product=product, standing=Standing.SALE, starts_at=moment)

    found = together(*[lambda: plans_follow(now=moment)] * 3)

    assert sorted(found) == [0, 0, 1]
    assert Product.objects.get().is_public


def test_workers_at_the_same_job_change_each_price_once():
    owner = UserFactory(is_staff=True, is_superuser=True)
    products = [ProductFactory(price="10.00") for _ in range(4)]
    job = jobs.job_make(
        kind=JobKind.BULK,
        told={"action": "percent", "by": "10", "language": "en"},
        key=uuid4(),
        user_id=owner.pk,
        product_ids=[one.pk for one in products],
    )
    jobs.job_step(pk=job.pk, state=JobState.CHECKING)
    jobs.job_move(pk=job.pk)
    jobs.job_step(pk=job.pk, state=JobState.RUNNING)

    together(*[lambda: jobs.job_move(pk=job.pk)] * 3)

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert {str(one.price) for one in StockRecord.objects.all()} == {"11.00"}
    assert set(job.rows.values_list("outcome", flat=True)) == {Outcome.CHANGED}


def test_a_form_that_is_sent_twice_at_once_makes_one_copy():
    product, key = ProductFactory(), uuid4()

    found = together(*[lambda: product_copy(product=product, key=key, user_id=None).pk] * 3)

    copies = Product.objects.exclude(pk=product.pk)
    assert copies.count() == 1
    assert copies.get().pk in found


def test_jobs_that_meet_at_the_same_products_leave_none_out():
    owner = UserFactory(is_staff=True, is_superuser=True)
    ids = [ProductFactory().pk for _ in range(12)]
    made = []
    for action, order in (("draft", ids), ("archive", ids[::-1])):
        job = jobs.job_make(
            kind=JobKind.BULK,
            told={"action": action, "language": "en"},
            key=uuid4(),
            user_id=owner.pk,
            product_ids=order,
        )
        jobs.job_step(pk=job.pk, state=JobState.CHECKING)
        jobs.job_move(pk=job.pk)
        jobs.job_step(pk=job.pk, state=JobState.RUNNING)
        made.append(job)

    together(*[lambda pk=job.pk: jobs.job_move(pk=pk) for job in made])

    for job in made:
        job.refresh_from_db()
        assert job.state == JobState.DONE
        assert set(job.rows.values_list("outcome", flat=True)) == {Outcome.CHANGED}
