"""Gift cards from sale to end, store credit by the desk, the balance page, the account."""

import datetime as dt
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import AGENT, FINANCE
from orders.exceptions import ImpossibleStep
from orders.services import order_cancel
from orders.states import CancelReason
from payments.wallets.codes import code_hash, code_said
from payments.wallets.links import card_path
from payments.wallets.models import GiftCard, Wallet, WalletEntry, WalletState
from payments.wallets.selectors import card_by_code
from payments.wallets.services import card_resend, cards_send_due, entries_catch_up, wallets_expire
from promotions.voucher.models import Voucher
from shop.core.mail import send_due
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory
from tests.sales import refunds_finish
from tests.test_verify import verified, without
from tests.wallets.support import balances, card_of, credit_of, gift_order, order_with, points_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]
BALANCE = "/gift-cards/balance/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def test_a_gift_card_is_mailed_on_its_day_and_its_code_is_kept_nowhere(settings):
    morning = timezone.localdate() + dt.timedelta(days=9)
    gift_order(send_on=morning.isoformat())
    card = GiftCard.objects.select_related("wallet").get()
    assert (card.initial, card.wallet.balance, card.sent_at) == (50, 50, None)
    assert not Mail.objects.filter(kind="gift_card").exists()

    GiftCard.objects.update(send_at=timezone.now())
    assert (cards_send_due(), cards_send_due()) == (1, 0)

    mail = Mail.objects.get(kind="gift_card")
    code = code_said(card.wallet)
    assert mail.to == "lin@example.com"
    assert code in mail.text
    assert "生日快乐 🎂" in mail.text
    assert code_hash(f" {code.lower()} ".replace("-", " ")) == card.wallet.code_hash
    send_due()
    mail.refresh_from_db()
    assert mail.sent_at
    assert mail.text + mail.html == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT w::text, c::text FROM wallets_wallet w, wallets_giftcard c")
        assert code not in str(cursor.fetchall())
    settings.SECRET_KEY = "another"
    assert code_said(Wallet.objects.get()) == ""
    assert card_resend(card_id=card.pk, email="lin@other.example")
    again = Mail.objects.get(to="lin@other.example")
    assert code_said(Wallet.objects.get()) in again.text
    assert code not in again.text


def test_the_page_of_a_card_needs_its_link(client):
    wallet = card_of()

    page = client.get(card_path(wallet.card))

    assert code_said(wallet) in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.get(reverse("gift-cards:card", args=[str(wallet.card.pk)])).status_code == 404


def test_cancelling_ends_cards_that_nobody_used(client):
    bought = gift_order(units=2, goods=ProductFactory(stock=2))
    used, unused = (card.wallet for card in GiftCard.objects.order_by("pk"))
    order = order_with(used, price="20.00")
    with pytest.raises(ImpossibleStep):
        order_cancel(order=bought, reason=CancelReason.CUSTOMER)

    order_cancel(order=bought, reason=CancelReason.OPERATOR)

    assert balances(used, unused) == [0, 0]
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    refunds_finish()
    relay()
    assert balances(used) == [0]  # what came back ended with its order
    assert Wallet.objects.get(pk=used.pk).state == WalletState.CLOSED
    assert verified()[0], verified()[1]


def test_the_balance_page_tells_what_is_left_and_slows_guessing_down(client):
    wallet = card_of("30.00")
    code = code_said(wallet)
    assert client.get(BALANCE).status_code == 200

    page = client.post(BALANCE, {"code": f"{code.lower()} "})
    assert "€30.00" in page.content.decode()
    wrong = [client.post(BALANCE, {"code": f"GC-{n}"}).status_code for n in range(11)]
    assert wrong == [422] * 10 + [429]
    right = client.post(BALANCE, {"code": code})
    assert right.status_code == 429
    assert "€30.00" not in right.content.decode()
    assert client.post(BALANCE, {"code": "９" * 5000}).status_code == 422


