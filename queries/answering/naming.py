"""A subject without what names no figure: the company, and the statement to look at."""

from __future__ import annotations

import re

from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.lines import lines_of, terms_of

_STATEMENT = re.compile(
    r"\s*,?\s*\b(?:from|in|on|per|within|using|according to)\s+(?:the\s+)?(?:consolidated\s+)?"
    r"(?:cash flows?\s+statements?|income\s+statements?|balance\s+sheets?|p&l(?:\s+statement)?"
    r"|statements?\s+of\s+(?:cash\s+flows?|income|operations|financial\s+position|earnings))",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w&.\-]+|&)"
_OWNER = re.compile(
    rf"(?P<name>{_NAME}(?:\s+(?:of\s+|and\s+)?{_NAME})*)(?:['’]s|(?<=s)['’])\s+"
    r"(?:\([^)]*\)\s*)?"
)
_AT_END = re.compile(
    rf"\s+(?:for|at|of|by)\s+(?:the\s+)?(?P<name>{_NAME}(?:\s+(?:of\s+|and\s+)?{_NAME})*)\s*$"
)
_OWNED = re.compile(
    r"\b(?:attributable|available|applicable)\s+to\b|(?:stock|share)holders[’']?\s+(?:equity|deficit)"
    r"|\bcommon stock\b",
    re.IGNORECASE,
)


def anonymous(subject: str, source: Source) -> str:
    """Without the company: "Acme's FY2020 revenue", "FY2020 revenue for Acme". A name that a line
    has tells it from others, and stays."""
    said = _STATEMENT.sub("", subject)
    for shape in (_OWNER, _AT_END):
        match = shape.search(said)
        if match and not _is_of_a_line(match["name"], source):
            said = f"{said[: match.start()]} {said[match.end() :]}"
    return " ".join(said.split())


def _is_of_a_line(name: str, source: Source) -> bool:
    terms = frozenset(terms_of(name))
    return any(terms <= one for one in _names(source))


@kept_with
def _names(source: Source) -> tuple[frozenset[str], ...]:
    """Of each line; not of those that only say whose profit or equity it is."""
    return tuple(
        frozenset(terms_of(said))
        for line in lines_of(source)
        for said in (line.label, line.head, *line.sections)
        if said and not _OWNED.search(said)
    )
