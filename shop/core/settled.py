"""Tags of Django's that say the same each time: their words are looked up once for each language.

A page has dozens of ``{% translate "…" %}``, ``{% url "…" %}`` and icons without a variable in them. Looking the
words up and putting the address together costs more than writing them, so a `SettledNode` remembers what
the tag said. `settled_register` puts these tags in the place of Django's; templates are written as ever.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.template import defaulttags, loader_tags
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, Variable
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockNode,
    IncludeNode,
    do_block,
    do_include,
)
from django.templatetags import i18n, static
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import StaticNode, do_static
from django.urls import get_script_prefix, get_urlconf
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shop.core.inherited import extends_settled

ALONE = {"components/icon.html"}  # no language, no reader: nothing but their values


class SettledNode(Node):
    """``node``, asked once for each ``state`` of what its answer hangs on.

    ``name``: of the variable that takes the answer; empty where the answer stands in the page.
    """

    child_nodelists = ()

    def __init__(self, node: Node, name: str, state: Callable[[Context], Hashable]) -> None:
        self.node, self.name, self.state = node, name, state
        self._said: dict[Hashable, Any] = {}

    def render(self, context: Context) -> Any:
        state = self.state(context)
        said = self._said.get(state)
        if said is None:
            self.node.origin, self.node.token = (
                self.origin,
                self.token,
            )  # the parser gave them to us
            shown = self.node.render(context)
            said = self._said[state] = context[self.name] if self.name else shown
        if not self.name:
            return said
        context[self.name] = said
        return ""


class SettledBlock(BlockNode):
    """A block, with nothing around it where nothing in it asks for something."""

    @cached_property
    def is_fixed(self) -> bool:
        return all(
            isinstance(node, TextNode) or (isinstance(node, SettledNode) and not node.name)
            for node in self.nodelist
        )

    def render(self, context: Context) -> SafeString:
        all_blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = all_blocks.get_block(self.name) if all_blocks is not None else None
        block = block or self
        if not getattr(block, "is_fixed", False):
            return super().render(context)
        return SafeString("".join([node.render(context) for node in block.nodelist]))


def settled_register() -> None:
    """From now on Django's own libraries of tags give these."""
    for library, name, tag in (
        (i18n, "translate", translate_settled),
        (i18n, "trans", translate_settled),
        (static, "static", static_settled),
        (defaulttags, "url", url_settled),
        (loader_tags, "include", include_settled),
        (loader_tags, "extends", extends_settled),
        (loader_tags, "block", block_settled),
    ):
        library.register.tag(name, tag)


def translate_settled(parser: Parser, token: Token) -> Node:
    """``{% translate %}`` of a text that stands in the template."""
    node = do_translate(parser, token)
    if not isinstance(node, TranslateNode) or node.noop:
        return node
    is_same = _is_written(node.filter_expression) and _is_written(node.message_context)
    return SettledNode(node, node.asvar or "", _language) if is_same else node


def url_settled(parser: Parser, token: Token) -> Node:
    """``{% url %}`` of an address that takes nothing."""
    node: URLNode = url(parser, token)
    is_same = _is_written(node.view_name) and not node.args and not node.kwargs
    return SettledNode(node, node.asvar or "", _addresses) if is_same else node


def static_settled(parser: Parser, token: Token) -> Node:
    """``{% static %}`` of a file that is named in the template."""
    node: StaticNode = do_static(parser, token)
    return SettledNode(node, node.varname or "", _files) if _is_written(node.path) else node


def include_settled(parser: Parser, token: Token) -> Node:
    """``{% include … only %}`` of a template that says nothing but what it is given, all in quotes."""
    node: IncludeNode = do_include(parser, token)
    given = [node.template, *node.extra_context.values()]
    is_same = node.isolated_context and all(map(_is_written, given))
    if is_same and node.template.resolve(Context()) in ALONE:
        return SettledNode(node, "", _files)
    return node


def tag_settled(tag: Callable[[Parser, Token], Node]) -> Callable[[Parser, Token], Node]:
    """A simple tag that says the same in a language where all that it takes stands in quotes."""

    def compiled(parser: Parser, token: Token) -> Node:
        node: Any = tag(parser, token)
        given = [*node.args, *node.kwargs.values()]
        is_same = not node.takes_context and all(_is_written(one) or _is_word(one) for one in given)
        return SettledNode(node, node.target_var or "", _language) if is_same else node

    return compiled


def block_settled(parser: Parser, token: Token) -> Node:
    """``{% block %}``, whatever stands in it."""
    node: BlockNode = do_block(parser, token)
    return SettledBlock(node.name, node.nodelist)


def _is_written(expression: FilterExpression | None) -> bool:
    """Whether it is a text in quotes, and no more than that."""
    if expression is None:
        return True
    var = expression.var
    is_text = isinstance(var.literal, str) if isinstance(var, Variable) else isinstance(var, str)
    return is_text and not expression.filters


def _is_word(expression: FilterExpression) -> bool:
    """Whether it is ``_("…")``, the same in a language."""
    return isinstance(expression.var, Promise) and not expression.filters


def _language(context: Context) -> Hashable:
    return get_language(), context.autoescape


def _files(context: Context) -> Hashable:
    return context.autoescape, settings.STATIC_URL, str(settings.STORAGES["staticfiles"])


def _addresses(context: Context) -> Hashable:
    """As Django finds out under which application a request is."""
    request = getattr(context, "request", None)
    app = getattr(request, "current_app", None)
    if app is None:
        app = getattr(getattr(request, "resolver_match", None), "namespace", None)
    urls = get_urlconf() or settings.ROOT_URLCONF
    return get_language(), context.autoescape, urls, get_script_prefix(), app
