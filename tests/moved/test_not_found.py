"""A dead end helps on: it searches, it names what is near, and nothing that is typed breaks it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from catalog.moved import log, tasks
from catalog.moved.models import DEAD_AT_MOST, KEEP_DAYS, PATH_LENGTH, DeadPath
from catalog.moved.services import dead_path_record, dead_paths_forget
from catalog.moved.views import words_of
from tests.factories import CategoryFactory
from tests.search.support import good

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]

PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
NOW = timezone.now()


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    """What would go to a worker."""
    calls: list[dict] = []

    def send(task, facts, moment):
        assert task is tasks.dead_path_save
        calls.append(facts)

    monkeypatch.setattr(log, "send_quietly", send)
    return calls


def recorded(path: str = "/a/", *, at: dt.datetime = NOW, **facts) -> bool:
    facts = {"is_robot": False, "referrer": "", "is_ours": False} | facts
    return dead_path_record(path=path, moment=at, **facts)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/catalogue/blue-tea-cup_12/", "blue tea cup"),
        ("/zh-hans/catalogue/category/kitchen/茶杯_7/", "kitchen 茶杯"),
        ("/shop/item.php", ""),
        ("/products/Rain%20coat.html", "Rain coat"),
        ("/1234/567/", ""),
        ("/🍵🍵/%ff%fe/tea/", "tea"),
        ("/" + "x" * 5000, "x" * 30),
        (
            "/a-b/" + "word/" * 3 + "two three four five six seven eight",
            "word two three four five six",
        ),
    ],
)
def test_the_words_of_an_address(path, words):
    assert words_of(path) == words


def test_the_page_searches_for_what_was_meant_and_names_what_is_near(client):
    pot = good("Blue teapot", "蓝色茶壶", categories=[CategoryFactory(name="Kitchen")])
    good("Raincoat", "雨衣")

    page = client.get("/shop/blue-teapot-old.html")

    text = page.content.decode()
    assert page.status_code == 404
    assert 'value="blue teapot old"' in text
    assert pot.get_absolute_url() in text
    assert "Raincoat" not in text
    assert "Kitchen" in text
    assert '<meta name="robots" content="noindex">' in text


def test_in_chinese_it_finds_in_chinese(client):
    url = good("Blue teapot", "蓝色茶壶").get_absolute_url()

    text = client.get("/zh-hans/茶壶/").content.decode()

    assert f"/zh-hans{url}" in text
    assert "蓝色茶壶" in text


def test_it_costs_few_questions_and_the_second_time_fewer(client, django_assert_max_num_queries):
    for number in range(8):
        good(f"Blue teapot {number}")
    client.get("/warm/")

    with django_assert_max_num_queries(12):
        assert "Blue teapot" in client.get("/blue-teapot/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/" + "a" * 7000,
        "/🦆" * 40,
        "/%ff%fe%fd/",
        "/%E2%80%AE%E2%80%8B/",
        "/'%22%3E%3Cscript%3Ealert(1)%3C/script%3E/",
        "/..%2f..%2fetc/passwd",
        "/%0d%0aLocation:%20x/",
        "//evil.example/tea/",
        "/wp-login.php",
        "/.env",
        "/zh-hans/%ed%a0%80/",
    ],
)
def test_junk_is_a_404_and_nothing_worse(path):
    client = Client(raise_request_exception=True)

    page = client.get(path, **PERSON)

    assert page.status_code == 404
    assert "<script>alert" not in page.content.decode()


def test_a_nul_is_refused_before_anything_reads_it(client):
    assert client.get("/tea%00pot/").status_code == 400


def test_programs_that_look_for_holes_cost_no_search(client, monkeypatch):
    from catalog.moved import views

    monkeypatch.setattr(views, "search_matches", None)

    assert client.get("/wp-login.php").status_code == 404
    assert client.get("/teapot.jpg").status_code == 404
    assert client.get("/media/teapot/").status_code == 404


def test_after_many_tries_the_page_looks_for_nothing_more(client):
    good("Blue teapot")
    for number in range(30):
        client.get(f"/teapot/{'x' * number}/")

    page = client.get("/blue/teapot/")

    assert page.status_code == 404
    assert 'id="near"' not in page.content.decode()


def test_the_log_is_told_of_the_address_and_of_nobody(client, sent):
    client.get(
        "/zh-hans/old-page?mail=a@b.example", **PERSON, HTTP_REFERER="https://blog.example/x?y=1"
    )
    client.get("/old-page/", HTTP_USER_AGENT="Googlebot/2.1")
    client.get("/old-page/", **PERSON, HTTP_REFERER="http://testserver/new/?q=1")

    assert sent == [
        {"path": "/old-page/", "is_robot": False, "referrer": "blog.example", "is_ours": False},
        {"path": "/old-page/", "is_robot": True, "referrer": "", "is_ours": False},
        {"path": "/old-page/", "is_robot": False, "referrer": "", "is_ours": True},
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/secret/",
        "/orders/AB12/token/",
        "/dashboard/nothing/",
        "/me@example.com/",
        "/" + "a" * PATH_LENGTH,
    ],
)
def test_what_may_tell_of_a_person_is_not_kept(client, sent, path):
    assert client.get(path, **PERSON).status_code in (302, 404)
    assert sent == []


@pytest.mark.parametrize(
    "referrer", ["http://[", "https://user:secret@host.example/", "\x01", "x" * 3000]
)
def test_a_broken_referrer_is_no_reason_to_fail(client, sent, referrer):
    assert client.get("/old/", **PERSON, HTTP_REFERER=referrer).status_code == 404
    assert "secret" not in sent[0]["referrer"]
    assert len(sent[0]["referrer"]) <= 100


def test_one_visitor_fills_no_log(client, sent):
    for number in range(40):
        client.get(f"/try-{number}/", **PERSON)

    assert len(sent) == 20


def test_visits_add_up():
    recorded(at=NOW - dt.timedelta(days=3), referrer="a.example")
    recorded(is_robot=True)
    recorded(is_ours=True)

    row = DeadPath.objects.get()
    assert (row.hits, row.bot_hits, row.referrer, row.is_ours) == (2, 1, "a.example", True)
    assert row.last_seen == NOW
    assert row.first_seen == NOW - dt.timedelta(days=3)


def test_a_full_log_takes_no_more_and_the_night_makes_room():
    DeadPath.objects.bulk_create(
        DeadPath(path=f"/{number}/", hits=number % 7) for number in range(DEAD_AT_MOST)
    )

    assert not recorded("/new-one/")
    assert recorded("/1/")
    assert dead_paths_forget() == DEAD_AT_MOST // 2
    assert recorded("/new-one/")
    assert DeadPath.objects.filter(hits=6).exists()


def test_what_nobody_asks_for_is_forgotten():
    recorded("/old/", at=NOW - dt.timedelta(days=KEEP_DAYS + 1))
    recorded("/young/")

    assert dead_paths_forget() == 1
    assert DeadPath.objects.get().path == "/young/"


def test_the_words_in_the_box_are_text(client):
    text = client.get("/men's-tea/").content.decode()

    words = escape("men's tea")
    assert f'value="{words}"' in text
