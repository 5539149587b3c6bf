"""The desk of orders: pages that follow each other, views that are kept, steps for many, files, keys."""

import io
import uuid
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from orders.desk.models import DeskView, OrderWords
from orders.desk.words import share_wanted, words_first, words_wanted
from orders.fulfilment.batches import batch_move
from orders.fulfilment.models import (
    Batch,
    Consignment,
    OrderFacts,
    RowOutcome,
    Shipment,
    Wave,
)
from orders.life.holds import order_hold
from orders.life.models import OrderMessage
from orders.life.selectors import hold_of
from orders.models import Order
from payments.services import intent_capture
from shop.core.outbox import relay
from shop.dashboard.orders import paging
from shop.dashboard.selectors import _counts_statement
from tests.factories import ProductFactory, UserFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.04")]
LIST = "/dashboard/orders/"


def paid(count: int) -> list[Order]:
    product = ProductFactory(stock=50)
    orders = [order_of(product) for _ in range(count)]
    for order in orders:
        intent_capture(intent=intent_of(order))
    relay()
    return orders


def numbers(answer) -> list[str]:
    return [row["number"] for row in answer.context["rows"]]


# By the index of words, or among the newest, because many have the word, or row by row.
@pytest.mark.parametrize(("most", "near"), [(100, 1), (1, 100), (1, 1)])
def test_pages_follow_each_other_and_lose_nothing(
    office, monkeypatch, most: int, near: int
) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    monkeypatch.setattr(paging, "MOST", most)
    monkeypatch.setattr(paging, "NEAR", near)
    client, orders = office("Analyst"), paid(5)
    newest = [order.number for order in reversed(orders)]

    for query in ("view=all", "q=" + orders[0].lines.get().partner_sku):
        first = client.get(f"{LIST}?{query}")
        second = client.get(first.context["older_url"])
        third = client.get(second.context["older_url"])
        back = client.get(third.context["newer_url"])

        assert numbers(first) + numbers(second) + numbers(third) == newest
        assert numbers(back) == numbers(second)
        assert not first.context["newer_url"]
        assert not third.context["older_url"]
    Order.objects.filter(pk=orders[2].pk).update(total_incl_tax=Decimal(9999))
    dear = client.get(f"{LIST}?view=all&sort=-total")
    assert numbers(dear)[0] == orders[2].number
    assert numbers(client.get(f"{LIST}?view=all&sort=placed")) == newest[::-1][:2]


def test_a_common_word_is_found_among_the_first_of_any_order(office, monkeypatch) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    monkeypatch.setattr("orders.desk.words.share_of", lambda word: 0.9 * word.startswith("c:"))
    monkeypatch.setattr(paging, "orders_about", lambda share: 1e6 * share)
    monkeypatch.setattr(paging, "words_ids", None)  # the index of words is not asked
    client, orders = office("Analyst"), paid(4)
    sku = orders[0].lines.get().partner_sku
    for order, (total, day) in zip(orders, ((300, 4), (100, 2), (400, 3), (200, 1)), strict=True):
        Order.objects.filter(pk=order.pk).update(total_incl_tax=Decimal(total))
        OrderFacts.objects.filter(order=order).update(promised_until=f"2030-05-0{day}")

    for sort, places in (
        ("placed", (0, 1, 2, 3)), ("total", (1, 3, 0, 2)), ("-total", (2, 0, 3, 1)),
        ("promise", (3, 1, 2, 0)),
    ):  # fmt: skip
        first = client.get(LIST, {"q": sku, "sort": sort})
        second = client.get(first.context["older_url"])
        assert numbers(first) + numbers(second) == [orders[place].number for place in places]
    assert not numbers(client.get(LIST, {"q": "other-" + sku}))


def test_no_orders_have_no_words() -> None:
    wanted = words_wanted("lin")
    none = Order.objects.none().order_by("-date_placed", "-pk")
    asked = {"column": "date_placed", "goes_down": True, "look": 9, "most": 9}
    assert words_first(wanted, none, **asked) == []


