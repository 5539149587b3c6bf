"""What has a history has the way there on its page or beside its row, for those who may read it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts import roles
from orders.fraud.models import FraudLine, Listed
from orders.rates.models import Method, WorkingWeek
from orders.refunds.models import RefundLimit, RefundRequest
from orders.returns.models import Complaint
from payments.bank.models import BankLine
from payments.ledger.models import DayClose, WriteOff, WriteOffLimit
from payments.wallets.services import credit_give
from shop.core.audit.acting import acting
from shop.dashboard.audit.histories import HISTORIES
from tests.factories import OtherWarehouseFactory, UserFactory
from tests.ledger.support import settlement_made
from tests.sales import order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.08")]


def link(label: str, key: object) -> str:
    return reverse("dashboard:object-history", kwargs={"label": label, "key": key})


def test_money_rules_and_places_have_the_way_to_their_history():
    owner = UserFactory(is_staff=True, is_superuser=True)
    today = timezone.localdate()
    line = BankLine.objects.create(fingerprint="k", booked_on=today, amount=1, currency="EUR")
    listed = Listed.objects.create(
        kind="email", value="a@b.de", shown="a@b.de", verdict="blocked", reason="x"
    )
    FraudLine.objects.create(pk=1, score=50)
    day = DayClose.objects.create(day=today.replace(year=2020))
    group = Group.objects.get(name=roles.FINANCE)
    RefundLimit.objects.create(group=group, amount=10)
    WriteOffLimit.objects.create(group=group, amount=2)
    settled, place = settlement_made(), OtherWarehouseFactory()
    pages = {
        ("bank-list", None): ("bank.bankline", line.pk),
        ("fraud-rules", None): ("fraud.fraudline", 1),
        ("fraud-listed", None): ("fraud.listed", listed.pk),
        ("book-days", None): ("ledger.dayclose", day.pk),
        ("refund-limits", None): ("refunding.refundlimit", group.pk),
        ("book-settlement", settled.pk): ("ledger.settlement", settled.pk),
        ("warehouse-detail", place.pk): ("supply.warehouse", place.pk),
    }
    client = Client()
    client.force_login(owner)

    limits = client.get(reverse("dashboard:refund-limits")).content.decode()
    assert link("ledger.writeofflimit", group.pk) in limits
    for (name, pk), (label, key) in pages.items():
        page = client.get(reverse(f"dashboard:{name}", args=[pk] if pk else []))
        assert link(label, key) in page.content.decode(), name
        assert client.get(link(label, key)).status_code == 200, label

    clerk = UserFactory(is_staff=True)
    clerk.groups.add(Group.objects.get(name=roles.CLERK))
    client.force_login(clerk)
    assert client.get(link("bank.bankline", line.pk)).status_code == 403


def test_every_history_knows_its_thing_and_its_page():
    assert {"wallets.wallet", "drafts.draft", "fraud.fraudcheck", "carriers.contract"} <= set(
        HISTORIES
    )
    for label, history in HISTORIES.items():
        assert history.page == "" or history.keyword or label == "finding.rankingweights"


def test_orders_and_money_have_it_and_what_was_changed_stands_in_it(client):
    """Also what is noted under another thing: a wallet under its owner, a limit under its role."""
    clerk = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(clerk)
    owner = UserFactory()
    with acting(user_id=clerk.pk, place="desk"):
        wallet = credit_give(
            owner_id=owner.pk, amount=Decimal(5), currency="EUR", key="k1", note="late", by=clerk
        ).wallet
        group = Group.objects.get(name=roles.FINANCE)
        WriteOffLimit.objects.create(group=group, amount=2)
        order = order_of()
        asked = RefundRequest.objects.create(
            order=order, key=uuid4(), amount=5, reason="late", is_over_limit=True, asked_by=clerk
        )
        complaint = Complaint.objects.create(
            order=order, key=uuid4(), kind="late", wish="refund", words="where is it", language="en"
        )
        off = WriteOff.objects.create(
            kind="short",
            reference="x",
            currency="EUR",
            amount=1,
            reason="a euro",
            decided_by=clerk,
        )
        method = Method.objects.create(code="owl", name_en="Owl", name_zh="猫头鹰", position=9)
        week = WorkingWeek.objects.create(mover="carrier", code="owl")
    things = {
        "wallets.wallet": (wallet, "wallet-detail", wallet.pk),
        "ledger.writeofflimit": (group, "refund-limits", None),
        "refunding.refundrequest": (asked, "refund-ask-list", None),
        "returns.complaint": (complaint, "complaint-detail", complaint.pk),
        "ledger.writeoff": (off, "book-write-offs", None),
        "rates.method": (method, "delivery-method", method.pk),
        "rates.workingweek": (week, "delivery-days", None),
    }

    for label, (thing, page, key) in things.items():
        text = client.get(reverse(f"dashboard:{page}", args=[key] if key else [])).text
        assert link(label, thing.pk) in text, label
        history = client.get(link(label, thing.pk)).text
        assert "Nothing changed yet" not in history, label
        assert clerk.get_full_name() in history or clerk.email in history, label


@pytest.mark.parametrize("page", ["order-edit", "refund-ask-new", "book-order"])
def test_pages_about_an_order_lead_to_its_history(client, page: str):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    order = order_of()

    text = client.get(reverse(f"dashboard:{page}", args=[order.number])).text

    assert link("order.order", order.number) in text


def test_whoever_may_see_returns_reads_what_became_of_a_complaint(client):
    clerk = UserFactory(is_staff=True)
    clerk.groups.add(Group.objects.get(name=roles.AGENT))
    client.force_login(clerk)
    complaint = Complaint.objects.create(
        order=order_of(), key=uuid4(), kind="late", wish="refund", words="x", language="en"
    )

    assert client.get(link("returns.complaint", complaint.pk)).status_code == 200
    clerk.groups.set([Group.objects.get(name=roles.MARKETER)])
    assert client.get(link("returns.complaint", complaint.pk)).status_code == 403


@pytest.mark.parametrize("typed", ["wallets.wallet:1", "x:1", "no.such:1", ":", "a.b.c:d"])
def test_whatever_is_typed_is_searched_for(client, typed: str):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    assert client.get(reverse("dashboard:audit-list"), {"thing": typed}).status_code == 200
