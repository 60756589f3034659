"""What an advisor's page says below every text, read from the page's own template."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode

PAGE = "summaries/stock.html"
BLOCK = "colophon"
# What it must say, in these words.
REQUIRED = "Not advice."


@cache
def disclosure() -> str:
    """The block as the page fills it: its own, or that of the template it extends."""
    template: Any = get_template(PAGE).template  # type: ignore[attr-defined]
    while template is not None:
        for block in template.nodelist.get_nodes_by_type(BlockNode):
            if block.name == BLOCK:
                return str(block.nodelist.render(Context()))
        parents = template.nodelist.get_nodes_by_type(ExtendsNode)
        template = get_template(parents[0].parent_name.var).template if parents else None  # type: ignore[attr-defined]
    return ""
