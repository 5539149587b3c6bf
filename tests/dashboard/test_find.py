"""One box finds whatever somebody may open: orders, parcels, customers, products and pages."""

from uuid import uuid4

import pytest
from django.urls import reverse

from orders.carriers.models import Claim, Label
from orders.fulfilment.models import Shipment
from orders.returns.models import Complaint, Return
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
    label = {"order": order, "carrier": "parcelway", "tracking_number": "PWQ1"}
    here = Label.objects.create(state="bought", **label)
    Label.objects.create(state="void", **label | {"tracking_number": "PWQ2"})
    back = Return.objects.create(order=order, number="R-QX1", key=uuid4())
    Complaint.objects.create(order=order, kind="late", wish="words", key=uuid4())
    Claim.objects.create(label=here, kind="late", amount=5, reference="CL-9")
    seen = names(agent, "pwq")
    assert (seen["Parcels"], seen["Claims"]) == (["Parcelway PWQ1"], ["Late PWQ1"])
    assert names(agent, "cl-9")["Claims"] == ["Late PWQ1"]
    assert names(agent, "r-qx")["Returns"] == [back.number]
    whole = names(agent, order.number.lower())
    assert (whole["Returns"], whole["Complaints"]) == ([back.number], ["It is late"])
    assert names(editor, "pwq") == names(editor, "r-qx") == {}
    assert names(agent, "quentin")["Customers"] == ["Quentin Lin"]
    assert names(editor, "quince") == {"Products": ["Quince jam"]}
    assert "Customers" not in names(editor, "quentin")
    assert names(agent, "pay")["Pages"] == ["Payments"]
    assert "Team and roles" not in str(names(agent, "team"))
    fragment = agent.get(page, {"q": order.number}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert 'action="/dashboard/find/"' in agent.get(reverse("dashboard:index")).content.decode()
