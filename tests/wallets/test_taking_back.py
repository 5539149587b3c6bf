"""Store credit that a clerk gave is taken back, as far as it is still there."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.accounts.roles import AGENT, ANALYST
from orders.services import order_cancel
from orders.states import CancelReason
from payments.ledger.models import Entry
from payments.wallets.exceptions import WalletRefused
from payments.wallets.models import EntryReason, Wallet, WalletEntry
from payments.wallets.selectors import gifts_left
from payments.wallets.services import credit_give, credit_take_back
from shop.core.audit.models import Entry as AuditEntry
from shop.core.outbox import relay
from tests.factories import UserFactory
from tests.sales import refunds_finish
from tests.test_verify import verified
from tests.wallets.support import balances, card_of, credit_of, order_with

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]


def gift_of(wallet: Wallet) -> WalletEntry:
    return wallet.entries.filter(reason=EntryReason.GIVEN).latest("pk")


def taken(gift: WalletEntry, amount: str, key: str = "") -> WalletEntry:
    units = Decimal(amount)
    return credit_take_back(entry_id=gift.pk, amount=units, key=key or str(uuid4()), note="typo")


def refunded_of(user, amount: str) -> None:
    credit_give(
        owner_id=user.pk,
        amount=Decimal(amount),
        currency="EUR",
        key=str(uuid4()),
        note="",
        reason=EntryReason.REFUNDED,
    )


def in_books() -> Decimal:
    rows = Entry.objects.filter(account__role="goodwill")
    return sum(rows.values_list("amount", flat=True), Decimal(0))


def test_a_gift_is_taken_back_in_parts_and_the_books_follow():
    wallet = credit_of(UserFactory(), "30.00")
    gift = gift_of(wallet)
    assert in_books() == 30

    taken(gift, "10.00", key="a")
    assert taken(gift, "10.00", key="a").amount == -10
    assert (balances(wallet), in_books()) == ([20], 20)
    with pytest.raises(WalletRefused, match=r"Only €20\.00 of it is left"):
        taken(gift, "20.01")
    taken(gift, "20.00")

    assert (balances(wallet), in_books()) == ([0], 0)
    with pytest.raises(WalletRefused, match="Nothing of it is left"):
        taken(gift, "0.01")
    assert verified()[0], verified()[1]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount):
    wallet = credit_of(UserFactory(), "30.00")

    with pytest.raises(WalletRefused, match="not an amount"):
        taken(gift_of(wallet), amount)

    assert balances(wallet) == [30]


def test_what_was_spent_is_not_taken_back_and_what_came_back_is():
    user = UserFactory()
    wallet = credit_of(user, "30.00")
    gift = gift_of(wallet)
    order = order_with(wallet, price="15.00", user=user)
    spent = order.total_incl_tax

    with pytest.raises(WalletRefused, match="Only"):
        taken(gift, "30.00")
    assert gifts_left(Wallet.objects.get()) == {gift.pk: 30 - spent}
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    refunds_finish()

    taken(gift, "30.00")
    assert balances(wallet) == [0]
    relay()
    assert verified()[0], verified()[1]


def test_money_of_a_refund_is_the_members_whichever_came_first():
    user = UserFactory()
    first = gift_of(credit_of(user, "30.00"))
    refunded_of(user, "40.00")
    second = gift_of(credit_of(user, "20.00"))
    wallet = Wallet.objects.get()
    order = order_with(wallet, price="40.00", user=user)
    assert 40 < order.total_incl_tax < 50

    # The first gift went first, then a part of the refund; the second is all there.
    assert gifts_left(Wallet.objects.get()) == {first.pk: 0, second.pk: 20}
    with pytest.raises(WalletRefused, match="Nothing of it is left"):
        taken(first, "1.00")
    taken(second, "20.00")

    assert balances(wallet) == [70 - order.total_incl_tax]
    with pytest.raises(WalletEntry.DoesNotExist):
        taken(wallet.entries.get(reason=EntryReason.REFUNDED), "1.00")


def test_the_database_keeps_a_withdrawal_to_its_gift():
    gift = gift_of(credit_of(UserFactory(), "5.00"))
    facts = {"wallet": gift.wallet, "amount": -1, "key": "x"}

    for wrong in (
        {"reason": "withdrawn"},
        {"reason": "spent", "undoes": gift},
        {"reason": "withdrawn", "undoes": gift, "amount": 1},
    ):
        with (
            pytest.raises(IntegrityError, match="wallet_entry_withdrawn_is_of_a_gift"),
            transaction.atomic(),
        ):
            WalletEntry.objects.create(**facts | wrong)


def test_verify_finds_what_was_taken_back_twice_or_elsewhere():
    gift, other = (gift_of(credit_of(UserFactory(), "5.00")) for _each in range(2))
    assert verified()[0], verified()[1]

    facts = {"reason": "withdrawn", "undoes": gift}
    WalletEntry.objects.create(wallet=gift.wallet, amount=-6, key="x", **facts)
    WalletEntry.objects.create(wallet=other.wallet, amount=-1, key="y", **facts)

    text = verified()[1]
    assert f"entry {gift.pk}: 5.00 given, 7.00 taken back" in text
    assert "takes back what was no gift to it" in text


def test_a_clerk_takes_a_gift_back_at_the_desk_and_may_give_anew(client):
    clerk, member = UserFactory(is_staff=True), UserFactory(email="lin@example.com")
    clerk.groups.add(Group.objects.get(name=AGENT))
    client.force_login(clerk)
    said = {"email": member.email, "currency": "EUR", "note": "late parcel", "amount": "50.00"}
    client.post(reverse("dashboard:wallet-give"), {**said, "key": str(uuid4())})
    wallet = Wallet.objects.get()
    gift = gift_of(wallet)
    detail = reverse("dashboard:wallet-detail", args=[wallet.pk])
    url = reverse("dashboard:wallet-take-back", args=[gift.pk])
    assert url in client.get(detail).content.decode()
    assert 'value="50.00"' in client.get(url).content.decode()
    for prefix, words in (
        ("", ("Amount in EUR", "At most €50.00: what is left of it.")),
        ("/zh-hans", ("金额（EUR）", "最多 €50.00，即其中剩余的部分。")),
    ):
        page = client.get(f"{prefix}{url}").content.decode()
        assert [one for one in words if one not in page] == []

    form = {"key": str(uuid4()), "amount": "50.00", "note": "Wrong member"}
    for bad in ({"note": ""}, {"amount": "50.01"}, {"amount": "-1"}, {"amount": "NaN"}):
        assert client.post(url, {**form, **bad}).status_code == 422
    for _twice in range(2):
        assert client.post(url, form)["Location"] == detail

    entry = wallet.entries.get(reason=EntryReason.WITHDRAWN)
    assert (entry.amount, entry.by, entry.note, entry.undoes) == (-50, clerk, "Wrong member", gift)
    assert url not in client.get(detail).content.decode()
    assert "Nothing of it is left" in client.get(url).content.decode()
    noted = AuditEntry.objects.filter(label="wallets.walletentry", place="wallet-take-back").get()
    assert noted.actor == clerk.pk
    again = client.post(reverse("dashboard:wallet-give"), {**said, "key": str(uuid4())})
    assert again.status_code == 302  # what was taken back does not count
    client.force_login(member)
    page = client.get(reverse("customer:wallets")).content.decode()
    assert "Taken back by the shop" in page
    assert "Wrong member" in page


def test_what_was_spent_since_the_page_was_opened_is_told(client):
    member = UserFactory()
    wallet = credit_of(member, "30.00")
    url = reverse("dashboard:wallet-take-back", args=[gift_of(wallet).pk])
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    form = {"key": str(uuid4()), "amount": "30.00", "note": "Wrong member"}

    order = order_with(wallet, price="15.00", user=member)
    page = client.post(url, form)

    left = 30 - order.total_incl_tax
    assert page.status_code == 422
    assert f"Only €{left} of it is left" in page.content.decode()
    assert balances(wallet) == [left]
    client.post(url, {**form, "amount": str(left)})
    assert balances(wallet) == [0]


def test_only_who_may_give_takes_back_and_only_gifts(client):
    wallet, card = credit_of(UserFactory(), "30.00"), card_of("20.00")
    url = reverse("dashboard:wallet-take-back", args=[gift_of(wallet).pk])
    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name=ANALYST))
    client.force_login(reader)

    detail = client.get(reverse("dashboard:wallet-detail", args=[wallet.pk]))
    assert url not in detail.content.decode()
    assert client.get(url).status_code == 403
    assert client.post(url, {"amount": "1", "note": "x"}).status_code == 403
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    sold = reverse("dashboard:wallet-take-back", args=[card.entries.get().pk])
    assert client.get(sold).status_code == 404
    assert balances(wallet, card) == [30, 20]
