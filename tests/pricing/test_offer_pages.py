"""What one offer is about has a page; codes and ended offers have none."""

import datetime as dt

import pytest
from django.utils import timezone

from promotions.offer.models import ConditionalOffer, Range
from tests.factories import ProductFactory
from tests.pricing.makers import site_offer

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.16")]


def test_running_offer_lists_its_products_and_nothing_else(client):
    inside, outside = ProductFactory(title="Tea tin"), ProductFactory(title="Desk lamp")
    teas = Range.objects.create(name="Teas")
    teas.add_product(inside)
    offer = site_offer(name="Tea days", range_=teas)

    page = client.get(f"/offers/{offer.slug}/").content.decode()

    assert "<h1>Tea days</h1>" in page
    assert "Tea tin" in page
    assert outside.title not in page


def test_offers_that_are_over_or_need_a_code_have_no_page(client):
    over = site_offer(name="Over", end_datetime=timezone.now() - dt.timedelta(days=1))
    code = site_offer(name="Code", offer_type=ConditionalOffer.VOUCHER)

    assert client.get(f"/offers/{over.slug}/").status_code == 404
    assert client.get(f"/offers/{code.slug}/").status_code == 404
    assert client.get("/offers/no-such-offer/").status_code == 404


def test_all_offers_are_the_list_of_what_is_on_offer(client):
    assert client.get("/offers/").headers["Location"] == "/on-offer/"
