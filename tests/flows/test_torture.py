"""Every address and every form, with whatever a hostile hand may type: a message or a page, never a 500."""

import re
from itertools import chain, zip_longest
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from catalog.reviews.models import ProductReview
from crm.accounts.models import User
from orders.links import order_token
from shop.dashboard.catalogue.formsets import CHOICES_MOST
from tests.factories import CategoryFactory, CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import GERMANY, Shopper
from tests.sales import order_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("S5.16", "S5.04"),
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("quick_walk"),
]

QUERIES = [
    *(
        f"page={value}"
        for value in ("0", "-1", "abc", "9999999", "1e400", "１２", "1.5", "", "last")
    ),
    *(f"sort={value}" for value in ("", "price", "-price", "'", "a%FF", "__class__")),
    "q=%00",
    "q=%FF%FE&page=%C3%28",
    "q=" + "x" * 5000,
    "q=%F0%9F%91%BB%E2%80%AE'\"%3Cscript%3E\\",
    "a[]=1&a[]=2&q[]=x&page[]=1&page=1&page=2",
    "price_from=NaN&price_to=Infinity&min=-1&max=1e400&price_min=1e999&price_max=-0",
    "placed_from=9999-99-99&placed_until=0000-00-00&date_from=x&since=10000-01-01&until=0001-01-01",
    "placed_from=0001-01-01&placed_until=9999-12-31&since=0001-01-01&until=9999-12-31",
    "status=nope&state=%F0%9F%91%BB&payment=x&warehouse=99999999999999999999&kind=x&role=x",
    "product=99999999999999999999&category=-1&search=%25%5C_&number=%27&user=1e9&sku=%5C&pk=x",
    "next=//evil.example&next=https:evil.example&variant=99999999999999999999&child=-1",
    "initial=1,x,99999999999999999999&page_limit=-5&q=",
    "=&&==&%=%&;",
]
VALUES = [
    "a\0b",
    "x" * 10_000,
    "-1",
    "0",
    "0.5",
    "1e400",
    "NaN",
    "9" * 40,
    "１２３",
    "\u202eevil\u202c שלום",
    "👩‍🚀\U0010fffd",
    "<script>alert(1)</script>{{7*7}}",
    "'\";-- \\ %s",
    "9999-99-99",
    "\r\nSet-Cookie: a=b",
    "",
]
FEW = ["9" * 40]  # the back office has many forms
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
ACTION = re.compile(r'<form\b[^>]*?\baction="([^"]*)"[^>]*>', re.S)
CARELESS = re.compile(r"logout|sign-out")


@pytest.fixture
def shop():
    CountryFactory()
    product = ProductFactory(title_en="Lamp <b>&", stock=9)
    category = CategoryFactory()
    product.categories.add(category)
    author = UserFactory()
    ProductReview.objects.create(
        product=product, user=author, score=5, title="<script>x", body="<img src=x onerror=y>"
    )
    return product, category, order_of(product)


def storefront(shop) -> list[str]:
    product, category, order = shop
    names = ("home", "basket:summary", "search:search", "catalogue:index", "orders:find")
    names += ("customer:login", "customer:register", "password-reset", "checkout:index")
    names += ("customer:signin-link",)
    names += ("checkout:shipping-address", "checkout:shipping-method", "checkout:preview")
    return [
        *(reverse(name) for name in names),
        product.get_absolute_url(),
        category.get_absolute_url(),
        reverse("orders:order", args=[order_token(order)]),
    ]


def account() -> list[str]:
    names = ("summary", "profile-view", "address-list", "address-create")
    names += ("order-list", "change-password", "security", "mails", "reviews")
    return [reverse(f"customer:{name}") for name in names]


def office() -> list[str]:
    names = ("order-list", "order-export", "stock-list", "ledger-list", "ledger-export")
    names += ("payment-list", "refund-list", "webhook-list", "users-index", "team-list")
    names += ("return-list", "return-scan", "return-reasons")
    names += ("product-import", "product-export", "product-job-list")
    names += ("mail-list", "outbox-list", "catalogue-product-list", "catalogue-category-list")
    names += ("offer-list", "range-list", "voucher-list", "opinion-list", "page-list")
    names += (
        "catalogue-product-lookup",
        "range-create",
        "voucher-create",
        "page-add",
        "article-list",
        "article-add",
        "topic-list",
        "topic-add",
        "home-board",
        "home-preview",
        "notice-list",
        "notice-add",
    )
    names += ("offer-metadata", "catalogue-category-create", "catalogue-class-create", "team-add")
    blocks = [
        reverse("dashboard:home-block-add", kwargs={"kind": kind})
        for kind in ("hero", "tiles", "guide", "countdown", "text")
    ]
    return [
        reverse("dashboard:index"),
        *(reverse(f"dashboard:{name}") for name in names),
        *blocks,
    ]


