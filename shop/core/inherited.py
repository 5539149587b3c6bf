"""What a page inherits from its frame, looked up once.

Each time it renders a page, Django looks for the templates that the page extends and walks through the whole last
one to find its blocks. They are the same every time, so `SettledExtends` remembers them. `shop.core.settled` puts
it in the place of Django's.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.base import Parser, Template, TextNode, Token
from django.template.context import Context
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockContext,
    BlockNode,
    ExtendsNode,
    do_extends,
)
from django.utils.safestring import SafeString

Blocks = dict[str, list[BlockNode]]  # by name; the one that counts last


class SettledExtends(ExtendsNode):
    """``{% extends "…" %}`` of templates that are named in quotes, all the way up."""

    _found: tuple[Template, Blocks] | None = None

    def render(self, context: Context) -> SafeString:
        found = None
        if BLOCK_CONTEXT_KEY not in context.render_context and not settings.DEBUG:
            found = self._found = self._found or self._find(context)
        if found is None:
            return super().render(context)
        root, blocks = found
        mine = context.render_context[BLOCK_CONTEXT_KEY] = BlockContext()
        mine.blocks.update({name: [*nodes] for name, nodes in blocks.items()})
        with context.render_context.push_state(root, isolated_context=False):
            return root._render(context)  # type: ignore[attr-defined]

    def _find(self, context: Context) -> tuple[Template, Blocks] | None:
        """The last template, and the blocks of all; None where a name stands in a variable."""
        blocks: Blocks = defaultdict(list)
        node: ExtendsNode = self
        while True:
            name: Any = node.parent_name
            if not isinstance(name.var, str) or name.filters:
                # Who is asked next begins to look from here.
                context.render_context.dicts[-1].pop(self.context_key, None)
                return None
            parent = node.get_parent(context)
            _add(blocks, node.blocks.values())
            first = next((one for one in parent.nodelist if not isinstance(one, TextNode)), None)
            if not isinstance(first, ExtendsNode):
                _add(blocks, parent.nodelist.get_nodes_by_type(BlockNode))
                return parent, dict(blocks)
            node = first


def _add(blocks: Blocks, nodes: Iterable[Any]) -> None:
    for node in nodes:
        blocks[node.name].insert(0, node)


def extends_settled(parser: Parser, token: Token) -> SettledExtends:
    node = do_extends(parser, token)
    return SettledExtends(node.nodelist, node.parent_name)
