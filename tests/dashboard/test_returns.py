"""The desk of returns: who does what, what is refused, and what the figures open."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from crm.accounts import roles
from orders.returns.models import Return, ReturnPolicy
from orders.returns.services import return_approve
from payments.models import Refund, RefundState
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.orders.returns.support import arrived, asked, wanted
from tests.sales import refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22")]


def client_of(role: str) -> Client:
    client = Client()
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user)
    return client


def page_of(client: Client, back: Return) -> str:
    address = reverse("dashboard:return-detail", args=[back.number])
    return client.get(address).content.decode()


def test_service_decides_the_warehouse_looks_and_finance_pays():
    product = ProductFactory(price="20.00", stock=9)
    order = arrived({product: 3})
    back = asked(order, wanted(order.lines.get(), 2, "damaged"))
    line = back.lines.get()
    service, warehouse, finance = (
        client_of(role) for role in (roles.AGENT, roles.CLERK, roles.FINANCE)
    )

    def step(name: str) -> str:
        return reverse(f"dashboard:return-{name}", args=[back.number])

    listed = service.get(reverse("dashboard:return-list")).content.decode()
    assert back.number in listed
    assert step("approve") in page_of(service, back)
    assert step("approve") not in page_of(warehouse, back)
    assert service.post(step("refuse"), {"because": " "}).status_code == 422
    service.post(step("approve"))
    service.post(step("approve"))
    service.post(step("refuse"), {"because": "Too late."})

    scanned = back.number.replace("-", "").lower()
    scan = reverse("dashboard:return-scan")
    here = reverse("dashboard:return-detail", args=[back.number])
    for code in (scanned, order.number, product.stockrecords.get().partner_sku):
        assert warehouse.get(scan, {"code": code})["Location"] == here
    assert "view=all" in warehouse.get(scan, {"code": "nothing"})["Location"]
    warehouse.post(step("receive"))
    found = {f"{name}_{line.pk}": "0" for name in ("restock", "refurbish", "not_received")}
    refused = warehouse.post(step("inspect"), {**found, f"scrap_{line.pk}": "1"})
    assert refused.status_code == 422
    assert "must be 2 units" in refused.content.decode()
    warehouse.post(step("inspect"), {**found, f"restock_{line.pk}": "1", f"scrap_{line.pk}": "1"})
    assert product.stockrecords.get().num_in_stock == 7

    page = page_of(finance, back)
    assert 'value="40.00"' in page
    assert finance.post(step("refund"), {"amount": "40.01"}).status_code == 422
    finance.post(step("refund"), {"amount": "35"})
    finance.post(step("refund"), {"amount": "35"})
    finance.post(step("close"), {"because": "Again."})
    refund = Refund.objects.get()
    back.refresh_from_db()
    assert (refund.amount, refund.state) == (Decimal("35.00"), RefundState.PENDING)
    refunds_finish()
    refund.refresh_from_db()
    assert refund.state == RefundState.DONE
    assert (back.state, back.amount) == ("refunded", Decimal("35.00"))
    story = client_of(roles.OPERATIONS_MANAGER).get(
        reverse("dashboard:order-detail", args=[order.number])
    )
    assert back.number in story.content.decode()


def test_what_waits_is_counted_and_the_figures_open_their_returns():
    order = arrived({ProductFactory(title="Kettle", stock=9): 4})
    line = order.lines.get()
    asked(order, wanted(line, 2, "broken"))
    return_approve(back=asked(order, wanted(line, 1, "fit")), user=None)
    client = client_of(roles.OPERATIONS_MANAGER)

    board = client.get(reverse("dashboard:index")).content.decode()
    assert "return to decide" in board
    why = client.get(reverse("dashboard:return-reasons")).content.decode()
    assert "75.0 %" in why
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*reason=[^"]*)"', why)}
    assert len(links) == 4
    for link in links:
        assert "1 return" in client.get(link).content.decode()
    assert "No returns here" in client.get(f"{min(links)}&q=nobody").content.decode()


def test_rules_are_kept_in_order():
    client = client_of(roles.OPERATIONS_MANAGER)
    category = CategoryFactory(name_zh_hans="泳装")
    add = reverse("dashboard:return-policy-add")
    rule = {"category": category.pk, "days": 60, "fault_days": 730, "condition": "tried"}
    rule["worse_percent"] = 0

    assert client.post(add, {**rule, "fault_days": 59}).status_code == 422
    assert client.post(add, {**rule, "fault_days": 99999}).status_code == 422
    assert client.post(add, {**rule, "category": ""}).status_code == 422
    client.post(add, {**rule, "free_reasons": ["fit", "damaged"]})
    assert client.post(add, rule).status_code == 422
    made = ReturnPolicy.objects.get(category=category)
    assert (made.days, made.free_reasons) == (60, ["fit", "damaged"])
    listed = client.get(reverse("dashboard:return-policy-list")).content.decode()
    assert "within 60 days after delivery" in listed
    default, _is_new = ReturnPolicy.objects.get_or_create(category=None)
    for policy in (made, default):
        client.post(reverse("dashboard:return-policy-delete", args=[policy.pk]))
    assert list(ReturnPolicy.objects.all()) == [default]
    change = reverse("dashboard:return-policy-detail", args=[default.pk])
    client.post(change, {"days": 14, "fault_days": 365, "condition": "unused", "worse_percent": 0})
    default.refresh_from_db()
    assert (default.days, default.pays_delivery, default.free_reasons) == (14, False, [])
