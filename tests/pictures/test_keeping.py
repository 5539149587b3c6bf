"""Pictures that come in are drawn beside the request, once, and go when nobody shows them."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from catalog.facts.models import Brand
from catalog.models import ProductImage
from catalog.opinions.models import ReviewPhoto
from catalog.pictures import services
from catalog.pictures.drawing import RECIPE, WIDTHS
from catalog.pictures.models import StoredPicture
from catalog.pictures.services import picture_draw, picture_open
from catalog.pictures.sources import sibling_names
from catalog.pictures.tasks import picture_widths, pictures_mend
from catalog.selectors import category_tree
from shop.celery import app
from shop.core.pagecache import SITE, drops
from tests.factories import CategoryFactory, ProductFactory
from tests.opinions.support import review_of
from tests.pictures.support import image_of, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]


@pytest.fixture
def queued(monkeypatch) -> list[str]:
    """Names that were given to the queue."""
    names: list[str] = []
    monkeypatch.setattr(
        "catalog.pictures.handlers.send_quietly", lambda task, name: names.append(name)
    )
    return names


def files(folder: str | Path) -> set[str]:
    return {path.name for path in Path(folder).rglob("*") if path.is_file()}


def test_an_upload_is_measured_at_once_and_drawn_by_the_queue(
    queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        image = image_of()

    known = StoredPicture.objects.get()
    assert (known.name, known.width, known.height) == (image.original.name, 1400, 1000)
    assert known.recipe == 0
    assert queued == [image.original.name]


def test_saving_a_row_again_draws_nothing_again(queued, django_capture_on_commit_callbacks):
    image = image_of()
    picture_draw(name=image.original.name)

    with django_capture_on_commit_callbacks(execute=True):
        image.caption = "From the side"
        image.save()

    assert queued == []


def test_the_task_draws_all_and_a_second_run_nothing(tmp_path):
    image = image_of()
    name = image.original.name

    assert picture_widths(name) is True
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert picture_widths(name) is False

    known = StoredPicture.objects.get()
    assert known.recipe == RECIPE
    assert known.colour == "#ff6347"
    assert {default_storage.exists(one) for one in sibling_names(name, width=1400)} == {True}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert not [one for one in files(tmp_path) if one.endswith(".half")]


def test_pages_do_not_name_the_files_of_a_worker_that_was_killed(monkeypatch):
    image = image_of()
    calls = []

    def dies(name: str, data: bytes) -> None:
        calls.append(name)
        if len(calls) == 4:
            raise OSError("the disk is full")

    monkeypatch.setattr(services, "_write", dies)
    with pytest.raises(OSError, match="the disk is full"):
        picture_draw(name=image.original.name)

    assert StoredPicture.objects.get().recipe == 0


def test_a_picture_that_is_gone_is_nothing_to_do(db):
    assert picture_widths("products/gone.webp") is False
    assert not StoredPicture.objects.exists()


@pytest.fixture
def tasks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a task asks for is done before it goes on."""
    monkeypatch.setitem(app.conf, "task_always_eager", True)


def test_what_is_no_picture_is_tried_once(tmp_path):
    image = image_of(data=b"no picture at all")

    assert picture_widths(image.original.name) is False

    assert StoredPicture.objects.get().problem == "UnidentifiedImageError"
    assert pictures_mend() == 0
    assert len(files(tmp_path)) == 1


def test_the_clock_finds_what_the_queue_lost_and_what_nobody_announced(tasks_at_once):
    lost = image_of().original.name
    bulk = default_storage.save("products/bulk.png", ContentFile(picture_bytes((300, 300))))
    ProductImage.objects.bulk_create([ProductImage(product=ProductFactory(), original=bulk)])

    assert pictures_mend() == 2

    assert dict(StoredPicture.objects.values_list("name", "recipe")) == {lost: 1, bulk: 1}
    assert pictures_mend() == 0


