"""Repairs, refurbished units, the condition that a policy wants, and photos of complaints."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from orders.exceptions import StepRefused
from orders.links import order_token
from orders.returns import services
from orders.returns.amounts import proposal_of
from orders.returns.dashboard.forms import RefundForm
from orders.returns.exceptions import ReturnRefused
from orders.returns.models import Complaint, Return
from orders.returns.selectors import returnables_of
from orders.returns.services import Found
from shop.core.models import Mail
from shop.core.outbox import relay
from supply.models import Reason, StockMovement, WarehouseStock
from tests.factories import OtherWarehouseFactory, ProductFactory, UserFactory
from tests.orders.returns.support import arrived, asked, inspected, wanted
from tests.orders.returns.test_pages import photo

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22", "S3.59")]


def to_repair(order) -> Return:
    line = order.lines.get()
    back = services.return_ask(
        order=order,
        wanted=[wanted(line, reason="broken")],
        key=uuid4(),
        language="zh-hans",
        wish="repair",
    )
    services.return_approve(back=back, user=None)
    services.return_receive(back=back, user=None)
    return back


def test_what_broke_is_repaired_and_goes_back_to_its_owner():
    order = arrived()
    with pytest.raises(ReturnRefused):
        services.return_ask(
            order=order,
            wanted=[wanted(order.lines.get(), reason="mind")],
            key=uuid4(),
            language="en",
            wish="repair",
        )
    back = to_repair(order)
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    steps = {"repair": {}, "repaired": {"carrier": "DHL", "tracking_number": "JJD7"}}
    for step, data in steps.items():
        url = reverse(f"dashboard:return-{step}", args=[back.number])
        for _twice in range(2):
            assert client.post(url, data).status_code == 302
        page = client.get(reverse("dashboard:return-detail", args=[back.number]))
        assert page.status_code == 200
    back.refresh_from_db()
    assert back.state == "repaired"
    assert not StockMovement.objects.filter(reason=Reason.RETURNED).exists()
    assert returnables_of(order)[0].left == 1  # its owner has it again
    relay()
    subjects = Mail.objects.filter(kind="return_step").values_list("key", flat=True)
    assert {key.rsplit(":", 1)[1] for key in subjects} >= {"repairing", "repaired"}
    path = reverse("orders:return", args=[order_token(order), back.number])
    assert "JJD7" in Client().get(path).content.decode()
    call_command("verify")


def test_what_cannot_be_repaired_is_paid_and_its_owner_is_told():
    back = to_repair(arrived())
    services.return_repair(back=back, user=None)
    line = back.lines.get()
    services.return_inspect(back=back, found={line.pk: Found(scrap=1)}, user=None)
    relay()
    back.refresh_from_db()
    assert (back.state, back.wish, proposal_of(back).total > 0) == ("inspected", "refund", True)
    assert Mail.objects.filter(key=f"return:{back.number}:inspected").exists()
    assert StockMovement.objects.get(reason=Reason.SCRAPPED).quantity == -1
    call_command("verify")


def test_refurbished_units_go_back_to_the_shelf_of_the_warehouse_that_has_them():
    other = OtherWarehouseFactory()
    cup = ProductFactory(stock=9)
    order = arrived({cup: 3})
    line = order.lines.get()
    back = asked(order, wanted(line, 3))
    services.return_approve(back=back, user=None)
    services.return_receive(back=back, user=None, warehouse=other)
    row = back.lines.get()
    services.return_inspect(back=back, found={row.pk: Found(restock=1, refurbish=2)}, user=None)
    there = WarehouseStock.objects.get(warehouse=other, stock_record=line.stockrecord)
    assert there.on_hand == 1

    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = reverse("dashboard:refurbish-list")
    assert back.number in client.get(page).content.decode()
    url = reverse("dashboard:refurbish-done", args=[row.pk])
    assert client.post(url, {"good": 2, "scrap": 1, "left": 2}).status_code == 422
    for _twice in range(2):
        assert client.post(url, {"good": 1, "scrap": 1, "left": 2}).status_code == 302
    there.refresh_from_db()
    row.refresh_from_db()
    assert (there.on_hand, row.refurbishing) == (2, 0)
    assert back.number not in client.get(page).content.decode()
    row.back = back
    with pytest.raises(StepRefused):
        services.units_refurbished(line=row, good=1, scrap=0, left=0, user=None)
    call_command("verify")


def test_what_comes_in_a_worse_condition_is_offered_less_with_its_reason():
    order = arrived({ProductFactory(price="50.00"): 1})
    back = inspected(order, found=Found(restock=1, is_worse=True))
    proposal = proposal_of(back)
    assert proposal.less == proposal.parts[0].amount / 5
    assert proposal.offered == proposal.sum - proposal.less
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("dashboard:return-detail", args=[back.number]))
    assert page.context["refund_form"]["amount"].value() == proposal.offered
    services.return_refund(back=back, amount=proposal.offered, user=None)
    path = reverse("orders:return", args=[order_token(order), back.number])
    assert "unused and in its packaging" in Client().get(path).content.decode()
    relay()
    call_command("verify")


def test_a_fault_is_nobodys_condition():
    order = arrived()
    line = wanted(order.lines.get(), reason="broken")
    back = inspected(order, line, found=Found(scrap=1, is_worse=True))
    assert proposal_of(back).less == 0
    assert not back.lines.get().is_worse


def test_a_complaint_takes_photos_and_is_confirmed_by_mail():
    order = arrived()
    line = order.lines.get()
    url = reverse("orders:order-complaint", args=[order_token(order)])
    client = Client()
    key = client.get(url).context["form"].fields["key"].initial
    data = {"key": str(key), "kind": "damaged", "wish": "back", f"units_{line.pk}": "1"}
    assert client.post(url, {**data, "photos": [photo() for _n in range(6)]}).status_code == 422
    for _twice in range(2):
        assert client.post(url, {**data, "photos": photo()}).status_code == 302
    complaint = Complaint.objects.get()
    seen = complaint.photos.get()
    relay()
    assert Mail.objects.filter(kind="complaint_made").count() == 1

    picture = reverse("dashboard:complaint-photo", args=[complaint.pk, seen.pk])
    assert Client().get(picture).status_code == 302
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    detail = client.get(reverse("dashboard:complaint-detail", args=[complaint.pk]))
    assert picture in detail.content.decode()
    assert client.get(picture)["Content-Type"] == "image/webp"


def test_the_team_is_not_spoken_to_as_the_customer():
    order = arrived()
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("dashboard:return-start", args=[order.number])).content.decode()
    assert "What would the customer like for it?" in page
    for word in ("What would you like", "I changed my mind", "Only we see them"):
        assert word not in page


def test_where_all_is_taken_off_no_amount_is_proposed():
    form = RefundForm(
        most=Decimal(20), offered=Decimal(0), currency="EUR", wish="refund", is_member=False
    )

    assert form["amount"].value() is None
