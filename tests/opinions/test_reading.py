"""Reading reviews: true counts, the reader's language first, inert, and cheap."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.listing.models import ListedProduct
from catalog.opinions.models import ReviewDetail
from catalog.opinions.pages import section_shown
from catalog.opinions.services.moderation import reply_set
from catalog.opinions.services.questions import answer_by_shop, question_ask
from catalog.reviews.models import ProductReview
from shop.core.uploads import picture_cleaned
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.opinions.support import address, picture, review_of

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def titles(page) -> list[str]:
    return [review.title for review in page.context["reviews"]]


def test_approved_reviews_move_the_mean_and_the_lists_at_once(product):
    category = CategoryFactory()
    product.categories.add(category)
    call_command("listing_rebuild", verbosity=0)

    for score in (5, 2):
        review_of(product, score=score)

    product.refresh_from_db()
    listed = ListedProduct.objects.get(product=product)
    assert product.rating == 3.5
    assert (listed.rating, listed.reviews) == (3.5, 2)


def test_the_readers_language_comes_first_and_the_others_follow(client, product):
    review_of(product, title="English", text="Quite all right.")
    review_of(product, title="中文", text="杯子很好，天天用。")

    english = client.get(address(product, "reviews-list"))
    chinese = client.get("/zh-hans" + address(product, "reviews-list"))

    assert titles(english) == ["English", "中文"]
    assert titles(chinese) == ["中文", "English"]


def test_counts_are_true_for_the_other_filters(client, product):
    photo = [picture_cleaned(picture())]
    review_of(product, score=5, title="A", photos=photo)
    review_of(product, score=5, title="B")
    review_of(product, score=1, title="C", text="太小了，不喜欢这个。")
    last = review_of(product, score=1, title="D", shown=False)
    ReviewDetail.objects.filter(review__title="B").update(is_verified=True)

    page = client.get(address(product, "reviews-list") + "?stars=5")

    summary = page.context["summary"]
    assert [bar["count"] for bar in summary.bars] == [2, 0, 0, 0, 1]
    assert {str(chip["label"]): chip["count"] for chip in summary.chips} == {
        "With photos": 1,
        "Verified purchases": 1,
        "In English": 2,
    }
    assert (summary.found, summary.total) == (2, 3)
    assert sorted(titles(page)) == ["A", "B"]
    assert last.title not in titles(page)
    for query, found in (("photos=1", ["A"]), ("verified=1", ["B"]), ("language=zh-hans", ["C"])):
        assert titles(client.get(address(product, "reviews-list") + f"?{query}")) == found


def test_sorting(client, product):
    for score, votes in ((3, 1), (5, 0), (1, 9)):
        review = review_of(product, score=score, title=str(score))
        ProductReview.objects.filter(pk=review.pk).update(total_votes=votes, delta_votes=votes)

    orders = {"": "135", "newest": "153", "highest": "531", "lowest": "135"}
    for sort, order in orders.items():
        page = client.get(address(product, "reviews-list") + f"?sort={sort}")
        assert "".join(titles(page)) == order


def test_more_reviews_have_an_address_of_their_own(client, product):
    for number in range(12):
        review_of(product, title=f"Nr {number}")
    url = address(product, "reviews-list")

    first, second = client.get(url), client.get(url + "?page=2")
    rows = client.get(url + "?page=2&part=more", headers={"HX-Request": "true"})

    assert len(titles(first)) == 10
    assert first.context["more"] == "?page=2"
    assert len(titles(second)) == 2
    assert set(titles(first)).isdisjoint(titles(second))
    assert "<html" not in rows.content.decode()
    assert rows.content.decode().count('class="opinion"') == 2


@pytest.mark.parametrize(
    "query",
    [
        "?stars=9&page=-1",
        "?stars=%EF%BC%95&language=%E2%80%AE&sort=&photos=2",
        "?page=99999999999999999999999",
        "?stars=١&page=٢",
        "?language=" + "x" * 3000,
        "?sort=%F0%9F%98%80&part=more",
    ],
)
def test_odd_addresses_show_the_page(client, product, query):
    review_of(product)

    for name in ("reviews-list", "questions-list"):
        assert client.get(address(product, name) + query).status_code == 200
    odd = client.get(address(product, "questions-list") + "?q=%E2%80%AE" + "a" * 500)
    assert odd.status_code == 200
    assert client.get(address(product, "questions-list") + "?q=%00").status_code == 400


def test_an_old_slug_leads_to_the_right_one(client, product):
    url = address(product, "reviews-list")

    answer = client.get(url.replace(product.slug, "old-name") + "?stars=5")

    assert (answer.status_code, answer["Location"]) == (301, url + "?stars=5")


def test_unknown_and_hidden_ones_are_not_found(client, product):
    waiting = review_of(product, shown=False)
    hidden = ProductFactory(is_public=False)

    assert client.get(address(hidden, "reviews-list")).status_code == 404
    assert client.get(address(product, "reviews-detail", pk=waiting.pk)).status_code == 404
    assert client.get(f"/catalogue/x_{'9' * 30}/reviews/").status_code == 404
    assert client.get(f"/catalogue/x_{product.pk}/reviews/{'9' * 30}/").status_code == 404


def test_stored_script_is_inert_for_shoppers_and_staff(product):
    review = review_of(product, title=SCRIPT[:90], text=SCRIPT)
    reply_set(review_id=review.pk, text=SCRIPT, actor=UserFactory(is_staff=True))
    asked = question_ask(product=product, text=SCRIPT, name=SCRIPT, email="a@example.com")
    answer_by_shop(actor=UserFactory(is_staff=True), question_id=asked.pk, text=SCRIPT)
    owner = Client()
    owner.force_login(UserFactory(is_staff=True, is_superuser=True))

    pages = [
        Client().get(product.get_absolute_url()),
        Client().get(address(product, "reviews-list")),
        Client().get(address(product, "questions-list") + f"?q={SCRIPT}"),
        Client().get(address(product, "question-detail", pk=asked.pk)),
        owner.get("/dashboard/opinions/?view=all"),
        owner.get(f"/dashboard/opinions/review/{review.pk}/"),
    ]

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "alert(1)" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_members_see_how_far_their_own_review_has_come(product):
    user, client = UserFactory(), Client()
    client.force_login(user)
    urls = (product.get_absolute_url(), address(product, "reviews-list"))
    review_of(product)
    review_of(product, user=user, title="Mine", shown=False)

    for url in urls:
        html = client.get(url).content.decode()
        assert "We are reading your review" in html
        assert "Write a review" not in html
        assert ">Mine<" not in html


def test_nobodys_address_is_on_a_page(client, product):
    user = UserFactory(email="secret@example.com", last_name="Verylongname")
    review_of(product, user=user)
    question_ask(product=product, text="How heavy is it?", name="Jo", email="guest@example.com")

    for url in (product.get_absolute_url(), address(product, "reviews-list")):
        html = client.get(url).content.decode()
        assert "secret@" not in html
        assert "guest@" not in html
        assert "Verylongname" not in html


def test_the_section_costs_three_queries_for_one_and_for_twenty(product):
    user = UserFactory()
    costs = []
    for rounds in (1, 20):
        for number in range(rounds):
            review_of(product, photos=[picture_cleaned(picture())])
            asked = question_ask(product=product, text=f"Is it number {number}?", user=user)
            answer_by_shop(actor=user, question_id=asked.pk, text="It is.")
        for reader in (None, user):
            section_shown(product, user=reader)
            with CaptureQueriesContext(connection) as queries:
                section_shown(product, user=reader)
            costs.append(len(queries))

    assert costs == [3, 4, 3, 4]  # a member's own review is looked for
