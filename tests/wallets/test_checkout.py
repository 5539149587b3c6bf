"""The checkout with gift cards, credit and points, page by page and without scripts."""

import pytest
from django.core.cache import cache

from orders.models import Order
from orders.services.earning import order_points_settle
from payments.selectors import intents_in_short
from payments.wallets.codes import code_said
from payments.wallets.models import Wallet
from payments.wallets.services import wallet_block
from shop.core.outbox import relay
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import Shopper
from tests.wallets.support import balances, card_of, credit_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def test_a_guest_pays_a_part_with_the_code_of_a_card(client):
    CountryFactory()
    wallet, other = card_of("30.00"), credit_of(UserFactory(), "9.00")
    shopper = Shopper(client)
    shopper.add(ProductFactory(price="80.00", stock=3))
    shopper.to_preview()

    wrong = shopper.post("checkout:wallets", {"code": "GC-AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 422
    assert "We know no gift card with this code" in wrong.content.decode()
    shopper.post("checkout:wallets", {"use": other.pk})
    assert not shopper.get("checkout:preview").context["tenders"]
    assert shopper.post("checkout:wallets", {"code": code_said(wallet)}).status_code == 302
    page = shopper.get("checkout:preview")
    text = page.content.decode()
    assert all(words in text for words in ("pays €30.00 of this order", "−€30.00", "€50.00"))
    shopper.post("checkout:wallets", {"drop": wallet.pk})
    assert "Left to pay" not in shopper.get("checkout:preview").content.decode()
    shopper.post("checkout:wallets", {"code": code_said(wallet)})
    page = shopper.get("checkout:preview")
    wallet_block(wallet_id=wallet.pk, because="stolen")
    refused = shopper.place(page, payment="transfer")
    assert refused.status_code == 409
    assert "€80.00 is left to pay; it was €50.00" in refused.content.decode()
    Wallet.objects.filter(pk=wallet.pk).update(state="active")

    placed = shopper.place(page, payment="transfer")

    assert placed.status_code == 302
    rows = intents_in_short(Order.objects.latest("pk").number).order_by("pk")
    assert [(one.gateway, str(one.amount)) for one in rows] == [
        ("gift-card", "30.00"),
        ("transfer", "50.00"),
    ]
    thanks = client.get(placed.url).content.decode()
    assert "€50.00" in thanks
    assert "Gift card" in thanks
    assert balances(wallet) == [0]


def test_a_member_whose_credit_covers_all_is_done_at_once(client):
    CountryFactory()
    user = UserFactory()
    credit = credit_of(user, "100.00")
    client.force_login(user)
    shopper = Shopper(client)
    shopper.add(ProductFactory(price="20.00", stock=3))
    page = shopper.to_preview(email="")
    assert "€100.00 there" in page.content.decode()
    shopper.post("checkout:wallets", {"use": credit.pk})
    page = shopper.get("checkout:preview")
    assert "pay for all of it" in page.content.decode()

    assert "thank-you" in shopper.place(page, payment="").url

    order = Order.objects.get()
    assert order.status == "paid"
    relay()
    assert balances(credit) == [100 - order.total_incl_tax]
    assert order_points_settle(order_number=order.number) == 0  # not delivered yet
