"""What documents say of a topic, in their own sentences, each cited at its span."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from queries.quick.held import Held
from queries.quick.spoken import Found, unsaid
from queries.understanding.values import Meant, Year
from queries.values import Citation, Claim
from summaries.marking.library import source_of
from summaries.models import Document
from summaries.search import Passage, Query, search
from summaries.statements import day
from summaries.verification.documents.judging import judge
from summaries.verification.documents.sources import source_of as as_source
from summaries.verification.documents.words import stem, words_of
from summaries.verification.sentences import sentences
from summaries.verification.verdicts import Verdict

PASSAGES, QUOTES, A_PASSAGE, CLOSE = 12, 4, 2, 2
# The share of the topic's words that must be said for it to be an answer.
COVERED = 0.6
SHORTEST, LONGEST = 30, 700  # characters of a sentence that is quoted
_KINDS = {
    "filing": (Document.Kind.FILING, Document.Kind.EXHIBIT),
    "research": (Document.Kind.RESEARCH,),
}
_OPENS = re.compile(r"[“\"'(]?[A-Z0-9]")
_ENDS = re.compile(r"[.!?][”\"')]*$")


@dataclass(frozen=True)
class _Quote:
    """A sentence at its span of the document; ``said``: the topic's words that it has, ``share``
    of all of them."""

    passage: Passage
    document: Document
    start: int
    end: int
    text: str
    said: frozenset[str]
    share: float


def quotes(held: Held, meant: Meant, *, saying: re.Pattern[str] | None = None) -> Found:
    """The sentences that say most of the topic, best passages first; only those with what
    ``saying`` matches."""
    wanted = _stems(meant)
    passages = _passages(held, meant, PASSAGES) if wanted else []
    documents = _documents(held, passages)
    asked = [n.number for n in meant.periods if isinstance(n, Year)]
    kept = [one for one in passages if _is_of(documents.get(one.document_id), asked)]
    found = [quote for one in kept for quote in _said(one, documents[one.document_id], wanted)]
    if saying is not None:
        found = [one for one in found if saying.search(one.text)]
    best = max((one.share for one in found), default=0.0)
    chosen = _chosen(found, least=max(best / 2, 0.5))
    told = [(one, claim) for one in chosen if (claim := _claim(one))]
    if _covered(told) >= COVERED * len(wanted) and told:
        return Found(tuple(claim for _, claim in told))
    return _nothing(held, meant, kept, documents)


def _covered(told: Sequence[tuple[_Quote, Claim]]) -> int:
    """How many of the topic's words the sentences say together."""
    return len({word for one, _ in told for word in one.said})


def _stems(meant: Meant) -> frozenset[str]:
    return frozenset(stem(word) for word in meant.topic)


def _passages(held: Held, meant: Meant, k: int) -> list[Passage]:
    kinds = tuple(kind for name in meant.kinds for kind in _KINDS[name])
    query = Query(
        " ".join(meant.topic), stocks=(held.stock,), forms=_forms(meant), as_of=held.at, k=k,
        kinds=kinds or (*_KINDS["filing"], *_KINDS["research"]), reader=held.reader,
    )  # fmt: skip
    found = search(query)
    if not found and query.forms:
        found = search(Query(
            query.text, stocks=query.stocks, kinds=query.kinds, as_of=held.at, k=k,
            reader=held.reader,
        ))  # fmt: skip
    return [one for one in found if not one.is_table]


def _forms(meant: Meant) -> tuple[str, ...]:
    """A form with its amendment; research has none."""
    if "research" in meant.kinds:
        return ()
    return tuple(form for one in meant.forms for form in (one, f"{one}/A"))


def _documents(held: Held, passages: Iterable[Passage]) -> dict[int, Document]:
    ids = {one.document_id for one in passages}
    rows = Document.objects.readable_by(held.reader).filter(pk__in=ids)
    rows = rows.select_related("filing", "note").defer("text")
    return rows.defer("text", "note__synopsis", "note__disclosures").in_bulk()


