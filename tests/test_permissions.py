"""Every address of the back office, for everybody: who may come in, and what a GET may not do.

The table is in `tests.office_rules`, written by hand, apart from the code that decides; an address
that is missing in it fails the test.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import urls
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.http import HttpResponseForbidden
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import timezone

from catalog.facts.models import Brand, SizeGuide
from catalog.models import AttributeOptionGroup, ProductClass
from catalog.moved.models import Redirect
from catalog.pricing.models import PriceList, PriceListEntry
from catalog.recommend.services import choice_make
from catalog.reviews.models import ProductReview
from catalog.search.models import SearchRedirect, SynonymGroup
from crm.accounts.models import User
from crm.accounts.roles import ANALYST, ROLES
from orders.drafts.services import draft_start
from orders.fraud.services import order_check
from orders.papers import printing
from orders.papers.services import invoice_issue
from payments.ledger.models import Account
from payments.models import Capture, Refund, RefundState
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher
from shop.core.models import Mail, OutboxDelivery, OutboxEvent
from shop.core.office import may
from shop.dashboard.goods.models import Job
from supply.models import ExpectedArrival
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.ledger.support import settlement_made, written_off
from tests.office_rules import DOORS, EVERYBODY, NO, RULES
from tests.office_things import (
    floor_of,
    kinds_of_things,
    markets,
    money_decided,
    something_back,
    things_told,
)
from tests.sales import intent_of, order_of
from tests.tables import tables_now

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("S5.04"),
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("quick_walk"),
]


@pytest.fixture(autouse=True)
def _plain_refusals(monkeypatch) -> None:
    """A refusal's page, with the head and foot of the shop, is seen once; here it is the status that counts."""
    monkeypatch.setattr(
        urls, "handler403", lambda _request, exception=None: HttpResponseForbidden()
    )


@pytest.fixture(autouse=True)
def _known_people(monkeypatch) -> None:
    """Whoever asks is read once, with what their role may do, and not again at each of thousands of addresses."""
    people: dict[int, User] = {}
    load = ModelBackend.get_user

    def known(backend: ModelBackend, pk: int) -> User:
        return people.get(pk) or people.setdefault(pk, load(backend, pk))

    monkeypatch.setattr(ModelBackend, "get_user", known)


@pytest.fixture(autouse=True)
def _quick_press(monkeypatch) -> None:
    """Papers are looked at in tests/papers; here nothing is printed."""
    monkeypatch.setattr(printing, "_set", lambda **job: b"%PDF-")


def addresses() -> list[URLPattern]:
    """Every pattern of the namespace ``dashboard``, however deep it lies."""

    def deep(resolver, inside: bool):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                if inside:
                    yield entry
            else:
                yield from deep(entry, inside or entry.namespace == "dashboard")

    return list(deep(get_resolver(), inside=False))


