"""Signing in, making an account, and what belongs to a member."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.apps.address.models import UserAddress

from crm.accounts.models import User
from crm.customer import services
from orders.models import Order
from shop.core import outbox
from shop.core.models import Mail
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import GERMANY, Shopper
from tests.orders.test_input import TORTURE

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]
PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def germany():
    CountryFactory()


def link_in(sent: Mail) -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", sent.text.split("\n--\n")[0])[1]


def sign_in(client, email: str, password: str = PASSWORD, **extra):
    return client.post(
        reverse("customer:login"), {"username": email, "password": password, **extra}
    )


def test_sign_in_ignores_case_and_goes_on_where_it_was_asked(client):
    UserFactory(email="mei@example.com")

    response = sign_in(client, "Mei@Example.com", next="/accounts/orders/")

    assert response["Location"] == "/accounts/orders/"


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_next_stays_on_this_host(client, there):
    UserFactory(email="mei@example.com")

    assert sign_in(client, "mei@example.com", next=there)["Location"] == reverse("customer:summary")


def test_answers_are_the_same_with_and_without_an_account(client):
    UserFactory(email="mei@example.com")

    known = sign_in(client, "mei@example.com", "wrong-password")
    unknown = sign_in(client, "nobody@example.com", "wrong-password")

    def words(response) -> str:
        text = re.sub(
            r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", response.content.decode()
        )
        return text.replace("mei@example.com", "X").replace("nobody@example.com", "X")

    assert known.status_code == unknown.status_code == 422
    assert words(known) == words(unknown)


def test_one_hash_is_computed_for_every_try(client, monkeypatch):
    UserFactory(email="mei@example.com")
    hashes = []
    monkeypatch.setattr(User, "set_password", lambda *args: hashes.append("made"))
    monkeypatch.setattr(User, "check_password", lambda *args: hashes.append("checked"))

    sign_in(client, "mei@example.com")
    sign_in(client, "nobody@example.com")

    assert hashes == ["checked", "made"]


def test_guessing_is_slowed_down_for_the_account(client):
    UserFactory(email="mei@example.com")
    statuses = [sign_in(client, "mei@example.com", f"guess-{n}").status_code for n in range(9)]

    assert statuses == [422] * 8 + [429]
    assert sign_in(client, "mei@example.com").status_code == 429
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_post(client):
    client.force_login(UserFactory())

    client.get(reverse("customer:logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("customer:logout"))
    assert "_auth_user_id" not in client.session


def test_a_guest_makes_an_account_and_finds_the_order_in_it(client):
    shopper = Shopper(client)
    shopper.add(ProductFactory(title_en="Vase"))
    thanks = shopper.place(shopper.to_preview(email="Ada@example.com"), payment="cod")
    order = Order.objects.get()
    assert "Keep them in an account" in client.get(thanks["Location"]).content.decode()

    client.post(reverse("customer:register"), {"email": "ada@example.com"})
    outbox.relay()
    link = link_in(Mail.objects.get(kind="account_new"))
    response = client.post(link, {"password": PASSWORD, "first_name": "Ada"}, follow=True)

    assert response.status_code == 200
    order.refresh_from_db()
    assert order.user == User.objects.get(email="ada@example.com")
    assert client.get(reverse("customer:order", args=[order.number])).status_code == 200
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": PASSWORD}).status_code == 410


def test_registering_twice_sends_the_owner_a_way_in_and_tells_nobody(client):
    UserFactory(email="mei@example.com")

    known = client.post(reverse("customer:register"), {"email": "mei@example.com"})
    unknown = client.post(reverse("customer:register"), {"email": "new@example.com"})
    outbox.relay()

    assert known["Location"] == unknown["Location"]
    kinds = dict(Mail.objects.values_list("to", "kind"))
    assert kinds == {"mei@example.com": "account_password", "new@example.com": "account_new"}
    assert User.objects.count() == 1


def test_a_new_password_works_once(client):
    UserFactory(email="mei@example.com")
    client.post(reverse("password-reset"), {"email": "mei@example.com"})
    client.post(reverse("password-reset"), {"email": "nobody@example.com"})
    outbox.relay()
    link = link_in(Mail.objects.get())

    assert client.get(link).status_code == 200
    assert client.post(link, {"password": "three-other-words"}).status_code == 302
    assert client.get(link).status_code == 410
    assert sign_in(client, "mei@example.com", "three-other-words").status_code == 302


def test_old_and_foreign_links_are_over(client, settings):
    assert client.get(reverse("customer:register-finish", args=["rubbish"])).status_code == 410
    assert client.get(reverse("password-reset-confirm", args=["x", "y"])).status_code == 410
    forged = signing.dumps("eve@example.com", salt="other")
    assert client.get(reverse("customer:register-finish", args=[forged])).status_code == 410


def test_a_new_email_counts_when_its_link_is_opened(client):
    user = UserFactory(email="mei@example.com")
    client.force_login(user)

    wrong = client.post(
        reverse("customer:change-email"), {"email": "new@example.com", "old_password": "no"}
    )
    client.post(
        reverse("customer:change-email"), {"email": "new@example.com", "old_password": PASSWORD}
    )

    assert wrong.status_code == 422
    user.refresh_from_db()
    assert user.email == "mei@example.com"
    link = link_in(Mail.objects.get(to="new@example.com"))
    assert Mail.objects.filter(to="mei@example.com", kind="account_email_warning").exists()
    assert client.get(link).status_code == 200
    client.post(link)
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert client.post(link).status_code == 410


def test_addresses_of_others_do_not_exist(client):
    client.force_login(UserFactory())
    client.post(reverse("customer:address-create"), GERMANY)
    address = UserAddress.objects.get()
    other = type(client)()
    other.force_login(UserFactory())

    for name in ("address-detail", "address-delete", "address-default"):
        url = reverse(f"customer:{name}", args=[address.pk])
        assert other.post(url, GERMANY).status_code == 404
    assert client.get(reverse("customer:address-detail", args=[address.pk])).status_code == 200


def test_the_same_address_twice_is_a_message(client):
    client.force_login(UserFactory())
    client.post(reverse("customer:address-create"), GERMANY)

    response = client.post(reverse("customer:address-create"), GERMANY)

    assert response.status_code == 422
    assert UserAddress.objects.count() == 1


def test_orders_are_listed_with_as_many_queries_for_one_as_for_many(client):
    client.force_login(UserFactory())
    shopper = Shopper(client)
    product = ProductFactory(stock=40)

    def order() -> None:
        shopper.add(product)
        shopper.place(shopper.to_preview(email=""), payment="cod")

    def queries() -> int:
        client.get(reverse("customer:order-list"))  # caches and cookies settle
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("customer:order-list"))
        assert page.content.decode().count("account-order__link") == Order.objects.count()
        return len(captured)

    order()
    for_one = queries()
    for _ in range(3):
        order()
    assert queries() == for_one


@pytest.mark.parametrize(
    "name",
    [
        "summary",
        "order-list",
        "address-list",
        "address-create",
        "profile-view",
        "change-password",
        "change-email",
    ],
)
def test_the_account_is_private_and_never_kept(client, name):
    assert client.get(reverse(f"customer:{name}")).status_code == 302
    client.force_login(UserFactory())

    response = client.get(reverse(f"customer:{name}"))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_the_profile_is_saved(client):
    user = UserFactory()
    client.force_login(user)

    client.post(
        reverse("customer:profile-view"),
        {"first_name": "Mei‮", "last_name": "林", "language": "zh-hans"},
    )

    user.refresh_from_db()
    assert (user.first_name, user.last_name, user.language) == ("Mei", "林", "zh-hans")


def test_a_used_email_cannot_be_taken():
    UserFactory(email="taken@example.com")
    user = UserFactory(email="mei@example.com")
    change = services.email_change_of(
        services.email_change_token(user=user, email="Taken@example.com")
    )

    with pytest.raises(services.EmailTaken):
        services.email_change(change=change)


@pytest.mark.req("S5.16")
@pytest.mark.parametrize("text", TORTURE.values(), ids=TORTURE)
def test_whatever_is_typed_is_a_message(client, text):
    link = reverse("customer:register-finish", args=[services.register_token("a@example.com")])
    for url, field in (
        (reverse("customer:login"), "username"),
        (reverse("customer:register"), "email"),
        (reverse("password-reset"), "email"),
        (link, "password"),
    ):
        data = {"username": "a@example.com", "password": "wrong", "email": "a@example.com"}
        assert client.post(url, {**data, field: text}).status_code in (302, 400, 410, 422)
    client.logout()
    client.force_login(UserFactory())
    for name, fields in (
        ("profile-view", ("first_name", "last_name", "language")),
        ("change-password", ("old_password", "password")),
        ("change-email", ("email", "old_password")),
    ):
        for field in fields:
            url = reverse(f"customer:{name}")
            assert client.post(url, {"language": "en", field: text}).status_code in (302, 400, 422)
    assert client.get(reverse("customer:order-list"), {"page": text.replace("\x00", "")})
