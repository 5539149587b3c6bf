"""What a role does not reach is nowhere: not on a page, in a search, a download or a history."""

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import AGENT, ANALYST
from orders.models import Order
from payments.models import PaymentIntent
from shop.core.audit.acting import acting
from shop.core.audit.models import Action, Entry
from shop.core.levels import Level, level_of, mask
from tests.factories import UserFactory
from tests.office_rules import RULES
from tests.test_permissions import (  # noqa: F401  a fixture
    _quick_press,
    addresses,
    client_of,
    things,
    url_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.12")]

SECRETS = ("quillfeather", "Zebedee", "Ottoline", "+49301234567", "Kastanienweg", "PAYREF777")


@pytest.fixture
def person(things) -> User:  # noqa: F811
    """Somebody with an order of theirs, whose every word would be known again."""
    order = Order.objects.get(number=things["order"]["number"])
    person = User.objects.get(pk=things["user"]["pk"])
    names = {"first_name": "Zebedee", "last_name": "Ottoline"}
    User.objects.filter(pk=person.pk).update(email="quillfeather@example.com", **names)
    Order.objects.filter(pk=order.pk).update(user=person, guest_email="quillfeather@example.com")
    address = order.shipping_address
    for name, value in (names | {"line1": "Kastanienweg 5"}).items():
        setattr(address, name, value)
    address.phone_number, address.notes = "+49301234567", "Ask for Zebedee"
    with acting(user_id=person.pk, place="test"):
        address.save()
        person.addresses.create(line1="Kastanienweg 5", country=address.country, **names)
    PaymentIntent.objects.filter(order_number=order.number).update(
        reference="PAYREF777", email="quillfeather@example.com"
    )
    return person


def test_an_analyst_reads_no_personal_data_anywhere(person, things) -> None:  # noqa: F811
    client, found = client_of(ANALYST), {}
    urls = [
        url_of(pattern, things)
        for pattern in addresses()
        if pattern.name in RULES and ANALYST in (RULES[pattern.name].get or ())
    ]
    number = things["order"]["number"]
    urls += [
        f"{reverse('dashboard:order-list')}?view=all",
        f"{reverse('dashboard:order-export')}?view=all",
        reverse("dashboard:object-history", args=["order.order", number]),
        reverse("dashboard:object-history", args=["accounts.user", person.pk]),
    ]

    for url in urls:
        answer = client.get(url)
        text = b"".join(answer) if answer.streaming else answer.content
        if leaked := [word for word in SECRETS if word.encode() in text]:
            found[url] = leaked

    assert found == {}
    for name, query in (("order-list", "view=all&q"), ("users-index", "q"), ("payment-list", "q")):
        page = client.get(f"{reverse(f'dashboard:{name}')}?{query}=quillfeather").context
        assert not (page["rows"] if name == "order-list" else page["page_obj"].object_list), name


def test_whoever_serves_customers_reads_them_and_lifts_one_mask_with_a_reason(
    person,
    things,  # noqa: F811
) -> None:
    client, intent = client_of(AGENT), things["payment"]["pk"]
    assert "quillfeather" in client.get(reverse("dashboard:user-detail", args=[person.pk])).text
    page = client.get(reverse("dashboard:payment-detail", args=[intent])).text
    assert "PAYREF777" not in page
    asked = {"label": "payments.paymentintent", "key": intent, "column": "reference"}

    assert client.post(reverse("dashboard:reveal"), asked).status_code == 422
    assert not Entry.objects.filter(action=Action.REVEAL).exists()
    shown = client.post(
        reverse("dashboard:reveal"),
        asked | {"reason": "The bank asks for it", "next": "//evil.example/"},
    )

    assert "PAYREF777" in shown.text
    assert "evil.example" not in shown.text
    note = Entry.objects.get(action=Action.REVEAL)
    assert (note.subject, note.new) == (f"payments.paymentintent:{intent}", {"column": "reference"})
    assert note.reason == "The bank asks for it"
    for refused in ({"column": "amount"}, {"label": "accounts.user", "column": "password"}):
        answer = client.post(reverse("dashboard:reveal"), asked | refused | {"reason": "Let me"})
        assert answer.status_code in (403, 404)


def test_every_column_that_looks_personal_has_its_level() -> None:
    words = ("email", "phone", "first_name", "last_name", "line1", "postcode", "birth", "iban")
    unsaid = [
        f"{model._meta.label_lower}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if any(word in field.column for word in words)
        and "template" not in field.column
        and f"{model._meta.label_lower}.{field.column}" not in settings.DATA_FIELDS
        and level_of(model._meta.label_lower, field.column) < Level.PERSONAL
    ]

    assert unsaid == []
    assert level_of("catalogue.product", "title") == Level.PUBLIC
    assert level_of("partner.stockrecord", "num_in_stock") == Level.INTERNAL


def test_masks_leave_enough_to_tell_two_apart() -> None:
    assert mask("mei@example.com", "email") == "m•••@•••.com"
    assert mask("Mei Lin", "name") == "M. L."
    assert mask("pi_123456789", "reference") == "•••89"
    assert mask("Torstraße 1", "address") == "•••"


def test_the_page_of_levels_says_what_each_role_reads() -> None:
    owner = client_of("owner")
    UserFactory()

    page = owner.get(reverse("dashboard:data-levels"))

    levels = {role["name"]: role["level"] for role in page.context["roles"]}
    assert levels["Analyst"] == Level.INTERNAL
    assert levels["Customer-service agent"] == Level.PERSONAL
    assert levels["Finance"] == levels["Owner"] == Level.SENSITIVE
