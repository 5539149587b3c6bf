"""Numbers without gaps and doubles, whoever asks at the same moment."""

from functools import partial

import pytest

from orders.papers.models import Document, Series
from orders.papers.services import invoice_issue
from tests.concurrency.support import at_once
from tests.factories import ProductFactory
from tests.sales import order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.16", "S7.03")]


def test_three_orders_asked_for_twice_at_once_have_the_first_three_numbers():
    vase = ProductFactory(stock=9)
    orders = [order_of(vase) for _ in range(3)]
    for order in orders:
        order.set_status("paid")

    papers = at_once(*[partial(invoice_issue, order_number=one.number) for one in orders * 2])

    assert sorted(paper.position for paper in papers) == [1, 1, 2, 2, 3, 3]
    assert sorted(Document.objects.values_list("position", flat=True)) == [1, 2, 3]
    assert Series.objects.get().last == 3
