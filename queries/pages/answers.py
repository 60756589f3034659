"""An answer as it is read: its sentences with numbered sources, what is close, how to go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth.models import User

from queries.actions.stopping import AGAIN
from queries.eventlog.codec import Unreadable, answer_of
from queries.models import Conversation, Feedback, Query
from queries.pages import opinions, places
from queries.pages.charts import Drawn, charts
from queries.pages.opinions import SILENT, Opinion
from queries.values import Answer, Citation, Claim, Kind
from summaries.verification.verdicts import Verdict

SEE_COSTS = "costs.view_usagerecord"
_UNSAID = re.compile(r"The sources don['’]t say\.?")  # the page says it by itself


@dataclass(frozen=True)
class Source:
    number: int
    citation: Citation

    @property
    def beside(self) -> str:
        return places.beside(self.citation.url)


@dataclass(frozen=True)
class Sentence:
    claim: Claim
    sources: tuple[Source, ...]

    @property
    def is_contradicted(self) -> bool:
        return self.claim.verdict is Verdict.CONTRADICTED

    @property
    def is_questioned(self) -> bool:
        """Not proven, and more than a remark of ours, such as what isn't held."""
        is_remark = self.claim.verdict is Verdict.NOT_CHECKABLE and not self.claim.citations
        return self.claim.verdict is not Verdict.SUPPORTED and not is_remark


@dataclass(frozen=True)
class Shown:
    """A query with what is to be read of it. ``copied``: text with sources, for the clipboard."""

    query: Query
    sentences: tuple[Sentence, ...] = ()
    close: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    charts: tuple[Drawn, ...] = ()
    suggestions: tuple[str, ...] = ()
    kind: str = ""
    copied: str = ""
    opinion: Opinion = SILENT
    is_own: bool = False
    sees_cost: bool = False

    @property
    def stream_url(self) -> str:
        return f"{settings.STREAM_URL}/stream/queries/{self.query.pk}/"

    @property
    def is_unsaid(self) -> bool:
        return self.kind == Kind.UNSAID

    @property
    def is_of_another_version(self) -> bool:
        return not self.query.is_open and self.query.answer is not None and not self.kind

    @property
    def next(self) -> list[tuple[str, UUID]]:
        """What to ask next, each with its key: pressed twice, it is asked once."""
        return [(one, uuid5(self.query.pk, one)) for one in self.suggestions]

    @property
    def may_ask_again(self) -> bool:
        return self.is_own and self.query.code in AGAIN and not self.query.is_open


def shown(
    queries: Iterable[Query], reader: User, typed: Mapping[UUID, Opinion] | None = None
) -> list[Shown]:
    """In their order. The costs are for who may see the ledger. ``typed``: what a reader has just
    said of one, in place of what is kept."""
    rows = list(queries)
    given = {one.query_id: one for one in Feedback.objects.filter(query__in=rows, user=reader)}
    sees_cost = reader.has_perm(SEE_COSTS)
    said = {one.pk: opinions.kept(given.get(one.pk)) for one in rows} | dict(typed or {})
    return [_shown(one, said[one.pk], reader, sees_cost=sees_cost) for one in rows]


def _shown(query: Query, opinion: Opinion, reader: User, *, sees_cost: bool) -> Shown:
    bare = Shown(query, opinion=opinion, is_own=query.user_id == reader.pk, sees_cost=sees_cost)
    answer = _answer(query)
    if answer is None:
        return bare
    numbered = _numbered(answer)
    is_unsaid = answer.kind is Kind.UNSAID
    told = [one for one in answer.claims if not (is_unsaid and _UNSAID.fullmatch(one.text))]
    sentences = tuple(_sentence(one, numbered) for one in told)
    sources = tuple(numbered.values())
    return replace(
        bare, sentences=sentences, close=tuple(_sentence(one, numbered) for one in answer.close),
        sources=sources, charts=charts(answer.charts), suggestions=answer.suggestions,
        kind=answer.kind.value, copied=copied(query.question, sentences, sources),
    )  # fmt: skip


def _answer(query: Query) -> Answer | None:
    if query.answer is None or query.is_open:
        return None
    try:
        return answer_of(query.answer)
    except Unreadable:  # of a version that isn't read any more
        return None


def _numbered(answer: Answer) -> dict[tuple[object, ...], Source]:
    """Its sources in the order they are first cited, each once."""
    found: dict[tuple[object, ...], Source] = {}
    for claim in (*answer.claims, *answer.close):
        for one in claim.citations:
            found.setdefault(_key(one), Source(len(found) + 1, one))
    return found


def _key(citation: Citation) -> tuple[object, ...]:
    return (
        citation.source, citation.url, citation.document, citation.start, citation.end,
        citation.fact, citation.quote,
    )  # fmt: skip


def _sentence(claim: Claim, numbered: dict[tuple[object, ...], Source]) -> Sentence:
    sources = dict.fromkeys(numbered[_key(one)] for one in claim.citations)
    return Sentence(claim, tuple(sources))


def copied(question: str, sentences: Sequence[Sentence], sources: Sequence[Source]) -> str:
    """Plain text: what holds, with its sources below. What the sources contradict is left out."""
    said = [one for one in sentences if not one.is_contradicted]
    return "\n".join(_copied(question, said, sources))


def _copied(
    question: str, sentences: Sequence[Sentence], sources: Sequence[Source]
) -> Iterator[str]:
    yield " ".join(question.split())
    yield ""
    for one in sentences:
        marks = "".join(f"[{source.number}]" for source in one.sources)
        unsure = "" if not one.is_questioned else " (not verified)"
        yield f"{one.claim.text}{f' {marks}' if marks else ''}{unsure}"
    cited = {source.number for one in sentences for source in one.sources}
    if cited:
        yield ""
    for source in sources:
        if source.number in cited:
            told = source.citation
            yield f"[{source.number}] {', '.join(filter(None, (told.label, told.dated)))}"


def recent(reader: User, most: int = 30) -> list[Conversation]:
    """One's own, the newest first, and those shared with one's teams."""
    return list(Conversation.objects.visible_to(reader).select_related("owner")[:most])
