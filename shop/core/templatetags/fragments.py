"""``{% kept "components/card.html" with card=card level=2 %}``: like ``include … only``, and kept.

What differs between visitors comes after ``slots``: ``{% kept "…" with bare=True slots next=request.path %}``.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from shop.core.fragments import fragment, fragment_filled

register = template.Library()


class KeptNode(Node):
    """See `shop.core.fragments`. ``fixed`` are the values that stand in the tag itself."""

    def __init__(
        self,
        name: str,
        values: dict[str, FilterExpression],
        slots: dict[str, FilterExpression],
    ) -> None:
        self.name, self.slots = name, slots
        self.fixed = {key: _plain(one.var) for key, one in values.items() if _is_fixed(one)}
        self.values = {key: one for key, one in values.items() if key not in self.fixed}

    def render(self, context: Context) -> SafeString:
        values: dict[str, Any] = dict(self.fixed)
        for key, expression in self.values.items():
            value = expression.resolve(context, ignore_failures=True)
            values[key] = _plain(str(value)) if isinstance(value, Promise) else value
        if not self.slots:
            return fragment(self.name, values)
        slots = {key: one.resolve(context, ignore_failures=True) for key, one in self.slots.items()}
        return fragment_filled(self.name, values, slots)


def _is_fixed(expression: FilterExpression) -> bool:
    return not expression.filters and isinstance(expression.var, str)


def _plain(text: str) -> str:
    """Quoted text of a tag counts as HTML; as a value it is text."""
    return str.__str__(text)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """The template by its name in quotes, then ``with`` and its values, ``slots`` and what fills them."""
    _tag, *bits = token.split_contents()
    if not bits or bits[0][0] not in "\"'" or bits[0][-1] != bits[0][0]:
        raise template.TemplateSyntaxError("kept takes the name of a template in quotes")
    name, rest = bits[0][1:-1], bits[1:]
    found: dict[str, dict[str, FilterExpression]] = {"with": {}, "slots": {}}
    for word, given in found.items():
        if rest and rest[0] == word:
            given.update(token_kwargs(rest := rest[1:], parser))
            if not given:
                raise template.TemplateSyntaxError(f"kept {name!r} cannot read its {word}")
    if rest:
        raise template.TemplateSyntaxError(
            f"kept {name!r} takes 'with' and 'slots', not {rest[0]!r}"
        )
    return KeptNode(name, found["with"], found["slots"])