def _is_of(document: Document | None, years: Sequence[int]) -> bool:
    """Whether it is readable, and reports on one of the years where any are named."""
    if document is None or not years:
        return document is not None
    if document.filing is None:
        return document.public_at.year in years
    return document.filing.fiscal_year in years or document.filing.period_end.year in years


def _said(passage: Passage, document: Document, wanted: frozenset[str]) -> Iterator[_Quote]:
    for start, end in sentences(passage.quote):
        text = passage.quote[start:end]
        held = {word.stem for word in words_of(text)} & wanted
        if held and _is_whole(text):
            at = passage.start + start
            yield _Quote(
                passage, document, at, at + len(text), " ".join(text.split()),
                frozenset(held), len(held) / len(wanted),
            )  # fmt: skip


def _is_whole(text: str) -> bool:
    is_sentence = _OPENS.match(text) is not None and _ENDS.search(text) is not None
    return is_sentence and SHORTEST <= len(text) <= LONGEST


def _chosen(found: Sequence[_Quote], *, least: float) -> list[_Quote]:
    """Those that say most, a few a passage, no sentence twice; in the order of the search."""
    kept: list[_Quote] = []
    taken: dict[int, int] = {}
    for one in sorted(found, key=lambda quote: -quote.share):
        chunk = one.passage.chunk_id
        is_new = all(one.text != other.text for other in kept)
        if one.share >= least and is_new and taken.get(chunk, 0) < A_PASSAGE:
            kept.append(one)
            taken[chunk] = taken.get(chunk, 0) + 1
    order = {id(one): place for place, one in enumerate(found)}
    return sorted(kept[:QUOTES], key=lambda quote: order[id(quote)])


def _claim(one: _Quote) -> Claim | None:
    """The quote under its source's name, if the source does say it so."""
    if judge(one.text, as_source(one.passage.quote)).verdict is not Verdict.SUPPORTED:
        return None
    where = source_of(one.document)
    text = f"{where[:1].upper()}{where[1:]}: “{one.text}”"
    return Claim(text, Verdict.SUPPORTED, (_citation(one, where),))


def _citation(one: _Quote, where: str) -> Citation:
    document = one.document
    page = reverse("summaries:document", args=[document.pk])
    filing = document.filing
    return Citation(
        source="research" if document.kind == Document.Kind.RESEARCH else "filing",
        label=where,
        url=f"{page}?start={one.start}&end={one.end}#quote",
        quote=one.passage.quote[one.start - one.passage.start : one.end - one.passage.start],
        dated=f"period to {day(filing.period_end)}" if filing else "",
        document=document.pk,
        start=one.start,
        end=one.end,
    )


# -- nothing -------------------------------------------------------------------------


def _nothing(
    held: Held, meant: Meant, passages: Sequence[Passage], documents: dict[int, Document]
) -> Found:
    """That the documents don't say it, and the sentences nearest in meaning."""
    topic = " ".join(meant.topic)
    wanted = _stems(meant)
    said = [q for one in passages for q in _said(one, documents[one.document_id], wanted)]
    near = said or [quote for one in passages for quote in _any(one, documents[one.document_id])]
    close = [claim for one in near[: 2 * CLOSE] if (claim := _claim(one))][:CLOSE]
    only = meant.kinds[0] if len(meant.kinds) == 1 else ""
    where = {"filing": "filings", "research": "research"}.get(only, "documents")
    if not topic:
        return unsaid(f"Name a topic to look for in {held.owner} {where}.")
    if not passages:
        return unsaid(f"No readable {where} of {held.name} speak of “{topic}”.")
    return unsaid(
        f"The sources don't say: {held.owner} {where} hold no sentence on “{topic}”.", *close
    )


def _any(passage: Passage, document: Document) -> Iterator[_Quote]:
    """The first whole sentence of a passage."""
    for start, end in sentences(passage.quote):
        text = passage.quote[start:end]
        if _is_whole(text):
            at = passage.start + start
            yield _Quote(
                passage, document, at, at + len(text), " ".join(text.split()), frozenset(), 0.0
            )
            return
