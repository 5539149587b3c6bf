"""Form fields that several pages of the catalogue's back office have."""

from typing import Any

from django import forms

from catalog.models import Category
from catalog.tree.selectors import INDENT


class CategoryField(forms.ModelChoiceField):
    """The tree to choose from, each name moved in as deep as it stands. One query."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Category.objects.order_by("path"), **kwargs)

    def label_from_instance(self, one: Category) -> str:
        return INDENT * (one.depth - 1) + one.name
