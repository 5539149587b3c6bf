"""What the foot of each page says may be paid with is what the checkout offers."""

import re

import pytest
from django.utils.translation import override

from catalog.exchange.templatetags.exchange_tags import CurrencyChoice
from payments.gateways import gateways_offered
from payments.templatetags.ways_to_pay import ways_to_pay

pytestmark = pytest.mark.req("S7.03")


@pytest.mark.django_db
def test_the_foot_names_what_is_offered_in_the_currency_that_is_shown(client):
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
