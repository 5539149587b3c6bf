"""What the foot of each page says may be paid with is what the checkout offers."""

import re

import pytest
from django.utils.translation import override

from catalog.exchange.templatetags.exchange_tags import CurrencyChoice
from payments.gateways import gateway, gateways_offered
from payments.templatetags.ways_to_pay import ways_to_pay
from shop.core import fragments
from shop.core.fragments import FragmentStore

pytestmark = pytest.mark.req("S7.03")


@pytest.mark.django_db
def test_the_foot_names_what_is_offered_in_the_currency_that_is_shown(client, monkeypatch):
    # Settings that change while a shop runs are of tests only: another may have had a provider.
    monkeypatch.setattr(fragments, "store", FragmentStore())
    foot = client.get("/").content.decode().partition("Pay with</h2>")[2].partition("</ul>")[0]

    said = re.findall(r"<li>([^<]+)</li>", foot)

    assert said == [str(one.label) for one in gateways_offered(currency="EUR")]
    assert "Bank transfer" in said


def test_what_the_settings_do_not_have_is_not_named(settings):
    settings.PAYMENT_GATEWAYS = [
        "payments.gateways.offline.BankTransfer",
        "payments.gateways.stored.GiftCards",
    ]
    assert ways_to_pay() == ["Bank transfer"]
    with override("zh-hans"):
        assert ways_to_pay([CurrencyChoice("EUR", "欧元", True)]) == ["银行转账"]


@pytest.mark.parametrize(
    ("days", "said", "in_chinese"), [(1, "for 1 day.", "1 天"), (10, "for 10 days.", "10 天")]
)
def test_a_transfer_says_how_long_things_are_kept_as_the_shop_set_it(
    settings, days, said, in_chinese
):
    settings.TRANSFER_HOLD_DAYS = days
    transfer = gateway("transfer")

    assert transfer.help.endswith(said)
    with override("zh-hans"):
        assert in_chinese in transfer.help
    assert transfer.hold_minutes == days * 24 * 60
