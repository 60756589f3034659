"""What the loopback models of the benches answer."""

from __future__ import annotations

import re

from tests.vendors import Seen
from tests.vendors.summariser import Summariser

_summariser = Summariser()
# A standard answer: about 220 words in cited sentences.
_ANSWER = " ".join(
    f"In fiscal {year} revenue was ${year - 1700}.{year % 10} million, and the operating margin "
    f"was {year % 17}.{year % 10} % of it, as the annual report says [F{year % 40}]."
    for year in range(2016, 2026)
)


def summariser(seen: Seen) -> str:
    """Summaries from the evidence shown; to a question without a schema, a standard answer."""
    return _summariser(seen) if seen.schema is not None else _ANSWER


_FACT = re.compile(
    r"^\[(?P<number>\d+)\] fact \| [^,|\n]+, (?P<what>[^,|\n]+), (?P<when>[^:|\n]+): "
    r"(?P<value>[^;|\n]+?)[;|\s]",
    re.MULTILINE,
)
_PASSAGE = re.compile(
    r"^\[(?P<number>\d+)\] passage[^\n]*\n(?:[^\n]*?[.] )??(?P<said>[A-Z][^.\n]{40,}\.)",
    re.MULTILINE,
)
_TOLD = 3


def answerer(seen: Seen) -> str:
    """The first facts and passages that the question came with, each as a cited sentence."""
    if seen.schema is not None:
        return _summariser(seen)
    shown = "\n".join(seen.texts)
    facts = (
        f"{one['what'].capitalize()} was {one['value']} in {one['when']} [{one['number']}]."
        for one in _FACT.finditer(shown)
    )
    quotes = (f"{one['said'][:-1]} [{one['number']}]." for one in _PASSAGE.finditer(shown))
    return " ".join([*facts, *quotes][:_TOLD]) or "The sources don't say."
