"""Every address of the back office, for everybody: who may come in, and what a GET may not do.

The table is written by hand, apart from the code that decides, and an address that is missing in
it fails the test.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import urls
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.http import HttpResponseForbidden
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
from crm.accounts.roles import ROLES
from payments.models import Refund, RefundState
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher
from shop.core.models import Mail, OutboxDelivery, OutboxEvent
from shop.dashboard.goods.models import Job
from supply.models import ExpectedArrival
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.office_things import kinds_of_things, markets, something_back, things_told
from tests.sales import intent_of, order_of
from tests.tables import tables_now

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.04")]

M, P, K, A, C, N, F = (
    "Operations manager",
    "Product manager",
    "Marketer",
    "Customer-service agent",
    "Warehouse clerk",
    "Analyst",
    "Finance",
)
EVERYBODY = {M, P, K, A, C, N, F}
NOBODY: set[str] = set()  # the owner only
NO = None  # the method is not offered


@dataclass(frozen=True)
class Rule:
    """Which roles may GET and POST; ``NO`` where the address does not take the method."""

    get: set[str] | None
    post: set[str] | None = NO


SEE_ORDERS = {M, A, C, N, F}
PARCELS = {M, C}
MONEY = {M, F}
CATALOGUE = {M, P}
OFFERS = {K}
SEARCH = {M, P, K}

RULES = {
    "index": Rule(EVERYBODY),
    "order-list": Rule(SEE_ORDERS),
    "order-export": Rule(SEE_ORDERS),
    "order-detail": Rule(SEE_ORDERS),
    "orders-pack": Rule(NO, PARCELS),
    "order-pack": Rule(NO, PARCELS),
    "order-unpack": Rule(NO, PARCELS),
    "order-ship": Rule(NO, PARCELS),
    "order-deliver": Rule(NO, PARCELS),
    "order-cancel": Rule(NO, {M, A}),
    "order-hold": Rule(NO, {M, A, C, F}),
    "order-release": Rule(NO, {M, A, F}),
    "order-edit": Rule({M, A}),
    "order-edit-lines": Rule(NO, {M, A}),
    "order-edit-address": Rule(NO, {M, A}),
    "order-refund": Rule(NO, MONEY),
    "order-payment-book": Rule(NO, MONEY),
    "order-payment-refresh": Rule(NO, MONEY),
    "order-message": Rule(NO, {M, A, F}),
    "order-messages-read": Rule(NO, {M, A, F}),
    "order-note": Rule(NO, {M, A, C, F}),
    "stock-list": Rule({M, P, A, C, N, F}),
    "stock-detail": Rule({M, P, A, C, N, F}),
    "stock-correct": Rule(NO, PARCELS),
    "arrival-add": Rule(NO, {M, P, C}),
    "arrival-cancel": Rule(NO, {M, P, C}),
    "arrival-receive": Rule(NO, PARCELS),
    "wanted-list": Rule({M, P, C, N}),
    "wanted-export": Rule({M, P, C, N}),
    "brand-list": Rule({M, P, N}),
    "brand-create": Rule(CATALOGUE, CATALOGUE),
    "brand-update": Rule(CATALOGUE, CATALOGUE),
    "brand-delete": Rule(NO, CATALOGUE),
    "collection-list": Rule({M, P, K, N}),
    "collection-update": Rule(OFFERS, OFFERS),
    "guide-list": Rule({M, P, N}),
    "guide-add": Rule(CATALOGUE, CATALOGUE),
    "guide-detail": Rule({M, P, N}, CATALOGUE),
    **{f"guide-{step}": Rule(NO, CATALOGUE) for step in ("give", "take", "delete")},
    "ledger-list": Rule({M, P, A, C, N, F}),
    "ledger-export": Rule({M, P, A, C, N, F}),
    "set-list": Rule({M, P, K, N}),
    "set-detail": Rule({M, P, K, N}, CATALOGUE),
    **{f"set-part-{step}": Rule(NO, CATALOGUE) for step in ("add", "remove")},
    "digital-list": Rule({M, P, N}),
    "digital-detail": Rule({M, P, N}, CATALOGUE),
    **{f"file-{step}": Rule(NO, CATALOGUE) for step in ("add", "offer")},
    "gift-list": Rule({M, K, A, N, F}),
    **{f"gift-{step}": Rule(NO, {M, A}) for step in ("resend", "void")},
    "grant-list": Rule({M, A, N}),
    "grant-renew": Rule(NO, {M, A}),
    "job-list": Rule({M, A, C, N}),
    "job-done": Rule(NO, {M, A, C}),
    **{f"return-{page}": Rule(SEE_ORDERS) for page in ("list", "scan", "reasons")},
    **{f"return-{page}": Rule(SEE_ORDERS) for page in ("detail", "photo")},
    **{f"return-{step}": Rule(NO, {M, A}) for step in ("approve", "refuse", "cancel")},
    **{f"return-{step}": Rule(NO, PARCELS) for step in ("receive", "inspect")},
    **{f"return-{step}": Rule(NO, MONEY) for step in ("refund", "close")},
    "return-policy-list": Rule({M, A, N}),
    **{f"return-policy-{step}": Rule({M}, {M}) for step in ("add", "detail")},
    "return-policy-delete": Rule(NO, {M}),
    "payment-list": Rule({M, A, N, F}),
    "payment-detail": Rule({M, A, N, F}),
    "payment-refresh": Rule(NO, MONEY),
    "payment-settle": Rule(NO, MONEY),
    "refund-list": Rule({M, N, F}),
    "refund-retry": Rule(NO, MONEY),
    "webhook-list": Rule(MONEY),
    "users-index": Rule({M, A, N, F}),
    "user-detail": Rule({M, A, N, F}),
    "team-list": Rule({M}),
    "team-add": Rule(NOBODY, NOBODY),
    "team-member": Rule(NOBODY, NOBODY),
    "mail-list": Rule({M, A}),
    "mail-detail": Rule({M, A}),
    "mail-html": Rule({M, A}),
    "mail-retry": Rule(NO, {M, A}),
    "status": Rule({M}),
    "outbox-list": Rule({M}),
    "outbox-retry": Rule(NO, {M}),
    "catalogue-product-list": Rule({M, P, K, A, C, N}),
    "catalogue-product": Rule(CATALOGUE, CATALOGUE),
    "catalogue-product-create": Rule(CATALOGUE, CATALOGUE),
    "catalogue-product-create-child": Rule(CATALOGUE, CATALOGUE),
    "catalogue-product-delete": Rule(CATALOGUE, CATALOGUE),
    "product-bulk": Rule(NO, CATALOGUE),
    "product-job-list": Rule(CATALOGUE),
    "product-import": Rule(CATALOGUE, CATALOGUE),
    "product-export": Rule(CATALOGUE),
    "product-variants": Rule(CATALOGUE, CATALOGUE),
    "product-pictures": Rule(CATALOGUE, CATALOGUE),
    "product-copy": Rule(NO, CATALOGUE),
    "product-job": Rule(CATALOGUE, CATALOGUE),
    "product-job-state": Rule(CATALOGUE),
    "catalogue-product-lookup": Rule({M, P, K, A, C, N}),
    "catalogue-category-list": Rule({M, P, K, N}),
    "catalogue-category-detail-list": Rule({M, P, K, N}),
    "catalogue-class-list": Rule({M, P, N}, CATALOGUE),
    "catalogue-attribute-option-group-list": Rule({M, P, N}, CATALOGUE),
    **{
        f"catalogue-{what}-{verb}": Rule(CATALOGUE, CATALOGUE)
        for what in ("category", "class", "attribute-option-group")
        for verb in ("create", "update", "delete")
    },
    "catalogue-category-create-child": Rule(CATALOGUE, CATALOGUE),
    "catalogue-category-move": Rule(NO, CATALOGUE),
    **{f"search-{page}": Rule(SEARCH | {N}) for page in ("report", "export")},
    "search-term": Rule(SEARCH | {N}),
    **{f"seo-{page}": Rule(SEARCH | {N}) for page in ("health", "rules", "words", "snippet")},
    "seo-rule": Rule(SEARCH, SEARCH),
    "seo-rule-reset": Rule(NO, SEARCH),
    **{f"search-{kind}-list": Rule(SEARCH | {N}) for kind in ("synonym", "redirect")},
    **{
        f"search-{kind}-{verb}": Rule(SEARCH, SEARCH)
        for kind in ("synonym", "redirect")
        for verb in ("create", "update")
    },
    **{f"search-{kind}-delete": Rule(NO, SEARCH) for kind in ("synonym", "redirect")},
    "search-weights": Rule(SEARCH | {N}, SEARCH),
    **{f"{page}-list": Rule(SEARCH | {N}) for page in ("redirect", "dead", "feed")},
    "redirect-export": Rule(SEARCH | {N}),
    **{f"redirect-{step}": Rule(SEARCH, SEARCH) for step in ("create", "update", "import")},
    "redirect-delete": Rule(NO, SEARCH),
    "feed-make": Rule(NO, SEARCH),
    **{
        f"price-{page}": Rule({M, P, K, N})
        for page in ("list-list", "export", "history-list", "history", "check")
    },
    "price-list-create": Rule(CATALOGUE, CATALOGUE),
    "price-list-detail": Rule({M, P, K, N}, CATALOGUE),
    **{f"price-{step}": Rule(NO, CATALOGUE) for step in ("entry-set", "entry-remove", "import")},
    "rate-list": Rule({M, P, N, F}),
    "rate-export": Rule({M, P, N, F}),
    **{f"rate-{step}": Rule(NO, MONEY) for step in ("set", "import")},
    "currency-detail": Rule({M, P, N, F}, MONEY),
    "currency-price-list": Rule({M, P, N, F}),
    **{f"currency-price-{step}": Rule(NO, {M, P, F}) for step in ("set", "remove")},
    "tax-list": Rule({M, N, F}),
    "tax-detail": Rule({M, N, F}, MONEY),
    **{f"tax-{step}": Rule(NO, MONEY) for step in ("country-add", "load")},
    **{f"tax-rate-{step}": Rule(NO, MONEY) for step in ("set", "remove")},
    "offer-list": Rule({M, K, N}, OFFERS),
    "offer-detail": Rule({M, K, N}, OFFERS),
    **{
        f"offer-{step}": Rule(OFFERS, OFFERS)
        for step in ("metadata", "condition", "benefit", "restrictions", "delete")
    },
    "range-list": Rule({M, P, K, N}, OFFERS),
    "range-create": Rule(OFFERS, OFFERS),
    "range-update": Rule(OFFERS, OFFERS),
    "range-delete": Rule(OFFERS, OFFERS),
    "range-products": Rule(OFFERS, OFFERS),
    "range-reorder": Rule(NO, OFFERS),
    "voucher-list": Rule({M, K, N}, OFFERS),
    "voucher-stats": Rule({M, K, N}),
    "voucher-create": Rule(OFFERS, OFFERS),
    "voucher-update": Rule(OFFERS, OFFERS),
    "voucher-delete": Rule(OFFERS, OFFERS),
    "opinion-list": Rule({M, P, A, N}),
    "opinion-detail": Rule({M, P, A, N}),
    "opinion-decide": Rule(NO, CATALOGUE),
    "opinion-bulk": Rule(NO, CATALOGUE),
    "opinion-reports-close": Rule(NO, CATALOGUE),
    "opinion-reply": Rule(NO, {M, P, A}),
    "recommend-rules": Rule({M, P, K, N}),
    "recommend-products": Rule({M, P, K, N}),
    "recommend-product": Rule({M, P, K, N}),
    "recommend-choices": Rule({M, P, K, N}),
    "recommend-runs": Rule({M, P, K, N}),
    "recommend-choose": Rule(NO, {M, P, K}),
    "recommend-end": Rule(NO, {M, P, K}),
    "recommend-recompute": Rule(NO, {M, P, K}),
    **{f"{what}-list": Rule({M, P, K, N}) for what in ("article", "topic", "page", "notice")},
    **{
        f"{what}-{step}": Rule({K}, {K})
        for what in ("article", "topic", "page", "question", "home-block", "notice")
        for step in ("add", "detail")
    },
    **{f"{what}-delete": Rule(NO, {K}) for what in ("article", "topic", "page", "question")},
    **{f"article-goods-{step}": Rule(NO, {K}) for step in ("add", "move", "remove")},
    **{f"{what}-preview": Rule(NO, {K}) for what in ("article", "page")},
    "page-withdraw": Rule(NO, {K}),
    "home-board": Rule({M, P, K, N}),
    "home-preview": Rule({M, P, K, N}, {K}),
    **{f"home-{step}": Rule(NO, {K}) for step in ("arrange", "publish", "reset")},
    **{f"home-block-{step}": Rule(NO, {K}) for step in ("move", "show", "delete")},
    "notice-delete": Rule(NO, {K}),
}
DOORS = {"login", "logout"}


@pytest.fixture(autouse=True)
def _plain_refusals(monkeypatch) -> None:
    """A refusal's page, with the head and foot of the shop, is seen once; here it is the status that counts."""
    monkeypatch.setattr(
        urls, "handler403", lambda _request, exception=None: HttpResponseForbidden()
    )


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
    with_pk = {
        "order": {"number": order.number},
        "stock": {"pk": product.stockrecords.get().pk},
        "arrival": {"pk": arrival.pk},
        "brand": {"pk": Brand.objects.create(name="Kiln", slug="kiln").pk},
        "collection": {"pk": chosen.pk},
        "guide": {"pk": guide.pk, "family": product.pk},
        "payment": {"pk": intent.pk},
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
    with_pk |= something_back(order.lines.get())
    return dict(sorted(with_pk.items(), key=lambda item: -len(item[0])))


def url_of(pattern: URLPattern, things: dict[str, dict]) -> str:
    wanted = pattern.pattern.regex.groupindex or pattern.pattern.converters
    if not wanted:
        return reverse(f"dashboard:{pattern.name}")
    known = next(values for name, values in things.items() if pattern.name.startswith(name))
    return reverse(f"dashboard:{pattern.name}", kwargs={name: known[name] for name in wanted})


def client_of(role: str) -> Client:
    client = Client(raise_request_exception=False)
    user = UserFactory(is_staff=role != "shopper", is_superuser=role == "owner")
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user)
    return client


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    assert {pattern.name for pattern in addresses()} == RULES.keys() | DOORS


