"""A sentence of the source, word for word, but with other digits.

"Revenue was $12 million at May 5, 2024." where the source says "$12 million at May 6, 2024": whatever
else might prove it, the claim retells that very sentence and tells it wrong. A number that is
rounded ("12.3" for "12.34") is no misquotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from summaries.verification.documents.results import Evidence, Judged, Reason, contradicted
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.wording import NUMBER, flat, wording
from summaries.verification.sentences import sentences

_LONGEST = 24  # digits of a number that can be rounded


def misquoted(claim: str, source: Source) -> Judged | None:
    """Contradicted, with what the source says in its place; None where nothing is misquoted."""
    if not NUMBER.search(claim):
        return None
    for start, end in sentences(claim):
        said = Sentence(start, claim[start:end])
        if not _may_be_quoted(said.text, source):
            continue
        if found := _misquoted(said, source.by_wording.get(wording(said.text), ())):
            return found
    return None


def _may_be_quoted(sentence: str, source: Source) -> bool:
    """Whether the source has the longest run of words between two numbers: cheap to say no to."""
    runs = NUMBER.split(flat(sentence).rstrip(".!? "))
    longest = max(runs, key=len)
    return (
        len(runs) > 1
        and all(word in source.folded for word in longest.split())
        and longest in source.flat
    )


def _misquoted(said: Sentence, originals: Sequence[Sentence]) -> Judged | None:
    """Where no sentence of this wording has these numbers: the nearest one, and where it differs."""
    claimed = list(NUMBER.finditer(said.text))
    nearest: tuple[Sentence, list[tuple[re.Match[str], str]]] | None = None
    for original in originals:
        printed = NUMBER.findall(original.text)
        wrong = [
            pair for pair in zip(claimed, printed, strict=True) if not _is_same(pair[0][0], pair[1])
        ]
        if not wrong:
            return None
        if nearest is None or len(wrong) < len(nearest[1]):
            nearest = original, wrong
    if nearest is None:
        return None
    original, wrong = nearest
    reasons = [
        Reason(
            "value",
            f'The claim says "{one[0]}" where the source says "{other}".',
            said.start + one.start(),
            said.start + one.end(),
        )
        for one, other in wrong
    ]
    end = original.start + len(original.text)
    return contradicted(*reasons, evidence=(Evidence(original.text, original.start, end),))


def _is_same(claimed: str, printed: str) -> bool:
    """The same number, or the printed one rounded to the claim's decimals."""
    claimed, printed = claimed.replace(",", ""), printed.replace(",", "")
    if claimed == printed:
        return True
    kept, whole = (len(one.partition(".")[2]) for one in (claimed, printed))
    if kept >= whole or len(printed) > _LONGEST:
        return False
    last = Decimal(1).scaleb(-kept)
    ways = (ROUND_HALF_UP, ROUND_HALF_EVEN)
    return Decimal(claimed) in {Decimal(printed).quantize(last, way) for way in ways}
