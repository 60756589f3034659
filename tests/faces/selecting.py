"""Elements of a page by a small part of CSS's selectors: "table.printed tbody th", "#filings .a"."""

from __future__ import annotations

import re

from lxml import html

_STEP = re.compile(r"(?P<tag>[a-z]\w*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=\"[^\"]*\")?\])*)")
_PART = re.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:=\"([^\"]*)\")?\]")


def select(root: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """All that match, in the page's order. Raises ValueError on what isn't understood."""
    found: list[html.HtmlElement] = root.xpath("." + "".join(map(_step, selector.split())))
    return found


def _step(step: str) -> str:
    whole = _STEP.fullmatch(step)
    if whole is None:
        raise ValueError(f"No such selector here: {step}")
    tests = ""
    for kind, name, attribute, value in _PART.findall(whole["rest"]):
        if kind == ".":
            tests += f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
        elif kind == "#":
            tests += f"[@id='{name}']"
        else:
            tests += f'[@{attribute}="{value}"]' if value else f"[@{attribute}]"
    return f"//{whole['tag'] or '*'}{tests}"


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
