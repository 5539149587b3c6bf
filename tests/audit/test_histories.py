"""What has a history has the way there on its page or beside its row, for those who may read it."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts import roles
from orders.fraud.models import FraudLine, Listed
from orders.refunds.models import RefundLimit
from payments.bank.models import BankLine
from payments.ledger.models import DayClose, WriteOffLimit
from shop.dashboard.audit.histories import HISTORIES
from tests.factories import OtherWarehouseFactory, UserFactory
from tests.ledger.support import settlement_made

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
