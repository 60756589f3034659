"""Questions for several figures: of one thing in several periods, of several things in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from queries.answering.frames import Framed, framed
from queries.answering.meaning import is_plainly_meant
from queries.answering.naming import anonymous
from queries.answering.pages import Pages
from queries.answering.printing import Amount, amount_of
from queries.answering.values import Found
from queries.answering.working import Phrase, Worked, phrase_of, printed, way_of
from queries.answering.years import listed
from summaries.verification.documents.judging import judge
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.asking import Spans, lists_of, plain
from summaries.verification.documents.tabular.tokens import Sort
from summaries.verification.documents.tabular.told import Told

_RESPECTIVE = re.compile(r"\s*,?\s*\b(?:respectively|respective)\b", re.IGNORECASE)
_MOST = 6


def several_asked(question: str, pages: Pages) -> Found | None:
    """None where it doesn't say "respectively", or the documents lack one of the figures."""
    if not _RESPECTIVE.search(question):
        return None
    asked = framed(_RESPECTIVE.sub("", question))
    if asked is None:
        return None
    subject = anonymous(asked.subject, pages.whole)
    phrase = phrase_of(subject)
    if phrase is None or way_of(phrase) or phrase.spans.is_range:
        return None
    row = next(filter(None, (_each(one, pages.whole) for one in _parts(phrase))), None)
    return _told(Framed(subject, asked.verb), row, pages) if row else None


def _parts(phrase: Phrase) -> Iterator[Sequence[Phrase]]:
    periods = phrase.spans.periods
    if 1 < len(periods) <= _MOST:
        words = tuple(one for one in phrase.words if one.sort is not Sort.PERIOD)
        yield [Phrase(words, phrase.item, Spans((one,))) for one in periods]
    elif len(periods) < 2:
        for items in lists_of(plain(phrase.words)):
            if 1 < len(items) <= _MOST:
                yield [Phrase(tuple(one), tuple(one), phrase.spans) for one in items]


def _each(parts: Sequence[Phrase], source: Source) -> list[tuple[Worked, Amount]]:
    made = []
    for part in parts:
        one = next((one for one in printed(part, source, part.spans.only)
                    if is_plainly_meant(one, part, source)), None)  # fmt: skip
        amount = amount_of(one, source, as_percent=False) if one else None
        if one is None or amount is None:
            return []
        made.append((one, amount))
    return made if len({(each.unit, each.scale) for _, each in made}) == 1 else []


def _told(asked: Framed, row: Sequence[tuple[Worked, Amount]], pages: Pages) -> Found:
    said = listed([amount.text for _, amount in row])
    text = asked.told(f"{said}, respectively")
    found = [one for worked, _ in row for one in worked.worth.found]
    places = (pages.cell(cell, line) for cell, line in found)
    verdict = judge(text, pages.whole).verdict
    return Found(
        said, text, verdict, unit=row[0][1].unit, scale=row[0][1].scale,
        parts=tuple(_part(one, amount) for one, amount in row),
        places=tuple(one for one in places if one is not None),
    )  # fmt: skip


def _part(one: Worked, amount: Amount) -> str:
    """Of a sentence with its unit, as it stands there; of a table the cell's figure."""
    is_told = any(isinstance(cell, Told) for cell, _ in one.worth.found)
    return amount.text if is_told else amount.bare
