"""Oscar's classes by name: the right ones, found once."""

import pytest
from oscar.core import loading  # noqa: TID251  what is tested

from shop.core import oscar_classes


def test_ours_go_before_oscars():
    (strategy,) = loading.get_classes("partner.strategy", ["Selector"])
    assert strategy.__module__ == "catalog.partner.strategy"
    assert loading.get_class("offer.results", "ZERO_DISCOUNT").is_successful is False


@pytest.mark.req("S5.02")
def test_the_disk_is_searched_once(monkeypatch):
    oscar_classes._found.cache_clear()
    asked = []
    search = oscar_classes.default_class_loader
    monkeypatch.setattr(
        oscar_classes, "default_class_loader", lambda *a: asked.append(a) or search(*a)
    )
    found = [loading.get_class("basket.utils", "LineDiscountRegistry") for _ in range(3)]
    assert len(set(found)) == 1
    assert len(asked) == 1


def test_a_class_that_is_not_there_is_not_kept():
    for _ in range(2):
        with pytest.raises(loading.ClassNotFoundError):
            loading.get_class("partner.strategy", "Nonsense")
