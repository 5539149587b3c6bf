"""Hand-over lists, claims, contracts, and on which days a warehouse promises."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.carriers import services
from orders.carriers.models import Claim, Contract, Label, Manifest
from orders.life.holds import order_hold
from orders.shipping.repository import methods_to
from shop.core.nearby import nearby_forget
from shop.core.outbox import relay
from tests.carriers.support import packed_parcel
from tests.factories import OtherWarehouseFactory, UserFactory, WarehouseFactory
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.57", "S3.58")]


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"dashboard:{name}", args=args)


def test_parcels_are_scanned_onto_a_list_and_leave_with_it(outside, desk):
    good, held, other = packed_parcel(), packed_parcel(), packed_parcel()
    labels = [
        services.label_buy(parcel=parcel, carrier=carrier)
        for parcel, carrier in ((good, "parcelway"), (held, "parcelway"), (other, "swiftline"))
    ]
    main = good.warehouse_id
    desk.post(url("manifest-open"), {"carrier": "parcelway", "warehouse": main})
    desk.post(url("manifest-open"), {"carrier": "parcelway", "warehouse": main})
    paper = Manifest.objects.get()
    desk.post(url("manifest-close", paper.pk))
    paper.refresh_from_db()
    assert paper.closed_at is None  # nothing was scanned

    def scan(code: str):
        return desk.post(url("manifest-scan", paper.pk), {"code": code})

    assert "is on the list" in scan(labels[0].tracking_number.lower()).content.decode()
    assert "already" in scan(good.order.number).content.decode()
    assert scan(held.order.number).status_code == 200
    assert scan(labels[2].tracking_number).status_code == 422
    assert "goes with Swiftline" in scan(other.order.number).content.decode()
    for wrong in ("", "9" * 200, "没有"):
        assert scan(wrong).status_code == 422
    elsewhere = services.manifest_open(carrier="parcelway", warehouse=OtherWarehouseFactory())
    assert (
        desk.post(url("manifest-scan", elsewhere.pk), {"code": good.order.number}).status_code
        == 422
    )
    order_hold(order=held.order, reason="address")

    desk.post(url("manifest-close", paper.pk))
    desk.post(url("manifest-close", paper.pk))
    states = [Label.objects.get(pk=one.pk).state for one in labels]
    assert states == ["handed", "bought", "bought"]
    assert list(paper.labels.all()) == [labels[0]]
    assert scan(held.order.number).status_code == 422
    desk.post(url("manifest-remove", labels[0].pk))
    assert paper.labels.count() == 1
    assert good.order.number in desk.get(url("manifest-detail", paper.pk)).content.decode()
    relay()
    assert verified()[0], verified()[1]


@pytest.mark.django_db(transaction=True)
def test_the_drivers_paper_is_printed(outside, desk):
    label = services.label_buy(parcel=packed_parcel(), carrier="parcelway")
    paper = services.manifest_open(carrier="parcelway", warehouse=WarehouseFactory())
    services.manifest_scan(manifest=paper, code=label.tracking_number)
    pdf = b"".join(desk.get(url("manifest-file", paper.pk)).streaming_content)
    assert pdf.startswith(b"%PDF")


def test_a_claim_has_its_amount_and_last_day_by_the_contract_and_its_steps(outside, desk):
    today = timezone.localdate()
    desk.post(
        url("contract-add"),
        {
            "carrier": "parcelway",
            "reference": "C-2026",
            "valid_from": today - dt.timedelta(days=9),
            "claim_days": 14,
            "liability": "8.00",
            "late_percent": 50,
        },
    )
    contract = Contract.objects.get()
    table = "service,country,weight_to,cost\nstandard,DE,1000,2.90\nstandard,DE,,4.10\nstandard,,,9.00\n"

    def taken(text: str | bytes) -> int:
        content = text.encode() if isinstance(text, str) else text
        file = SimpleUploadedFile("costs.csv", content)
        return desk.post(url("contract-rates", contract.pk), {"file": file}).status_code

    assert taken(table) == 302
    bad = "standard,DE,1,x\n,DE,,1\nstandard,Germany,,1\nstandard,DE,-1,1\nstandard,DE,,NaN\n"
    for wrong in (f"service,country,weight_to,cost\n{bad}", "a,b\n1,2\n", b"\xff\xfe", "", "\x00",
                  table + "standard,DE,,5\n"):  # fmt: skip
        assert taken(wrong) == 422
    assert contract.rates.count() == 3
    assert desk.get(url("contract-export", contract.pk)).status_code == 200
    label = services.label_buy(parcel=packed_parcel(), carrier="parcelway")
    assert label.agreed in (Decimal("2.90"), Decimal("4.10"))
    assert desk.post(url("claim-new", label.pk), {"kind": "lost"}).status_code == 422
    label = services.label_hand_over(label=label)
    page = desk.get(url("parcel-costs")).content.decode()
    assert "Parcelway" in page
    for by in ("carrier", "service", "method", "country", "week"):
        rows = desk.get(url("parcel-costs"), {"by": by}).context["rows"]
        assert (rows[0]["row"].parcels, rows[0]["row"].billed) == (1, label.cost)
        assert len(desk.get(rows[0]["url"]).context["parcels"]) == 1

    assert desk.get(url("claim-new", label.pk), {"kind": "late"}).status_code == 200
    for _twice in range(2):
        desk.post(url("claim-new", label.pk), {"kind": "lost"})
    claim = Claim.objects.get()
    assert (claim.amount, claim.deadline) == (8, today + dt.timedelta(days=14))

    def move(state: str, **more: str) -> int:
        return desk.post(url("claim-move", claim.pk), {"state": state, **more}).status_code

    assert [move("paid"), move("granted", granted="5"), move("x")] == [422, 422, 422]
    assert move("sent", reference="K-1") == 302
    assert [move("granted"), move("granted", granted="9")] == [422, 422]
    assert [move("granted", granted="5"), move("granted", granted="5"), move("paid")] == [302] * 3
    claim.refresh_from_db()
    assert (claim.state, claim.granted, claim.reference) == ("paid", 5, "K-1")
    for page in (url("claim-list") + "?view=paid", url("claim-detail", claim.pk)):
        text = desk.get(page).content.decode()
        assert label.tracking_number in text
        assert "Parcelway" in text


@pytest.mark.req("S1.14")
def test_a_promise_knows_the_days_of_the_warehouse_that_sends():
    main = WarehouseFactory(working_days="1234567")
    other = OtherWarehouseFactory(rank=1)
    ordered = dt.datetime(2026, 6, 3, 10, tzinfo=dt.UTC)  # a Wednesday
    usual = methods_to("DE")[0].promise(ordered)
    main.holidays = [dt.date(2026, 6, 3), dt.date(2026, 6, 4)]
    main.save()
    nearby_forget()
    late = methods_to("DE")[0]
    assert late.warehouse == main.code
    assert late.promise(ordered)[0] > usual[0]
    main.holidays, main.cut_off = [], dt.time(9)
    main.save()
    nearby_forget()
    assert methods_to("DE")[0].promise(ordered)[0] >= usual[0]
    assert methods_to(other.country_id)[0].warehouse in (main.code, other.code)
