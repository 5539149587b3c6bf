"""What shoppers are recommended: with a reason, never in vain, and as the team decided."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Product
from catalog.partner.models import StockRecord
from catalog.recommend.exceptions import ChoiceRefused
from catalog.recommend.models import Choice, Evaluation, Run, Shelf, Suggestion
from catalog.recommend.selectors import suggestions_beside, suggestions_for_you
from catalog.recommend.services import choice_end, choice_make, recommendations_rebuild
from catalog.recommend.tasks import recommendations_recompute
from tests.factories import CategoryFactory, ProductFactory, UserFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.10")]


@pytest.fixture
def shelf():
    return CategoryFactory(name="Tea")


@pytest.fixture
def goods(shelf, told):
    """Pot and tea stand in eight orders together; mug and soap are bought alone."""
    pot, tea, mug, soap = (
        ProductFactory(title=title, categories=[shelf]) for title in ("Pot", "Tea", "Mug", "Soap")
    )
    told(
        *[(f"a{number}", 3, [pot.pk, tea.pk]) for number in range(8)],
        *[(f"b{number}", 20, [mug.pk]) for number in range(20)],
        *[(f"c{number}", 1, [soap.pk]) for number in range(20)],
    )
    recommendations_rebuild()
    return pot, tea, mug, soap


def together(product, without=()) -> list[str]:
    found = suggestions_beside(product_id=product.pk, shelves=[Shelf.TOGETHER], without=without)
    return [one.product.title for one in found[Shelf.TOGETHER]]


def similar(product) -> list[str]:
    found = suggestions_beside(product_id=product.pk, shelves=[Shelf.SIMILAR])[Shelf.SIMILAR]
    return [one.product.title for one in found]


def empty(product) -> None:
    StockRecord.objects.filter(product=product).update(num_in_stock=0)


def below(client, product):
    return client.get(
        "/recommended/rails/", {"product": product.pk}, headers={"HX-Request": "true"}
    ).context["rails"]


def test_what_is_bought_together_is_found_and_shown_as_a_set(client, goods):
    pot, tea, _mug, _soap = goods

    assert together(pot) == ["Tea"]
    page = client.get("/recommended/set/", {"product": pot.pk})
    assert [part.card.name for part in page.context["set"].parts] == ["Pot", "Tea"]
    assert page.context["set"].parts[1].reason == "Often bought with Pot"
    assert page.context["set"].total == "€20.00"
    assert f'href="{tea.get_absolute_url()}"' in client.get(pot.get_absolute_url()).content.decode()


def test_the_sold_out_the_hidden_and_the_banned_are_never_suggested(goods):
    pot, tea, _mug, _soap = goods
    empty(tea)
    assert together(pot) == []

    StockRecord.objects.filter(product=tea).update(num_in_stock=5)
    Product.objects.filter(pk=tea.pk).update(is_public=False)
    assert together(pot) == []

    Product.objects.filter(pk=tea.pk).update(is_public=True)
    assert together(pot) == ["Tea"]
    choice_make(verdict="ban", shelf="", product_id=None, other_id=tea.pk)
    assert together(pot) == []


def test_what_lies_in_the_basket_is_not_suggested(client, goods):
    pot, tea, mug, _soap = goods
    client.post(f"/basket/add/{tea.pk}/", {"quantity": 1})
    client.post(f"/basket/add/{mug.pk}/", {"quantity": 1})

    rails = below(client, pot)

    names = {one.card.name for one in (*rails.similar, *rails.for_you)}
    assert names
    assert not names & {"Tea", "Mug", "Pot"}
    assert client.get("/recommended/set/", {"product": pot.pk}).context["set"] is None


def test_the_basket_page_says_what_goes_well_with_it(client, goods):
    pot, _tea, _mug, _soap = goods
    client.post(f"/basket/add/{pot.pk}/", {"quantity": 1})

    page = client.get("/basket/").content.decode()

    assert "Goes well with your basket" in page
    assert "Often bought with Pot" in page


def test_pins_stand_first_and_also_what_no_figure_knows(goods):
    pot, _tea, mug, soap = goods
    assert "Soap" in similar(pot)

    choice_make(verdict="pin", shelf="similar", product_id=pot.pk, other_id=soap.pk)
    choice_make(verdict="pin", shelf="together", product_id=pot.pk, other_id=mug.pk)

    assert similar(pot)[0] == "Soap"
    assert together(pot) == ["Mug", "Tea"]


def test_choices_outlive_a_run_and_end_without_a_trace_in_the_lists(goods):
    pot, _tea, mug, _soap = goods
    user = UserFactory()
    pin = choice_make(verdict="pin", shelf="together", product_id=pot.pk, other_id=mug.pk)
    recommendations_rebuild()
    assert together(pot) == ["Mug", "Tea"]

    assert choice_end(choice_id=pin.pk, user_id=user.pk)
    assert choice_end(choice_id=pin.pk, user_id=user.pk) is None

    assert together(pot) == ["Tea"]
    pin.refresh_from_db()
    assert (pin.ended_by, pin.ended_at is not None) == (user, True)


def test_a_ban_beats_a_pin_and_a_new_choice_ends_the_old_one(goods):
    pot, tea, _mug, _soap = goods
    choice_make(verdict="pin", shelf="together", product_id=pot.pk, other_id=tea.pk)
    choice_make(verdict="ban", shelf="together", product_id=pot.pk, other_id=tea.pk)

    assert together(pot) == []
    assert Choice.objects.filter(ended_at=None).get().verdict == "ban"
    assert Choice.objects.count() == 2


@pytest.mark.parametrize(
    "wanted",
    [
        {"verdict": "pin", "shelf": ""},
        {"verdict": "pin", "shelf": "popular"},
        {"verdict": "pin", "shelf": "nonsense"},
        {"verdict": "eat", "shelf": "similar"},
        {"verdict": "ban", "shelf": "similar", "other_id": 10**12},
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(goods, wanted):
    pot, tea, _mug, _soap = goods

    with pytest.raises(ChoiceRefused):
        choice_make(**{"product_id": pot.pk, "other_id": tea.pk, **wanted})

    assert not Choice.objects.exists()


def test_a_run_repeated_gives_the_same_lists(goods):
    def rows():
        return set(Suggestion.objects.values_list("shelf", "product", "other", "score"))

    now = timezone.now()
    recommendations_rebuild(now=now)
    before = rows()
    recommendations_rebuild(now=now)

    assert rows() == before
    assert Run.objects.count() == 3


def test_the_nightly_task_computes_and_measures(goods):
    before = Suggestion.objects.count()

    assert recommendations_recompute() == before
    assert Evaluation.objects.count() == 1
    assert Run.objects.count() == 2


def test_a_new_product_shows_what_sells_on_its_shelf(client, goods, shelf):
    new = ProductFactory(title="New", categories=[shelf])

    similar = below(client, new).similar

    assert similar[0].card.name == "Soap"
    assert similar[0].reason == "Popular this week"


def test_a_new_visitor_is_shown_what_is_popular(client, goods):
    rails = below(client, goods[0])

    assert not rails.recent
    assert {one.reason for one in rails.for_you} <= {"Popular this week"}


@pytest.mark.req("S1.16")
def test_for_you_says_why_and_repeats_nothing(client, goods):
    pot, _tea, _mug, _soap = goods
    client.cookies["recent"] = str(pot.pk)

    cards = client.get("/recently-viewed/").context["cards"]

    assert (cards[0].card.name, cards[0].reason) == ("Tea", "Because you looked at Pot")
    assert "Pot" not in [one.card.name for one in cards]
    assert suggestions_for_you(user_id=None, viewed=[], limit=4) == []


@pytest.mark.req("S1.16")
def test_a_member_is_told_what_they_bought(client, goods, told):
    pot, _tea, _mug, _soap = goods
    user = UserFactory()
    told((str(user.pk), 2, [pot.pk]))
    client.force_login(user)

    home = client.get("/")

    assert home.context["for_you"][0].reason == "Because you bought Pot"


def test_an_order_of_this_week_weighs_more_than_one_of_last_month(goods):
    popular = Suggestion.objects.filter(shelf=Shelf.POPULAR).order_by("-score")

    assert next(row.other.title for row in popular) == "Soap"
    assert popular.get(other__title="Mug").score < popular.get(other__title="Pot").score


def test_a_set_in_another_variant_costs_what_that_variant_costs(client, told, shelf):
    pot = ProductFactory(title="Pot", categories=[shelf], price="10.00")
    mug = product_with_variants(colours={"sage": 3, "ink": 3}, categories=[shelf], title="Mug")
    dear = mug.children.order_by("pk").last()
    StockRecord.objects.filter(product=dear).update(price="15.50")
    told(
        *[(f"a{number}", 3, [pot.pk, mug.pk]) for number in range(8)],
        *[(f"b{number}", 3, [ProductFactory().pk]) for number in range(30)],
    )
    recommendations_rebuild()
    wanted = {"product": pot.pk, "take": [pot.pk, mug.pk], "variant": [pot.pk, dear.pk]}

    assert client.get("/recommended/set/", wanted).context["set"].total == "€25.50"
    alone = {**wanted, "take": [mug.pk]}
    assert client.get("/recommended/set/", alone).context["set"].total == "€15.50"


def test_a_set_is_bought_whole_or_not_at_all(client, goods):
    pot, tea, _mug, _soap = goods
    form = {"take": [pot.pk, tea.pk], "variant": [pot.pk, tea.pk], "next": pot.get_absolute_url()}

    assert client.post("/basket/add-set/", form).status_code == 302
    assert client.get("/basket/").context["request"].basket.num_items == 2

    empty(tea)
    answer = client.post("/basket/add-set/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Tea: This is sold out. Nothing was added." in answer.content.decode()
    assert client.get("/basket/").context["request"].basket.num_items == 2


@pytest.mark.parametrize("bad", ["", "0", "-1", "x", "9" * 40, "١٢", "1.5", "<b>"])
def test_the_office_takes_any_nonsense_and_says_what_is_wrong(client, goods, bad):
    pot, _tea, _mug, _soap = goods
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    office = "/dashboard/recommendations/"

    for url in ("", "products/", "choices/", "runs/", f"products/{pot.pk}/"):
        asked = {"q": bad, "sort": bad, "page": bad, "view": bad}
        assert client.get(office + url, asked).status_code == 200
    form = {"verdict": bad, "shelf": bad, "other": bad, "place": bad, "note": bad, "where": bad}
    assert client.post(f"{office}choices/new/", form).status_code == 302
    here = client.post(f"{office}choices/new/", {**form, "product": pot.pk})
    assert here.status_code == 422
    assert not Choice.objects.exists()


def test_the_office_pins_and_ends(client, goods):
    pot, _tea, mug, _soap = goods
    boss = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(boss)
    office = "/dashboard/recommendations/"
    form = {"verdict": "pin", "shelf": "together", "product": pot.pk, "other": mug.pk}

    for _twice in range(2):
        assert client.post(f"{office}choices/new/", form).status_code == 302
    pin = Choice.objects.get(ended_at=None)
    assert (pin.made_by, together(pot)) == (boss, ["Mug", "Tea"])
    assert "Pinned 1" in client.get(f"{office}products/{pot.pk}/").content.decode()
    client.post(f"{office}choices/{pin.pk}/end/")
    assert together(pot) == ["Tea"]


@pytest.mark.parametrize("bad", ["", "0", "-1", "x", "9" * 40, "١٢", "1.5", "<b>"])
def test_nonsense_in_an_address_or_a_form_is_answered(client, goods, bad):
    assert client.get("/recommended/set/", {"product": bad}).status_code == 404
    assert client.get("/recommended/rails/", {"product": bad}).status_code == 302
    fragment = client.get("/recommended/rails/", {"product": bad}, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert client.post("/basket/add-set/", {"take": bad, "variant": bad}).status_code == 302


def test_rows_cost_the_same_for_few_and_many_products(client, told, shelf):
    def queries() -> tuple[int, int]:
        recommendations_rebuild()
        product = Product.objects.browsable().first()
        counts = []
        for url in (product.get_absolute_url(), f"/recommended/rails/?product={product.pk}"):
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                client.get(url, headers={} if "cat" in url else {"HX-Request": "true"})
            counts.append(len(captured))
        return counts[0], counts[1]

    for _number in range(12):
        product_with_variants(colours={"sage": 3, "ink": 3}, categories=[shelf])
    few = queries()
    for _number in range(12):
        product_with_variants(colours={"sage": 3, "ink": 3}, categories=[shelf])

    assert queries() == few
    assert few[0] <= 14
    assert few[1] <= 14


def test_the_home_page_of_a_stranger_costs_eight_queries_at_most(client, goods):
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        home = client.get("/")

    assert home.status_code == 200
    assert len(captured) <= 8
