"""The list under the search box, and the ways on from a search that found nothing."""

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from catalog.search.matches import Matches
from catalog.searchlog.models import SearchTermDay
from catalog.searchlog.selectors import queries_beginning, queries_popular
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def term(query: str, *, times: int = 5, people: int = 5, zero: int = 0, language: str = "en"):
    SearchTermDay.objects.create(
        day=timezone.localdate(), query=query, language=language, searches=times, visitors=people,
        zero=zero, slow=0, clicked=0, carted=0, took_ms=1, took_ms_most=1,
    )  # fmt: skip


def asked(query: str, client: Client | None = None, **data):
    return (client or Client()).get(reverse("search:suggest"), {"q": query, **data})


def test_products_categories_and_past_queries_are_suggested(django_assert_max_num_queries):
    tea = CategoryFactory(name_en="Teaware", name_zh_hans="茶器")
    ProductFactory(title_en="Evening teapot", title_zh_hans="茶壶", price="32.00", categories=[tea])
    term("teapot with lid")

    asked("warm")  # what is kept for everybody is read once
    with django_assert_max_num_queries(4):
        page = asked("tea")

    html = page.content.decode()
    assert page.status_code == 200
    assert "teapot with lid" in html
    assert "Teaware" in html
    assert "Evening teapot" in html
    assert "€32.00" in html
    assert html.count('role="option"') == 4  # and one for everything


def test_a_slip_takes_no_more_queries(django_assert_max_num_queries):
    ProductFactory(title_en="Evening teapot", title_zh_hans="茶壶")
    asked("warm")

    with django_assert_max_num_queries(4):
        page = asked("teepot")

    assert "Evening teapot" in page.content.decode()


def test_the_list_may_be_kept_by_anybody_for_a_minute(django_assert_num_queries):
    page = asked("tea")

    assert page["Cache-Control"] == "public, max-age=60"
    assert "Accept-Language" in page["Vary"]
    assert "Cookie" not in page["Vary"]
    assert not page.cookies
    with django_assert_num_queries(0):
        assert asked("TEA ").content == page.content


def test_an_empty_box_offers_what_others_search_for():
    term("teapot", times=9)
    term("candles", times=4)
    term("茶壶", language="zh-hans")

    html = asked("").content.decode()

    assert html.index("teapot") < html.index("candles")
    assert "茶壶" not in html
    assert "hint-all" not in html


def test_only_what_several_people_found_is_suggested():
    term("teapot")
    term("tea for one", people=2)
    term("tea from mars", times=6, zero=4)
    term("tea jo@web.example")
    term("tea 0177 1234567")

    assert queries_beginning(prefix="tea", language="en") == ["teapot"]
    assert queries_popular(language="en") == ["teapot"]


def test_past_queries_are_found_by_their_sound_and_in_traditional_characters():
    term("耳机", language="zh-hans")

    for typed in ("er", "erj", "ej", "耳"):
        assert queries_beginning(prefix=typed, language="zh-hans") == ["耳机"], typed
    assert queries_beginning(prefix="耳機", language="zh-hans") == []  # that is it already


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "_",
        "'; DROP TABLE x;--",
        "😀" * 50,
        "\u202eabc",
        "a" * 5000,
        "<script>",
        "&|!():*",
        "-1",
    ],
)
def test_any_text_may_be_typed(query):
    ProductFactory()

    page = asked(query)

    assert page.status_code == 200
    assert "<script" not in page.content.decode()


def test_a_nul_is_refused_and_a_post_too(client):
    assert client.get(reverse("search:suggest") + "?q=a%00b").status_code == 400
    assert client.post(reverse("search:suggest"), {"q": "a"}).status_code == 405


def test_who_asks_without_end_has_to_wait():
    for number in range(240):
        assert asked(f"t{number}").status_code == 200

    assert asked("one more").status_code == 429


def test_the_list_speaks_the_language_of_the_page():
    ProductFactory(title_en="Evening teapot", title_zh_hans="傍晚茶壶")

    with override("zh-hans"):
        address = reverse("search:suggest")
    html = Client().get(address, {"q": "茶壶"}).content.decode()

    assert "傍晚茶壶" in html
    assert "/zh-hans/" in html


def rendered(source: str, matches: Matches) -> str:
    return Template("{% load searchlog_tags %}" + source).render(Context({"matches": matches}))


def test_help_offers_other_words_popular_ones_categories_and_our_choice():
    category = CategoryFactory(name_en="Teaware", name_zh_hans="茶器")
    ProductFactory(title_en="Evening teapot", title_zh_hans="茶壶", categories=[category])
    term("candles")
    cache.clear()

    html = rendered(
        "{% search_help matches %}",
        Matches(query="tepto", understood="tepto", sql="", alternatives=("teapot",)),
    )

    assert "Did you mean" in html
    assert "?q=teapot" in html
    assert "candles" in html
    assert "Teaware" in html
    assert "Evening teapot" in html


def test_a_mended_query_says_so_and_leads_back():
    html = rendered(
        "{% search_note matches %}", Matches(query="te<pot", understood="teapot", sql="")
    )

    assert "<b>teapot</b>" in html
    assert 'href="/search/?q=te%3Cpot&amp;exact=1"' in html
    assert "te&lt;pot" in html
    assert rendered("{% search_note matches %}", Matches("tea", "tea", "")).strip() == ""
