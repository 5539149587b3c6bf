"""Mails that one can do without: wanted or not, and out of them by one click."""

import pytest
from django.test import Client

from crm.alerts.models import AlertState, StockAlert
from crm.customer.services import EmailChange, email_change
from shop.core.mail import mail_queue, send_due
from shop.core.mailing.models import MailChoice
from shop.core.mailing.services import choice_set, choices_of, is_wanted, stop_url
from shop.core.models import Mail
from tests.factories import ProductFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.15")]
MEI = "mei@example.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def queue(key="a", *, topic="answers") -> Mail | None:
    return mail_queue(
        key=key,
        kind="account_new",  # any template will do
        to="Mei@Example.com",
        language="en",
        context={"url": "https://shop.example/"},
        topic=topic,
    )


def path_in(mail: Mail, settings) -> str:
    return mail.unsubscribe_url.removeprefix(settings.PUBLIC_URL)


def test_a_mail_that_one_can_do_without_names_the_way_out(mailoutbox, settings):
    mail = queue()
    send_due()

    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.unsubscribe_url in mail.text
    assert mail.unsubscribe_url in mail.html


def test_a_mail_about_an_order_or_an_account_has_none(mailoutbox):
    queue(topic="")
    send_due()

    assert "List-Unsubscribe" not in mailoutbox[0].extra_headers
    assert "Stop mails like this" not in Mail.objects.get().text


def test_the_button_of_the_mail_program_stops_them_without_a_token_or_a_look(settings):
    path = path_in(queue(), settings)
    program = Client(enforce_csrf_checks=True)

    assert program.post(path, ONE_CLICK).status_code == 200

    assert not is_wanted(email=MEI, topic="answers")
    assert MailChoice.objects.get().source == "one-click"
    assert queue("b") is None
    assert Mail.objects.count() == 1


def test_opening_the_link_changes_nothing_and_pressing_can_be_taken_back(client, settings):
    path = path_in(queue(), settings)

    assert "Stop these mails" in client.get(path).content.decode()
    assert is_wanted(email=MEI, topic="answers")
    client.post(path)
    assert not is_wanted(email=MEI, topic="answers")
    client.post(path, {"again": "1"})
    assert is_wanted(email=MEI, topic="answers")
    assert client.post("/mails/stop/rubbish/").status_code == 404


def test_news_waits_for_a_yes(client):
    mei = UserFactory(email=MEI)
    assert queue(topic="news") is None
    client.force_login(mei)
    html = client.get("/accounts/mails/").content.decode()
    assert html.count("checked") == 1

    client.post("/accounts/mails/", {"topic": ["news"]})

    assert is_wanted(email=MEI, topic="news")
    assert not is_wanted(email=MEI, topic="answers")
    assert queue(topic="news") is not None


def test_what_nobody_changed_is_not_written_down(client):
    client.force_login(UserFactory(email=MEI))

    client.post("/accounts/mails/", {"topic": ["answers", "no-such-topic"]})

    assert not MailChoice.objects.exists()


def test_the_way_out_speaks_the_language_of_the_mail(client):
    choice_set(email=MEI, topic="news", is_wanted=True, source="page")
    url = stop_url(email=MEI, topic="news", language="zh-hans")

    assert "/zh-hans/mails/stop/" in url
    assert "停发这类邮件" in client.get(url[url.index("/zh-hans") :]).content.decode()


def test_one_click_ends_every_alert_of_the_mailbox(client):
    from crm.alerts.mails import back_queue

    for _n in range(2):
        alert = StockAlert.objects.create(product=ProductFactory(), email=MEI, language="en")
    back_queue(alert)
    mail = Mail.objects.get(kind="stock_alert_back")
    assert mail.unsubscribe_url.endswith("/")

    program = Client(enforce_csrf_checks=True)
    path = mail.unsubscribe_url[mail.unsubscribe_url.index("/alerts") :]
    assert program.post(path, ONE_CLICK).status_code == 200

    assert set(StockAlert.objects.values_list("state", flat=True)) == {AlertState.STOPPED}


def test_what_was_said_goes_along_to_another_mailbox():
    mei = UserFactory(email=MEI)
    choice_set(email=MEI, topic="news", is_wanted=True, source="page")
    choice_set(email=MEI, topic="answers", is_wanted=False, source="page")
    choice_set(email="new@example.com", topic="answers", is_wanted=True, source="link")

    email_change(change=EmailChange(mei.pk, MEI, "New@example.com"))

    assert choices_of("new@example.com") == {"news": True, "answers": True}