def test_a_member_keeps_a_card_and_then_only_they_can_use_it(client):
    member, other = UserFactory(), UserFactory()
    wallet, url = card_of("30.00"), reverse("customer:wallets")
    code = code_said(wallet)
    credit_of(member, "5.00")
    points_of(member, 120)
    client.force_login(member)

    page = client.post(url, {"code": code}, follow=True).content.decode()

    assert all(text in page for text in ("€30.00", "€5.00", "120 points", "worth €1.20", "sorry"))
    client.force_login(other)
    assert client.post(url, {"code": code}).status_code == 422
    assert client.post(BALANCE, {"code": code}).status_code == 422
    assert [one.gateway for one in _intents(order_with(wallet, user=other))] == ["transfer"]
    assert _intents(order_with(wallet, user=member))[-1].gateway == "gift-card"


def _intents(order):
    from payments.selectors import intents_of_order

    return intents_of_order(order.number)


def test_a_clerk_gives_credit_up_to_the_limit_and_finance_beyond(client):
    member = UserFactory(email="lin@example.com")
    url = reverse("dashboard:wallet-give")
    key = "00000000-0000-4000-8000-000000000001"
    said = {"key": key, "email": "LIN@example.com", "currency": "EUR", "note": "late parcel"}
    clerk, finance = UserFactory(is_staff=True), UserFactory(is_staff=True)
    clerk.groups.add(Group.objects.get(name=AGENT))
    finance.groups.add(Group.objects.get(name=FINANCE))
    client.force_login(clerk)

    refused = [{"amount": "50.01"}, {"amount": "-1"}, {"amount": "NaN"}, {"email": "x@example.com"}]
    for bad in refused:
        assert client.post(url, {**said, "amount": "5", **bad}).status_code == 422
    for _twice in range(2):
        assert client.post(url, {**said, "amount": "50.00"}).status_code == 302

    wallet = Wallet.objects.get(owner=member)
    assert wallet.balance == 50
    assert wallet.entries.get().by == clerk
    said["key"] = key.replace("1", "3")
    more = client.post(url, {**said, "amount": "0.01"})
    assert more.status_code == 422
    assert "up to €50.00 a day, and €0.00 of it is left" in more.content.decode()
    assert client.post(url, {**said, "amount": "5", "currency": "USD"}).status_code == 422
    client.force_login(finance)
    said["key"] = key.replace("1", "2")
    assert client.post(url, {**said, "amount": "500"}).status_code == 302
    assert balances(wallet) == [550]


def test_the_desk_finds_blocks_and_mails_a_card_without_seeing_its_code(client):
    wallet = card_of()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    detail = reverse("dashboard:wallet-detail", args=[wallet.pk])

    for address in (reverse("dashboard:wallet-list"), detail):
        page = client.get(address, {"q": "lin@"})
        assert page.status_code == 200
        assert code_said(wallet) not in page.content.decode()
    assert client.post(f"{detail}block/", {"because": ""}).status_code == 422
    client.post(f"{detail}block/", {"because": "stolen"})
    assert Wallet.objects.get().state == WalletState.BLOCKED
    assert "stolen" in client.get(detail).content.decode()
    client.post(f"{detail}resend/", {"email": "lin@example.com"})
    assert Mail.objects.filter(kind="gift_card").count() == 1
    client.post(f"{detail}unblock/")
    client.post(f"{detail}resend/", {"email": "new@example.com"})
    assert Mail.objects.filter(kind="gift_card", to="new@example.com").count() == 1
    client.post(f"{detail}void/")
    assert balances(wallet) == [0]


