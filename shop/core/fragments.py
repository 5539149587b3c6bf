"""HTML that follows from values alone, kept in the process.

A card, a panel of facets, a gallery look the same whenever they are given the same values in the same
language, so their HTML is kept under exactly those values. Nothing has to be told when a price changes:
another price is another value. ``{% kept %}`` (`shop.core.templatetags.fragments`) is the way to use it.

Nothing about a visitor can be kept. A fragment sees no request, user or CSRF token, and asking for one is
an error; so is a value that is no plain one, since what is equal must look equal. What does differ between
visitors has *slots* in it, places that are filled each time: a token, the page to come back to, a count.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from html import escape
from threading import Lock
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

CHARACTERS_AT_MOST = 6_000_000  # of HTML in one process: some thousand cards
PLAIN = (str, bool, int, float, type(None))
# Marks of no language. Where words of the shop have them all the same, they stay as they are.
SLOT = re.compile("\ue000([a-z0-9_]+)\ue000")
ABOUT_VISITORS = ("request", "user", "csrf_token", "messages", "perms")


class NotKeepableError(TypeError):
    """A fragment was given, or asked for, something that may differ where its values are equal."""


class FragmentStore:
    """Fragments by their values; what nobody asked for longest goes first."""

    def __init__(self, *, characters: int = CHARACTERS_AT_MOST) -> None:
        self.limit = characters
        self.size = 0  # characters
        self._kept: OrderedDict[Hashable, SafeString] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> SafeString | None:
        html = self._kept.get(key)
        if html is not None and self.size > self.limit // 2:  # before, nothing has to go for long
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
        return html

    def put(self, key: Hashable, html: SafeString) -> None:
        if len(html) > self.limit:
            return
        with self._lock:
            self.size += len(html) - len(self._kept.pop(key, ""))
            self._kept[key] = html
            while self.size > self.limit:
                _key, oldest = self._kept.popitem(last=False)
                self.size -= len(oldest)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0


store = FragmentStore()


def fragment(template: str, values: Mapping[str, Any]) -> SafeString:
    """The HTML of ``template`` with ``values`` and nothing else, in the reader's language.

    Values are text, numbers, true and false, None, frozen dataclasses and tuples of these; numbers of
    one name are always of one type. Raises `NotKeepableError` for anything else.
    """
    key = (template, get_language(), tuple(values), *values.values())
    try:
        html = store.get(key)
    except TypeError as error:  # no hash: a list, a dictionary
        raise NotKeepableError(f"{template} was given something that changes") from error
    if html is None:
        for name, value in values.items():
            plain_check(value, f"{template}: {name}")
        html = _render(template, values)
        if not settings.DEBUG:  # where templates change under the hand
            store.put(key, html)
    return html


def fragment_filled(
    template: str, values: Mapping[str, Any], slots: Mapping[str, Any]
) -> SafeString:
    """The same with ``slots``: the template places them like values, but cannot ask what is in them.

    Text is escaped, ready HTML is not, None is empty.
    """
    html = fragment(template, {**values, **{name: f"\ue000{name}\ue000" for name in slots}})
    filled = {name: _ready(one) for name, one in slots.items()}
    text = SLOT.sub(lambda mark: filled.get(mark[1], mark[0]), html)
    return mark_safe(text)  # noqa: S308  its parts are escaped


def _ready(value: Any) -> str:
    """As `conditional_escape`, with the usual kinds first."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return escape(value)
    if kind is int:
        return str(value)
    if kind is SimpleLazyObject and value.__class__ is str:  # a token, until somebody asks for it
        return escape(str(value))
    return "" if value is None else conditional_escape(value)


def slot_mark(name: str) -> str:
    """What stands in a kept fragment where the slot ``name`` is filled; for who makes such a value himself."""
    return f"\ue000{name}\ue000"


def plain_check(value: Any, where: str) -> None:
    """Raises `NotKeepableError` unless equal values are certain to look the same.

    ``Decimal("1.0")`` equals ``Decimal("1.00")``, and ready HTML equals the same text that is not: such
    values come as text that is ready for the reader.
    """
    if type(value) in PLAIN:
        return
    if type(value) is tuple:
        for one in value:
            plain_check(one, where)
    elif is_dataclass(value) and not isinstance(value, type) and _is_frozen(value):
        for field in fields(value):
            plain_check(getattr(value, field.name), f"{where}.{field.name}")
    else:
        raise NotKeepableError(f"{where} is a {type(value).__name__}")


def _is_frozen(value: Any) -> bool:
    return value.__dataclass_params__.frozen


class _Refusal:
    """Stands where a template would find the visitor; remembers that it was asked."""

    def __init__(self) -> None:
        self.was_asked = False

    def _refuse(self, *args: Any) -> Any:
        self.was_asked = True
        raise NotKeepableError("a kept fragment asks about the visitor")

    __bool__ = __getitem__ = __str__ = __getattr__ = __eq__ = __iter__ = __len__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def _render(template: str, values: Mapping[str, Any]) -> SafeString:
    refusal = _Refusal()
    context = Context(dict.fromkeys(ABOUT_VISITORS, refusal) | dict(values))
    html = get_template(template).template.render(context)  # type: ignore[attr-defined]
    if refusal.was_asked:  # `{% if %}` swallows errors
        raise NotKeepableError(f"{template} asks about the visitor")
    return mark_safe(html)  # noqa: S308  a template escaped it
