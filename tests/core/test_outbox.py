"""What must happen next happens, once, and one failure never blocks the queue."""

import contextlib
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core import mail as mailbox
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from shop.core import mail, outbox, tasks
from shop.core.events import Event
from shop.core.locks import retry_on_conflict
from shop.core.models import Mail, OutboxDelivery, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.03")]


@dataclass(frozen=True)
class Rang(Event):
    times: int


@pytest.fixture
def heard(monkeypatch) -> list[int]:
    """What a handler of `Rang` was told; it fails on 13."""
    told: list[int] = []

    def listen(*, times: int) -> None:
        if times == 13:
            raise ValueError("never thirteen")
        told.append(times)

    monkeypatch.setitem(outbox._handlers, Rang.name, {"tests.listen": listen})
    return told


def due_now() -> None:
    OutboxDelivery.objects.update(due_at=timezone.now())


def test_an_event_reaches_its_handler_once(heard):
    with transaction.atomic():
        outbox.emit(Rang(times=3))

    assert outbox.relay() == 1
    assert outbox.relay() == 0
    assert heard == [3]


def test_who_waits_gets_its_own_news_and_leaves_the_rest(heard, monkeypatch):
    def own(*, times: int) -> None:
        heard.append(-times)

    listen = outbox._handlers[Rang.name]["tests.listen"]
    monkeypatch.setitem(
        outbox._handlers, Rang.name, {"tests.listen": listen, f"{__name__}.{own.__qualname__}": own}
    )
    with transaction.atomic():
        outbox.emit(Rang(times=1))
        with outbox.hearing() as events:
            outbox.emit(Rang(times=2))

    outbox.relay_to(own, events=events)
    assert heard == [-2]
    assert outbox.relay() == 3
    assert sorted(heard) == [-2, -1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_one_that_fails_goes_on_and_nothing_of_it_stays(monkeypatch):
    def own(*, times: int) -> None:
        with transaction.atomic():
            outbox.emit(Rang(times=times + 1))
        raise ValueError("no")

    monkeypatch.setitem(outbox._handlers, Rang.name, {f"{__name__}.{own.__qualname__}": own})
    with transaction.atomic(), outbox.hearing() as events:
        outbox.emit(Rang(times=2))

    outbox.relay_to(own, events=events)

    delivery = OutboxDelivery.objects.get()
    assert (delivery.attempts, delivery.last_error) == (1, "ValueError: no")
    assert (delivery.delivered_at, delivery.parked_at) == (None, None)
    assert delivery.due_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_who_is_told_in_the_transaction_of_the_cause_is_not_told_again(heard, monkeypatch):
    def own(*, times: int) -> None:
        heard.append(-times)

    listen = outbox._handlers[Rang.name]["tests.listen"]
    monkeypatch.setitem(
        outbox._handlers, Rang.name, {"tests.listen": listen, f"{__name__}.{own.__qualname__}": own}
    )
    with transaction.atomic():
        with outbox.telling(own) as news:
            outbox.emit(Rang(times=1))
        for one in news:
            one.handler(**one.facts)
        outbox.emit(Rang(times=2))
    with transaction.atomic():
        with outbox.telling(own):
            outbox.emit(Rang(times=3))
        transaction.set_rollback(True)

    assert heard == [-1]
    outbox.relay()
    assert sorted(heard) == [-2, -1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_news_that_belong_together_are_one_statement_in_their_order(
    heard, django_assert_num_queries
):
    with transaction.atomic(), outbox.hearing() as events:
        with django_assert_num_queries(1), outbox.together():
            outbox.emit(Rang(times=2))
            outbox.emit(Rang(times=1))
        with django_assert_num_queries(0), contextlib.suppress(ValueError), outbox.together():
            outbox.emit(Rang(times=4))
            raise ValueError
        outbox.emit(Rang(times=3))

    written = OutboxEvent.objects.order_by("pk")
    assert [one.payload for one in written] == [{"times": 2}, {"times": 1}, {"times": 3}]
    assert [one.id for one in events] == [one.pk for one in written]
    assert outbox.relay() == 3
    assert heard == [2, 1, 3]


@pytest.mark.django_db(transaction=True)
def test_an_event_without_its_cause_is_refused(heard):
    with pytest.raises(RuntimeError, match="needs the transaction of its cause"):
        outbox.emit(Rang(times=1))


def test_an_event_goes_back_with_its_cause(heard):
    with transaction.atomic():
        outbox.emit(Rang(times=1))
        transaction.set_rollback(True)

    assert not OutboxEvent.objects.exists()


def test_a_handler_that_fails_is_parked_and_the_others_are_served(heard):
    with transaction.atomic():
        outbox.emit(Rang(times=13))
        outbox.emit(Rang(times=1))

    for _ in range(outbox.MAX_ATTEMPTS):
        due_now()
        outbox.relay()

    parked = OutboxDelivery.objects.get(parked_at__isnull=False)
    assert parked.last_error == "ValueError: never thirteen"
    assert heard == [1]

    outbox.retry(delivery_id=parked.pk)
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)


@pytest.fixture
def together(monkeypatch) -> list[str]:
    """Handlers of `Rang`: two that share a transaction, and one that says nothing of its locks."""
    called: list[str] = []

    def listens(name: str):
        def listen(*, times: int) -> None:
            called.append(name)
            OutboxEvent.objects.create(name=name, payload={"in": str(_transaction())})
            if times == 13 and name == "papers":
                raise DatabaseError("never thirteen")

        return listen

    monkeypatch.setitem(
        outbox._handlers, Rang.name, {name: listens(name) for name in ("papers", "alone", "mail")}
    )
    monkeypatch.setitem(outbox._shared, "papers", outbox.LOCKS.index("series of papers"))
    monkeypatch.setitem(outbox._shared, "mail", outbox.LOCKS.index(""))
    return called


def _transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid_current()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_who_says_what_it_locks_shares_a_transaction_in_the_order_of_locks(together):
    with transaction.atomic():
        outbox.emit(Rang(times=1))

    assert outbox.relay() == 3
    assert together == ["alone", "mail", "papers"]
    ran = {one.name: one.payload["in"] for one in OutboxEvent.objects.exclude(name=Rang.name)}
    assert ran["mail"] == ran["papers"] != ran["alone"]
    assert not OutboxDelivery.objects.filter(delivered_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_takes_nothing_back_of_those_it_shares_with(together):
    with transaction.atomic():
        outbox.emit(Rang(times=13))

    assert outbox.relay() == 2
    kept = set(OutboxEvent.objects.exclude(name=Rang.name).values_list("name", flat=True))
    assert kept == {"alone", "mail"}
    failed = OutboxDelivery.objects.get(delivered_at=None)
    assert (failed.handler, failed.attempts) == ("papers", 1)

    due_now()
    assert outbox.relay() == 0
    # What shared its transaction went back with it and was called once more; who fails is not, till it is due.
    assert together == ["alone", "mail", "papers", "mail", "papers"]


@pytest.mark.django_db(transaction=True)
def test_nobody_pays_for_a_failure_that_does_not_come(together):
    with transaction.atomic():
        outbox.emit(Rang(times=1))

    with CaptureQueriesContext(connection) as seen:
        outbox.relay()

    assert not [one["sql"] for one in seen.captured_queries if "SAVEPOINT" in one["sql"]]
    assert len(together) == 3


@dataclass(frozen=True)
class Bought(Event):
    order_number: str
    network: str = ""


@dataclass(frozen=True)
class Settled(Event):
    order_number: str
    card: str = ""


@pytest.fixture
def about_orders(monkeypatch) -> list[tuple[str, dict[str, str]]]:
    """Handlers of two events of an order, of which the later look covers the earlier."""
    called: list[tuple[str, dict[str, str]]] = []

    def listens(name: str):
        def listen(**facts: str) -> None:
            OutboxEvent.objects.create(name=name, payload={"in": str(_transaction())})
            if (read := outbox.read_here()) is not None:
                facts["read"] = ",".join(read)
                read[name] = True
            called.append((name, facts))
            if facts["order_number"] == "13" and name == "papers":
                raise DatabaseError("never thirteen")
            if facts["order_number"] == "14" and name == "late look":
                outbox.emit(Rang(times=1))

        return listen

    heard = {Bought: ("look", "alone"), Settled: ("late look", "papers"), Rang: ()}
    for event, names in heard.items():
        monkeypatch.setitem(outbox._handlers, event.name, {name: listens(name) for name in names})
    locks = {"look": "fraud check", "late look": "fraud check", "papers": "series of papers"}
    for name, lock in locks.items():
        monkeypatch.setitem(outbox._shared, name, outbox.LOCKS.index(lock))
    monkeypatch.setitem(outbox._covers, "late look", "look")
    return called


def _bought_and_settled(*numbers: str) -> None:
    for number in numbers:
        with transaction.atomic():
            outbox.emit(Bought(order_number=number, network="::1"))
    for number in numbers:
        with transaction.atomic():
            outbox.emit(Settled(order_number=number, card="visa"))


@pytest.mark.django_db(transaction=True)
def test_what_is_due_about_one_order_shares_a_transaction(about_orders):
    _bought_and_settled("1", "2")

    assert outbox.relay() == 8
    whole = {"order_number": "1", "network": "::1", "card": "visa", "read": ""}
    assert [one for one in about_orders if one[1]["order_number"] == "1"] == [
        ("alone", {"order_number": "1", "network": "::1"}),
        ("late look", whole),
        ("papers", {"order_number": "1", "card": "visa", "read": "late look"}),
    ]
    assert [name for name, _facts in about_orders] == ["alone", "late look", "papers"] * 2
    ran = [one.payload["in"] for one in OutboxEvent.objects.exclude(name__in=("Bought", "Settled"))]
    assert len(set(ran)) == 4
    assert not OutboxDelivery.objects.filter(delivered_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_one_of_an_order_that_fails_leaves_each_of_the_others_its_own_call(about_orders):
    _bought_and_settled("13")

    assert outbox.relay() == 3
    failed = OutboxDelivery.objects.get(delivered_at=None)
    assert (failed.handler, failed.attempts) == ("papers", 1)
    again = about_orders[3:]
    assert again == [
        ("look", {"order_number": "13", "network": "::1"}),
        ("late look", {"order_number": "13", "card": "visa"}),
    ]


@pytest.mark.django_db(transaction=True)
def test_who_tells_of_a_change_has_the_others_read_anew(about_orders):
    _bought_and_settled("14")

    outbox.relay()

    assert about_orders[-1][1]["read"] == ""


@pytest.mark.django_db(transaction=True)
def test_the_first_look_is_not_left_out_where_the_later_is_not_due_yet(about_orders):
    with transaction.atomic():
        outbox.emit(Bought(order_number="1", network="::1"))

    assert outbox.relay() == 2
    assert [name for name, _facts in about_orders] == ["alone", "look"]


@pytest.mark.django_db(transaction=True)
def test_when_its_time_is_over_the_rest_is_left_to_the_next_call(together):
    with transaction.atomic():
        outbox.emit(Rang(times=1))

    assert outbox.relay(seconds=0) <= 1
    outbox.relay()
    assert together == ["alone", "mail", "papers"]


def test_what_handlers_lock_has_a_place_in_the_order_of_locks():
    text = (Path(__file__).parents[2] / "docs" / "locking.md").read_text(encoding="utf-8")
    order = next(line for line in text.splitlines() if line.startswith("**person"))
    places = [order.index(name) for name in outbox.LOCKS if name]
    assert places == sorted(places)


def test_what_a_failing_handler_wrote_is_gone(monkeypatch):
    def write_then_fail(*, times: int) -> None:
        OutboxEvent.objects.create(name="written", payload={})
        raise DatabaseError("too late")

    monkeypatch.setitem(outbox._handlers, Rang.name, {"tests.write": write_then_fail})
    with transaction.atomic():
        outbox.emit(Rang(times=1))

    outbox.relay()

    assert not OutboxEvent.objects.filter(name="written").exists()


def test_many_events_ask_for_one_relay(heard, monkeypatch, django_capture_on_commit_callbacks):
    kicks: list[int] = []
    monkeypatch.setattr(outbox, "_kick", lambda: kicks.append(1))

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for times in range(5):
            outbox.emit(Rang(times=times))

    assert kicks == [1]


def test_news_that_can_wait_ask_for_no_relay_and_are_delivered_with_the_next(
    heard, monkeypatch, django_capture_on_commit_callbacks
):
    kicks: list[int] = []
    monkeypatch.setattr(outbox, "_kick", lambda: kicks.append(1))

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.emit(Rang(times=1), rings=False)
    assert kicks == []

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.emit(Rang(times=2), rings=False)
        outbox.emit(Rang(times=3))
    assert kicks == [1]
    outbox.relay()
    assert heard == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_what_a_handler_emits_is_delivered_by_the_same_relay(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(tasks, "send_quietly", lambda task, **_when: asked.append(task.name))

    def go_on(*, times: int) -> None:
        if times:
            outbox.emit(Rang(times=times - 1))

    monkeypatch.setitem(outbox._handlers, Rang.name, {"tests.go_on": go_on})
    with transaction.atomic():
        outbox.emit(Rang(times=2))

    assert outbox.relay() == 3
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_collision_is_tried_three_times():
    tries: list[int] = []

    @retry_on_conflict
    def collide(*, until: int) -> str:
        tries.append(1)
        if len(tries) < until:
            raise OperationalError("deadlock") from DeadlockDetected()
        return "through"

    assert collide(until=3) == "through"
    assert len(tries) == 3

    tries.clear()
    with pytest.raises(OperationalError):
        collide(until=4)
    assert len(tries) == 3


@pytest.mark.django_db(transaction=True)
def test_other_errors_are_not_tried_again():
    tries: list[int] = []

    @retry_on_conflict
    def fail() -> None:
        tries.append(1)
        raise OperationalError("disk full")

    with pytest.raises(OperationalError):
        fail()
    assert len(tries) == 1


@pytest.fixture
def queued() -> Mail:
    return Mail.objects.create(
        key="k", kind="test", to="mei@example.com", language="en", subject="S", text="T", html="H"
    )


def test_a_mail_is_sent_once(queued):
    assert mail.send_due() == 1
    assert mail.send_due() == 0

    (message,) = mailbox.outbox
    assert message.to == ["mei@example.com"]
    assert message.extra_headers["Message-ID"] == "<k@storekeep>"


def test_a_mail_server_that_is_down_is_asked_later_and_less_often(queued, monkeypatch):
    def refuse(self: object, *args: object) -> None:
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    waits = []
    for _ in range(mail.MAX_ATTEMPTS):
        Mail.objects.update(due_at=timezone.now())
        assert mail.send_due() == 0
        queued.refresh_from_db()
        waits.append(queued.due_at - timezone.now())

    assert waits[0] < dt.timedelta(seconds=11) < waits[3]
    assert queued.parked_at is not None
    assert queued.last_error == "ConnectionRefusedError: no server"
