"""Files, codes and last parts that several want at the same moment."""

from functools import partial

import pytest
from django.core.management import call_command

from orders.handover.models import DownloadGrant
from orders.handover.services import grant_use
from orders.models import Order
from orders.services import order_place
from shop.core.outbox import relay
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory
from tests.kinds.support import download, paid, placed, set_in_basket, set_of
from tests.sales import basket_with, checkout_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S1.07", "S5.16")]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


def test_eight_downloads_at_once_at_a_limit_of_five_are_five():
    file = download(downloads=5)
    paid(placed(basket_with({file.product: 1}), is_sent=False))
    grant = DownloadGrant.objects.get()

    outcomes = at_once(*[partial(grant_use, grant=grant)] * 8)

    assert sorted(outcomes) == [False] * 3 + [True] * 5
    assert DownloadGrant.objects.get().used == 5


def test_the_last_part_goes_to_one_of_two_sets():
    pot = ProductFactory(price="40.00", stock=9)
    mug = ProductFactory(price="20.00", stock=1)
    tea = set_of({pot: 1, mug: 1}, price="50.00")
    checkouts = [checkout_of(set_in_basket(tea)) for _ in range(2)]

    outcomes = at_once(*[partial(order_place, checkout=one) for one in checkouts])

    assert kinds(outcomes) == {"Order": 1, "OutOfStock": 1}
    assert (Order.objects.count(), pot.stockrecords.get().num_allocated) == (1, 1)
    relay()
    call_command("verify")
