"""Fields of forms that nobody changes: made once, and the same in every form of a class.

Django copies each field with its widget and its validators for every form, in case somebody changes one.
Where nobody does, that is most of what it costs to make a form.
"""

from typing import TypeVar

from django.forms import BaseForm, Field

F = TypeVar("F", bound=type[BaseForm])


class _Shared(dict[str, Field]):
    """As a copy of itself it gives a plain dictionary with the same fields."""

    def __deepcopy__(self, memo: dict[int, object]) -> dict[str, Field]:
        return dict(self)


def fields_shared(form: F) -> F:
    """For a class of forms whose ``__init__`` and whose users leave the fields as they are declared."""
    form.base_fields = _Shared(form.base_fields)  # type: ignore[attr-defined]
    return form