def test_what_nobody_used_in_time_is_booked_out():
    user = UserFactory()
    card, points, credit = card_of("30.00"), points_of(user, 50), credit_of(user, "4.00")
    order = order_with(card, price="10.00")
    Wallet.objects.exclude(pk=credit.pk).update(expires_at=timezone.now())

    assert (wallets_expire(), wallets_expire()) == (2, 0)

    assert balances(card, points, credit) == [0, 0, 4]
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    refunds_finish()
    back = Wallet.objects.get(pk=card.pk)
    assert back.is_usable  # for a while: it came back
    assert back.balance == order.total_incl_tax
    relay()
    assert verified()[0], verified()[1]


def test_the_database_holds_balances_and_verify_finds_what_was_planted():
    wallet = card_of("30.00")
    order_with(wallet, price="10.00")
    entry = WalletEntry.objects.latest("pk")
    for refused in (
        lambda: Wallet.objects.update(balance=-1),
        lambda: Wallet.objects.update(balance=RawSQL("'NaN'::numeric", [])),
        lambda: Wallet.objects.update(state=WalletState.CLOSED),
        lambda: WalletEntry.objects.filter(pk=entry.pk).update(amount=-1),
        lambda: entry.delete(),
        lambda: WalletEntry.objects.create(wallet=wallet, amount=1, reason="given", key=entry.key),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    relay()
    assert verified()[0], verified()[1]

    without("wallet_never_below_zero")
    Wallet.objects.update(balance=7)
    is_well, text = verified()
    assert not is_well
    assert "balance 7.00, entries" in text
    assert "gift_cards in EUR: 7.00 on them" in text
    entry.wallet.uses.update(units=1)
    GiftCard.objects.update(initial=29)
    text = verified()[1]
    assert "used 1.00 and back 0" in text
    assert "29.00, paid 30.00" in text


def test_what_points_pay_is_in_the_books_and_another_worth_is_booked(settings):
    points_of(UserFactory(), 333)
    assert verified()[0], verified()[1]
    settings.STORE_POINT_WORTH = Decimal("0.02")

    assert "points pay 6.66, 3.33 in the books" in verified()[1]
    assert (entries_catch_up(), entries_catch_up()) == (1, 0)

    assert verified()[0], verified()[1]
    without("wallet_never_below_zero")
    Wallet.objects.update(balance=500)
    assert "points pay 10.00, 6.66 in the books" in verified()[1]


def test_old_gift_vouchers_become_gift_cards():
    move = import_module("payments.wallets.migrations.0003_gift_vouchers").forward
    lines = [order_with(price="40.00").lines.get() for _each in range(2)]
    now = timezone.now()
    columns = "recipient_name, recipient_email, sender_name, message, language, mails, created_at"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE gifts_giftvoucher AS SELECT 1 AS id, order_line_id, place, initial,"
            " 'EUR' AS currency, 'sent' AS state, send_at, sent_at, 1::bigint AS voucher_id,"
            f" {columns.replace('created_at', 'now() AS created_at')} FROM wallets_giftcard"
        )
        for line, state, code in zip(
            lines, ("sent", "used"), ("GV-7F3K-9QPM", "GV-2"), strict=True
        ):
            voucher = Voucher.objects.create(
                name=code, code=code, start_datetime=now, end_datetime=now + dt.timedelta(days=9)
            )
            cursor.execute(
                f"INSERT INTO gifts_giftvoucher (id, order_line_id, place, initial, currency, state,"
                f" send_at, voucher_id, {columns}) VALUES (%s, %s, 1, 40, 'EUR', %s, now(), %s,"
                " 'Lin', 'lin@example.com', '', '', 'en', 1, now())",
                [line.pk, line.pk, state, voucher.pk],
            )

    for _twice in range(2):
        move(apps, connection.schema_editor())
        entries_catch_up()

    moved = GiftCard.objects.order_by("pk").values_list("wallet__balance", "wallet__state")
    assert list(moved) == [(40, "active"), (0, "closed")]
    assert card_by_code("gv 7f3k 9qpm").card.order_line == lines[0]
    assert not Voucher.objects.exists()
    assert verified()[0], verified()[1]
