"""What people search for is kept, who they are is not, and no search ever waits for it."""

import datetime as dt
import time

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from catalog.search.matches import Matches
from catalog.searchlog import log, services, tasks, visitors
from catalog.searchlog.models import KEEP_DAYS, Search, SearchClick, SearchTermDay
from catalog.searchlog.text import is_personal, query_normalised
from catalog.searchlog.visitors import visitor_key
from shop.core import tasks as core_tasks
from tests.factories import ProductFactory, product_with_variants

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
NOON = timezone.now().replace(hour=11, minute=0, second=0, microsecond=0)


def request_for(path: str = "/search/?q=teapot", **headers: str):
    headers = {"User-Agent": AGENT, **headers}
    return RequestFactory().get(path, headers=headers)


def matches(query: str, understood: str = "") -> Matches:
    return Matches(query=query, understood=understood or query, sql="")


def searched_for(request, query: str, *, found: int, took_ms: int) -> None:
    """A page of results was shown."""
    typed, started = request.GET.get("q", ""), time.monotonic()
    facts = log.search_facts(matches(query), found, typed=typed, started=started)
    log.search_log(request, None, *facts[:-1], took_ms)


def searched(typed: str = "teapot", *, visitor: str = "a", at: dt.datetime = NOON, **facts):
    facts = {"language": "en", "results": 3, "took_ms": 12} | facts
    return services.search_record(typed=typed, visitor=visitor, moment=at, **facts)


@pytest.fixture
def sent(monkeypatch) -> list[tuple]:
    """What would go to a worker."""
    calls: list[tuple] = []
    monkeypatch.setattr(log, "send_quietly", lambda *call: calls.append(call))
    return calls


def test_a_search_goes_to_a_worker_with_what_it_found(sent):
    searched_for(request_for("/search/?q=Tea+Pot"), "tea pot", found=7, took_ms=21)

    ((task, facts, moment),) = sent
    assert task is tasks.search_save
    assert facts.pop("visitor") == visitor_key(request_for())
    assert facts == {
        "typed": "Tea Pot",
        "understood": "tea pot",
        "language": "en",
        "results": 7,
        "took_ms": 21,
    }
    assert dt.datetime.fromisoformat(moment).tzinfo


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/search/?q=teapot&page=2", {}),
        ("/search/?q=teapot", {"User-Agent": "Googlebot/2.1"}),
        ("/search/?q=teapot", {"User-Agent": "curl/8.5"}),
        ("/search/?q=teapot", {"User-Agent": ""}),
        ("/search/?q=teapot", {"Sec-Purpose": "prefetch;prerender"}),
        ("/search/?q=teapot", {"Purpose": "prefetch"}),
    ],
)
def test_robots_prefetches_and_further_pages_are_no_searches(sent, path, headers):
    searched_for(request_for(path, **headers), "teapot", found=7, took_ms=21)

    assert sent == []


def test_somebody_who_searches_without_end_is_counted_to_an_end(sent):
    for number in range(70):
        searched_for(request_for(f"/search/?q=tea{number}"), f"tea{number}", found=1, took_ms=1)

    assert len(sent) == 60


def test_a_dead_broker_neither_breaks_nor_slows_a_search(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(core_tasks, "_silent_until", 0.0)

    def refused(*args, **kwargs):
        raise ConnectionError("nobody listens")

    monkeypatch.setattr(tasks.search_save, "apply_async", refused)
    started = time.monotonic()

    for _ in range(20):
        searched_for(request_for(), "teapot", found=7, took_ms=21)

    assert time.monotonic() - started < 0.5
    assert core_tasks._silent_until > time.monotonic()


def test_the_same_visitor_has_another_key_tomorrow(monkeypatch):
    today = visitor_key(request_for())
    again = visitor_key(request_for())
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr("catalog.searchlog.visitors.timezone.localdate", lambda: tomorrow)

    assert today == again
    assert len(today) == 16
    assert visitor_key(request_for()) != today
    assert list(visitors._known) == [tomorrow.isoformat()], "nobody knows yesterday's salt any more"


def test_the_salt_is_asked_for_once_in_ten_minutes(monkeypatch):
    visitors._known.clear()
    asked = []
    monkeypatch.setattr(visitors, "_asked", lambda day: asked.append(day) or f"salt {len(asked)}")
    keys = {visitor_key(request_for()) for _ in range(3)}
    assert (len(asked), len(keys)) == (1, 1)

    later = time.monotonic() + visitors.KNOWN_SECONDS + 1
    monkeypatch.setattr(visitors.time, "monotonic", lambda: later)
    assert visitor_key(request_for()) not in keys
    assert len(asked) == 2
    visitors._known.clear()


@pytest.mark.django_db
def test_slow_and_empty_searches_are_told_apart(settings):
    settings.SEARCH_SLOW_MS = 300

    quick = searched("teapot", took_ms=300)
    slow = searched("teapots", took_ms=301)
    nothing = searched("air fryer", results=0)

    assert (quick.is_slow, slow.is_slow) == (False, True)
    assert nothing.results == 0


@pytest.mark.django_db
def test_words_are_one_query_however_they_are_written():
    first = searched("  Tea\tPOT ", visitor="a")
    second = searched("ｔｅａ pot", visitor="b")

    assert first.query == second.query == "tea pot"
    assert first.typed == "Tea POT"


@pytest.mark.django_db
def test_going_back_to_the_results_is_not_another_search():
    assert searched(at=NOON)
    assert searched(at=NOON + dt.timedelta(minutes=9)) is None
    assert searched(at=NOON + dt.timedelta(minutes=11))
    assert searched("   ") is None
    assert searched("\x00\u202e") is None
    assert Search.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["😀" * 5000, "ا" * 300, "a" * 10_000_000, "\x00x\x00"])