def test_orders_follow_by_what_was_promised_and_those_without_a_promise_come_last(
    office, monkeypatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    client, orders = office("Warehouse clerk"), [order_of() for _ in range(5)]
    days = ("2030-05-02", "2030-05-01", None, "2030-05-02", None)
    for order, day in zip(orders, days, strict=True):
        OrderFacts.objects.filter(order=order).update(promised_until=day)
    soonest = [orders[place].number for place in (1, 0, 3, 2, 4)]

    first = client.get(f"{LIST}?view=all&sort=promise")
    second = client.get(first.context["older_url"])
    third = client.get(second.context["older_url"])

    assert numbers(first) + numbers(second) + numbers(third) == soonest
    assert numbers(client.get(third.context["newer_url"])) == numbers(second)
    assert numbers(client.get(f"{LIST}?view=all&sort=-promise")) == soonest[::-1][:2]
    assert 'aria-sort="ascending"' in first.content.decode()


def test_a_word_that_many_orders_have_is_looked_for_as_it_stands(office, monkeypatch) -> None:
    orders = [order_of() for _ in range(2)]
    for order, name in zip(orders, ("Lin", "Linda"), strict=True):
        order.shipping_address.last_name = name
        order.shipping_address.save()
    clerk = office("Warehouse clerk")
    assert set(numbers(clerk.get(LIST, {"q": "lin"}))) == {one.number for one in orders}

    monkeypatch.setattr("orders.desk.words.share_of", lambda word: 0.9 * (word == "p:lin"))

    assert words_wanted("Lin mei") == "('c:lin':* | 'p:lin') & ('c:mei':* | 'p:mei':*)"
    assert share_wanted(words_wanted("lin")) == pytest.approx(0.9)
    assert share_wanted(words_wanted("lin mei")) == 0
    assert numbers(clerk.get(LIST, {"q": "lin"})) == [orders[0].number]
    assert numbers(clerk.get(LIST, {"q": "linda"})) == [orders[1].number]


def test_what_waits_is_counted_up_to_a_bound_and_kept_for_seconds(office, monkeypatch, settings):
    monkeypatch.setattr("shop.dashboard.selectors.MOST_COUNTED", 2)
    _counts_statement.cache_clear()
    settings.WORK_COUNTS_KEPT_SECONDS = 60
    clerk = office("Warehouse clerk")

    def tab() -> str:
        return clerk.get(f"{LIST}?view=to_pack").context["tabs"][0]["count"]

    first = paid(3)[0]
    assert tab() == "2+"
    Order.objects.exclude(pk=first.pk).update(status="cancelled")
    assert tab() == "2+"  # as it was seconds ago
    clerk.post(reverse("dashboard:orders-bulk"), {"action": "nonsense"})
    assert tab() == "1"
    _counts_statement.cache_clear()


def test_the_words_of_an_order_follow_whatever_changes(office) -> None:
    person = UserFactory(email="before@example.com", first_name="Ada", last_name="Old")
    (order,) = [order_of(user=person)]
    clerk = office("Warehouse clerk")

    person.email, person.last_name = "after@example.com", "Lovelace"
    person.save()
    Shipment.objects.create(order=order, carrier="DHL", tracking_number="JJD-7")
    address = order.shipping_address
    address.first_name, address.last_name = "小雨", "欧阳"
    address.save()

    def found(text: str) -> list[str]:
        return numbers(clerk.get(LIST, {"q": text}))

    for text in (
        "lovelace",
        "AFTER@example.com",
        "after",
        "jjd7",
        "欧阳小雨",
        "欧阳",
        "欧",
        "小雨",
    ):
        assert found(text) == [order.number], text
    for text in ("before@example.com", "ver", "'", "\\", "'a' & !", ":*", "欧雨"):
        assert found(text) == [], text
    assert "p:" not in words_wanted("lovelace", people=False)
    assert numbers(office("Analyst").get(LIST, {"q": "lovelace"})) == []  # reads no personal data
    person.delete()
    assert OrderWords.objects.count() == 1


def test_a_view_is_kept_under_a_name_and_shared(office, member) -> None:
    from django.test import Client

    clerk, other = Client(), Client()
    owner = member("Warehouse clerk")
    clerk.force_login(owner)
    other.force_login(member("Customer-service agent"))
    form = {"query": "view=to_ship&sort=-total&col=lines&col=units&page=3&q=tea", "name": "Teas"}

    first = clerk.post(reverse("dashboard:order-view-keep"), form)
    clerk.post(reverse("dashboard:order-view-keep"), form)
    refused = clerk.post(reverse("dashboard:order-view-keep"), form | {"name": " "})

    view = DeskView.objects.get()
    assert view.query == "view=to_ship&sort=-total&col=lines&col=units&q=tea"
    assert refused.status_code == 422
    opened = clerk.get(first["Location"])
    assert opened.context["kept_open"] == view
    assert [head["code"] for head in opened.context["heads"]] == ["lines", "units"]
    assert "Teas" not in other.get(LIST).content.decode()
    clerk.post(reverse("dashboard:order-view-keep"), form | {"is_shared": "on"})
    assert "Teas" in other.get(LIST).content.decode()
    other.post(reverse("dashboard:order-view-drop", args=[view.pk]))
    assert DeskView.objects.exists()
    clerk.post(reverse("dashboard:order-view-drop", args=[view.pk]))
    assert not DeskView.objects.exists()


def test_kept_views_say_how_many_orders_they_show(office, member, monkeypatch) -> None:
    orders = paid(3)
    clerk, person = office("Warehouse clerk"), UserFactory()
    sku = orders[0].lines.get().partner_sku
    for name, query in (
        ("Waits", "view=to_pack"),
        ("One", f"view=all&q={orders[0].number}"),
        ("All of it", f"view=all&q={sku}"),
        ("None", "view=cancelled"),
    ):
        DeskView.objects.create(owner=person, name=name, query=query, is_shared=True)

    def counts() -> dict[str, str]:
        return {tab["name"]: tab["count"] for tab in clerk.get(LIST).context["kept"]}

    monkeypatch.setattr("shop.dashboard.orders.kept.BUDGET_MS", 10_000)
    assert counts() == {"Waits": "3", "One": "1", "All of it": "3", "None": "0"}
    paid(1)
    assert counts()["Waits"] == "3"  # for a minute
    cache.clear()
    monkeypatch.setattr("shop.dashboard.orders.kept.BUDGET_MS", 0)
    assert counts()["Waits"] == ""  # no time is left, so the page comes without


def test_orders_enter_waves_from_the_list_each_with_a_tote(office, monkeypatch) -> None:
    monkeypatch.setattr("orders.fulfilment.joining.MOST", 2)
    clerk, orders, page = office("Warehouse clerk"), paid(4), reverse("dashboard:orders-bulk")
    order_hold(order=orders[3], reason="other", words="?", user=None)
    waiting = order_of()
    form = {"action": "wave", "key": uuid.uuid4(), "query": "view=to_pack"}
    form["order"] = [one.number for one in (*orders, waiting)]

    answer = clerk.post(page, form)
    clerk.post(page, form)

    batch = Batch.objects.get()
    batch_move(pk=batch.pk)
    outcomes = dict(batch.rows.values_list("order__number", "outcome"))
    assert [outcomes[one.number] for one in orders] == ["done", "done", "done", "refused"]
    assert outcomes[waiting.number] == "refused"
    totes = [
        (one.wave_id, one.tote)
        for one in Consignment.objects.filter(wave__isnull=False).order_by("pk")
    ]
    first, second = Wave.objects.order_by("pk")
    assert totes == [(first.pk, 1), (first.pk, 2), (second.pk, 1)]
    shown = clerk.get(answer["Location"]).content.decode()
    for wave in (first, second):
        assert reverse("dashboard:wave-detail", args=[wave.pk]) in shown
    again = form | {"key": uuid.uuid4(), "order": [orders[0].number]}
    clerk.post(page, again)
    assert Batch.objects.latest("pk").rows.get().outcome == RowOutcome.SAME
    assert Wave.objects.count() == 2
    assert office("Analyst").post(page, again).status_code == 403


def test_ten_orders_are_packed_labelled_and_handed_over_each_by_itself(office, monkeypatch) -> None:
    monkeypatch.setattr("orders.fulfilment.batch_works.label_buy", _bought)
    clerk, orders = office("Warehouse clerk"), paid(3)
    waiting, page = order_of(), reverse("dashboard:orders-bulk")
    form = {"action": "pack", "key": uuid.uuid4(), "query": "view=to_pack"}
    ticked = [order.number for order in (*orders, waiting)]

    answer = clerk.post(page, form | {"order": ticked})
    again = clerk.post(page, form | {"order": ticked})

    batch = Batch.objects.get()
    assert answer["Location"] == again["Location"]
    batch_move(pk=batch.pk)
    assert batch.rows.filter(outcome=RowOutcome.DONE).count() == 3
    assert batch.rows.get(outcome=RowOutcome.REFUSED).order == waiting
    shown = clerk.get(answer["Location"])
    assert shown.context["follows"] == "label"
    assert waiting.number not in shown.context["numbers"]
    clerk.post(page, form | {"action": "label", "order": shown.context["numbers"]})
    labels = Batch.objects.latest("pk")
    assert {row.message[:3] for row in labels.rows.all()} == {"DHL"}
    early = clerk.post(page, form | {"action": "hold", "order": ticked})
    assert early.status_code == 200  # it asks why first
    wrong = clerk.post(
        page, form | {"action": "hold", "order": ticked, "told": 1, "reason": "other"}
    )
    assert wrong.status_code == 422
    assert waiting.number in wrong.content.decode()


def test_holding_writing_and_releasing_many(office) -> None:
    agent, orders = office("Customer-service agent"), paid(2)
    page = reverse("dashboard:orders-bulk")
    form = {"key": uuid.uuid4(), "query": "view=to_pack", "told": 1, "all": 1}

    agent.post(page, form | {"action": "hold", "reason": "other", "words": "Is it a gift?"})
    agent.post(page, form | {"action": "message", "text": "We look into it."})
    assert OrderMessage.objects.count() == 0  # nothing is left in the view
    form["query"] = "view=on_hold"
    for _ in range(2):
        agent.post(page, form | {"action": "message", "text": "We look into it."})
    assert all(hold_of(order) for order in orders)
    assert OrderMessage.objects.count() == 2
    agent.post(page, form | {"action": "release", "words": "It is."})
    assert not any(hold_of(order) for order in orders)
    assert agent.post(page, form | {"action": "pack"}).status_code == 403
    assert agent.post(page, {"action": "nonsense"}).status_code == 302
    assert office("Analyst").post(page, form | {"action": "hold"}).status_code == 403


def test_the_spreadsheet_streams_and_keeps_text_as_text(office) -> None:
    order = order_of()
    order.shipping_address.first_name = '=HYPERLINK("x")\x01 <b>&'
    order.shipping_address.save()

    answer = office("Operations manager").get(
        reverse("dashboard:order-export"), {"view": "all", "as": "xlsx"}
    )

    assert answer.streaming
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows())
    told = dict(zip(head, row, strict=True))
    assert told["number"] == order.number
    assert told["name"].startswith('=HYPERLINK("x") <b>&')
    assert sheet["E2"].data_type == "s"
    assert Decimal(str(told["total_incl_tax"])) == order.total_incl_tax
    masked = office("Analyst").get(reverse("dashboard:order-export"), {"view": "all", "as": "xlsx"})
    hidden = load_workbook(io.BytesIO(b"".join(masked.streaming_content))).active
    assert order.guest_email not in str([cell.value for cell in hidden[2]])


def _bought(*, parcel, carrier, service, user):
    """As the carrier's answer, without asking it."""
    from orders.carriers.models import Label

    return Label.objects.create(
        order=parcel.order,
        shipment=parcel,
        carrier="DHL",
        state="bought",
        tracking_number=f"T{parcel.pk}",
        made_by=user,
    )


def test_lines_add_their_words_as_if_all_were_gathered_anew() -> None:
    order = order_of(ProductFactory(stock=9))
    line = order.lines.get()
    for sku in ("AB-12/7", "AB-12/7", "ab", ""):
        line.pk, line.partner_sku = None, sku
        line.save()

    with connection.cursor() as cursor:
        cursor.execute("SELECT order_id, words = desk_words(order_id) FROM desk_orderwords")
        assert cursor.fetchall() == [(order.pk, True)]
        cursor.execute("SELECT words::text FROM desk_orderwords")
        words = cursor.fetchone()[0]
    assert "'c:ab-12/7'" in words
    assert "'c:ab127'" in words
