"""Write, verify, and publish or hold the summary of one stock.

All that takes time happens before the transaction; the transaction stores the
summary whole, or not at all, and only if what it rests on still stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max

import llm
from summaries import books, writing
from summaries.actions.drafting import RULES, citations
from summaries.actions.publication import supersede_held, supersede_published
from summaries.actions.rewriting import feedback, is_sent_back
from summaries.actions.states import move, tell
from summaries.authoring import (
    Authored,
    Desk,
    Door,
    KeepAlive,
    Matter,
    NotAuthored,
    author,
    models_write,
    pack_of,
    versions,
)
from summaries.authoring.checking import Checked, Read, check, together
from summaries.benchmark import Benchmark
from summaries.company import Company
from summaries.factbook import FactBook
from summaries.models import (
    AuditEvent,
    BatchItem,
    Citation,
    Claim,
    Finding,
    SectorSnapshot,
    Stock,
    Summary,
)
from summaries.profiles import Profile
from summaries.scales import scale
from summaries.statements import Passage, ensure_documents, passages
from summaries.tiers import Tier
from summaries.verification import Sources

State = Summary.State
log = structlog.get_logger(__name__)


class InputsChanged(Exception):
    """A fact changed while the text was being written: do it again."""


@dataclass(frozen=True)
class Outcome:
    """What became of a stock: ``state`` is the batch item's."""

    state: BatchItem.State
    summary: Summary | None = None
    message: str = ""


Close = Callable[[Outcome], None]
Writer = Callable[[Company, FactBook, Benchmark | None, Profile], writing.Draft]


@dataclass(frozen=True)
class Inputs:
    """All that a summary rests on, as it stood at one moment, and who would write it."""

    stock: Stock
    snapshot: SectorSnapshot | None
    by_models: bool
    hash: str

    @classmethod
    def of(cls, stock: Stock, *, by_models: bool) -> Inputs:
        snapshot = books.current_snapshot(stock.sector)
        version = f"{writing.VERSION} {RULES}" + (f" models {versions()}" if by_models else "")
        return cls(stock, snapshot, by_models, books.inputs_hash(stock, snapshot, version=version))

    def sources(self, book: FactBook, benchmark: Benchmark | None) -> Sources:
        return Sources(books.company(self.stock), book, benchmark, books.other_names())


@dataclass(frozen=True)
class Written:
    """A text as it was checked. ``writer``: a model's id, or extractive; ``detail``: how a model
    came to it, for the audit trail."""

    checked: Checked
    data_through: date
    filed: date | None
    writer: str = writing.WRITER
    detail: dict[str, Any] = field(default_factory=dict)


def summarise(
    *,
    stock: Stock,
    writer: Writer | None = None,
    close: Close = lambda outcome: None,
    ask: Door | None = None,
    run: str = "",
    keep_alive: KeepAlive = lambda seconds: None,
) -> Outcome:
    """Summarise a stock unless its text already rests on what the database holds now.

    ``writer``: None for the models where they are set up, and the extractive writer where none
    answers. ``ask``: the door to the models, ``llm.write`` unless told; ``run``: the batch run,
    for the ledger. ``keep_alive`` is told before each question how many seconds it may take.
    ``close`` is called last in the transaction that stores the outcome; what it raises undoes
    everything. Raises InputsChanged; llm.errors.Waiting where the answer comes with a Message
    Batch: call it again with the same ``ask`` then; costs.errors.OverBudget and Unpriced.
    """
    by_models = writer is None and models_write()
    inputs = Inputs.of(stock, by_models=by_models)
    if known := _known(inputs):
        return _closed(known, close)
    try:
        if by_models:
            return _by_models(inputs, ask or llm.write, run, keep_alive, close)
        return _by_writer(inputs, writer or writing.write, close)
    except writing.NotEnoughFacts as error:
        return _not_enough(inputs, str(error), close)


def _by_writer(inputs: Inputs, writer: Writer, close: Close) -> Outcome:
    written, found = drafted(inputs, writer)
    return _store(inputs, written, found, close)


