"""The values of a row are those that Django's fields would prepare."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from oscar.models.fields import NullCharField

from orders.fulfilment.models import OrderFacts
from orders.models import Order
from payments.models import IntentState, PaymentIntent
from shop.core.planned import untyped
from shop.core.writing import writing_of


def _own_fields(model):
    return [one for one in model._meta.local_concrete_fields if one is not model._meta.pk]


def _values(row, *, add=True):
    fields = _own_fields(type(row))
    values = writing_of(fields).values(row, add=add)
    return dict(zip([one.attname for one in fields], values, strict=True))


def _of_django(row):
    """As they would be with each field asked; a truth in the words of the other way."""
    said = {
        one.attname: untyped(one.get_db_prep_save(one.pre_save(row, False), connection))
        for one in _own_fields(type(row))
    }
    truth = {"t": "True", "f": "False"}
    return {
        name: truth.get(value, value) if isinstance(getattr(row, name), bool) else value
        for name, value in said.items()
    }


def test_plain_and_odd_values_are_those_of_the_fields():
    intent = PaymentIntent(
        order_number=mark_safe("A"),
        part=gettext_lazy("Total"),
        gateway=7,
        state=IntentState.OPEN,
        amount=1,
        amount_captured="2.50",
        currency="EUR",
        expires_at=timezone.now(),
        is_taken_at_shipment=True,
        origin_id="3",
    )
    intent.created_at = intent.updated_at = timezone.now()

    values = _values(intent, add=False)
    assert values["updated_at"] == str(intent.updated_at)  # which was set as it was written
    theirs = _of_django(intent)
    assert values.pop("updated_at") < theirs.pop("updated_at")
    assert values == theirs
    assert (values["gateway"], values["amount"], values["part"]) == ("7", "1", "Total")


def test_nothing_and_days_are_those_of_the_fields():
    facts = OrderFacts(order_id=4, language="en", promised_from=dt.date(2026, 2, 3))
    values = _values(facts)
    assert values == _of_django(facts)
    assert (values["promised_from"], values["promised_until"]) == ("2026-02-03", None)


def test_what_a_field_refuses_is_refused():
    with pytest.raises(ValidationError):
        _values(Order(total_incl_tax=Decimal("NaN"), total_excl_tax=1))


def test_a_time_without_a_zone_is_one_of_the_shops_place():
    order = Order(total_incl_tax=1, total_excl_tax=1, date_placed=dt.datetime(2026, 1, 2, 3, 4))  # noqa: DTZ001
    with pytest.warns(RuntimeWarning, match="naive"):
        assert _values(order)["date_placed"].startswith("2026-01-02 03:04:00+")


def test_a_field_that_does_something_of_its_own_is_always_asked():
    fields = [
        one
        for model in apps.get_models()
        for one in _own_fields(model)
        if isinstance(one, NullCharField)
    ]
    assert fields
    assert writing_of(fields).kinds == (None,) * len(fields)


def test_most_columns_of_an_order_are_plain():
    kinds = writing_of(_own_fields(Order)).kinds
    assert None not in kinds
