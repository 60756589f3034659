"""What of a source a judge is shown for a claim: the sentences and rows nearest to it. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from summaries.verification.documents.sources import Source
from summaries.verification.documents.words import stems_of

SENTENCES, ROWS = 6, 6
AROUND = 1  # sentences before and after each
LONGEST = 700  # characters of one sentence


def excerpts(claims: Iterable[str], source: Source) -> tuple[str, ...]:
    """Stretches of the source's text and rows of its tables, in the source's order, none twice."""
    wanted = [stems_of(claim) for claim in claims]
    return (*_prose(wanted, source), *_rows(wanted, source))


def _prose(wanted: Sequence[frozenset[str]], source: Source) -> Iterator[str]:
    said = source.sentences
    chosen: set[int] = set()
    for best in _best(wanted, [one.stems for one in said], SENTENCES):
        chosen.update(range(max(best - AROUND, 0), min(best + AROUND + 1, len(said))))
    run: list[int] = []
    for at in sorted(chosen):
        if run and at != run[-1] + 1:
            yield _stretch(run, source)
            run = []
        run.append(at)
    if run:
        yield _stretch(run, source)


def _stretch(run: Sequence[int], source: Source) -> str:
    return " ".join(source.sentences[at].text[:LONGEST] for at in run)


def _rows(wanted: Sequence[frozenset[str]], source: Source) -> Iterator[str]:
    rows = [(table, row) for table in source.tables for row in table.rows]
    chosen = _best(wanted, [stems_of(row.path) for _, row in rows], ROWS)
    for at in sorted(chosen):
        table, row = rows[at]
        heads = {column.at: column.head for column in table.columns}
        cells = "; ".join(
            f"{heads.get(cell.column, '')}: {cell.text}" for cell in row.cells.values()
        )
        yield f"{table.caption} | {row.path} | {cells}"[: 2 * LONGEST]


def _best(
    wanted: Sequence[frozenset[str]], offered: Sequence[frozenset[str]], most: int
) -> set[int]:
    """Of each claim those that share most with it; what few say weighs more."""
    known = Counter(stem for stems in offered for stem in stems)
    found: set[int] = set()
    for stems in wanted:
        weights = {
            stem: math.log(1 + len(offered) / known[stem]) for stem in stems if stem in known
        }
        scores = [
            (sum(weights.get(stem, 0.0) for stem in stems & one), -at)
            for at, one in enumerate(offered)
        ]
        found.update(-at for score, at in sorted(scores, reverse=True)[:most] if score > 0)
    return found
