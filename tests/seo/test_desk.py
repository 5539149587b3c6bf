"""The desk of search engines: rules with a preview, what to mend, the words people search for."""

import re

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.facts.models import Brand
from catalog.models import ProductImage
from catalog.searchlog.models import SearchTermDay
from catalog.seo.dashboard.selectors import pages_to_mend
from catalog.seo.models import PageKind, PageRule
from catalog.seo.widths import TITLE_PIXELS, TITLE_SIZE, fitted, pixels
from catalog.seo.words import described, filled
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.seo.support import html_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]

TEXT = "A text that says enough of the thing to be read with some interest by somebody."
RULES = "/dashboard/seo/rules/"


@pytest.fixture
def marketer(client):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name="Marketer"))
    client.force_login(user)
    return client


def fields(**changed: str) -> dict[str, str]:
    names = [f"{name}_{code}" for name in ("title", "description") for code in ("en", "zh_hans")]
    return dict.fromkeys(names, "") | changed


def test_a_rule_is_seen_before_it_holds(marketer):
    ProductFactory(title_en="Evening cup", title_zh_hans="晚间杯", description_en=TEXT)
    asked = fields(title_en="Buy {name}", action="preview")

    seen = marketer.post(f"{RULES}product/", asked, headers={"HX-Request": "true"})
    whole = marketer.post(f"{RULES}product/", asked)

    for response in (seen, whole):
        assert response.status_code == 200
        assert "Buy Evening cup" in html_of(response)
        assert "晚间杯" in html_of(response)
    assert "<html" not in html_of(seen)
    assert not PageRule.objects.exists()

    assert marketer.post(f"{RULES}product/", fields(title_en="Buy {name}")).status_code == 302
    assert PageRule.objects.get().title_en == "Buy {name}"
    assert marketer.post(f"{RULES}product/reset/").status_code == 302
    assert not PageRule.objects.exists()


@pytest.mark.parametrize(
    "title", ["{colour}", "{count} of {name}", "{name", "{0}", "{name!r}", "{{name}}", "x" * 201]
)
def test_a_rule_that_cannot_be_filled_is_refused_with_a_reason(marketer, title):
    response = marketer.post(f"{RULES}product/", fields(title_en=title))

    assert response.status_code == 422
    assert not PageRule.objects.exists()
    assert 'id="id_title_en_error"' in html_of(response)


@pytest.mark.parametrize("kind", PageKind.values)
def test_every_kind_has_a_rule_and_a_preview(marketer, kind):
    assert marketer.get(f"{RULES}{kind}/").status_code == 200


def test_what_is_no_kind_is_not_there(marketer):
    assert marketer.get(f"{RULES}nothing/").status_code == 404
    assert marketer.post(f"{RULES}nothing/reset/").status_code == 404
    assert marketer.get("/dashboard/seo/snippet/x/").status_code == 404


def test_a_title_that_is_too_long_is_said_to_be(marketer):
    product = ProductFactory(title="Cup")
    long = "A very long title that goes on and on until nobody wants to read it any more at all"

    response = marketer.get(
        "/dashboard/seo/snippet/product/",
        {"pk": product.pk, "meta_title_en": long, "meta_title_zh_hans": "短"},
    )

    html = html_of(response)
    assert html.count("Longer than what is shown") == 1
    assert f"{len(long)} characters" in html
    assert product.get_absolute_url() in html


@pytest.mark.parametrize("pk", ["", "x", "-1", "9" * 40])
def test_a_preview_of_nothing_is_a_preview_of_what_was_typed(marketer, pk):
    response = marketer.get("/dashboard/seo/snippet/category/", {"pk": pk, "name_en": "Tea 😀"})

    assert response.status_code == 200
    assert "Tea 😀" in html_of(response)


def problems(kind: str = PageKind.PRODUCT, **criteria: str) -> dict[str, set[str]]:
    names = (
        "no_text",
        "long_title",
        "long_text",
        "same_title",
        "same_text",
        "no_chinese",
        "no_alt",
    )
    column = "title" if kind == PageKind.PRODUCT else "name"
    return {
        getattr(row, f"{column}_en"): {name for name in names if getattr(row, name)}
        for row in pages_to_mend(kind=kind, **criteria)
    }


def good(title: str, **fields: str):
    both = {"title_zh_hans": f"{title}中", "description_zh_hans": f"{title}的说明"}
    return ProductFactory(title_en=title, **({"description_en": title + TEXT} | both | fields))


