"""Links that sign in once, and the list of where one is signed in."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.apps.address.models import UserAddress

from crm.accounts.models import User
from crm.customer.services import EmailChange, email_change
from crm.signin.models import SignedIn, SignInLink
from crm.signin.selectors import agent_words
from shop.core import outbox
from shop.core.models import Mail
from tests.crm.test_account import PASSWORD, link_in, sign_in
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import Shopper

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S5.16")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def germany():
    CountryFactory()


def link_asked(client, email="mei@example.com") -> str:
    client.post("/accounts/link/", {"email": email})
    outbox.relay()
    return link_in(Mail.objects.filter(kind="account_signin").latest("pk"))


def test_a_link_signs_in_once_and_looking_at_it_does_not_use_it_up(client):
    mei = UserFactory(email="mei@example.com")
    link = link_asked(client)

    scanner = Client()
    assert scanner.get(link).status_code == 200
    assert scanner.head(link).status_code == 200
    assert "_auth_user_id" not in scanner.session

    assert client.post(link)["Location"] == reverse("customer:summary")
    assert int(client.session["_auth_user_id"]) == mei.pk
    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410


def test_the_link_can_be_asked_for_beside_the_password(client):
    UserFactory(email="mei@example.com")
    assert "/accounts/link/" in client.get("/accounts/login/").content.decode()

    response = client.post("/accounts/link/", {"username": "mei@example.com", "password": ""})

    assert response["Location"] == reverse("customer:signin-sent")
    assert client.post("/accounts/link/", {"username": "nonsense"}).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "there"), [("/checkout/", "/checkout/"), ("//evil.example/", "/accounts/")]
)
def test_the_link_leads_on_to_where_one_was(client, wanted, there):
    UserFactory(email="mei@example.com")
    client.post("/accounts/link/", {"username": "mei@example.com", "next": wanted})
    outbox.relay()

    assert client.post(link_in(Mail.objects.get()))["Location"] == there


def test_an_old_link_and_one_of_somebody_who_left_are_over(client):
    mei = UserFactory(email="mei@example.com")
    link = link_asked(client)
    SignInLink.objects.update(
        asked_at=timezone.now() - dt.timedelta(hours=2),
        expires_at=timezone.now() - dt.timedelta(hours=1),
    )
    assert client.post(link).status_code == 410

    link = link_asked(client)
    User.objects.filter(pk=mei.pk).update(is_active=False)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410


def test_answers_do_not_tell_who_has_an_account(client):
    UserFactory(email="mei@example.com")

    known = client.post("/accounts/link/", {"email": "mei@example.com"})
    unknown = client.post("/accounts/link/", {"email": "new@example.com"})
    outbox.relay()

    assert known["Location"] == unknown["Location"]
    kinds = dict(Mail.objects.values_list("to", "kind"))
    assert kinds == {"mei@example.com": "account_signin", "new@example.com": "account_new"}


def test_links_are_not_sent_without_end(client):
    UserFactory(email="mei@example.com")
    for _n in range(6):
        client.post("/accounts/link/", {"email": "mei@example.com"})
    outbox.relay()

    assert Mail.objects.count() == 3


def test_one_press_makes_the_account_with_order_and_address(client):
    shopper = Shopper(client)
    shopper.add(ProductFactory(title_en="Vase"))
    thanks = shopper.place(shopper.to_preview(email="Ada@example.com"), payment="cod")
    page = client.get(thanks["Location"]).content.decode()
    assert "Keep them in an account" in page
    client.post(reverse("customer:register"), {"email": "Ada@example.com"})
    outbox.relay()
    link = link_in(Mail.objects.get(kind="account_new"))
    phone = Client()
    assert 'value="König"' in phone.get(link).content.decode()

    phone.post(link, {"first_name": "Ada", "last_name": "König"})

    ada = User.objects.get(email__iexact="ada@example.com")
    assert not ada.has_usable_password()
    assert int(phone.session["_auth_user_id"]) == ada.pk
    assert ada.orders.count() == 1
    assert UserAddress.objects.get(user=ada).line1 == "Invalidenstraße 116"
    assert (
        client.post("/accounts/login/", {"username": ada.email, "password": ""}).status_code == 422
    )


def test_who_has_no_password_can_choose_one(client):
    mei = UserFactory(email="mei@example.com")
    mei.set_unusable_password()
    mei.save()
    client.post(link_asked(client))
    assert client.get("/accounts/profile/email/")["Location"] == "/accounts/profile/password/"

    assert client.post("/accounts/profile/password/", {"password": PASSWORD}).status_code == 302

    mei.refresh_from_db()
    assert mei.check_password(PASSWORD)


def test_the_security_page_lists_browsers_and_signs_out_one_or_all_others():
    mei = UserFactory(email="mei@example.com")
    desk, phone, old = (
        Client(HTTP_USER_AGENT=FIREFOX),
        Client(HTTP_USER_AGENT=PHONE),
        Client(HTTP_USER_AGENT=""),
    )
    for one in (desk, phone, old):
        sign_in(one, mei.email)

    html = desk.get("/accounts/security/").content.decode()
    assert "Firefox on Linux" in html
    assert "Safari on iPhone" in html
    assert "An unknown browser" in html

    row = SignedIn.objects.get(session_key=phone.session.session_key)
    desk.post("/accounts/security/sign-out/", {"device": row.pk})
    assert phone.get("/accounts/").status_code == 302
    assert old.get("/accounts/").status_code == 200

    desk.post("/accounts/security/sign-out/")
    assert old.get("/accounts/").status_code == 302
    assert desk.get("/accounts/").status_code == 200
    assert SignedIn.objects.count() == 1


def test_nobody_signs_out_somebody_else(client):
    other = Client()
    sign_in(other, UserFactory(email="ada@example.com").email)
    sign_in(client, UserFactory(email="mei@example.com").email)
    row = SignedIn.objects.get(user__email="ada@example.com")

    for device in (row.pk, "x", "9" * 40, "-1"):
        assert client.post("/accounts/security/sign-out/", {"device": device}).status_code == 302

    assert other.get("/accounts/").status_code == 200


def test_a_new_password_signs_out_all_other_browsers():
    UserFactory(email="mei@example.com")
    desk, phone = Client(), Client()
    sign_in(desk, "mei@example.com")
    sign_in(phone, "mei@example.com")

    desk.post(
        "/accounts/profile/password/",
        {"old_password": PASSWORD, "password": "three-other-words"},
    )

    assert phone.get("/accounts/").status_code == 302
    assert desk.get("/accounts/security/").status_code == 200
    assert SignedIn.objects.get().session_key == desk.session.session_key
    desk.post("/accounts/logout/")
    assert not SignedIn.objects.exists()


def test_a_new_password_by_mail_signs_out_the_browser_that_set_it_too(client):
    mei = UserFactory(email="mei@example.com")
    sign_in(client, mei.email)
    client.post(reverse("password-reset"), {"email": mei.email})
    outbox.relay()

    link = link_in(Mail.objects.get())
    page = client.post(link, {"password": "three-other-words"}, follow=True)

    assert page.status_code == 200
    assert "Your password is changed." in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert not SignedIn.objects.exists()


def password_change(member: User) -> None:
    desk = Client()
    sign_in(desk, member.email)
    values = {"old_password": PASSWORD, "password": "three-other-words"}
    assert desk.post("/accounts/profile/password/", values).status_code == 302


def mailbox_change(member: User) -> None:
    email_change(change=EmailChange(member.pk, member.email, "new@example.com"))


@pytest.mark.parametrize("change", [password_change, mailbox_change])
def test_links_end_with_the_password_and_the_mailbox_they_were_for(client, change):
    mei = UserFactory(email="mei@example.com")
    link = link_asked(client)

    change(mei)

    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        ("curl/8.0", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_browsers_are_named(agent, words):
    assert agent_words(agent) == words
