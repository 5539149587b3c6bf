"""A parcel's way: its label, what the carrier tells, what the shopper sees and is written."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.carriers import services
from orders.carriers.base import Load, Wanted
from orders.carriers.choosing import carrier_for
from orders.carriers.exceptions import CarrierRefused, CarrierUnavailable, MessageInvalid
from orders.carriers.models import CarrierMessage, Contract, Label
from orders.carriers.registry import carriers_all
from orders.carriers.selectors import promises_kept
from orders.exceptions import ImpossibleStep
from orders.fulfilment.models import OrderFacts, Shipment, Trouble
from orders.links import order_token
from orders.rates.models import ProductLoad
from orders.rates.rows import RATE_HEAD, rates_read
from orders.rates.services import rates_replace
from orders.services import order_unpack
from shop.core.models import Mail
from shop.core.nearby import nearby_forget
from shop.core.outbox import relay
from tests.carriers.support import packed_parcel
from tests.factories import UserFactory
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.59")]


def bought(parcel=None, carrier="parcelway") -> Label:
    return services.label_buy(parcel=parcel or packed_parcel(), carrier=carrier)


def told(label: Label) -> Label:
    """The clock asks, and what follows is done."""
    services.label_refresh(label=label)
    relay()
    label.refresh_from_db()
    return label


def mails() -> list[str]:
    return sorted(Mail.objects.filter(kind__startswith="parcel_").values_list("kind", flat=True))


@pytest.mark.parametrize("carrier", carriers_all(), ids=lambda one: one.code)
@pytest.mark.req("S3.57")
def test_what_every_carrier_promises(carrier, outside):
    """A new carrier gets these tests by its line in the settings."""
    assert carrier.code.isidentifier()
    with pytest.raises(MessageInvalid):
        carrier.parse_message(b"{}", {"Parcel-Signature": "t=1,v1=x"})
    with pytest.raises((CarrierRefused, CarrierUnavailable)):
        carrier.track("NOBODY-KNOWS-IT")
    load = Load(country="CN", postcode="200040", weight_g=900)
    if not carrier.sells_labels:
        assert "{number}" in carrier.tracking_page
        with pytest.raises(CarrierRefused):
            carrier.rates(load)
        return
    rates = carrier.rates(load)
    assert {one.service for one in rates} == set(carrier.services)
    assert rates == sorted(rates, key=lambda one: one.cost)
    wanted = Wanted("k", carrier.services[0], "A-1", ("王小明", "上海市"), "CN", "200040", 900)
    label = carrier.buy(wanted)
    assert carrier.buy(wanted) == label
    assert label.pdf.startswith(b"%PDF")
    assert label.cost == next(one.cost for one in rates if one.service == carrier.services[0])
    assert carrier.track(label.tracking_number) == []
    carrier.hand_over(label.tracking_number)
    carrier.hand_over(label.tracking_number)
    assert [one.code for one in carrier.track(label.tracking_number)] == ["accepted"]
    with pytest.raises(CarrierRefused):
        carrier.void(label.tracking_number)
    outside.is_down = True
    outside.asked.clear()
    for call in (carrier.track, carrier.hand_over, carrier.void):
        with pytest.raises(CarrierUnavailable):
            call(label.tracking_number)
    assert len(outside.asked) == 6  # each once more


def test_a_label_is_bought_once_whatever_breaks_and_may_be_cancelled_until_it_leaves(outside):
    parcel = packed_parcel()
    outside.is_down = True
    with pytest.raises(CarrierUnavailable):
        bought(parcel)
    assert Label.objects.get().state == "new"

    outside.is_down = False
    label = bought(parcel)
    assert bought(parcel) == label
    assert (label.state, label.promised_until) == ("bought", parcel.order.facts.promised_until)
    assert outside.parcels.rows.execute("SELECT count(*) FROM parcels").fetchone()[0] == 1

    services.label_void(label=label)
    second = bought(parcel, "swiftline")
    assert second.tracking_number != label.tracking_number
    services.label_hand_over(label=second)
    services.label_hand_over(label=second)
    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number) == ("swiftline", second.tracking_number)
    second.refresh_from_db()
    with pytest.raises(ImpossibleStep):
        services.label_void(label=second)
    with pytest.raises(CarrierRefused):
        bought(parcel, "dhl")
    is_well, said = verified()
    assert is_well, said


def test_the_label_of_a_box_that_was_unpacked_is_cancelled_at_the_carrier(outside):
    label = bought()
    order_unpack(order=label.order)
    services.parcels_ask()
    label.refresh_from_db()
    assert label.state == "void"
    assert outside.parcels.find(label.tracking_number)["voided"] == 1


def test_the_shopper_sees_each_step_and_the_order_is_delivered_with_its_parcel(outside, client):
    label = bought()
    order = label.order
    page = reverse("orders:order-track", args=[order_token(order)])
    assert "Nothing has left yet" in client.get(page).content.decode()

    services.label_hand_over(label=label)
    outside.script("usual")
    outside.days_pass(0.85)
    told(label)
    assert (label.state, mails()) == ("out", ["parcel_out"])
    shown = client.get(page).content.decode()
    assert "In the van, it comes today" in shown
    assert label.tracking_number in shown
    assert "送" in client.get(f"/zh-hans{page}").content.decode()

    outside.days_pass(0.2)
    for _again in range(3):
        told(label)
    order.refresh_from_db()
    assert (label.state, order.status) == ("delivered", "delivered")
    assert label.events.count() == 4
    assert mails() == ["parcel_out"]
    assert Mail.objects.filter(kind="order_delivered").count() == 1
    assert client.get(reverse("orders:order-track", args=["forged"])).status_code == 404
    call_command("verify")
    Shipment.objects.update(delivered_at=None)
    is_well, said = verified()
    assert not is_well
    assert "delivered has" in said or label.tracking_number in said


@pytest.mark.parametrize(
    ("script", "days", "state", "mail", "trouble"),
    [
        ("late", 1.5, "transit", "parcel_late", "late"),
        ("lost", 4.5, "lost", "parcel_lost", "lost"),
        ("damaged", 1.5, "damaged", "parcel_lost", "damaged"),
    ],
)
def test_what_goes_wrong_is_written_to_the_shopper_and_waits_for_a_clerk(
    outside, script, days, state, mail, trouble
):
    label = bought()
    services.label_hand_over(label=label)
    outside.script(script)
    outside.days_pass(days)
    told(label)
    told(label)
    assert (label.state, mails()) == (state, [mail])
    assert Trouble.objects.filter(closed_at=None).values_list("kind", flat=True).get() == trouble
    assert label.order.status != "delivered"


def test_a_parcel_whose_day_is_over_is_late_once(outside):
    label = bought()
    services.label_hand_over(label=label)
    assert services.parcels_late() == 0
    Label.objects.update(promised_until=timezone.localdate() - dt.timedelta(days=1))
    assert services.parcels_late() == 1
    assert services.parcels_late() == 0
    relay()
    assert mails() == ["parcel_late"]


def test_a_message_is_kept_once_and_only_if_it_is_the_carriers(outside):
    label = bought()
    services.label_hand_over(label=label)
    outside.script("usual")
    outside.days_pass(2)
    post = Client(enforce_csrf_checks=True).post
    good = outside.message(label.tracking_number)
    assert [post(**good).content for _n in range(3)] == [b"ok", b"known", b"known"]
    early = outside.message(label.tracking_number, 0)  # out of order
    assert post(**early).content == b"ok"
    altered = good | {"data": good["data"].replace(b"delivered", b"transit")}
    stale = good | {"headers": {"Parcel-Signature": "t=1,v1=0"}}
    assert [post(**one).status_code for one in (altered, stale)] == [400, 400]
    assert post(**good | {"path": "/parcels/messages/pigeon/"}).status_code == 404
    assert CarrierMessage.objects.count() == 2

    outside.is_down = True
    services.messages_process()
    label.refresh_from_db()
    assert label.state == "handed"
    outside.is_down = False
    CarrierMessage.objects.update(due_at=timezone.now())
    services.messages_process()
    label.refresh_from_db()
    assert label.state == "delivered"


def test_silent_parcels_are_asked_about(outside):
    label = bought()
    services.label_hand_over(label=label)
    outside.script("usual")
    outside.days_pass(0.5)
    assert services.parcels_ask() == 0  # it was just handed over
    Label.objects.update(checked_at=timezone.now() - dt.timedelta(hours=1))
    outside.is_down = True
    assert services.parcels_ask() == 0
    Label.objects.update(checked_at=timezone.now() - dt.timedelta(hours=1))
    outside.is_down = False
    assert services.parcels_ask() == 1
    label.refresh_from_db()
    assert label.state == "transit"


@pytest.mark.req("S1.14", "S3.57")
def test_the_office_buys_hands_over_and_opens_the_parcels_behind_a_figure(outside, client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    parcel = packed_parcel()
    ticked = {"parcel": [parcel.pk, "x", 10**30]}
    url = reverse("dashboard:parcel-list")
    assert parcel.order.number in client.get(url).content.decode()
    for step in ("parcels-buy", "parcels-hand-over"):
        assert client.post(reverse(f"dashboard:{step}"), ticked).status_code == 302
    label = Label.objects.get()
    assert (label.state, label.cost > Decimal(0)) == ("handed", True)
    pdf = client.get(reverse("dashboard:parcel-label", args=[label.pk]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")

    today = timezone.localdate()
    OrderFacts.objects.update(promised_until=today - dt.timedelta(days=2))
    outside.script("usual")
    outside.days_pass(3)
    told(label)
    for by in ("carrier", "method", "warehouse", "week"):
        days = {"since": today - dt.timedelta(days=30), "until": today}
        row = promises_kept(by=by, **days)[0]
        assert (row.parcels, row.on_time + row.late) == (1, 1)
        page = client.get(reverse("dashboard:parcel-figures"), {"by": by})
        assert page.status_code == 200
        for link in {"kept=yes": row.on_time, "kept=no": row.late}.items():
            opened = client.get(
                f"{url}?view=all&since={days['since']}&until={today}&{by}={row.key}&{link[0]}"
            )
            assert opened.context["page_obj"].paginator.count == link[1]
    assert client.get(url, {"view": "late", "week": "x", "kept": "never"}).status_code == 200


def test_the_row_that_takes_a_parcel_says_its_carrier_and_service(outside):
    rates_replace(
        lines=rates_read(
            ",".join(RATE_HEAD)
            + "\nw,World,,standard,,0,20000,,,,4.90,,1,2,parcelway,standard"
            + "\nw,World,,standard,,20000,,,,,12.90,,2,4,parcelway,freight"
            + "\nw,World,,express,,,,,,50,9.90,,1,1,parcelway,standard"
            + "\nw,World,,express,,,,,50,,9.90,,1,1,swiftline,express"
        )
    )
    nearby_forget()
    light, heavy = packed_parcel(), packed_parcel()
    product = heavy.order.lines.get().product
    ProductLoad.objects.create(product=product, grams=25_000)

    assert carrier_for(light) == ("parcelway", "standard")
    assert carrier_for(heavy) == ("parcelway", "freight")
    heavy.weight_g = 900  # a small part of it, on the scales
    assert carrier_for(heavy) == ("parcelway", "standard")
    light.order.shipping_code = "express"
    light.order.total_incl_tax = 60 + light.order.shipping_incl_tax
    assert carrier_for(light) == ("swiftline", "express")


@pytest.mark.req("S1.14", "S3.57")
def test_every_rate_opens_what_it_is_made_of_for_the_weeks_that_were_chosen(outside, client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    today = timezone.localdate()
    labels = [bought(), bought(), bought(), bought()]
    for label, state in zip(labels, ("delivered", "lost", "damaged", "transit"), strict=True):
        services.label_hand_over(label=label)
        Label.objects.filter(pk=label.pk).update(
            state=state, delivered_at=timezone.now() if state == "delivered" else None
        )
    Shipment.objects.filter(labels=labels[0]).update(delivered_at=timezone.now())
    OrderFacts.objects.update(promised_until=today - dt.timedelta(days=2))
    OrderFacts.objects.filter(order=labels[3].order).update(promised_until=today)
    OrderFacts.objects.filter(order=labels[1].order).update(
        promised_until=today - dt.timedelta(weeks=20)
    )
    figures = reverse("dashboard:parcel-figures")

    def opened(address: str) -> int:
        return client.get(address).context["page_obj"].paginator.count

    page = client.get(figures, {"weeks": "26"})
    row = page.context["rows"][0]
    assert (row["row"].loss_rate, row["row"].damage_rate) == (25.0, 25.0)
    assert (row["row"].on_time, row["row"].late) == (0, 3)
    assert [opened(row[name]) for name in ("kept_url", "lost_url", "damaged_url")] == [3, 1, 1]
    assert opened(page.context["share_url"]) == 3
    shown = page.content.decode()
    for name in ("kept_url", "lost_url", "damaged_url"):
        assert row[name].replace("&", "&amp;") in shown
    for weeks in ("", "12", "999", "x"):
        few = client.get(figures, {"weeks": weeks}).context["rows"][0]["row"]
        assert (few.parcels, few.lost) == (3, 0)

    # It came back since: it broke all the same.
    Label.objects.filter(pk=labels[2].pk).update(state="returned")
    labels[2].events.create(event_id="e-9", code="damaged", happened_at=timezone.now())
    row = client.get(figures, {"weeks": "26"}).context["rows"][0]
    assert (row["row"].damaged, opened(row["damaged_url"])) == (1, 1)

    contract = Contract.objects.create(
        carrier="parcelway", reference="C-1", valid_from=today - dt.timedelta(weeks=30)
    )
    page = client.get(reverse("dashboard:contract-detail", args=[contract.pk]))
    assert (page.context["score"].parcels, page.context["score"].damage_rate) == (4, 25.0)
    assert opened(page.context["parcels_url"] + "&wrong=damaged") == 1
    contract.valid_from = today + dt.timedelta(days=1)
    contract.save()
    assert client.get(reverse("dashboard:contract-detail", args=[contract.pk])).status_code == 200


@pytest.mark.req("S3.57", "S3.58")
def test_prices_are_compared_before_a_label_is_bought(outside, client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    parcel = packed_parcel()
    page = reverse("dashboard:parcel-rates", args=[parcel.pk])

    offers = client.get(page).context["offers"]
    assert {one.carrier for one in offers} == {"parcelway", "swiftline"}
    assert [one.cost for one in offers] == sorted(one.cost for one in offers)
    assert [one.is_usual for one in offers].count(True) == 1
    assert not Label.objects.exists()
    outside.is_down = True
    assert client.get(page).context["silent"] == "Parcelway, Swiftline"
    outside.is_down = False

    dear = next(one for one in offers if one.service == "freight")
    form = {"parcel": parcel.pk, "carrier": dear.carrier, "service": dear.service}
    client.post(reverse("dashboard:parcels-buy"), form)
    label = Label.objects.get()
    assert (label.service, label.cost) == ("freight", dear.cost)
    assert "has its label" in client.get(page).content.decode()
    assert client.get(reverse("dashboard:parcel-rates", args=[10**18])).status_code == 404
