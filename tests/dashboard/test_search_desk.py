"""The search desk: rules that cannot break the search, weights that are seen before they count, reports."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.refresh import families_refresh
from catalog.search.models import RankingWeights, SearchRedirect, SynonymGroup
from catalog.search.rules import Weights, rules_current
from catalog.search.selectors import search_matches
from catalog.searchlog import services
from catalog.searchlog.tasks import search_sums
from tests.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db
WEIGHTS = {"text": "10", "sales": "1", "stock": "1.5", "rating": "0.5"}


def url(name: str, *args) -> str:
    return reverse(f"dashboard:search-{name}", args=args)


def synonym(**fields) -> dict:
    return {"words": "sofa, couch", "source": "", "language": "", "is_active": "on"} | fields


def redirect(**fields) -> dict:
    return {"query": "returns", "url": "/search/", "language": "", "is_active": "on"} | fields


@pytest.mark.parametrize("role", ["Product manager", "Marketer", "Operations manager"])
def test_those_who_sell_may_change_what_words_mean(office, role):
    answer = office(role).post(url("synonym-create"), synonym())

    assert answer.status_code == 302
    assert SynonymGroup.objects.get().words == ["sofa", "couch"]


def test_an_analyst_reads_everything_and_changes_nothing(office):
    group = SynonymGroup.objects.create(words=["sofa", "couch"])
    client = office("Analyst")

    for name in ("report", "export", "synonym-list", "redirect-list", "weights"):
        assert client.get(url(name)).status_code == 200, name
    assert url("synonym-update", group.pk) not in client.get(url("synonym-list")).content.decode()
    for address, form in (
        (url("synonym-create"), synonym()),
        (url("synonym-update", group.pk), synonym(words="a, b")),
        (url("synonym-delete", group.pk), {}),
        (url("redirect-create"), redirect()),
        (url("weights"), WEIGHTS),
    ):
        assert client.post(address, form).status_code == 403, address
    assert SynonymGroup.objects.get().words == ["sofa", "couch"]
    assert not RankingWeights.objects.exists()


def test_a_saved_synonym_counts_for_the_very_next_search(
    office, django_capture_on_commit_callbacks
):
    ProductFactory(title_en="Velvet sofa", title_zh_hans="沙发")
    assert "NULL" in search_matches(query="couch").sql  # finds nothing

    with django_capture_on_commit_callbacks(execute=True):
        office("Marketer").post(url("synonym-create"), synonym(words="sofa，couch、沙发"))

    assert SynonymGroup.objects.get().words == ["sofa", "couch", "沙发"]
    assert rules_current().synonyms["en"]["couch"] == ("sofa", "沙发")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": "sofa"}, "Name another that means the same"),
        ({"words": "sofa, SOFA, Sofá"}, "Name another that means the same"),
        ({"words": "   "}, "required"),
        ({"words": "sofa, ???"}, "no letter or digit"),
        ({"words": ", ".join(f"w{n}" for n in range(31))}, "At most 30 words"),
        ({"words": "a" * 61 + ", b"}, "longer than 60"),
        ({"words": "sofa, couch", "source": "Sofa"}, "cannot lead to itself"),
        ({"words": "sofa, couch", "source": "x" * 200}, "at most 60"),
        ({"language": "tlh"}, "valid choice"),
    ],
)
def test_words_that_mean_nothing_are_refused_in_words(office, fields, said):
    answer = office("Marketer").post(url("synonym-create"), synonym(**fields))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not SynonymGroup.objects.exists()


def test_two_one_way_groups_may_not_chase_each_other(office):
    SynonymGroup.objects.create(source="gift", words=["hamper"])
    client = office("Marketer")

    answer = client.post(url("synonym-create"), synonym(source="Hamper", words="gift, present"))

    assert answer.status_code == 422
    assert "leads back" in answer.content.decode()
    assert SynonymGroup.objects.count() == 1
    off = synonym(source="hamper", words="gift, present")
    del off["is_active"]
    assert client.post(url("synonym-create"), off).status_code == 302


def test_what_two_groups_share_is_explained(office):
    SynonymGroup.objects.create(words=["sofa", "couch"])
    SynonymGroup.objects.create(words=["couch", "settee"])
    SynonymGroup.objects.create(source="present", words=["gift"])
    SynonymGroup.objects.create(source="gift", words=["hamper"], language="en")
    SearchRedirect.objects.create(query="settee", url="/search/")

    page = office("Analyst").get(url("synonym-list")).content.decode()

    assert page.count("Both count.") == 2  # said at each of the two
    assert "“gift” leads on to “hamper”" in page
    assert "“settee” leads straight to /search/" in page


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://testserver.evil.example/",
        "/no-such-page-at-all/",
        "/dashboard/",
        "search/",
        "",
        "/search/?q=returns",
        "/" + "a" * 400,
    ],
)
def test_a_redirect_leads_to_a_page_of_this_shop_only(office, address):
    answer = office("Marketer").post(url("redirect-create"), redirect(url=address))

    assert answer.status_code == 422
    assert not SearchRedirect.objects.exists()


def test_a_redirect_may_be_copied_from_the_browser(office):
    category = CategoryFactory(name_en="Winter", name_zh_hans="冬")
    there = category.get_absolute_url()

    answer = office("Marketer").post(
        url("redirect-create"), redirect(url=f"http://testserver{there}?sort=newest")
    )

    assert answer.status_code == 302
    assert SearchRedirect.objects.get().url == f"{there}?sort=newest"


def test_redirects_do_not_chain_and_a_query_leads_to_one_place(office):
    client = office("Marketer")
    assert client.post(url("redirect-create"), redirect(query="Sale")).status_code == 302

    twice = client.post(url("redirect-create"), redirect(query="SALE"))
    chain = client.post(url("redirect-create"), redirect(query="offer", url="/search/?q=sale"))

    assert (twice.status_code, chain.status_code) == (422, 422)
    assert "leads somewhere already" in twice.content.decode()
    assert "leads on again" in chain.content.decode()


def test_rules_are_changed_and_deleted(office):
    client = office("Product manager")
    group = SynonymGroup.objects.create(words=["sofa", "couch"])
    row = SearchRedirect.objects.create(query="faq", url="/search/")

    assert client.post(url("synonym-update", group.pk), synonym(words="a, b")).status_code == 302
    assert client.post(url("redirect-update", row.pk), redirect(query="help")).status_code == 302
    group.refresh_from_db()
    row.refresh_from_db()
    assert (group.words, row.query) == (["a", "b"], "help")
    assert client.post(url("synonym-delete", group.pk)).status_code == 302
    assert client.post(url("redirect-delete", row.pk)).status_code == 302
    assert not SynonymGroup.objects.exists()
    assert not SearchRedirect.objects.exists()
    assert client.post(url("synonym-delete", 2**40)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "11"},
        {"sales": "-1"},
        {"stock": "nan"},
        {"rating": "inf"},
        {"text": "1e400"},
        {"text": "ten"},
        {"text": ""},
        {"text": "0", "sales": "0", "stock": "0", "rating": "0"},
    ],
)
def test_weights_stay_within_bounds(office, wrong):
    client = office("Marketer")

    assert client.post(url("weights"), WEIGHTS | wrong).status_code == 302
    preview = client.get(url("weights"), WEIGHTS | wrong | {"q": "tea"})

    assert preview.status_code == 422
    assert not RankingWeights.objects.exists()


@pytest.mark.req("S3.10")
def test_weights_are_previewed_before_they_count(office, django_capture_on_commit_callbacks):
    plain = ProductFactory(title_en="Tea", title_zh_hans="茶", stock=0)
    longer = ProductFactory(title_en="Tea tray for a garden table", title_zh_hans="茶盘", stock=5)
    families_refresh([plain.pk, longer.pk])
    client = office("Marketer")

    page = client.get(
        url("weights"),
        WEIGHTS | {"text": "0.1", "stock": "10", "q": "tea", "language": "en"},
        headers={"HX-Request": "true"},
    )

    preview = page.context["preview"]
    assert [hit.product for hit in preview.now] == [plain, longer]
    assert [(hit.product, hit.moved) for hit in preview.then] == [(longer, 1), (plain, -1)]
    assert "<html" not in page.content.decode()
    assert rules_current().weights == Weights()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("weights"), WEIGHTS | {"text": "0.1", "stock": "10"})
    assert rules_current().weights == Weights(text=0.1, sales=1, stock=10, rating=0.5)


def searched(query: str, *, visitor: str = "a", results: int = 3, **facts):
    return services.search_record(
        typed=query, visitor=visitor, results=results, moment=timezone.now(),
        **({"language": "en", "took_ms": 9} | facts),
    )  # fmt: skip


def test_reports_tell_what_is_searched_for_and_what_came_of_it(office):
    product = ProductFactory(title="Evening teapot")
    for visitor in "abc":
        searched("teapot", visitor=visitor)
    searched("air fryer", results=0)
    searched("lantern", took_ms=900)
    services.click_record(typed="teapot", family_id=product.pk, visitor="b", moment=timezone.now())
    search_sums()
    client = office("Analyst")

    pages = {
        view: client.get(url("report"), {"view": view}).content.decode()
        for view in ("popular", "zero", "slow", "rising", "nonsense")
    }
    term = client.get(url("term"), {"q": "teapot"})

    assert pages["popular"].index(">teapot<") < pages["popular"].index(">air fryer<")
    assert ">teapot<" not in pages["zero"]
    assert ">air fryer<" in pages["zero"]
    assert ">lantern<" in pages["slow"]
    assert ">teapot<" not in pages["slow"]
    assert term.context["term"].ends == {"basket": 0, "opened": 1, "refined": 1, "left": 1}
    assert "Evening teapot" in term.content.decode()
    assert client.get(url("term"), {"q": "never typed"}).status_code == 404


def test_a_query_that_found_nothing_is_one_click_from_a_rule(office):
    searched("air fryer", results=0)
    search_sums()
    client = office("Marketer")

    page = client.get(url("report"), {"view": "zero"}).content.decode()

    assert f"{url('synonym-create')}?word=air+fryer" in page
    assert (
        'value="air fryer"'
        in client.get(url("redirect-create"), {"word": "air fryer"}).content.decode()
    )
    assert (
        "air fryer, " in client.get(url("synonym-create"), {"word": "air fryer"}).content.decode()
    )


def test_what_next_knows_who_searched_on(office):
    searched("teepot", visitor="a")
    searched("teapot", visitor="a")
    search_sums()

    term = office("Analyst").get(url("term"), {"q": "teepot", "language": "en"}).context["term"]

    assert term.next_queries == [("teapot", 1)]
    assert term.ends["refined"] == 1


@pytest.mark.req("S2.03")
def test_the_trend_board_shows_what_rises(office):
    category = CategoryFactory(name_en="Winter lights", name_zh_hans="冬")
    product = ProductFactory(title="Candles", categories=[category])
    for number in range(6):
        searched("advent candles", visitor=f"v{number}")
        services.click_record(
            typed="advent candles", family_id=product.pk, visitor=f"v{number}",
            moment=timezone.now(),
        )  # fmt: skip
    searched("soap", visitor="z")
    search_sums()

    page = office("Analyst").get(url("report"), {"view": "rising"})

    assert [(row.name, row.now, row.is_new) for row in page.context["terms"]] == [
        ("advent candles", 6, True)
    ]
    assert [(row.name, row.now) for row in page.context["categories"]] == [("Winter lights", 6)]


def test_the_export_is_safe_to_open(office):
    searched("=HYPERLINK(1)")
    searched("tea, green")
    search_sums()

    answer = office("Analyst").get(url("export"))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert rows[0][:3] == ["query", "language", "searches"]
    assert {row[0] for row in rows[1:]} == {"'=hyperlink(1)", "tea, green"}


@pytest.mark.parametrize("days", ["7", "28", "90", "-1", "9" * 400, "x"])
@pytest.mark.parametrize("text", ["", "😀", "%", "\u202e", "a" * 3000])
def test_no_filter_breaks_a_report(office, days, text):
    client = office()

    for view in ("popular", "zero", "slow", "rising"):
        asked = {"view": view, "days": days, "q": text, "language": text, "page": days}
        assert client.get(url("report"), asked).status_code == 200
    assert client.get(url("term"), {"q": text, "language": days}).status_code in (302, 404)


def test_a_report_takes_the_same_queries_for_few_and_many_terms(
    office, django_assert_max_num_queries
):
    client = office()
    for number in range(30):
        searched(f"thing {number}")
    search_sums()
    client.get(url("report"))

    with django_assert_max_num_queries(12):
        client.get(url("report"))