def owner() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def broken(client: Client, addresses: list[str], queries: list[str]) -> list[tuple]:
    found = []
    for address in addresses:
        for query in queries:
            response = client.get(address, QUERY_STRING=quote(query, safe="%&=;[]"))
            if response.streaming:
                b"".join(response.streaming_content)
            if response.status_code >= 500:
                found.append((address, query[:60], response.status_code))
    return found


def test_no_query_string_breaks_the_storefront(shop):
    client = Client(raise_request_exception=False)

    assert broken(client, storefront(shop), together("page=", "sort=")) == []


def test_no_query_string_breaks_the_account_and_the_back_office(shop):
    pages = [query for query in together("page=") if not query.startswith("sort=")]

    assert broken(owner(), [*account(), *office()], pages) == []


def together(*beginnings: str) -> list[str]:
    """The queries, each with one of those that begin so, which are then not asked alone."""
    alone = [query for query in QUERIES if not query.startswith(beginnings)]
    groups = [[query for query in QUERIES if query.startswith(one)] for one in beginnings]
    rows = zip_longest(alone, *groups, fillvalue="")
    return ["&".join(filter(None, row)) for row in rows]


def forms_of(client: Client, address: str) -> list[tuple[str, set[str]]]:
    """Where each form of a page goes, and the names of its fields."""
    page = client.get(address)
    if page.status_code != 200 or page.streaming or "html" not in page.get("Content-Type", ""):
        return []
    text = page.content.decode()
    found = []
    for form in re.split(r"(?=<form\b)", text)[1:]:
        tag = form.split(">", 1)[0] + ">"
        if 'method="post"' in tag.lower() and not CARELESS.search(tag):
            action = ACTION.match(tag)
            fields = set(FIELD.findall(form.split("</form>")[0])) - {"csrfmiddlewaretoken"}
            found.append(((action and action[1]) or address, fields))
    return found


def refused_badly(client: Client, addresses: list[str], values: list[str] = VALUES) -> list[tuple]:
    """Every value in every field at once; the first one three times in each field too."""
    forms = {}
    for action, fields in chain.from_iterable(forms_of(client, one) for one in addresses):
        forms.setdefault(action.split("?")[0], set()).update(fields)
    found = []
    for action, fields in forms.items():
        for value in values:
            thrice = [{name: [value] * 3 for name in fields}] if value is values[0] else []
            for data in (dict.fromkeys(fields, value), *thrice):
                response = client.post(action, data)
                if response.status_code >= 500:
                    found.append((action, value[:20], response.status_code))
    assert forms
    return found


def test_no_form_of_the_storefront_breaks(shop):
    client = Client(raise_request_exception=False)
    shopper = Shopper(client)
    shopper.add(shop[0])
    shopper.post("checkout:index", {"email": "ada@example.com"})
    shopper.post("checkout:shipping-address", GERMANY)
    shopper.post("checkout:shipping-method", {"method": "standard"})

    assert refused_badly(client, storefront(shop)) == []


def test_no_form_of_the_account_breaks(shop):
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory())

    assert refused_badly(client, account()) == []


@pytest.mark.parametrize("name", ["product-type", "option-group"])
def test_a_request_does_not_say_how_many_rows_a_page_has(shop, name):
    address = {
        "product-type": reverse("dashboard:catalogue-class-create"),
        "option-group": reverse("dashboard:catalogue-attribute-option-group-create"),
    }[name]
    client = owner()
    fields = {field for _action, names in forms_of(client, address) for field in names}
    counts = {field: "2000" for field in fields if field.endswith("-TOTAL_FORMS")}

    page = client.post(address, {**dict.fromkeys(fields, "0"), **counts})

    rows = set(re.findall(r'name="(\w+-\d+)-', page.content.decode()))
    assert counts
    assert page.status_code == 200
    assert len(rows) == CHOICES_MOST


