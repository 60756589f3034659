"""What an element's style and name say of its text: hidden, bold, a block, a page's end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section tbody td "
    "tfoot th thead title tr ul table page".split()
)
BOLD = frozenset("b strong th h1 h2 h3 h4 h5 h6".split())
# Their text isn't the document's.
UNREAD = frozenset("head script style title noscript object iframe applet map template".split())


@dataclass(frozen=True)
class Look:
    hidden: bool = False
    bold: bool | None = None  # None: as around it
    inline: bool = False
    center: bool | None = None
    breaks_before: bool = False
    breaks_after: bool = False
    raised: bool = False
    preformatted: bool = False


NO_LOOK = Look()

_WEIGHT = re.compile(r"font-weight:(bold|[6-9]\d\d|normal|[1-5]\d\d)|font:[^;]*\b(bold)\b")
_ALIGN = re.compile(r"text-align:(\w+)")


@lru_cache(maxsize=4096)
def _look(style: str) -> Look:
    css = style.lower().replace(" ", "").replace("\n", "") if len(style) < 2000 else ""
    weight = _WEIGHT.search(css)
    bold = None
    if weight:
        bold = weight[2] is not None or weight[1] == "bold" or weight[1][0] in "6789"
    align = _ALIGN.search(css)
    return Look(
        hidden="display:none" in css,
        bold=bold,
        inline="display:inline;" in css or css.endswith("display:inline"),
        center=(align[1] == "center") if align else None,
        breaks_before="break-before:always" in css or "break-before:page" in css,
        breaks_after="break-after:always" in css or "break-after:page" in css,
        raised="vertical-align:super" in css or "vertical-align:top;position" in css,
        preformatted="white-space:pre" in css,
    )


def look(style: str | None) -> Look:
    """What a style attribute says."""
    return _look(style) if style else NO_LOOK