@pytest.fixture
def things() -> dict[str, dict]:
    """Keyword arguments for every address that needs some: something real stands behind each."""
    order = order_of()
    intent = intent_of(order)
    product = order.lines.get().product
    person, colleague = UserFactory(), UserFactory(is_staff=True)
    category = CategoryFactory()
    event = OutboxEvent.objects.create(name="Nothing", payload={})
    delivery = OutboxDelivery.objects.create(event=event, handler="gone", parked_at=timezone.now())
    mail = Mail.objects.create(key="k", kind="test", to="a@example.com", language="en", subject="S")
    capture = Capture.objects.create(intent=intent, key="parcel:1", amount=1, state="refused")
    refund = Refund.objects.create(
        intent=intent, key="r", amount=1, reason="test", state=RefundState.REFUSED
    )
    chosen = Range.objects.create(name="All", includes_all_products=True)
    offer = ConditionalOffer.objects.create(
        name="Offer",
        condition=Condition.objects.create(range=chosen, type="Count", value=1),
        benefit=Benefit.objects.create(range=chosen, type="Percentage", value=10),
    )
    soon = timezone.now() + timezone.timedelta(days=9)
    voucher = Voucher.objects.create(
        name="V", code="V", start_datetime=timezone.now(), end_datetime=soon
    )
    voucher.offers.add(offer)
    group = AttributeOptionGroup.objects.create(name="Sizes")
    review = ProductReview.objects.create(
        product=product, score=5, title="Good", body="Good", user=person
    )
    arrival = ExpectedArrival.objects.create(
        stock_record=product.stockrecords.get(), day=timezone.localdate(), units=1, key=uuid4()
    )
    guide = SizeGuide.objects.create(name="Shirts", table="Size|Chest\nS|88")
    entry = PriceListEntry.objects.create(
        price_list=PriceList.objects.create(name="Members", code="members"),
        stock_record=product.stockrecords.get(),
        price=1,
    )
    pin = choice_make(
        verdict="pin", shelf="popular", product_id=None, other_id=product.parent_id or product.pk
    )
    order.set_status("paid")
    with_pk = {
        "order": {"number": order.number},
        "fraud": {
            "number": order_check(order_number=order.number).order.number,
            "pk": 1,
            "code": "by_email",
        },
        "draft": {"pk": draft_start(user=person, language="en").pk, "number": order.number},
        "paper-": {"number": invoice_issue(order_number=order.number).number},
        "stock": {"pk": product.stockrecords.get().pk},
        "arrival": {"pk": arrival.pk},
        "brand": {"pk": Brand.objects.create(name="Kiln", slug="kiln").pk},
        "collection": {"pk": chosen.pk},
        "guide": {"pk": guide.pk, "family": product.pk},
        "payment": {"pk": intent.pk},
        "capture": {"pk": capture.pk},
        "book-account": {"pk": Account.objects.get(code="receivable").pk},
        "book-order": {"number": order.number},
        "book-settlement": {"pk": settlement_made().pk},
        "book-write-off": {"pk": written_off().pk},
        "refund": {"pk": refund.pk},
        "user": {"pk": person.pk},
        "team": {"pk": colleague.pk},
        "mail": {"pk": mail.pk},
        "outbox": {"pk": delivery.pk},
        "catalogue-product": {
            "pk": product.pk,
            "product_class_slug": ProductClass.objects.get().slug,
            "parent_pk": ProductFactory(price=None).pk,
        },
        "object-history": {"label": "catalogue.product", "key": product.pk},
        "catalogue-category": {"pk": category.pk, "parent": category.pk},
        "catalogue-class": {"pk": ProductClass.objects.get().pk},
        "catalogue-attribute-option-group": {"pk": group.pk},
        "offer": {"pk": offer.pk},
        "range": {"pk": chosen.pk},
        "voucher": {"pk": voucher.pk},
        "product-variants": {"pk": product.pk},
        "product-pictures": {"pk": product.pk},
        "product-copy": {"pk": product.pk},
        "product-job": {"pk": Job.objects.create(kind="import", key=uuid4()).pk},
        "price-": {"pk": entry.price_list_id, "entry_pk": entry.pk},
        "price-history": {"pk": entry.stock_record_id},
        "seo-": {"kind": "product"},
        "opinion": {"kind": "review", "pk": review.pk},
        "recommend-product": {"pk": product.pk},
        "recommend-end": {"pk": pin.pk},
        "search-synonym": {"pk": SynonymGroup.objects.create(words=["sofa", "couch"]).pk},
        "redirect": {"pk": Redirect.objects.create(old_path="/old/", new_path="/new/").pk},
        "search-redirect": {"pk": SearchRedirect.objects.create(query="faq", url="/").pk},
    }
    with_pk |= kinds_of_things(order.lines.get()) | things_told(product) | markets(product)
    with_pk |= something_back(order.lines.get()) | floor_of(order.lines.get())
    with_pk |= money_decided(order.lines.get())
    return dict(sorted(with_pk.items(), key=lambda item: -len(item[0])))


def url_of(pattern: URLPattern, things: dict[str, dict]) -> str:
    wanted = pattern.pattern.regex.groupindex or pattern.pattern.converters
    if not wanted:
        return reverse(f"dashboard:{pattern.name}")
    known = next(values for name, values in things.items() if pattern.name.startswith(name))
    return reverse(f"dashboard:{pattern.name}", kwargs={name: known[name] for name in wanted})


