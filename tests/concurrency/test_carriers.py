"""Carriers' messages and labels, many at once."""

from functools import partial

import pytest
from django.core.management import call_command
from django.test import Client

from orders.carriers import services
from orders.carriers.models import CarrierMessage, Label, TrackEvent
from tests.carriers.conftest import outside  # noqa: F401  a fixture
from tests.carriers.support import packed_parcel
from tests.concurrency.support import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S3.59")]


def test_one_label_and_one_event_however_many_ask_at_once(outside):  # noqa: F811
    parcel = packed_parcel()
    labels = at_once(
        *[partial(services.label_buy, parcel=parcel, carrier="parcelway") for _n in range(4)]
    )
    assert {one.pk for one in labels} == {Label.objects.get().pk}
    label = Label.objects.get()
    services.label_hand_over(label=label)
    outside.script("usual")
    outside.days_pass(2)

    answers = at_once(*[lambda: Client().post(**outside.message(label.tracking_number))] * 20)
    assert [one.status_code for one in answers] == [200] * 20
    at_once(*[services.messages_process] * 4)
    at_once(*[partial(services.label_refresh, label=label) for _n in range(4)])

    assert CarrierMessage.objects.count() == 1
    assert TrackEvent.objects.count() == 4
    label.refresh_from_db()
    assert (label.state, label.order.status) == ("delivered", "delivered")
    call_command("verify")
