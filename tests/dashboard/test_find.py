"""One box finds whatever somebody may open: orders, parcels, customers, products and pages."""

import pytest
from django.urls import reverse

from orders.fulfilment.models import Shipment
from tests.factories import ProductFactory, UserFactory
from tests.sales import order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.04", "S3.50")]


def test_whatever_may_be_opened_is_found_and_nothing_else(office) -> None:
    agent, editor = office("Customer-service agent"), office("Product manager")
    person = UserFactory(first_name="Quentin", email="q@example.com")
    order = order_of(ProductFactory(title_en="Quince jam"), user=person)
    Shipment.objects.create(order=order, carrier="DHL", tracking_number="QX77")
    page = reverse("dashboard:find")

    def names(client, text: str, **headers) -> dict[str, list[str]]:
        kinds = client.get(page, {"q": text}, **headers).context["kinds"]
        return {str(kind.name): [hit.name for hit in kind.hits] for kind in kinds}

    assert names(agent, order.number)["Orders"] == [order.number]
    assert names(agent, "qx77")["Parcels"] == ["DHL QX77"]
    assert names(agent, "quentin")["Customers"] == ["Quentin Lin"]
    assert names(editor, "quince") == {"Products": ["Quince jam"]}
    assert "Customers" not in names(editor, "quentin")
    assert names(agent, "pay")["Pages"] == ["Payments"]
    assert "Team and roles" not in str(names(agent, "team"))
    fragment = agent.get(page, {"q": order.number}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert 'action="/dashboard/find/"' in agent.get(reverse("dashboard:index")).content.decode()