def test_a_new_recipe_draws_under_new_names_and_drops_the_old(
    monkeypatch, django_capture_on_commit_callbacks, tasks_at_once
):
    name = image_of().original.name
    picture_draw(name=name)
    old = sibling_names(name, width=1400)
    for module in ("services", "sources", "selectors"):
        monkeypatch.setattr(f"catalog.pictures.{module}.RECIPE", RECIPE + 1)

    with django_capture_on_commit_callbacks(execute=True):
        assert pictures_mend() == 1

    assert not any(default_storage.exists(one) for one in old)
    assert StoredPicture.objects.get().recipe == RECIPE + 1


def test_the_command_draws_what_is_missing_and_again_all(capsys):
    image_of()
    brand = Brand(name="Alder", slug="alder")
    brand.image.save("alder.png", ContentFile(picture_bytes((300, 200))))

    call_command("pictures_make", workers=1)
    call_command("pictures_make", workers=1)
    call_command("pictures_make", workers=1, again=True)

    told = [line for line in capsys.readouterr().out.splitlines() if line]
    assert told == [
        "2 of 2 pictures drawn",
        "0 of 0 pictures drawn",
        "2 of 2 pictures drawn",
    ]


def test_a_file_goes_with_the_last_row_that_shows_it(django_capture_on_commit_callbacks, tmp_path):
    first = image_of()
    picture_draw(name=first.original.name)
    second = ProductImage.objects.create(
        product=ProductFactory(), original=first.original.name, display_order=1
    )

    with django_capture_on_commit_callbacks(execute=True):
        first.delete()
    assert len(files(tmp_path)) == 1 + 2 * len(WIDTHS)

    with django_capture_on_commit_callbacks(execute=True):
        second.delete()
    assert files(tmp_path) == set()
    assert not StoredPicture.objects.exists()


def test_a_replaced_picture_leaves_nothing_behind(django_capture_on_commit_callbacks, tmp_path):
    category = CategoryFactory()
    with django_capture_on_commit_callbacks(execute=True):
        category.image.save("old.png", ContentFile(picture_bytes((200, 200))))
    picture_draw(name=category.image.name)

    with django_capture_on_commit_callbacks(execute=True):
        category.image.save("new.png", ContentFile(picture_bytes((200, 200), "teal")))

    assert files(tmp_path) == {"new.png"}


def test_the_navigation_shows_the_widths_as_soon_as_they_are_there(
    django_capture_on_commit_callbacks,
):
    category = CategoryFactory()
    category.image.save("tea.png", ContentFile(picture_bytes((200, 200))))
    with django_capture_on_commit_callbacks(execute=True):
        category_tree()
    assert not category_tree()[category.path].picture.avif

    with django_capture_on_commit_callbacks(execute=True):
        picture_draw(name=category.image.name)

    assert category_tree()[category.path].picture.avif


def test_who_composes_with_the_original_gets_it_upright_and_whole():
    name = image_of().original.name

    picture = picture_open(name)

    assert (picture.mode, picture.size) == ("RGB", (1400, 1000))


@pytest.fixture
def dropped(settings, monkeypatch, django_capture_on_commit_callbacks):
    """Draws a picture; the tags whose kept pages went with it."""
    settings.PAGE_CACHE = True

    def draw(name: str) -> set[str]:
        tags: set[str] = set()
        monkeypatch.setattr(drops.shelf, "drop", tags.update)
        with django_capture_on_commit_callbacks(execute=True):
            assert picture_draw(name=name)
        return tags

    return draw


def test_a_picture_that_is_drawn_drops_the_pages_of_its_product_alone(dropped):
    """Hundreds of pictures may come at once: each other page of the shop stays as it is."""
    image = image_of()

    tags = dropped(image.original.name)

    assert f"family:{image.product_id}" in tags
    assert SITE not in tags


def test_a_photo_of_a_review_drops_the_page_of_what_was_reviewed_alone(dropped):
    review = review_of(ProductFactory())
    photo = ReviewPhoto.objects.create(
        review=review, image=ContentFile(picture_bytes(), "photo.webp")
    )

    assert dropped(photo.image.name) == {f"family:{review.product_id}"}


def test_a_picture_of_the_navigation_drops_all_pages(dropped):
    category = CategoryFactory(image=ContentFile(picture_bytes(), "tea.webp"))

    assert dropped(category.image.name) == {SITE}
