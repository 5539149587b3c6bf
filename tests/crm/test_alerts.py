"""Back in stock: told once, in order, only those who said yes, and nobody learns who waits."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Product
from crm.alerts.models import AlertState, StockAlert
from crm.alerts.services import (
    alert_ask,
    alert_confirm,
    alert_open,
    alert_stop,
    alerts_send,
    alerts_tidy,
)
from shop.core.models import Mail
from shop.core.outbox import relay
from supply.models import Reason
from supply.services import stock_move
from tests.factories import ProductFactory, UserFactory, product_with_variants

pytestmark = pytest.mark.django_db


def sold_out() -> Product:
    return ProductFactory(stock=0)


def arrive(product: Product, units: int, source: str = "receipt:1") -> None:
    stock_move(
        stock_record_id=product.stockrecords.get().pk,
        quantity=units,
        reason=Reason.RECEIVED,
        source=source,
    )


def waiting(product: Product, number: int) -> list[StockAlert]:
    """Open alerts, the first of the list waits longest."""
    now = timezone.now()
    return StockAlert.objects.bulk_create(
        StockAlert(
            product=product,
            email=f"reader{index}@example.com",
            language="en",
            state=AlertState.OPEN,
            confirmed_at=now - dt.timedelta(hours=number - index),
        )
        for index in range(number)
    )


def mails(kind: str) -> list[str]:
    return list(Mail.objects.filter(kind=kind).order_by("pk").values_list("to", flat=True))


def test_a_stranger_says_yes_by_mail_and_is_told_once(client):
    cup = sold_out()
    page = client.post(f"/alerts/{cup.pk}/ask/", {"email": "Mei@Example.com"})
    assert page.status_code == 302
    relay()
    confirm = Mail.objects.get(kind="stock_alert_confirm")
    assert confirm.to == "mei@example.com"
    link = re.search(r"/alerts/yes/[^\s]+", confirm.text)[0]

    arrive(cup, 1, "too early")
    relay()
    assert mails("stock_alert_back") == []

    assert "Yes, tell me" in client.get(link).content.decode()
    assert StockAlert.objects.get().state == AlertState.ASKED  # looking says nothing
    assert "You are on the list" in client.post(link).content.decode()
    arrive(cup, 2, "later")
    relay()
    arrive(cup, 2, "again")
    relay()

    assert mails("stock_alert_back") == ["mei@example.com"]
    assert StockAlert.objects.get().state == AlertState.SENT


def test_the_answer_does_not_tell_who_waits_already(client):
    cup = sold_out()
    alert = alert_ask(product_id=cup.pk, email="known@example.com", language="en")
    alert_confirm(alert_id=alert.pk)

    known = client.post(
        f"/alerts/{cup.pk}/ask/", {"email": "known@example.com"}, headers={"HX-Request": "true"}
    )
    new = client.post(
        f"/alerts/{cup.pk}/ask/", {"email": "new@example.com"}, headers={"HX-Request": "true"}
    )

    assert known.status_code == new.status_code == 200
    assert known.content == new.content
    relay()
    assert mails("stock_alert_confirm") == ["known@example.com", "new@example.com"]


def test_a_member_needs_one_click_and_no_mail(client):
    family = product_with_variants(colours={"sage": 0})
    sage, member = family.children.get(), UserFactory()
    client.force_login(member)
    page = client.get(family.get_absolute_url(), {"variant": sage.pk}).content.decode()
    assert f"One mail to {member.email}" in page

    client.post(f"/alerts/{sage.pk}/ask/")
    client.post(f"/alerts/{sage.pk}/ask/")

    assert StockAlert.objects.get().state == AlertState.OPEN
    assert not Mail.objects.exists()
    page = client.get(family.get_absolute_url(), {"variant": sage.pk}).content.decode()
    assert "We will write to you when it is back" in page
    assert sage.get_title() in client.get("/alerts/").content.decode()


def test_no_more_are_told_than_three_for_each_unit_and_the_longest_wait_first():
    cup = sold_out()
    alerts = waiting(cup, 8)
    arrive(cup, 2)

    assert alerts_send(product_ids=[cup.pk]) == 6
    assert alerts_send(product_ids=[cup.pk]) == 0  # they may still decide

    assert mails("stock_alert_back") == [alert.email for alert in alerts[:6]]
    StockAlert.objects.filter(state=AlertState.SENT).update(
        ended_at=timezone.now() - dt.timedelta(hours=25)
    )
    assert alerts_send(product_ids=[cup.pk]) == 2


def test_nobody_is_told_of_what_is_hidden_or_promised_to_others():
    cup = sold_out()
    waiting(cup, 1)
    arrive(cup, 1)
    cup.stockrecords.update(num_allocated=1)
    assert alerts_send(product_ids=[cup.pk]) == 0

    cup.stockrecords.update(num_allocated=0)
    Product.objects.filter(pk=cup.pk).update(is_public=False)
    assert alerts_send(product_ids=[cup.pk]) == 0
    assert alerts_tidy() == 1

    assert StockAlert.objects.get().state == AlertState.CLOSED


def test_the_mail_speaks_the_language_in_which_it_was_asked_for(client):
    cup = ProductFactory(stock=0, title_zh_hans="杯子")
    client.post(f"/zh-hans/alerts/{cup.pk}/ask/", {"email": "lin@example.com"})
    relay()
    alert_confirm(alert_id=StockAlert.objects.get().pk)
    arrive(cup, 1)
    relay()

    mail = Mail.objects.get(kind="stock_alert_back")
    assert mail.language == "zh-hans"
    assert "杯子" in mail.subject
    assert "/zh-hans/" in mail.text


def test_the_way_out_of_a_mail_works_without_signing_in(client):
    cup, lamp = sold_out(), sold_out()
    for product in (cup, lamp):
        waiting(product, 1)
    arrive(cup, 1)
    relay()
    link = re.search(r"/alerts/stop/[^\s]+", Mail.objects.get().text)[0]

    client.get(link)
    assert StockAlert.objects.filter(state=AlertState.OPEN).count() == 1
    client.post(link, {"all": "1"})

    assert StockAlert.objects.get(product=lamp).state == AlertState.STOPPED
    assert alert_stop(alert_id=StockAlert.objects.get(product=lamp).pk) is False


@pytest.mark.parametrize("token", ["x", "a:b:c", "\u202e", "😀", "x" * 2000])
def test_a_link_that_is_not_ours_is_a_clean_page(client, token):
    assert client.get(f"/alerts/yes/{token}/").status_code == 404
    assert client.post(f"/alerts/stop/{token}/").status_code == 404


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "\u202e@x", "x" * 300 + "@example.com", "a@b.c\n"]
)
def test_what_is_no_address_is_said_beside_the_field(client, email):
    cup = sold_out()

    page = client.post(f"/alerts/{cup.pk}/ask/", {"email": email}, headers={"HX-Request": "true"})

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_one_mail_box_cannot_be_flooded(client):
    products = [sold_out() for _ in range(7)]

    pages = [
        client.post(f"/alerts/{one.pk}/ask/", {"email": "mei@example.com"}) for one in products
    ]

    assert [page.status_code for page in pages] == [302] * 5 + [422] * 2
    relay()
    assert len(mails("stock_alert_confirm")) == 5


def test_what_is_not_sold_here_cannot_be_waited_for(client):
    hidden = ProductFactory(stock=0, is_public=False)
    family = product_with_variants(colours={"sage": 0})

    for pk in (hidden.pk, family.pk, 0, 10**30):
        assert client.post(f"/alerts/{pk}/ask/", {"email": "mei@example.com"}).status_code == 404


def test_others_alerts_cannot_be_stopped(client):
    alert = alert_open(product_id=sold_out().pk, user=UserFactory(), language="en")
    client.force_login(UserFactory())

    assert client.post(f"/alerts/{alert.pk}/stop/").status_code == 404
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_the_database_keeps_one_live_alert_for_a_reader():
    cup = sold_out()
    waiting(cup, 1)

    with pytest.raises(IntegrityError, match="stock_alert_once_per_reader"), transaction.atomic():
        waiting(cup, 1)
