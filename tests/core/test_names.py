"""Names begin with the family where their owners write them so."""

import pytest

from shop.core.names import name_shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("Mei", "Lin", "Mei Lin"),
        ("小明", "王", "王小明"),
        ("さくら", "佐藤", "佐藤さくら"),
        ("Mei", "林", "Mei 林"),
        ("", "林", "林"),
        ("Mei", "", "Mei"),
    ],
)
def test_family_names_stand_where_they_belong(first: str, last: str, shown: str) -> None:
    assert name_shown(first, last) == shown
