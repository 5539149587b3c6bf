"""Words are those that Django finds, found by one look."""

from gettext import GNUTranslations

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext, trans_real

from shop.core.words import FlatCatalog


def _translations(**words: str) -> GNUTranslations:
    found = GNUTranslations()
    found._catalog = dict(words)
    found.plural = lambda n: int(n != 1)
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_word_of_a_language_is_the_one_that_django_finds(language):
    catalogue = trans_real.translation(language)._catalog
    assert isinstance(catalogue, FlatCatalog)
    ask = super(FlatCatalog, catalogue).get
    keys = set(catalogue.keys())
    assert keys
    assert all(catalogue.get(key) == ask(key) for key in keys)
    assert catalogue.get("no such words") is None
    assert catalogue.get("no such words", "x") == "x"


def test_the_first_catalogue_counts_and_one_that_comes_later_is_heard():
    catalogue = FlatCatalog(_translations(a="1", b="1"))
    assert catalogue.get("a") == "1"
    catalogue.update(_translations(b="2", c="2"))
    assert [catalogue.get(one) for one in "abc"] == ["1", "2", "2"]
    catalogue["a"] = "3"
    assert (catalogue.get("a"), catalogue["b"], "c" in catalogue) == ("3", "2", True)


def test_readers_see_their_words():
    assert gettext("Basket") == "Basket"
    assert pgettext("light", "Day") == "Day"
    with override("zh-hans"):
        assert gettext("Basket") == "购物车"
        assert pgettext("light", "Day") != "Day"
        assert "2" in ngettext("%(count)d point", "%(count)d points", 2) % {"count": 2}
        assert gettext("Nobody ever wrote this.") == "Nobody ever wrote this."