def test_no_form_of_the_back_office_breaks(shop):
    product, category, order = shop
    pages = [
        *office(),
        *(
            reverse(f"dashboard:{name}", args=[product.pk])
            for name in ("catalogue-product", "product-variants", "product-pictures")
        ),
        reverse("dashboard:order-detail", args=[order.number]),
        reverse("dashboard:stock-detail", args=[product.stockrecords.get().pk]),
        reverse("dashboard:catalogue-product", args=[product.pk]),
        reverse("dashboard:catalogue-category-update", args=[category.pk]),
        reverse("dashboard:team-member", args=[UserFactory(is_staff=True).pk]),
    ]

    assert refused_badly(owner(), pages, FEW) == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\xff"),
        ("multipart/form-data; boundary=" + "b" * 300, b"--b"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="q'),
        ("application/json", b'{"quantity": 1'),
        ("application/x-www-form-urlencoded; charset=utf-7", b"quantity=+AAAA-"),
        ("application/x-www-form-urlencoded; charset=nope", b"quantity=1"),
        ("application/x-www-form-urlencoded", b"quantity=%FF%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000))),
        ("text/html", b"\xff\xfe"),
        ("", b"quantity=1"),
    ],
)
def test_broken_bodies_are_refused(shop, content_type, body):
    client = Client(raise_request_exception=False)
    addresses = [reverse("basket:add", args=[shop[0].pk]), reverse("customer:login")]
    addresses += [reverse("orders:find"), reverse("theme"), reverse("set_language")]

    for address in addresses:
        answer = client.generic("POST", address, body, content_type=content_type)
        assert answer.status_code < 500, address


@pytest.mark.parametrize(
    "cookie",
    [
        "language=\xe2; theme=<script>; csrftoken=x",
        "oscar_open_basket=1:bad; oscar_history=[1,{}]; language=../../etc",
        "oscar_open_basket=999999999999999999999:x; messages=x; language=" + "x" * 5000,
        'sessionid_8000="\\000"; ===;;;',
        "oscar_history=%00; oscar_open_basket=" + "9" * 5000,
    ],
)
def test_strange_cookies_change_nothing(shop, cookie):
    client = Client(raise_request_exception=False)

    for address in storefront(shop):
        answer = client.get(address, headers={"Cookie": cookie})
        assert answer.status_code < 500, address


@pytest.mark.parametrize(
    "there",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "\t//evil.example",
    ],
)
def test_next_never_leaves_the_shop(shop, there):
    client = Client(raise_request_exception=False)
    user = User.objects.get(email=UserFactory().email)
    user.set_password("finch-willow-heron")
    user.save()
    answers = [
        client.post(reverse("theme"), {"theme": "dark", "next": there}),
        client.post(reverse("set_language"), {"language": "zh-hans", "next": there}),
        client.post(reverse("basket:add", args=[shop[0].pk]), {"quantity": 1, "next": there}),
        client.post(
            reverse("customer:login"),
            {"username": user.email, "password": "finch-willow-heron", "next": there},
        ),
    ]

    for answer in answers:
        place = answer.get("Location", "/")
        assert answer.status_code < 500
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))
        assert "\n" not in place


@pytest.mark.parametrize("there", ["-1", "no-view-of-this-name", "httpfoo", "home", "１"])
def test_next_is_a_path_and_never_the_name_of_a_view(shop, there):
    """`redirect` of Django takes a word without a slash for a view, and fails if there is none."""
    user = UserFactory()
    client = Client(raise_request_exception=False)
    added = client.post(reverse("basket:add", args=[shop[0].pk]), {"quantity": 1, "next": there})
    client.force_login(user)
    signed_in = client.get(reverse("customer:login"), {"next": there})

    assert added["Location"] == shop[0].get_absolute_url()
    assert signed_in["Location"] == reverse("customer:summary")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:x", "a b", "127.0.0.1@evil.example"])
def test_foreign_hosts_get_nothing(shop, host):
    client = Client(raise_request_exception=False)

    assert client.get("/", headers={"Host": host}).status_code == 400
    page = client.get("/", headers={"X-Forwarded-Host": host})
    assert page.status_code == 200
    assert host not in page.content.decode()