def test_what_is_wrong_with_products_is_found():
    good("Fine")
    good("Bare", description_en="", description_zh_hans="")
    good("English", title_zh_hans="")
    good("L" + "ong " * 30)
    good("Wordy", meta_description_en="word " * 80)
    good("Chinese", title_zh_hans="长" * 40)
    good("One", meta_title_en="Twin")
    good("Two", meta_title_en="Twin")
    good("Three", description_en="Same.")
    good("Four", description_en="Same.")
    ProductImage.objects.create(product=good("Picture"), original="x.png", caption="")
    ProductImage.objects.create(product=good("Told"), original="x.png", caption="A cup")

    found = problems()

    assert {name[:8]: what for name, what in found.items()} == {
        "Bare": {"no_text"},
        "English": {"no_chinese"},
        "Long ong": {"long_title"},
        "Wordy": {"long_text"},
        "Chinese": {"long_title"},
        "One": {"same_title"},
        "Two": {"same_title"},
        "Three": {"same_text"},
        "Four": {"same_text"},
        "Picture": {"no_alt"},
    }
    assert set(problems(problem="same_title")) == {"One", "Two"}
    assert set(problems(text="Wor")) == {"Wordy"}


def test_categories_and_brands_have_their_own_lists():
    CategoryFactory(name_en="Tea", name_zh_hans="", slug="tea")
    Brand.objects.create(name_en="Still", slug="s")

    assert problems(PageKind.CATEGORY) == {"Tea": {"no_text", "no_chinese"}}
    assert problems(PageKind.BRAND) == {"Still": {"no_text", "no_chinese"}}
    assert problems(PageKind.COLLECTION) == {}


def test_the_list_leads_to_what_mends_it(client, admin_client):
    bare = good("Bare", description_en="", description_zh_hans="")
    for number in range(45):
        good(f"Bare {number}", description_en="", description_zh_hans="")

    html = html_of(admin_client.get("/dashboard/seo/"))
    second = html_of(admin_client.get("/dashboard/seo/", {"page": 2}))

    assert f"/dashboard/catalogue/products/{bare.pk}/#seo" in html
    assert "46 pages to mend" in html
    assert len(re.findall(r'<th scope="row">', second)) == 6
    for query in ("kind=brand", "kind=x", "problem=x&q=%F0%9F%98%80&page=-1", "q=" + "x" * 500):
        assert admin_client.get(f"/dashboard/seo/?{query}").status_code == 200


def searched(query: str, times: int, language: str = "en") -> None:
    SearchTermDay.objects.create(
        day=timezone.localdate(),
        query=query,
        language=language,
        searches=times,
        visitors=times,
        zero=0,
        slow=0,
        clicked=0,
        carted=0,
        took_ms=5,
        took_ms_most=9,
    )


def test_words_people_search_for_are_held_against_the_page_that_answers(marketer):
    CategoryFactory(name_en="Tea", name_zh_hans="茶", slug="tea")
    ProductFactory(title_en="Evening cup", description_en="For cocoa.", title_zh_hans="晚间杯")
    for query, times in (("cup", 9), ("cocoa", 8), ("tea", 7), ("zzzzz", 6)):
        searched(query, times)
    searched("杯", 5, "zh-hans")

    response = marketer.get("/dashboard/seo/words/")

    found = [
        (row["query"], row["answer"].name, row["answer"].in_title, row["answer"].in_text)
        for row in response.context["rows"]
    ]
    assert found == [
        ("cup", "Evening cup", True, False),
        ("cocoa", "Evening cup", False, True),
        ("tea", "Tea", True, True),
        ("zzzzz", "", False, False),
        ("杯", "晚间杯", True, False),
    ]


def test_forms_of_products_and_categories_show_their_result(admin_client):
    tea = CategoryFactory(name_en="Tea", slug="tea")
    cup = ProductFactory(title_en="Evening cup", categories=[tea])

    for url in (
        f"/dashboard/catalogue/products/{cup.pk}/",
        f"/dashboard/catalogue/categories/{tea.pk}/update/",
        "/dashboard/catalogue/categories/create/",
    ):
        html = html_of(admin_client.get(url))
        assert 'class="snippet"' in html, url
        assert 'name="meta_title_zh_hans"' in html
    assert "Evening cup · Storekeep" in html_of(
        admin_client.get(f"/dashboard/catalogue/products/{cup.pk}/")
    )


def test_a_part_without_words_goes_with_its_separator():
    rule = "{name} · {brand} – {category} | {shop}"

    assert filled(rule, {"name": "Cup", "brand": "", "category": "Tea", "shop": "S"}) == (
        "Cup – Tea | S"
    )
    assert filled("{brand} · {name}", {"name": "Cup", "brand": ""}) == "Cup"
    assert filled("{name} {unknown}", {"name": "Cup"}) == "Cup {unknown}"
    assert filled("", {"name": "Cup"}) == ""


def test_a_description_takes_the_room_that_the_rest_leaves():
    text = described("{about} – {shop}", {"about": "word " * 100, "shop": "Storekeep"})

    assert text.endswith("… – Storekeep")
    assert pixels(text, 14) <= 920


@pytest.mark.parametrize("text", ["word " * 40, "字" * 80, "x" * 300, "W" * 100, ""])
def test_a_cut_text_fits(text):
    cut = fitted(text, TITLE_PIXELS, TITLE_SIZE)

    assert pixels(cut, TITLE_SIZE) <= TITLE_PIXELS
    assert text.strip() == cut or cut.endswith("…")
