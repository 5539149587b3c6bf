"""Oscar's dynamic classes, looked for once.

Oscar asks for classes by name in the middle of its work, several times for every basket line and offer,
and each time it lets Python search the disk for modules that are not there: a third of a page of cards.
"""

from collections.abc import Sequence
from functools import cache

from django.apps import apps
from oscar.core.loading import default_class_loader  # noqa: TID251  Oscar's own hook


def class_loader(module_label: str, classnames: Sequence[str], module_prefix: str) -> list[type]:
    """For ``OSCAR_DYNAMIC_CLASS_LOADER``. While apps load, modules are half there: nothing is kept."""
    if not apps.ready:
        return default_class_loader(module_label, classnames, module_prefix)
    return list(_found(module_label, tuple(classnames), module_prefix))


@cache
def _found(module_label: str, classnames: tuple[str, ...], module_prefix: str) -> tuple[type, ...]:
    return tuple(default_class_loader(module_label, classnames, module_prefix))