def drafted(inputs: Inputs, writer: Writer) -> tuple[Written, dict[int, Passage]]:
    """A writer's text, checked, and where its facts stand. Raises NotEnoughFacts."""
    stock = inputs.stock
    book, benchmark = books.fact_book(stock), books.benchmark(inputs.snapshot)
    draft = writer(books.company(stock), book, benchmark, stock.profile)
    if told := feedback(stock, inputs.hash):
        draft = told.without_faults(draft)
    checked = check(draft, inputs.sources(book, benchmark), scale(), _published_text(stock))
    ensure_documents(stock)
    return Written(checked, draft.data_through, draft.filed), passages(stock, checked.fact_ids)


def _published_text(stock: Stock) -> str:
    """What everybody reads of the stock now; what research alone stands behind must leave no trace
    in a text without it."""
    shown = stock.summaries.readable_by(AnonymousUser()).shown().order_by("-version").first()
    return shown.tier_text(Tier.EXPANDED) if shown else ""


def _by_models(inputs: Inputs, ask: Door, run: str, keep_alive: KeepAlive, close: Close) -> Outcome:
    try:
        written, found = authored(inputs, ask, run, keep_alive)
    except NotAuthored as error:
        stock = inputs.stock
        log.warning("authoring.fell_back", stock=stock.ticker, why=error.why, **error.counts)
        return _instead(inputs, close)
    return _store(inputs, written, found, close)


def authored(
    inputs: Inputs, ask: Door, run: str, keep_alive: KeepAlive = lambda seconds: None
) -> tuple[Written, dict[int, Passage]]:
    """The models' text, checked, and where its facts stand.

    Raises NotAuthored, NotEnoughFacts, and what the door raises.
    """
    stock = inputs.stock
    book, benchmark = books.fact_book(stock), books.benchmark(inputs.snapshot)
    pack = pack_of(stock, book, benchmark, inputs.snapshot)
    matter = Matter(stock.ticker, inputs.hash, run, feedback(stock, inputs.hash))
    answer = author(Desk(matter, pack, inputs.sources(book, benchmark), ask, keep_alive))
    log.info("authoring.written", stock=stock.ticker, model=answer.model, **answer.counts)
    written = _authored(answer, book)
    known = {fact: place for fact, place in pack.places.items() if isinstance(place, Passage)}
    others = written.checked.fact_ids - known.keys()
    return written, known | (passages(stock, others) if others else {})


def _instead(inputs: Inputs, close: Close) -> Outcome:
    """The extractive text where no model wrote one, under the inputs that it has of its own: the
    next run asks the models again, and while they don't answer finds this text unchanged."""
    inputs = Inputs.of(inputs.stock, by_models=False)
    if known := _known(inputs):
        return _closed(known, close)
    return _by_writer(inputs, writing.write, close)


def _authored(authored: Authored, book: FactBook) -> Written:
    checked = together(authored.tiers.values(), scale())
    facts = [book.by_id(fact) for fact in checked.fact_ids]
    through = max(fact.period.end for fact in facts)
    newest = [fact.filing for fact in facts if fact.period.end == through]
    filed = max(newest, key=lambda filing: filing.recency).filed
    return Written(checked, through, filed, authored.model, dict(authored.counts))


def _known(inputs: Inputs) -> Outcome | None:
    """The outcome that the same inputs had before, where there is nothing new to decide."""
    stock = inputs.stock
    if stock.coverage == Stock.Coverage.NOT_ENOUGH and stock.coverage_inputs == inputs.hash:
        return Outcome(BatchItem.State.NOT_ENOUGH, None, stock.coverage_reason)
    same = stock.summaries.filter(inputs_hash=inputs.hash).order_by("-version").first()
    match same.state if same else None:
        case State.PUBLISHED:
            return Outcome(BatchItem.State.UNCHANGED, same)
        case State.HELD if same:
            return Outcome(BatchItem.State.HELD, same, same.state_reason)
        case State.REJECTED if same and is_sent_back(same):
            return None
        case State.REJECTED | State.WITHDRAWN if same:
            return Outcome(
                BatchItem.State.UNCHANGED, same, f"Not written again: this text was {same.state}."
            )
    return None


@transaction.atomic
def _closed(outcome: Outcome, close: Close) -> Outcome:
    close(outcome)
    return outcome