def test_any_text_can_be_kept(typed):
    search = searched(typed, results=10**15, took_ms=-5)

    search.refresh_from_db()
    assert 0 < len(search.query) <= 100
    assert search.took_ms == 0


def test_a_click_is_one_only_when_it_comes_from_our_results(sent):
    ours = request_for("/catalogue/x_1/", Referer="http://testserver/zh-hans/search/?q=%E8%8C%B6")
    elsewhere = request_for("/catalogue/x_1/", Referer="http://evil.example/search/?q=tea")
    home = request_for("/catalogue/x_1/", Referer="http://testserver/?q=tea")
    broken = request_for("/catalogue/x_1/", Referer="http://[/search/?q=tea")

    for request in (ours, elsewhere, home, broken, request_for("/catalogue/x_1/")):
        log.search_click_log(request, None, 5)

    ((task, facts, _moment),) = sent
    assert task is tasks.click_save
    assert (facts["typed"], facts["family_id"]) == ("茶", 5)


@pytest.mark.django_db
def test_what_was_opened_and_bought_belongs_to_the_search_before_it():
    product = ProductFactory()
    search = searched(at=NOON)
    click = {"typed": "Teapot", "family_id": product.pk, "visitor": "a"}

    for _ in range(2):
        assert services.click_record(**click, moment=NOON + dt.timedelta(minutes=1))
    later = NOON + dt.timedelta(minutes=5)
    assert services.cart_record(family_id=product.pk, visitor="a", moment=later)

    row = SearchClick.objects.get()
    assert (row.search, row.family, row.carted_at) == (search, product, later)
    assert not services.cart_record(family_id=product.pk, visitor="b", moment=later)
    assert not services.click_record(**(click | {"visitor": "b"}), moment=NOON)
    assert not services.click_record(**(click | {"family_id": 2**40}), moment=NOON)


@pytest.mark.django_db
def test_a_basket_is_noted_for_the_family_of_a_variant(client, sent):
    parent = product_with_variants(colours={"sage": 3})
    variant = parent.children.get()
    came = request_for("/", Referer="http://testserver/search/?q=tea")
    log.search_click_log(came, None, parent.pk)
    sent.clear()

    for pk, quantity in ((parent.pk, 1), (parent.pk, 0)):
        client.post(
            reverse("basket:add", kwargs={"pk": pk}),
            {"quantity": quantity, "child_id": variant.pk},
            headers={"User-Agent": AGENT},
        )

    ((task, facts, _moment),) = sent  # what was refused is in no basket
    assert (task, facts["family_id"]) == (tasks.cart_save, parent.pk)


def test_who_came_from_no_search_gives_the_worker_nothing_to_do(sent):
    log.search_cart_log(request_for("/"), 5)
    assert sent == []


@pytest.mark.django_db
def test_the_sums_of_a_day_are_the_same_however_often_they_are_made():
    product = ProductFactory()
    searched(visitor="a", took_ms=10)
    searched(visitor="b", took_ms=30)
    searched(visitor="b", took_ms=999, at=NOON + dt.timedelta(minutes=20), results=0)
    services.click_record(
        typed="teapot", family_id=product.pk, visitor="a", moment=NOON + dt.timedelta(minutes=1)
    )
    day = timezone.localdate(NOON)

    for _ in range(3):
        tasks.search_sums(day.isoformat())

    row = SearchTermDay.objects.get()
    assert (row.day, row.query, row.language) == (day, "teapot", "en")
    assert (row.searches, row.visitors, row.zero, row.slow) == (3, 2, 1, 1)
    assert (row.clicked, row.carted, row.took_ms, row.took_ms_most) == (1, 0, 346, 999)


@pytest.mark.django_db
def test_old_searches_are_forgotten_and_their_sums_stay():
    long_ago = NOON - dt.timedelta(days=KEEP_DAYS + 1)
    SearchTermDay.objects.create(
        day=timezone.localdate(long_ago), query="teapot", language="en", searches=1, visitors=1,
        zero=0, slow=0, clicked=0, carted=0, took_ms=1, took_ms_most=1,
    )  # fmt: skip
    searched(at=long_ago)
    searched(at=NOON)

    assert tasks.search_forget() == 1
    assert services.term_day_rebuild(day=timezone.localdate(long_ago)) == 0

    assert Search.objects.get().searched_at == NOON
    assert SearchTermDay.objects.filter(day=timezone.localdate(long_ago)).exists()


@pytest.mark.parametrize(
    ("typed", "personal"),
    [
        ("mail jo@web.example", True),
        ("+44 7700 900123", True),
        ("13800138000", True),
        ("4111-1111-1111-1111", True),
        ("www.shop.example/x", True),
        ("a text that somebody pasted from a long letter to a friend", True),
        ("tea pot", False),
        ("35mm film 400", False),
        ("绿茶", False),
    ],
)
def test_what_may_tell_of_a_person_is_known(typed, personal):
    assert is_personal(query_normalised(typed)) is personal


@pytest.mark.django_db
def test_no_mail_address_is_ever_kept():
    search = searched("order of jo.doe@web.example please")

    assert search.typed == "order of …@… please"
    assert "jo.doe" not in search.query


@pytest.mark.django_db
def test_the_log_of_a_real_search_page_is_written_beside_it(client, sent):
    ProductFactory(title_en="Evening teapot", title_zh_hans="茶壶")

    page = client.get(reverse("search:search"), {"q": "teapot"}, headers={"User-Agent": AGENT})

    assert page.status_code == 200
    assert [(call[0], call[1]["typed"]) for call in sent] == [(tasks.search_save, "teapot")]
    assert not Search.objects.exists()
