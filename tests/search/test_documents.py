"""Documents change with their product, or not at all."""

from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.facts.models import Brand, ProductFacts
from catalog.models import AttributeOption, Category, Product
from catalog.refresh import refreshing
from catalog.search.models import SearchDocument, SearchWord
from catalog.search.services import (
    documents_rebuild,
    documents_refresh,
    words_recount,
    words_replace,
)
from shop.core.outbox import relay
from tests.factories import (
    CategoryFactory,
    option_attribute,
    option_set,
    product_with_variants,
)
from tests.search.support import found, good

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.07")]


class Undone(Exception):
    pass


def rename(product: Product, name: str) -> None:
    product.title = product.title_en = product.title_zh_hans = name
    product.save()


def test_a_renamed_product_is_found_by_its_new_name_at_once():
    mug = good("Mug")

    rename(mug, "Teapot")

    assert found("teapot") == [mug.pk]
    assert found("mug") == []
    assert SearchWord.objects.filter(word="teapot").exists()


def test_a_document_is_the_same_whoever_saves_in_whatever_language():
    mug = good("Mug")
    for code, chinese in (("colour", "颜色"), ("size", "尺寸")):  # in Chinese the other way round
        attribute = option_attribute(code)
        attribute.name_zh_hans = chinese
        attribute.save()
        option_set(mug, attribute, f"{code} of this mug")
    documents_refresh(ids=[mug.pk])
    before = sorted(SearchDocument.objects.values_list("language", "digest"))

    with translation.override("zh-hans"):
        documents_refresh(ids=[mug.pk])

    assert sorted(SearchDocument.objects.values_list("language", "digest")) == before


def test_a_change_that_is_rolled_back_leaves_the_old_document():
    mug = good("Mug")

    with suppress(Undone), transaction.atomic():
        rename(mug, "Teapot")
        assert found("teapot") == [mug.pk]
        raise Undone

    assert found("mug") == [mug.pk]
    assert found("teapot") == []


def test_many_changes_are_written_once_and_in_as_many_statements_as_one():
    with refreshing():
        mugs = [good(f"Mug {number}") for number in range(5)]
    SearchDocument.objects.update(digest="")

    def statements(products: list[Product]) -> int:
        with CaptureQueriesContext(connection) as captured:
            documents_refresh(ids=[product.pk for product in products])
        return len(captured)

    assert set(found("mug")) == {mug.pk for mug in mugs}
    assert statements(mugs[:1]) == statements(mugs[1:])


def test_what_may_not_be_browsed_cannot_be_found():
    mug = good("Mug")
    assert SearchDocument.objects.filter(product=mug).count() == 2

    mug.is_public = False
    mug.save()
    assert found("mug") == []

    mug.is_public = True
    mug.save()
    assert found("mug") == [mug.pk]


def test_a_deleted_product_takes_its_documents_along():
    mug = good("Mug", price=None)

    mug.delete()

    assert not SearchDocument.objects.exists()


def test_a_hidden_variant_has_no_say():
    family = product_with_variants(title="Mug", colours={"indigo": 1, "sage": 1})
    sage = family.children.order_by("pk").last()

    sage.is_public = False
    sage.save()

    assert found("indigo mug") == [family.pk]
    assert "sage" not in str(SearchDocument.objects.get(product=family, language="en").names)


def test_a_renamed_category_is_searched_by_its_new_name():
    kitchen = CategoryFactory(name="Kitchen", name_en="Kitchen", name_zh_hans="厨房")
    shelf = CategoryFactory(parent=Category.objects.get(pk=kitchen.pk), name="Cups", name_en="Cups")
    mug = good("Mug", categories=[shelf])
    assert found("kitchen") == [mug.pk]

    kitchen = Category.objects.get(pk=kitchen.pk)
    kitchen.name_en = kitchen.name = "Scullery"
    kitchen.save()

    assert found("scullery") == [mug.pk]
    assert found("kitchen") == []


def test_a_renamed_or_deleted_brand_is_followed():
    mug = good("Mug")
    brand = Brand.objects.create(name="Kiln", name_en="Kiln", slug="kiln")
    ProductFacts.objects.update_or_create(product=mug, defaults={"brand": brand})
    assert found("kiln") == [mug.pk]

    brand.name = brand.name_en = "Oven"
    brand.save()
    assert (found("oven"), found("kiln")) == ([mug.pk], [])

    brand.delete()
    assert found("oven") == []


def test_a_renamed_option_is_followed():
    family = product_with_variants(title="Mug", colours={"indigo": 1})
    option = AttributeOption.objects.get()

    option.option = option.option_en = "Cobalt"
    option.save()

    assert (found("cobalt"), found("indigo")) == ([family.pk], [])


def test_a_name_that_many_share_is_learned_through_the_outbox(monkeypatch):
    monkeypatch.setattr("catalog.search.handlers.AT_ONCE", 1)
    shelf = CategoryFactory(name="Cups", name_en="Cups")
    mugs = [good("One", categories=[shelf]), good("Two", categories=[shelf])]

    shelf.name = shelf.name_en = "Vessels"
    shelf.save()
    assert found("vessels") == []

    relay()
    assert set(found("vessels")) == {mug.pk for mug in mugs}


def test_rebuild_mends_whatever_was_lost_or_left(capsys):
    mug, pan = good("Mug", "杯子"), good("Pan", "锅")
    SearchDocument.objects.filter(product=mug).delete()
    SearchDocument.objects.filter(product=pan).update(words="", names="", digest="")
    SearchWord.objects.all().delete()
    SearchWord.objects.create(word="gone", language="en")

    call_command("search_rebuild")

    assert "2 products can be found." in capsys.readouterr().out
    assert found("mug") == [mug.pk]
    assert found("guo", "zh-hans") == [pan.pk]
    assert not SearchWord.objects.filter(word="gone").exists()


def test_nights_forget_words_that_are_gone_and_keep_those_that_just_came():
    mug = good("Mug")
    rename(mug, "Teapot")
    assert SearchWord.objects.filter(word="mug").exists()

    words_recount()
    assert list(SearchWord.objects.values_list("word", flat=True)) == ["teapot"]

    words_replace(words={}, up_to=0)
    assert SearchWord.objects.filter(word="teapot").exists()


def test_a_second_rebuild_writes_nothing():
    good("Mug", "杯子")
    documents_rebuild()

    def versions() -> list[tuple[int, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, xmin::text FROM finding_searchdocument ORDER BY id")
            return cursor.fetchall()

    before = versions()
    documents_rebuild()

    assert len(before) == 2
    assert versions() == before
