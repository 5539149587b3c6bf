"""Markup and formulas in whatever people, carriers, banks and browsers wrote: shown as text, everywhere.

Every column of words is overwritten with markup, past the forms that would have cleaned it. Then all pages of
the back office and the shop are drawn, mails are written, papers printed and tables exported.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from oscar.apps.dashboard.offers.forms import MetaDataForm

from crm.accounts.models import User
from orders.life.models import OrderMessage
from orders.mails import order_mail_queue
from orders.models import Order
from orders.returns.mails import complaint_mail_queue, return_mail_queue
from orders.returns.models import Complaint, Return
from orders.returns.selectors import returns_read
from payments.wallets.models import GiftCard
from payments.wallets.services.cards import _mail as card_mail
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.core.models import Mail
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.office_rules import DOORS
from tests.orders.returns.support import arrived, asked
from tests.shop_things import shop_addresses, shop_things, shop_url
from tests.test_permissions import addresses, things, url_of  # noqa: F401  a fixture

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("quick_walk"),
]

EVIL = '"></script><img src=x onerror=a>'
RAW = "<img src=x onerror"
SHOWN = "&lt;img src=x onerror"
FORMULA = "=cmd|'/C calc'!A0"

#: Who wrote it is nobody that the shop trusts, or somebody of the team by mistake. Markup that is cleaned as it
#: is saved (descriptions, pages) is proven where it is cleaned.
WORDS = {
    "accounts.User": "first_name last_name",
    "address.UserAddress": "first_name last_name line1 line2 line3 line4 notes",
    "order.ShippingAddress": "first_name last_name line1 line2 line3 line4 notes",
    "order.BillingAddress": "first_name last_name line1 line2 line3 line4",
    "order.Line": "title upc partner_name partner_sku",
    "order.OrderNote": "message",
    "order.OrderDiscount": "offer_name message",
    "life.OrderMessage": "text",
    "life.OrderHold": "words release_words",
    "catalogue.Product": "title title_en title_zh_hans meta_title meta_title_en meta_description_en",
    "catalogue.Category": "name name_en name_zh_hans meta_title_en",
    "catalogue.ProductClass": "name name_en",
    "catalogue.AttributeOption": "option option_en option_zh_hans",
    "catalogue.ProductAttribute": "name name_en name_zh_hans",
    "partner.StockRecord": "partner_sku",
    "partner.Partner": "name",
    "facts.Brand": "name name_en name_zh_hans",
    "facts.SizeGuide": "name name_en table table_en",
    "listing.CollectionText": "name name_en",
    "reviews.ProductReview": "title body name",
    "opinions.ReviewDetail": "reply",
    "opinions.Question": "text name",
    "opinions.Answer": "text name",
    "opinions.Report": "note",
    "opinions.HistoryEntry": "note",
    "wallets.GiftCard": "recipient_name sender_name message",
    "wallets.Wallet": "blocked_because",
    "returns.Return": "refused_because carrier tracking_number",
    "returns.ReturnLine": "comment",
    "returns.ReturnMoment": "note",
    "returns.Complaint": "words answer",
    "refunding.RefundRequest": "reason decision",
    "fulfilment.Shipment": "carrier tracking_number",
    "fulfilment.Trouble": "words closing",
    "fulfilment.Consignment": "words",
    "fulfilment.BatchRow": "message",
    "carriers.Claim": "reference words",
    "carriers.Contract": "reference",
    "carriers.Label": "tracking_number problem service",
    "carriers.TrackEvent": "place",
    "carriers.CarrierMessage": "tracking_number last_error",
    "payments.PaymentIntent": "problem reference",
    "payments.Refund": "reason last_error reference",
    "payments.Capture": "last_error reference",
    "payments.WebhookEvent": "kind outcome last_error reference",
    "bank.BankLine": "reference payer return_note",
    "bank.Payout": "bank note",
    "kinds.ProductFile": "name",
    "drafts.Draft": "note discount_reason",
    "fraud.FraudCheck": "words",
    "fraud.Listed": "value shown reason",
    "searchlog.Search": "query typed understood",
    "searchlog.SearchTermDay": "query",
    "moved.DeadPath": "referrer",
    "signin.SignedIn": "agent",
    "wishes.WishList": "name",
    "keeping.SharedBasket": "owner_name",
    "keeping.SharedThing": "title",
    "desk.DeskView": "name",
    "content.Article": "title title_en title_zh_hans summary_en author cover_alt_en",
    "content.Topic": "name name_en",
    "content.Page": "title title_en",
    "content.FaqItem": "question question_en",
    "homepage.Notice": "text text_en text_zh_hans",
    "homepage.Block": "title title_en label_en picture_alt_en",
    "supply.Warehouse": "name line1 city",
    "supply.ExpectedArrival": "note",
    "supply.Transfer": "note",
    "supply.CycleCount": "note",
    "rates.Zone": "name",
    "rates.Method": "name_en name_zh note_en",
    "rates.PickupPoint": "name street city hours",
    "rates.Holiday": "name",
    "goods.Job": "name problem",
    "goods.JobRow": "label before after message",
    "core.Mail": "subject last_error",
    "core.OutboxDelivery": "last_error",
    "pricing.PriceList": "name name_en",
    "voucher.Voucher": "name",
    "offer.ConditionalOffer": "name name_en",
    "offer.Range": "name",
}


def overwrite(text: str) -> int:
    """Every column of `WORDS` says ``text``, or as much of it as fits; how many columns."""
    done = 0
    with connection.cursor() as cursor:
        for label, names in WORDS.items():
            model = apps.get_model(label)
            for name in names.split():
                field = model._meta.get_field(name)
                said = text[: field.max_length] if field.max_length else text
                unique = field.unique or name in ("partner_sku", "tracking_number", "reference")
                value = "left(pk::text || %s, %s)" if unique else "left(%s, %s)"
                key = model._meta.pk.column
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET "{field.column}" = '
                    + value.replace("pk::text", f'"{key}"::text'),
                    [said, field.max_length or 10_000],
                )
                done += 1
    return done


@pytest.fixture
def shop(things) -> dict[str, str]:  # noqa: F811
    order = Order.objects.get(number=things["order"]["number"])
    member = UserFactory(email="walker@example.com", is_staff=True, is_superuser=True)
    OrderMessage.objects.create(order=order, is_ours=False, text="x", key=uuid4())
    made = shop_things(order, member)
    return {name: shop_url(name, pattern, made) for name, pattern in shop_addresses().items()}


def told() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email="walker@example.com"))
    return client


def pages(things: dict[str, dict], shop: dict[str, str]) -> Iterator[tuple[str, str]]:  # noqa: F811
    """Every address that may answer with a page, and searches for the markup itself."""
    for pattern in addresses():
        if pattern.name not in DOORS:
            yield pattern.name, url_of(pattern, things)
    yield from shop.items()
    yield "find by words", reverse("dashboard:find") + "?q=%22%3E%3Cimg+src%3Dx+onerror%3Da%3E"
    yield "find order", reverse("dashboard:order-list") + "?q=%3Cimg+src%3Dx+onerror%3Da%3E"
    yield "search", reverse("search:search") + "?q=%3Cimg+src%3Dx+onerror%3Da%3E"
    yield "suggest", reverse("search:suggest") + "?q=%3Cimg+src%3Dx+onerror%3Da%3E"


def text_of(response: HttpResponse) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8", "replace")
    return response.content.decode("utf-8", "replace")


def test_markup_is_shown_as_text_on_every_page(things, shop) -> None:  # noqa: F811
    order = Order.objects.get(number=things["order"]["number"])
    urls = dict(pages(things, shop))
    client = told()
    assert overwrite(EVIL) > 150
    cache.clear()
    raw, shown, broken = [], [], {}

    for name, url in urls.items():
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(url, headers=headers)
            if response.status_code >= 500:
                broken[name] = response.status_code
            if not response.headers.get("Content-Type", "").startswith(("text/html", "image/svg")):
                continue
            page = text_of(response)
            if RAW in page:
                raw.append(name)
            if SHOWN in page:
                shown.append(name)

    assert broken == {}
    assert sorted(set(raw)) == []
    for name in ("order-detail", "order-list", "user-detail", "return-detail", "complaint-detail"):
        assert name in shown
    for name in ("orders:order", "catalogue:detail", "basket:summary", "customer:address-list"):
        assert name in shown
    assert len(set(shown)) > 80, len(set(shown))
    assert order.pk


def test_the_box_that_finds_everything_shows_names_as_text() -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    person = UserFactory(first_name="Quentin <img src=x onerror=a>", email="q@example.com")
    ProductFactory(title_en="Quentin <img src=x onerror=a>")

    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(reverse("dashboard:find"), {"q": "quentin"}, headers=headers)
        assert page.content.decode().count(SHOWN) >= 2
        assert RAW not in page.content.decode()
    assert person.pk


def test_markup_is_shown_as_text_in_mails() -> None:
    CountryFactory()
    order = arrived(user=UserFactory())
    back = asked(order)
    message = OrderMessage.objects.create(order=order, is_ours=True, text="x", key=uuid4())
    complaint = Complaint.objects.create(order=order, kind="late", wish="words", key=uuid4())
    overwrite(EVIL)
    Mail.objects.all().delete()
    order = Order.objects.get(pk=order.pk)
    message.refresh_from_db()

    for kind in ("order_confirmation", "order_paid", "order_delivered", "order_cancelled"):
        order_mail_queue(number=order.number, kind=kind)
    order_mail_queue(number=order.number, kind="order_message", message=message)
    shipment = order.shipments.get()
    order_mail_queue(number=order.number, kind="order_shipped", shipment=shipment)
    return_mail_queue(back=returns_read().get(pk=back.pk), state="refused")
    complaint.refresh_from_db()
    complaint_mail_queue(complaint=complaint, step="made")

    mails = list(Mail.objects.all())
    assert len(mails) == 8
    for mail in mails:
        assert RAW not in mail.html, mail.kind
        assert "\n" not in mail.subject
    assert {mail.kind for mail in mails if SHOWN in mail.html} >= {
        "order_confirmation",
        "order_message",
        "return_step",
    }


def test_a_gift_cards_greeting_is_shown_as_text(things) -> None:  # noqa: F811
    overwrite(EVIL)
    card = GiftCard.objects.select_related("wallet").latest("pk")
    Mail.objects.all().delete()

    card_mail(card)

    mail = Mail.objects.get()
    assert SHOWN in mail.html
    assert RAW not in mail.html


def test_papers_are_printed_with_any_words(things, monkeypatch) -> None:  # noqa: F811
    overwrite(EVIL + "#set page(1pt) $ ` \\ * _ @ #{panic()}"[:200])
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    Return.objects.update(state="approved")

    names = {"paper-file", "order-slip", "box-slip", "return-slip", "wave-print"}
    papers = {
        pattern.name: url_of(pattern, things) for pattern in addresses() if pattern.name in names
    }
    assert papers.keys() == names
    for name, url in papers.items():
        response = client.get(url)
        assert response.status_code == 200, name
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert body.startswith(b"%PDF-"), name


def test_no_table_that_leaves_holds_a_formula(things, shop) -> None:  # noqa: F811
    client, urls = told(), dict(pages(things, shop))
    overwrite(FORMULA)
    seen, wrong = [], []

    for name, url in urls.items():
        if "export" not in name:
            continue
        for query in ("", "?format=xlsx", "?as=xlsx", "?kind=xlsx"):
            response = client.get(url + query)
            if response.status_code != 200:
                continue
            kind = response.headers["Content-Type"]
            body = b"".join(response.streaming_content) if response.streaming else response.content
            if kind.startswith("text/csv"):
                rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
                cells = [cell for row in rows for cell in row]
                wrong += [(name, cell) for cell in cells if _is_formula(cell)]
                seen += [name] if any(FORMULA[:8] in cell for cell in cells) else []
            elif "sheet" in kind:
                sheet = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")
                wrong += [(name, "formula")] if b"<f" in sheet else []
                seen += [f"{name} xlsx"] if FORMULA[:8].encode() in sheet else []

    assert wrong == []
    assert {"order-export", "order-export xlsx", "ledger-export"} <= set(seen), seen


def _is_formula(cell: str) -> bool:
    is_number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
    return cell.lstrip().startswith(("=", "+", "-", "@", "\t")) and not is_number


def test_overwriting_reaches_every_column_that_it_names(things) -> None:  # noqa: F811
    """The control: without it a walk over empty tables would prove nothing."""
    overwrite(EVIL)
    full: dict[str, Any] = {}
    for label, names in WORDS.items():
        model = apps.get_model(label)
        for name in names.split():
            full[label] = model.objects.filter(**{f"{name}__contains": '"><'}).exists()

    assert sum(full.values()) > 40, sorted(
        label for label, is_there in full.items() if not is_there
    )


def test_an_offers_description_keeps_only_harmless_tags() -> None:
    form = MetaDataForm({"name": "Tea", "description": f"<b>Now</b> {EVIL}", "offer_type": "Site"})

    assert form.is_valid(), form.errors
    kept = form.save(commit=False).description
    assert "<b>Now</b>" in kept
    assert "onerror" not in kept
    assert "<script" not in kept


def test_what_an_offer_is_about_is_text_in_the_office() -> None:
    everything = Range.objects.create(name=EVIL, includes_all_products=True)
    condition = Condition.objects.create(range=everything, type="Count", value=1)
    benefit = Benefit.objects.create(range=everything, type="Percentage", value=10)
    offer = ConditionalOffer.objects.create(name="Tea", condition=condition, benefit=benefit)
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    for url in (
        reverse("dashboard:offer-list"),
        reverse("dashboard:offer-detail", kwargs={"pk": offer.pk}),
    ):
        page = client.get(url).content.decode()
        assert SHOWN in page
        assert RAW not in page
    for proxy in (condition.proxy(), benefit.proxy()):
        assert "<a href=" in proxy.description
        assert RAW not in proxy.description
