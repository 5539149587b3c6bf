"""Units that are gone leave the book with a reason, and are counted by month."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supply.models import Reason, StockMovement
from tests.factories import ProductFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.59")]


def test_written_off_once_with_a_reason_and_counted_by_month():
    record = ProductFactory(stock=9).stockrecords.get()
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    url = reverse("dashboard:stock-write-off", args=[record.pk])
    data = {"off-reason": "broken", "off-units": 2, "off-note": "fell", "off-key": str(uuid4())}
    assert client.post(url, {**data, "off-note": ""}).status_code == 422
    assert client.post(url, {**data, "off-units": 10}).status_code == 422
    for _twice in range(2):
        assert client.post(url, data).status_code == 302
    record.refresh_from_db()
    moved = StockMovement.objects.get(reason=Reason.BROKEN)
    assert (record.num_in_stock, moved.quantity, moved.note) == (7, -2, "fell")

    page = client.get(reverse("dashboard:write-off-list"))
    first = page.context["rows"][0]
    assert (first["month"], first["sum"]) == (timezone.localdate().replace(day=1), 2)
    cell = next(one for one in first["cells"] if one["units"])
    assert client.get(cell["url"]).context["page_obj"].paginator.count == 1
