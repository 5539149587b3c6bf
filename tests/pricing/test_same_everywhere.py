"""The price on the card is the price of the product page and of the basket, to the cent."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.cards import cards_make, offers_of
from catalog.models import Category
from catalog.pricing.models import PriceList, PriceListEntry
from catalog.pricing.prices import PriceContext
from catalog.pricing.resolver import price_resolve
from catalog.selectors import products_by_id
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.core.money import shown
from tests.factories import (
    CategoryFactory,
    ProductFactory,
    UserFactory,
    product_with_variants,
)
from tests.pricing.makers import basket_line, record_of

pytestmark = pytest.mark.django_db

money = st.decimals("0.01", "250", places=2)
benefits = st.sampled_from(
    [
        Benefit.PERCENTAGE,
        Benefit.FIXED,
        Benefit.FIXED_UNIT,
        Benefit.FIXED_PRICE,
        Benefit.MULTIBUY,
        Benefit.SHIPPING_ABSOLUTE,
    ]
)
offers = st.fixed_dictionaries(
    {
        "kind": benefits,
        "value": st.decimals("0.5", "99", places=2),
        "condition": st.tuples(
            st.sampled_from([Condition.COUNT, Condition.VALUE, Condition.COVERAGE]),
            st.integers(1, 4),
        ),
        "where": st.sampled_from(["all", "product", "parent", "category", "not", "class", "other"]),
        "benefit_where": st.sampled_from(["all", "same", "other"]),
        "priority": st.integers(0, 2),
        "exclusive": st.booleans(),
        "combined": st.booleans(),
        "max_basket_applications": st.sampled_from([None, None, 1, 2]),
        "max_global_applications": st.sampled_from([None, None, 1]),
        "num_applications": st.integers(0, 1),
        "max_affected_items": st.sampled_from([None, None, 1, 2]),
    }
)
entries = st.tuples(st.integers(0, 2), st.integers(1, 5), money)


class Undo(Exception):
    """Each example leaves the database as it was."""


@pytest.fixture
def shop(db):
    tea = CategoryFactory(name="Tea", slug="tea")
    green = CategoryFactory(name="Green", slug="green", parent=tea)
    parent = product_with_variants(colours={"sage": 20}, categories=[green])
    single = ProductFactory(stock=20, categories=[green])
    other = ProductFactory()
    return {
        "tea": tea,
        "other": other,
        "targets": [single, parent.children.get()],
        "member": UserFactory(),
    }


def range_made(where: str, product, shop, number: int) -> Range:
    made = Range.objects.create(
        name=f"{where} {number}", includes_all_products=where in ("all", "not")
    )
    if where == "product":
        made.add_product(product)
    elif where == "parent":
        made.add_product(product.parent or product)
    elif where == "category":
        made.included_categories.add(Category.objects.get(pk=shop["tea"].pk))
    elif where == "not":
        made.excluded_categories.add(Category.objects.get(pk=shop["tea"].pk))
    elif where == "class":
        made.classes.add((product.parent or product).product_class)
    elif where == "other":
        made.add_product(shop["other"])
    return made


def offer_made(facts: dict, number: int, product, shop, earlier: list) -> ConditionalOffer:
    facts = dict(facts)
    kind, value = facts.pop("kind"), facts.pop("value")
    about = range_made(facts.pop("where"), product, shop, number)
    gift = facts.pop("benefit_where")
    gift = about if gift == "same" else range_made(gift, product, shop, number + 100)
    type_, wanted = facts.pop("condition")
    is_combined = facts.pop("combined")
    bare = kind in (Benefit.FIXED_PRICE, Benefit.SHIPPING_ABSOLUTE)
    offer = ConditionalOffer.objects.create(
        name=f"Offer {number}",
        condition=Condition.objects.create(range=about, type=type_, value=wanted),
        benefit=Benefit.objects.create(
            range=None if bare else gift,
            type=kind,
            value=None if kind == Benefit.MULTIBUY else value,
            max_affected_items=facts.pop("max_affected_items"),
        ),
        **facts,
    )
    if is_combined and earlier:
        offer.combinations.add(earlier[-1])
    earlier.append(offer)
    return offer


@pytest.mark.req("S4.07")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    price=money,
    rules=st.lists(offers, max_size=3),
    listed=st.lists(entries, max_size=4),
    which=st.integers(0, 1),
    quantity=st.integers(1, 6),
    is_member=st.booleans(),
)
def test_card_page_and_basket_agree(shop, price, rules, listed, which, quantity, is_member):
    product = shop["targets"][which]
    user = shop["member"] if is_member else None
    try:
        with transaction.atomic():
            product.stockrecords.update(price=price)
            record = record_of(product)
            lists = [
                PriceList.objects.create(
                    name=f"L{number}",
                    code=f"l{number}",
                    members_only=number == 1,
                    priority=number % 2,
                )
                for number in range(3)
            ]
            for number, tier, amount in listed:
                PriceListEntry.objects.update_or_create(
                    price_list=lists[number],
                    stock_record=record,
                    min_quantity=tier,
                    defaults={"price": amount},
                )
            earlier: list = []
            for number, facts in enumerate(rules):
                offer_made(facts, number, product, shop, earlier)

            context = PriceContext(user_id=user.pk if user else None)
            one = price_resolve(record, context=context)
            line = basket_line(product, user=user)
            assert line.unit_price_incl_tax == one.base
            assert line.line_price_incl_tax_incl_discounts == one.now == one.total

            family = product.parent or product
            listed_family = products_by_id([family.pk])[family.pk]
            offer = offers_of([listed_family], context=context)[family.pk][0]
            assert offer.price == one.now
            if user is None:
                (card,) = cards_make([listed_family])
                assert card.now == shown(one.now, "EUR")

            many = price_resolve(
                record, context=PriceContext(quantity=quantity, user_id=context.user_id)
            )
            line = basket_line(product, quantity=quantity, user=user)
            assert line.unit_price_incl_tax == many.base
            assert line.line_price_incl_tax_incl_discounts == many.total

            for tier in one.tiers:
                line = basket_line(product, quantity=tier.quantity, user=user)
                left = line.line_price_incl_tax_incl_discounts
                assert abs(left - tier.price * tier.quantity) <= Decimal("0.005") * tier.quantity
            raise Undo
    except Undo:
        pass
