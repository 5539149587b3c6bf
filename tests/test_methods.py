"""Every address of shop and back office with every method, as everybody: nothing breaks and nothing is written.

GET and POST of the back office are walked in `test_permissions`. Here are the methods that no link and no
form sends, HEAD, which answers as GET does, and every POST of the shop without its token.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client

from orders.papers import printing
from shop.core.office import declared, may
from tests.factories import UserFactory
from tests.office_rules import DOORS, EVERYBODY
from tests.shop_things import shop_addresses, shop_things, shop_url
from tests.tables import tables_now
from tests.test_permissions import (
    _known_people,  # noqa: F401  a fixture
    _plain_refusals,  # noqa: F401  a fixture
    addresses,
    client_of,
    things,  # noqa: F401  a fixture
    url_of,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("quick_walk"),
]

WRITING = ("PUT", "PATCH", "DELETE")
STRANGE = (*WRITING, "OPTIONS", "TRACE")
REFUSED = {302, 403, 404, 405, 410}
#: Providers and mail programs post here by themselves: the signature, or the token in the address, is the proof.
SIGNED = {"payments:webhook", "carrier-message"}
BY_MAIL_PROGRAMS = {"mail-stop", "stock-alert-stop"}
#: A GET that asks a provider, or notes that somebody came by: HEAD does what it does, no more.
ASKS = {"payment-return", "payments:pay", "payments:pay-state", "customer:signin-by-link"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch) -> None:
    """It is the status that counts; pages are drawn elsewhere."""
    monkeypatch.setattr(printing, "_set", lambda **job: b"%PDF-")
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: "")


def people() -> Iterator[tuple[str, Client]]:
    """Who may nothing and who may all; the roles between are asked without a request further down."""
    yield "nobody", Client(raise_request_exception=False)
    for role in ("shopper", "owner"):
        yield role, client_of(role)


def with_method(client: Client, method: str, url: str) -> HttpResponse:
    return client.generic(method, url, b'{"a": 1}', content_type="application/json")


def test_no_strange_method_reaches_the_back_office(things) -> None:  # noqa: F811
    pages = {pattern.name: url_of(pattern, things) for pattern in addresses()}
    clients, before, wrong = dict(people()), tables_now(), {}

    for role, client in clients.items():
        for name in sorted(pages.keys() - DOORS):
            for method in STRANGE:
                status = with_method(client, method, pages[name]).status_code
                if role == "nobody":
                    expected = {302}
                elif method == "OPTIONS" and declared[name].read is not None:
                    expected = {200, 302, 403, 405}
                else:
                    expected = {403, 405}
                if status not in expected:
                    wrong[role, name, method] = status

    assert wrong == {}
    assert tables_now() == before


def test_a_head_in_the_back_office_answers_as_a_get_does_and_writes_nothing(things) -> None:  # noqa: F811
    pages = {pattern.name: url_of(pattern, things) for pattern in addresses()}
    clients, before, wrong = dict(people()), tables_now(), {}

    for role, client in clients.items():
        for name in sorted(pages.keys() - DOORS):
            head, get = (ask(pages[name]).status_code for ask in (client.head, client.get))
            if head != get or head >= 500:
                wrong[role, name] = (head, get)

    assert wrong == {}
    assert tables_now() == before


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_no_role_may_by_another_method_what_it_may_not_by_get_and_post(role) -> None:
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name=role))

    for pattern in addresses():
        if pattern.name in DOORS:
            continue
        may_read = may(user, pattern.name, "GET")
        assert may(user, pattern.name, "HEAD") == may(user, pattern.name, "OPTIONS") == may_read
        for method in (*WRITING, "TRACE", "CONNECT", "get", "PROPFIND"):
            assert not may(user, pattern.name, method), (pattern.name, method)


@pytest.fixture
def shop(things) -> dict[str, str]:  # noqa: F811
    """The addresses of the shop, and of a member's account with an order in it."""
    from orders.models import Order

    order = Order.objects.get(number=things["order"]["number"])
    member = UserFactory(email="walker@example.com")
    made = shop_things(order, member)
    return {name: shop_url(name, pattern, made) for name, pattern in shop_addresses().items()}


def walkers() -> dict[str, Client]:
    from crm.accounts.models import User

    nobody, member = (Client(raise_request_exception=False) for _each in range(2))
    member.force_login(User.objects.get(email="walker@example.com"))
    return {"nobody": nobody, "member": member, "owner": client_of("owner")}


def test_no_strange_method_reaches_the_shop(shop) -> None:
    clients, before, wrong = walkers(), tables_now(), {}

    for role, client in clients.items():
        for name, url in shop.items():
            for method in STRANGE:
                cache.clear()
                status = with_method(client, method, url).status_code
                if status not in REFUSED | ({200} if method == "OPTIONS" else set()):
                    wrong[role, name, method] = status

    assert wrong == {}
    assert tables_now() == before


def test_a_head_in_the_shop_answers_as_a_get_does_and_writes_nothing(shop) -> None:
    """What a GET may note (how often a share was looked at, what was searched for) a HEAD may not."""
    clients, before, heads = walkers(), tables_now(), {}

    for role, client in clients.items():
        for name in shop.keys() - ASKS:
            cache.clear()
            heads[role, name] = client.head(shop[name]).status_code
    changed = {name: one for name, one in tables_now().items() if before.get(name) != one}
    gets = {}
    for role, client in clients.items():
        for name in shop.keys() - ASKS:
            cache.clear()
            gets[role, name] = client.get(shop[name]).status_code

    assert changed == {}
    assert {key: (one, gets[key]) for key, one in heads.items() if one != gets[key]} == {}
    assert {key: one for key, one in heads.items() if one >= 500} == {}


def test_a_post_of_the_shop_without_its_token_is_refused_but_where_a_signature_stands(
    shop, settings
) -> None:
    settings.CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
    clients, before, taken = walkers(), tables_now(), {}
    for role, client in clients.items():
        client.handler.enforce_csrf_checks = True
        for name in shop.keys() - SIGNED - BY_MAIL_PROGRAMS:
            status = client.post(shop[name], {"a": "1"}).status_code
            if status != 403:
                taken[role, name] = status

    assert taken == {}
    assert tables_now() == before
    for name in SIGNED:
        answer = Client(enforce_csrf_checks=True).post(
            shop[name], b"{}", content_type="application/json"
        )
        assert 400 <= answer.status_code < 500, name
    assert tables_now() == before
