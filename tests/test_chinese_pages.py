"""A reader of Chinese meets no English on the way: shop, checkout, account, back office, mails."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from catalog.content.models import PageKind, Topic
from catalog.content.services import page_publish
from catalog.models import AttributeOption
from catalog.reviews.models import ProductReview
from crm.signin.services import link_make
from orders.basket.models import Line
from orders.keeping.models import LineSeen, SharedBasket
from orders.models import Order
from orders.services import (
    order_cancel,
    order_deliver,
    order_pack,
    order_ship,
)
from orders.states import CancelReason
from payments.services import intent_capture, intent_open
from shop.core.mailing.services import stop_token
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.content.makers import article_made, page_made
from tests.factories import (
    CategoryFactory,
    CountryFactory,
    ProductFactory,
    UserFactory,
    product_with_variants,
)
from tests.flows.shopper import CHINA, Shopper
from tests.office_rules import DOORS
from tests.sales import intent_of
from tests.test_permissions import addresses, things, url_of  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_walk")]

SPOKEN = {"alt", "title", "aria-label", "placeholder", "data-label", "data-failed", "label"}
SILENT = {"script", "style", "svg", "template", "code"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Codes, and names that are the same everywhere
NAMES = re.compile(
    r"""[\w.+-]+@[\w.-]+ | https?://\S+ | /[\w/-]+/ | [\w-]+\.(jpg|png|webp|pdf) | [a-z]+:[\w:-]+ | \{[a-z_]+\}
    | (?<![A-Za-z])([A-Z0-9]{4}-[A-Z0-9]{4} | [A-Z]+-[A-Z0-9-]+ | transfer-[0-9a-f-]{36} | [0-9a-f-]{36}
        | Storekeep\ Demo\ ·\ DE[\d\ ]+·\ BYLADEM1001
        |USD|US(?=\$)|GST|GMT|CA(?=。)|FR(?![A-Za-z])
        |IBAN|BIC|Deutsche\ Post|EMS|FedEx|Hermes|SF\ Express|(?:standard|express|freight|point)(?![A-Za-z])
        |[Ss]torekeep|SKU|GC|UPC|CSV|XLSX|URL|HTML|ID|EUR|MB|JPEG|PNG|WebP|Message-ID|English|DHL|DPD|UPS|GLS|Parcelway|Swiftline
        |Linux\ \S+|Python|Django|Oscar|PostgreSQL|Redis|htmx|HTTPS|HSTS|Cookie|GB|KB|ms|kg
        |manage\.py\ \w+|BACKUP_DIR|VPN|docs/operations\.md
        |Ctrl\ K|PayPal|Stripe|Main\ warehouse|Lyon|lyon|main|World|Standard|DE|(?:po|pi)_1|[\w.-]+\.(?:com|org|cc)
        |(?:[a-z_]+,)+[a-z_]+|date(?=、)|amount(?=、)|currency(?=、)|reference(?=、)|payer(?=\ 和)|id(?=。)|service(?=、)|country(?=、)|weight_to(?=、)|cost(?=。)
        |Visa|Mastercard|American\ Express|WhatsApp|PDF|EPUB|ZIP|MP3|WAV|FLAC|OGG|PNG|Hannah\ K|sale(?=（)|draft(?=（))(?![A-Za-z])""",
    re.VERBOSE,
)
NOTHING = re.compile(r"(?!)")
WRONG_WORDS = re.compile(r"购物篮|购物袋|您|帐户|帐号|登陆")


class Reader(HTMLParser):
    """Collects what a page says: its text and the attributes that are read out or shown.

    What is marked as being in another language says so itself and is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        is_foreign = not facts.get("lang", "zh").lower().startswith("zh")
        is_silent = tag in SILENT or is_foreign or self.is_silent
        if not is_silent:
            self.said += [facts[name] for name in SPOKEN & facts.keys()]
            if tag == "input" and facts.get("type") in ("submit", "button"):
                self.said.append(facts.get("value", ""))
            if tag == "meta" and facts.get("name") == "description":
                self.said.append(facts.get("content", ""))
        if tag not in VOID:
            self.open.append((tag, is_silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.said.append(" ".join(data.split()))

    @property
    def is_silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def english_in(text: str, rows: re.Pattern = NOTHING) -> list[str]:
    """The pieces of a page that hold a Latin word, or a Chinese word that the house does not use.

    ``rows`` are the names of the rows that the page lists.
    """
    reader = Reader()
    reader.feed(text.replace("<wbr>", ""))  # a place to break, nothing that is said
    return sorted(
        {piece for piece in reader.said if _is_english(piece, rows) or WRONG_WORDS.search(piece)}
    )


def _is_english(piece: str, rows: re.Pattern) -> bool:
    """A name may be part of a row (``DE`` of a tracking number) and the other way round."""
    left = rows.sub("", NAMES.sub("", piece)), NAMES.sub("", rows.sub("", piece))
    return all(re.search(r"[A-Za-z]{2,}", one) for one in left)


class Walk:
    """Remembers what was not Chinese on the way."""

    def __init__(self, rows: re.Pattern = NOTHING) -> None:
        self.rows = rows
        self.english: dict[str, list[str]] = {}

    def see(self, name: str, response: HttpResponse, *, status: int = 200) -> HttpResponse:
        assert response.status_code == status, (name, response.status_code)
        if found := english_in(response.content.decode(), self.rows):
            self.english[name] = found
        return response


@pytest.fixture(autouse=True)
def _countries() -> None:
    CountryFactory()
    CountryFactory(iso_3166_1_a2="CN", printable_name="China", name="China")


@pytest.fixture
def cup():
    """A family in Chinese; its first variant can be bought, its second is sold out."""
    cup = product_with_variants(
        colours={"raspberry": 2, "sage": 0},
        title_en="Tea cup",
        title_zh_hans="茶杯",
        categories=[CategoryFactory(name_en="Kitchen", name_zh_hans="厨房", slug="kitchen")],
    )
    cup.product_class.attributes.update(name_zh_hans="颜色")
    for child, colour in zip(cup.children.order_by("pk"), ("树莓红", "灰绿"), strict=True):
        child.title_zh_hans = f"茶杯，{colour}"
        child.save()
        option = child.attribute_values.get().value_option
        AttributeOption.objects.filter(pk=option.pk).update(option_zh_hans=colour)
    buyer = UserFactory(first_name="梅", last_name="林")
    ProductReview.objects.create(
        product=cup, score=5, title="好看", body="拿着很顺手。", user=buyer, status=1
    )
    return cup


@pytest.fixture
def pot():
    return ProductFactory(title_en="Tea pot", title_zh_hans="茶壶", stock=9)


@pytest.fixture
def shopper(client: Client) -> Shopper:
    return Shopper(client, language="zh-hans")


def test_the_shop_speaks_chinese(shopper: Shopper, cup, pot) -> None:
    walk, category = Walk(), cup.categories.get()

    walk.see("home", shopper.get("home"))
    walk.see("all", shopper.get("catalogue:index"))
    walk.see("category", shopper.get("catalogue:category", category.slug, category.pk))
    walk.see("product", shopper.get("catalogue:detail", cup.slug, cup.pk))
    walk.see("search", shopper.client.get(f"{shopper.url('search:search')}?q=茶杯"))
    walk.see("nothing found", shopper.client.get(f"{shopper.url('search:search')}?q=飞船"))
    walk.see("empty basket", shopper.get("basket:summary"))
    shopper.add(pot)
    shopper.post("basket:vouchers-add", {"code": "8888"})
    walk.see("basket", shopper.get("basket:summary"))
    walk.see("missing page", shopper.client.get("/zh-hans/nowhere/"), status=404)

    assert walk.english == {}


def test_guides_and_pages_speak_chinese(shopper: Shopper, cup) -> None:
    walk = Walk()
    walk.see("no guides", shopper.get("content:guides"))
    topic = Topic.objects.create(name="Tea", name_zh_hans="茶", slug="tea")
    chinese = {"body_zh_hans": f"泡茶。\n\n[[{cup.slug}]]", "topic": topic, "author": "林悦"}
    article_made("choose", title_zh_hans="怎么挑茶", goods=[cup], **chinese)
    article_made("brew", title_zh_hans="怎么泡茶", **chinese)
    page = page_made("terms", kind=PageKind.LEGAL, title_zh_hans="条款", body_zh_hans="十四天。")
    page_publish(page=page, notes={"zh_hans": "改了"})

    walk.see("guides", shopper.get("content:guides"))
    walk.see("topic", shopper.get("content:topic", "tea"))
    walk.see("guide", shopper.get("content:guide", "choose"))
    walk.see("page", shopper.get("content:page", "terms"))
    walk.see("page as it was", shopper.get("content:page-version", "terms", 1))

    assert walk.english == {}


def test_finding_and_deciding_speak_chinese(shopper: Shopper, cup, pot) -> None:
    walk, keys = Walk(), (cup.slug, cup.pk)
    record = cup.children.first().stockrecords.get()

    for name in ("new", "best-sellers", "on-offer", "brand-list", "collection-list"):
        walk.see(name, shopper.get(f"catalogue:{name}"))
    walk.see("reviews", shopper.get("catalogue:reviews-list", *keys))
    walk.see("questions", shopper.get("catalogue:questions-list", *keys))
    walk.see("price", shopper.get("price-why", record.pk))
    walk.see("delivery", shopper.get("delivery"))
    walk.see("suggestions", shopper.client.get(f"{shopper.url('search:suggest')}?q=茶"))
    walk.see("nothing to compare", shopper.get("shortlist:compare"))
    walk.see(
        "compare", shopper.client.get(f"{shopper.url('shortlist:compare')}?ids={cup.pk}-{pot.pk}")
    )
    walk.see("recent", shopper.get("shortlist:recent"))
    shopper.client.force_login(UserFactory(first_name="梅", last_name="林"))
    walk.see("review", shopper.get("catalogue:reviews-add", *keys))
    walk.see("wish list", shopper.client.get("/zh-hans/wishlists/", follow=True))

    assert walk.english == {}


def test_the_checkout_speaks_chinese(shopper: Shopper, pot) -> None:
    walk = Walk()
    shopper.add(pot)

    walk.see("details", shopper.get("checkout:index"))
    walk.see("no e-mail", shopper.post("checkout:index", {"email": "no"}), status=422)
    shopper.post("checkout:index", {"email": "mei@example.com"})
    walk.see("address", shopper.get("checkout:shipping-address"))
    empty = {**dict.fromkeys(CHINA, ""), "country": "CN", "for": "CN"}
    walk.see("no address", shopper.post("checkout:shipping-address", empty), status=422)
    page = walk.see("preview", shopper.to_preview(email="", address=CHINA))
    walk.see("delivery", shopper.get("checkout:shipping-method"))
    shopper.place(page, payment="transfer")
    order = Order.objects.get()
    walk.see("thank you", shopper.get("checkout:thank-you", order.number))
    walk.see("find", shopper.get("orders:find"))
    walk.see("not an order", shopper.post("orders:find", {"number": "1", "email": "x"}), status=422)

    assert walk.english == {}


def test_the_account_speaks_chinese(shopper: Shopper, pot) -> None:
    walk = Walk()
    wrong = {"login-username": "a@example.com", "login-password": "wrong", "login_submit": "1"}
    walk.see("sign in", shopper.get("customer:login"))
    walk.see("wrong", shopper.post("customer:login", wrong), status=422)
    walk.see("register", shopper.get("customer:register"))
    walk.see("link", shopper.get("customer:signin-link"))
    walk.see("no link", shopper.post("customer:signin-link", {"email": "x"}), status=422)
    walk.see("link sent", shopper.get("customer:signin-sent"))
    walk.see("password", shopper.get("password-reset"))

    member = UserFactory(first_name="梅", last_name="林")
    shopper.client.force_login(member)
    walk.see("no orders", shopper.get("customer:order-list"))
    shopper.add(pot)
    shopper.place(shopper.to_preview(email="", address=CHINA), payment="transfer")
    order = Order.objects.get()
    for name in (
        "summary",
        "order-list",
        "address-list",
        "address-create",
        "profile-view",
        "security",
        "mails",
        "reviews",
        "change-password",
        "change-email",
    ):
        walk.see(name, shopper.get(f"customer:{name}"))
    walk.see("address", shopper.get("customer:address-detail", member.addresses.get().pk))
    walk.see("order", shopper.get("customer:order", order.number))

    assert walk.english == {}


def test_what_is_kept_around_the_basket_speaks_chinese(shopper: Shopper, pot) -> None:
    walk = Walk()
    shopper.add(pot)
    LineSeen.objects.update(price=1, units=0)
    shopper.post("basket:share", {})
    walk.see("basket", shopper.get("basket:summary"))
    share = SharedBasket.objects.get()
    walk.see("shared", shopper.get("basket:shared", share.key))
    walk.see("not shared", shopper.get("basket:shared", "x"), status=410)
    shopper.post("basket:aside-put", {}, Line.objects.get().pk)
    walk.see("put aside", shopper.get("basket:summary"))
    member = UserFactory(first_name="梅", last_name="林")
    values = {"username": member.email, "password": "a-long-password"}
    shopper.post("customer:login", values)
    walk.see("merged", shopper.get("basket:summary"))
    walk.see("where", shopper.get("customer:security"))
    token = stop_token(email=member.email, topic="answers")
    walk.see("stop", shopper.get("mail-stop", token))
    walk.see("stopped", shopper.post("mail-stop", {}, token))
    walk.see("over", shopper.get("mail-stop", "x"), status=404)
    walk.see("sign in by link", shopper.get("customer:signin-by-link", link_make(user=member)))
    walk.see("link is over", shopper.get("customer:signin-by-link", "x"), status=410)

    assert walk.english == {}


def mails_of_a_life(shopper: Shopper, pot) -> Iterator[Order]:
    """One order from paying to the door, and one that ends early."""
    for ends_early in (False, True):
        shopper.add(pot)
        shopper.place(shopper.to_preview(address=CHINA), payment="transfer")
        order = Order.objects.latest("pk")
        cache.clear()
        intent_capture(intent=intent_open(intent=intent_of(order)))
        relay()
        order.refresh_from_db()
        if ends_early:
            order_cancel(order=order, reason=CancelReason.OPERATOR)
        else:
            order_pack(order=order)
            order_ship(order=order, carrier="DHL", tracking_number="00340434")
            order_deliver(order=order)
        relay()
        yield order


def test_the_mails_speak_chinese(shopper: Shopper, pot) -> None:
    orders = list(mails_of_a_life(shopper, pot))
    shopper.post("customer:register", {"email": "new@example.com"})
    shopper.post("password-reset", {"email": UserFactory().email})
    shopper.post("customer:signin-link", {"email": UserFactory().email})
    relay()

    mails = list(Mail.objects.all())
    english = {
        mail.kind: english_in(f"<p>{mail.subject}</p>{mail.html}<pre>{mail.text}</pre>")
        for mail in mails
    }
    assert len(orders) == 2
    assert {mail.language for mail in mails} == {"zh-hans"}
    assert {kind: found for kind, found in english.items() if found} == {}


# What the rows behind the back office's addresses are called, and the words that Oscar writes
# into its own templates and forms without asking for a translation
ROWS = re.compile(
    r"""(?<![A-Za-z])(Mei\ Lin | Torstraße | Berlin | Things? | Department | Own\ stock | All | all | Offer
        | Sizes | Engraving | Kiln | kiln | Shirts | Size | Chest
        | About\ wool | Care | care | Faq | When\?
        | sofa | couch | faq | Members | members | Tea\ for\ two | set | download | Good | About | Us | Nothing | gone | test | en | sorry)(?![A-Za-z])
    | ^(breadcrumb | Filters: | Yes | No | Site | Combinations | Condition)$
    | ^(Metadata|Condition|Benefit)步骤未完成$ | (?<=:\ )Condition(?=\ \|)""",
    re.VERBOSE,
)


def test_the_back_office_speaks_chinese(things, client: Client) -> None:  # noqa: F811
    client.force_login(UserFactory(is_superuser=True, is_staff=True, first_name="梅", last_name=""))
    walk = Walk(ROWS)

    for pattern in addresses():
        if pattern.name in DOORS:
            continue
        path = url_of(pattern, things).removeprefix("/zh-hans")
        response = client.get(f"/zh-hans{path}")
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code == 200 and is_page:
            walk.see(pattern.name, response)

    assert walk.english == {}
