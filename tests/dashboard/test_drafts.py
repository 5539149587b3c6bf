"""The team takes an order for somebody: at their prices, kept, sent as a link, paid once."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.pricing.models import PriceList, PriceListEntry
from orders.drafts.links import draft_token, draft_url
from orders.drafts.models import Draft
from orders.models import Order, OrderNote
from payments.models import PaymentIntent
from shop.core.models import Mail
from shop.core.outbox import relay
from supply.services import stock_move
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.sales import ADDRESS, order_of
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.04")]


def url(name: str, draft: Draft | None = None, **kwargs) -> str:
    return reverse(f"dashboard:{name}", kwargs={"pk": draft.pk} if draft else kwargs)


def begun(client: Client) -> Draft:
    client.post(url("draft-new"))
    return Draft.objects.latest("pk")


def ready(client: Client, *skus: str, email: str = "li@example.com") -> Draft:
    """A draft for a guest in Berlin with one of each."""
    CountryFactory()
    draft = begun(client)
    form = {"email": email, "language": "zh-hans", "currency": "EUR"}
    assert client.post(url("draft-customer", draft), form).status_code == 302
    assert client.post(url("draft-place", draft), ADDRESS | {"country": "DE"}).status_code == 302
    for sku in skus:
        assert client.post(url("draft-add", draft), {"q": sku}).status_code == 302
    return Draft.objects.get(pk=draft.pk)


def sku(product) -> str:
    return product.stockrecords.get().partner_sku


def test_an_order_by_telephone_is_paid_by_link_once_at_the_members_price(office) -> None:
    agent, shopper = (
        office("Customer-service agent"),
        UserFactory(first_name="Wei", email="w@e.com"),
    )
    mug = ProductFactory(title_en="Mug", title_zh_hans="杯子", price="10.00", stock=5)
    record = mug.stockrecords.get()
    own = PriceList.objects.create(name="Own", code="own", members_only=True)
    PriceListEntry.objects.create(price_list=own, stock_record=record, price="8.00")
    CountryFactory()
    draft = begun(agent)

    found = agent.get(url("draft-customer", draft), {"q": "Wei"}).content.decode()
    assert f'name="member" value="{shopper.pk}"' in found
    agent.post(url("draft-customer", draft), {"member": shopper.pk})
    agent.post(url("draft-place", draft), ADDRESS | {"country": "DE"})
    page = agent.get(url("draft-detail", draft), {"q": "mug"}).content.decode()
    assert "€8.00" in page
    agent.post(url("draft-add", draft), {"product": mug.pk, "quantity": 2})
    agent.post(url("draft-delivery", draft), {"code": "express", "note": "Call first"})
    agent.post(url("draft-send", draft))
    draft.refresh_from_db()
    mail = Mail.objects.get(kind="draft_link")
    assert (mail.to, draft_url(draft) in mail.text) == ("w@e.com", True)
    record.refresh_from_db()
    assert not record.num_allocated

    visitor, link = Client(), reverse("orders:draft", args=[draft_token(draft)])
    shown = visitor.get(link)
    form = {"payment": "transfer", "code": shown.context["code"]}
    form |= {f"shown-{one['code']}": one["shown"] for one in shown.context["payments"]}
    for _press in range(2):
        assert visitor.post(link, form).status_code == 302
    relay()

    order = Order.objects.get()
    assert (order.user, order.total_incl_tax, order.shipping_method) == (
        shopper,
        Decimal("25.90"),
        "Express",
    )
    assert PaymentIntent.objects.get().amount == Decimal("25.90")
    assert OrderNote.objects.get().message == "Call first"
    assert visitor.get(link).status_code == 302
    assert verified()[0], verified()[1]
    assert order.number in agent.get(url("draft-detail", draft)).content.decode()


def test_what_was_agreed_comes_off_to_the_cent_here_and_nowhere_else(office) -> None:
    manager, agent = office("Operations manager"), office("Customer-service agent")
    mug = ProductFactory(title_en="Mug", price="3.33", stock=9)
    pot = ProductFactory(title_en="Pot", price="7.77", stock=9)
    draft = ready(manager, sku(mug), sku(pot))
    off = {"percent": "15", "reason": "Scratched"}

    assert agent.post(url("draft-discount", draft), off).status_code == 403
    assert manager.post(url("draft-discount", draft), {"percent": "15"}).status_code == 422
    both = off | {"amount": "2"}
    assert manager.post(url("draft-discount", draft), both).status_code == 422
    manager.post(url("draft-discount", draft), off)
    draft.refresh_from_db()
    other = ready(manager, sku(mug))
    stolen = manager.post(url("draft-coupon", other), {"code": draft.voucher.code})
    assert stolen.status_code == 422

    page = manager.get(url("draft-detail", draft))
    quote = page.context["quote"]
    assert quote.total.incl_tax == Decimal("11.10") - Decimal("1.67") + Decimal("4.90")
    shown = {f"shown-{one['code']}": one["shown"] for one in page.context["payments"]}
    form = {"payment": "transfer", "code": page.context["price"].code, **shown}
    stale = manager.post(url("draft-order", draft), form | {"shown-transfer": "x"})
    assert stale.status_code == 302
    assert not Order.objects.exists()
    for _press in range(2):
        manager.post(url("draft-order", draft), form)

    order = Order.objects.get()
    assert order.discounts.get().amount == Decimal("1.67")
    assert "Agreed discount" in [row["name"] for row in page.context["totals"]]  # and no code
    assert order.discounts.get().offer_name == "Agreed discount"  # on the invoice
    order.discounts.update(offer_name="约定优惠")  # as a Chinese buyer read it
    shown = manager.get(reverse("dashboard:order-detail", args=[order.number]))
    assert [name for name, _one in shown.context["discounts"]] == ["Agreed discount"]
    assert order.guest_email == "li@example.com"
    assert PaymentIntent.objects.get().state == "open"
    draft.refresh_from_db()
    assert draft.placed_by is not None
    assert verified()[0], verified()[1]
    Draft.objects.filter(pk=draft.pk).update(order=None)
    assert "drafts: the order of a draft" in verified()[1]


def test_a_link_ends_and_what_is_gone_is_said(office) -> None:
    agent, mug = office("Customer-service agent"), ProductFactory(title_en="Mug", stock=1)
    draft = ready(agent, sku(mug))
    agent.post(url("draft-send", draft))
    draft.refresh_from_db()
    visitor, first = Client(), reverse("orders:draft", args=[draft_token(draft)])
    page = visitor.get(first)
    assert page.status_code == 200
    assert page["Cache-Control"].startswith("max-age=0")

    stock_move(
        stock_record_id=mug.stockrecords.get().pk, quantity=-1, reason="correction", source="gone:1"
    )
    shown = {f"shown-{one['code']}": one["shown"] for one in page.context["payments"]}
    gone = visitor.post(first, {"payment": "transfer", "code": "standard", **shown})
    agent.post(url("draft-send", draft))
    old = visitor.get(first)
    draft.refresh_from_db()
    second = reverse("orders:draft", args=[draft_token(draft)])
    Draft.objects.filter(pk=draft.pk).update(
        sent_at=timezone.now() - timezone.timedelta(9), sent_until=timezone.now()
    )

    assert (gone.status_code, old.status_code, visitor.get(second).status_code) == (409, 410, 410)
    assert visitor.get(second + "x").status_code == 404
    assert not Order.objects.exists()
    agent.post(url("draft-drop", draft))
    assert agent.post(url("draft-add", draft), {"q": sku(mug)}).status_code == 422


def test_the_same_again_at_todays_prices(office) -> None:
    agent, shopper = office("Customer-service agent"), UserFactory()
    mug = ProductFactory(title_en="Mug", price="10.00", stock=5)
    order = order_of(mug, quantity=2, user=shopper)
    mug.stockrecords.update(price=Decimal("11.00"))

    agent.post(url("draft-again", number=order.number))

    draft = Draft.objects.get()
    page = agent.get(url("draft-detail", draft))
    assert draft.customer == shopper
    assert page.context["gaps"] == []
    assert page.context["quote"].total.incl_tax == Decimal("26.90")
    assert agent.get(url("draft-list")).status_code == 200
    assert agent.get(url("draft-place", draft)).status_code == 200