@transaction.atomic
def _not_enough(inputs: Inputs, reason: str, close: Close) -> Outcome:
    """Nothing is written of a stock without the facts for it; an earlier summary stays."""
    stock = _lock(inputs)
    before = stock.coverage
    _cover(stock, Stock.Coverage.NOT_ENOUGH, reason[:300], inputs.hash)
    AuditEvent.objects.create(
        action="find too few facts",
        subject_type="stock",
        subject_id=str(stock.pk),
        from_state=before,
        to_state=stock.coverage,
        detail={"stock": stock.ticker, "reason": reason},
    )
    return _closed(Outcome(BatchItem.State.NOT_ENOUGH, None, reason[:300]), close)


@transaction.atomic
def _store(
    inputs: Inputs,
    written: Written,
    found: dict[int, Passage],
    close: Close,
) -> Outcome:
    stock, checked = _lock(inputs), written.checked
    summary = Summary.objects.create(
        stock=stock,
        version=(stock.summaries.aggregate(last=Max("version"))["last"] or 0) + 1,
        writer=written.writer[:40],
        inputs_hash=inputs.hash,
        data_through=written.data_through,
        filed=written.filed,
        risk=checked.risk,
    )
    _store_claims(summary, checked, found, inputs.snapshot)
    _tell_authored(summary, written)
    supersede_held(summary=summary)
    if checked.problems:
        move(summary=summary, to=State.HELD, reason=_reason(checked.problems))
    else:
        supersede_published(summary=summary)
        move(summary=summary, to=State.PUBLISHED)
    _cover(stock, Stock.Coverage.ENOUGH, "", inputs.hash)
    state = BatchItem.State.HELD if checked.problems else BatchItem.State.PUBLISHED
    return _closed(Outcome(state, summary, summary.state_reason), close)


def _tell_authored(summary: Summary, written: Written) -> None:
    """How many of a model's claims stood, in the audit trail."""
    if written.detail:
        told = {"model": written.writer, "prompts": versions(), **written.detail}
        tell("write", summary, detail=told, from_state="")


def _lock(inputs: Inputs) -> Stock:
    """The stock's row, locked; raises InputsChanged where the text rests on what no longer stands."""
    stock = Stock.objects.select_for_update(no_key=True).get(pk=inputs.stock.pk)
    if Inputs.of(stock, by_models=inputs.by_models).hash != inputs.hash:
        raise InputsChanged(f"The facts of {stock} changed while its summary was written.")
    return stock


def _reason(problems: tuple[str, ...]) -> str:
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return problems[0][: 300 - len(more)] + more


def _cover(stock: Stock, coverage: Stock.Coverage, reason: str, inputs_hash: str) -> None:
    stock.coverage, stock.coverage_reason, stock.coverage_inputs = coverage, reason, inputs_hash
    stock.save(update_fields=["coverage", "coverage_reason", "coverage_inputs"])


def _store_claims(
    summary: Summary,
    checked: Checked,
    found: dict[int, Passage],
    snapshot: SectorSnapshot | None,
) -> None:
    claims = Claim.objects.bulk_create(
        Claim(
            summary=summary,
            tier=read.tier.value,
            position=read.position,
            text=read.sentence.text,
            verdict=read.verdict.value,
        )
        for read in checked.sentences
    )
    pairs = list(zip(claims, checked.sentences, strict=True))
    Citation.objects.bulk_create(
        row for claim, read in pairs for row in _citation_rows(claim, read, found, snapshot)
    )
    Finding.objects.bulk_create(
        Finding(claim=claim, code=one.code, reason=one.reason, start=one.start, end=one.end)
        for claim, read in pairs
        for one in read.findings
    )


def _citation_rows(
    claim: Claim, read: Read, found: dict[int, Passage], snapshot: SectorSnapshot | None
) -> list[Citation]:
    return [
        Citation(
            claim=claim,
            position=position,
            document_id=one.passage.document_id,
            fact_id=one.fact_id,
            start=one.passage.start,
            end=one.passage.end,
            quote=one.passage.quote,
            claim_start=one.claim_start,
            claim_end=one.claim_end,
            formula=one.formula,
        )
        for position, one in enumerate(citations(read, found, snapshot))
    ]