def user_of(role: str) -> User:
    """``partner``: Oscar's own way in for people who do not work here."""
    outside = role in ("shopper", "partner")
    user = UserFactory(is_staff=not outside, is_superuser=role == "owner")
    user.groups.set(Group.objects.filter(name=role))
    if role == "partner":
        user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    return user


def client_of(role: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user_of(role))
    return client


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    assert {pattern.name for pattern in addresses()} == RULES.keys() | DOORS


def test_only_those_who_should_read_a_page_can_and_it_changes_nothing(things, monkeypatch) -> None:
    """The owner and who may read most are shown the pages; for the others it is the status that counts."""
    pages = {pattern.name: url_of(pattern, things) for pattern in addresses()}
    roles = ("owner", ANALYST, "shopper", "partner", *sorted(EVERYBODY - {ANALYST}))
    clients = {role: client_of(role) for role in roles}
    before = tables_now()
    wrong = {}
    for role, client in clients.items():
        if role == "shopper":
            monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: "")
        for name in sorted(pages.keys() - DOORS):
            allowed = RULES[name].get
            status = client.get(pages[name]).status_code
            if allowed is NO:
                expected = {403, 405} if role in ("shopper", "partner") else {405}
            elif role == "owner" or role in allowed:
                expected = {200, 302}
            else:
                expected = {403}
            if status not in expected:
                wrong[role, name] = status

    assert wrong == {}
    assert tables_now() == before


def test_only_those_who_should_change_something_can(things) -> None:
    """Nothing is changed on the way: what somebody may do is proven where it is done."""
    pages = {pattern.name: url_of(pattern, things) for pattern in addresses()}
    wrong = {}
    for role in (*sorted(EVERYBODY), "shopper"):
        client = client_of(role)
        for name in sorted(pages.keys() - DOORS):
            allowed = RULES[name].post
            if allowed is NO or role not in allowed:
                status = client.post(pages[name]).status_code
                if status != (405 if allowed is NO else 403):
                    wrong[role, name] = status

    assert wrong == {}


def test_who_may_is_who_the_table_says() -> None:
    """`may` shows the buttons and guards the views: each page, each role, reading and writing. Only the history of a
    thing asks besides who may see that thing."""
    wrong = set()
    for role in sorted(EVERYBODY):
        user = user_of(role)
        for name in RULES.keys() - DOORS - {"object-history"}:
            for method, allowed in (("GET", RULES[name].get), ("POST", RULES[name].post)):
                if may(user, name, method) != (allowed is not NO and role in allowed):
                    wrong.add((role, name, method))

    assert wrong == set()


def test_strangers_are_sent_to_the_door(things) -> None:
    client = Client()

    for pattern in addresses():
        if pattern.name in DOORS:
            continue
        for answer in (client.get(url_of(pattern, things)), client.post(url_of(pattern, things))):
            assert answer.status_code == 302, pattern.name
            assert answer["Location"].startswith(reverse("dashboard:login")), pattern.name


def test_a_post_without_its_token_is_refused_everywhere(things, settings) -> None:
    settings.CSRF_FAILURE_VIEW = (
        "django.views.csrf.csrf_failure"  # the shop's page is seen once elsewhere
    )
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    for pattern in addresses():
        assert client.post(url_of(pattern, things)).status_code == 403, pattern.name


def test_every_role_sees_only_links_that_open() -> None:
    for role in [*EVERYBODY, "owner"]:
        client = client_of(role)
        nodes = client.get(reverse("dashboard:index")).context["nav_items"]
        links = [link for node in nodes for link in (node.children or [node])]
        assert links
        for link in links:
            rule = RULES[resolve(urlsplit(link.url).path).url_name]
            assert role == "owner" or role in rule.get, (role, link.url)


def test_roles_are_made_by_migrating_and_syncing_twice_changes_nothing() -> None:
    def held() -> dict:
        groups = Group.objects.filter(name__in=ROLES).prefetch_related("permissions")
        return {
            group.name: sorted(
                f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()
            )
            for group in groups
        }

    before = held()
    assert before == {role: sorted(set(names)) for role, names in ROLES.items()}

    call_command("roles_sync")

    assert held() == before