@pytest.mark.parametrize("role", [*sorted(EVERYBODY), "owner", "shopper", "partner"])
def test_only_those_who_should_read_a_page_can(role: str, things) -> None:
    if role == "partner":  # Oscar's own way in for people who do not work here
        client = client_of("shopper")
        User.objects.get(pk=client.session["_auth_user_id"]).user_permissions.add(
            *Group.objects.model.permissions.rel.model.objects.filter(codename="dashboard_access")
        )
    else:
        client = client_of(role)

    wrong = {}
    for pattern in addresses():
        if pattern.name in DOORS:
            continue
        allowed = RULES[pattern.name].get
        response = client.get(url_of(pattern, things))
        if allowed is NO:
            expected = {403} if role in ("shopper", "partner") else {405}
            expected |= {405}
        elif role == "owner" or role in allowed:
            expected = {200, 302}
        else:
            expected = {403}
        if response.status_code not in expected:
            wrong[pattern.name] = response.status_code

    assert wrong == {}


@pytest.mark.parametrize("role", [*sorted(EVERYBODY), "shopper"])
def test_only_those_who_should_change_something_can(role: str, things) -> None:
    client = client_of(role)

    wrong = {}
    for pattern in addresses():
        if pattern.name in DOORS:
            continue
        allowed = RULES[pattern.name].post
        if allowed is not NO and role in allowed:
            continue  # what they may do is proven where it is done
        response = client.post(url_of(pattern, things))
        if response.status_code != (405 if allowed is NO else 403):
            wrong[pattern.name] = response.status_code

    assert wrong == {}


def test_strangers_are_sent_to_the_door(things) -> None:
    client = Client()

    for pattern in addresses():
        if pattern.name in DOORS:
            continue
        for answer in (client.get(url_of(pattern, things)), client.post(url_of(pattern, things))):
            assert answer.status_code == 302, pattern.name
            assert answer["Location"].startswith(reverse("dashboard:login")), pattern.name


def test_a_post_without_its_token_is_refused_everywhere(things) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    for pattern in addresses():
        assert client.post(url_of(pattern, things)).status_code == 403, pattern.name


def test_reading_changes_nothing(things) -> None:
    client = client_of("owner")
    before = tables_now()

    for pattern in addresses():
        if pattern.name != "logout":
            client.get(url_of(pattern, things))

    assert tables_now() == before


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
