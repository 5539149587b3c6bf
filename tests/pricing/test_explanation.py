"""Tap a price: every rule that was tried, and what is missing for those that do not count."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.pricing.prices import Outcome, PriceContext
from catalog.pricing.resolver import price_resolve, prices_resolve
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher
from tests.factories import ProductFactory, UserFactory, product_with_variants
from tests.pricing.makers import basket_line, list_price, record_of, site_offer

pytestmark = [pytest.mark.django_db, pytest.mark.req("S4.07")]
DAY = dt.timedelta(days=1)


def why(product, **context) -> dict[str, tuple[Outcome, str]]:
    price = price_resolve(record_of(product), context=PriceContext(explain=True, **context))
    return {step.name: (step.outcome, step.why) for step in price.steps}


@pytest.fixture
def tea():
    return ProductFactory(title="Tea", price="10.00")


def test_what_counts_and_what_each_other_offer_still_wants(tea):
    user = UserFactory()
    other = Range.objects.create(name="Lamps")
    site_offer(name="Fifteen off", priority=9)
    site_offer(name="Second", priority=8)
    site_offer(name="Three", condition=(Condition.COUNT, "3"), priority=10)
    site_offer(name="Spend", condition=(Condition.VALUE, "22.40"), priority=10)
    site_offer(name="Kinds", condition=(Condition.COVERAGE, "2"), priority=10)
    site_offer(name="Soon", start_datetime=timezone.now() + DAY, priority=10)
    site_offer(name="Lamps only", range_=other)
    site_offer(
        name="Gone", max_global_applications=1, num_applications=1, status="Open", priority=10
    )
    ConditionalOffer.objects.filter(name="Gone").update(status="Open")
    coupon = site_offer(name="Welcome", offer_type=ConditionalOffer.VOUCHER)
    voucher = Voucher.objects.create(
        name="W",
        code="W",
        usage=Voucher.MULTI_USE,
        start_datetime=timezone.now() - DAY,
        end_datetime=timezone.now() + DAY,
    )
    voucher.offers.add(coupon)
    list_price(tea, "9.00", members_only=True, code="Members")
    list_price(tea, "8.00", quantity=3, code="Several")

    told = why(tea)

    assert told["Fifteen off"] == (Outcome.APPLIED, "takes €1.50 off")
    refused = {name: text for name, (outcome, text) in told.items() if outcome == Outcome.REFUSED}
    starts = refused.pop("Soon")
    assert starts.startswith("starts ")
    assert refused == {
        "Second": "an offer that goes first has it already",
        "Three": "buy 2 more from “Everything”",
        "Spend": "spend €12.40 more on “Everything”",
        "Kinds": "buy 1 other thing from “Everything” too",
        "Lamps only": "is for other things",
        "Gone": "is used up",
        "Welcome": "needs a code, typed in the basket",
        "Members": "for members: sign in, it is free",
        "Several": "buy 2 more",
    }
    assert why(tea, user_id=user.pk)["Members"][0] == Outcome.APPLIED


def test_personal_codes_are_nobody_elses_business(tea):
    coupon = site_offer(name="For Ann", offer_type=ConditionalOffer.VOUCHER)
    voucher = Voucher.objects.create(
        name="A",
        code="A",
        usage=Voucher.SINGLE_USE,
        start_datetime=timezone.now() - DAY,
        end_datetime=timezone.now() + DAY,
    )
    voucher.offers.add(coupon)

    assert "For Ann" not in why(tea)


def test_a_cheaper_delivery_is_told_and_leaves_the_price(tea):
    site_offer(name="Delivery", kind=Benefit.SHIPPING_ABSOLUTE, value="2")

    assert why(tea)["Delivery"] == (Outcome.APPLIED, "changes the delivery, not this price")


def test_members_and_groups_have_their_lists_and_nobody_else(tea):
    from django.contrib.auth.models import Group

    ann, bob = UserFactory(), UserFactory()
    staff = Group.objects.create(name="Staff")
    ann.groups.add(staff)
    list_price(tea, "9.00", members_only=True, code="m")
    list_price(tea, "5.00", group=staff, code="g")

    def now(user=None):
        context = PriceContext(user_id=user.pk if user else None)
        return price_resolve(record_of(tea), context=context).now

    assert (now(), now(bob), now(ann)) == (10, 9, 5)
    for user, price in ((bob, 9), (ann, 5)):
        assert basket_line(tea, user=user).unit_price_incl_tax == price


def test_tiers_count_in_the_basket_by_the_quantity_of_the_line(tea):
    list_price(tea, "9.00", quantity=3)
    list_price(tea, "8.00", quantity=6)

    prices = [basket_line(tea, quantity=units).unit_price_incl_tax for units in (1, 2, 3, 5, 6)]

    assert prices == [10, 10, 9, 9, 8]
    tiers = price_resolve(record_of(tea)).tiers
    assert [(tier.quantity, tier.price) for tier in tiers] == [(3, 9), (6, 8)]


def test_a_variant_of_an_excluded_family_is_excluded_in_list_and_basket():
    parent = product_with_variants(colours={"sage": 3})
    child = parent.children.get()
    offer = site_offer()
    offer.condition.range.excluded_products.add(parent)

    assert price_resolve(record_of(child)).now == Decimal("10.00")
    assert basket_line(child).line_price_incl_tax_incl_discounts == Decimal("10.00")


def test_a_thousand_records_cost_as_many_queries_as_one(django_assert_max_num_queries):
    site_offer()
    records = [record_of(ProductFactory()) for _ in range(3)]
    many = [record_of(ProductFactory()) for _ in range(12)]
    for some in (records, many):
        with django_assert_max_num_queries(4):
            assert len(prices_resolve(some)) == len(some)


def test_the_page_says_it_without_a_script_and_the_dialog_with_one(client, tea):
    list_price(tea, "8.40", quantity=3, code="Three for less")
    url = reverse("price-why", args=[tea.stockrecords.get().pk])

    page = client.get(url)
    assert page["X-Robots-Tag"] == "noindex"
    text = page.content.decode()
    assert f'rel="canonical" href="{page.context["public_url"]}{tea.get_absolute_url()}"' in text
    assert "€1.60 of it is VAT (19 %)." in text
    assert "€8.40 each" in text

    fragment = client.get(f"{url}?quantity=3", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "3 of them cost €25.20, so one costs €8.40." in fragment


@pytest.mark.parametrize("text", ["-1", "0", "9" * 40, "\x00", "٣", "1e9", "多", ""])
def test_any_quantity_in_the_address_is_survived(client, tea, text):
    url = reverse("price-why", args=[tea.stockrecords.get().pk])

    assert client.get(url, {"quantity": text}).status_code in (200, 400)
    assert client.get(f"/catalogue/price/{'9' * 30}/").status_code == 404
