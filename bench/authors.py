"""What the loopback models of the benches answer."""

from __future__ import annotations

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
