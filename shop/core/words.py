"""Words of a language, found by one look.

Django keeps the catalogue of every app by itself and asks one after the other, for each word anew: in English, where
hardly a word stands in any of them, that is two walks through all. Only plurals need them apart.
"""

from gettext import NullTranslations
from typing import Any

from django.utils.translation import trans_real

Key = str | tuple[str, int]  # a word, or one of its plurals


class FlatCatalog(trans_real.TranslationCatalog):
    """The same words; of those that several catalogues have, those of the one that Django asks first."""

    _flat: dict[Key, str] | None = None

    def get(self, key: Key, default: Any = None) -> Any:
        flat = self._flat
        if flat is None:
            flat = {}
            for one in reversed(self._catalogs):
                flat.update(one)
            self._flat = flat
        return flat.get(key, default)

    def update(self, trans: NullTranslations) -> None:
        super().update(trans)
        self._flat = None

    def __setitem__(self, key: Key, value: str) -> None:
        super().__setitem__(key, value)
        self._flat = None


def words_register() -> None:
    """From now on every language that is loaded has one, and those that are loaded already."""
    trans_real.TranslationCatalog = FlatCatalog  # type: ignore[misc]
    for language in trans_real._translations.values():  # type: ignore[attr-defined]
        if type(language._catalog) is trans_real.TranslationCatalog.__base__:
            language._catalog.__class__ = FlatCatalog
