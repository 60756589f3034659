"""The cases of a suite through the product: the writer, the verifier and the citing that a batch
uses, on the database as it stands.

Nothing is published, held or withdrawn, and no summary is stored. The statements' documents,
which follow from the facts alone, are rendered where they are not yet.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from django.db import Error as DatabaseError

import llm
from costs.errors import CostError
from llm.errors import DoorError
from summaries import books, writing
from summaries.actions.drafting import Read, citations
from summaries.actions.summarising import Inputs, Writer, Written, authored, drafted
from summaries.authoring import Door, NotAuthored
from summaries.evaluation.cases import Case, Figure, Suite
from summaries.evaluation.disclosures import disclosure
from summaries.evaluation.outputs import Line, Output, Quote
from summaries.factbook import Fact, FactBook
from summaries.models import Document, SectorSnapshot, Stock
from summaries.statements import Passage
from summaries.verification import ClaimCheck, Proof, Sources, Verdict, verify

# Why models wrote nothing though nobody can blame them: they could not be asked.
_NOT_ASKED = {"no_model", "no_answer"}


class NotLoaded(Exception):
    """The database lacks companies of the suite, or their facts; the message names them."""


@dataclass(frozen=True)
class Text:
    """A summary as a batch would store it."""

    written: Written
    found: dict[int, Passage]
    snapshot: SectorSnapshot | None


Write = Callable[[Stock], Text]


def by_writer(writer: Writer = writing.write) -> Write:
    """Text of a writer that asks no model."""

    def write(stock: Stock) -> Text:
        inputs = _inputs(stock, by_models=False)
        return Text(*drafted(inputs, writer), inputs.snapshot)

    return write


def by_models(run: str, ask: Door | None = None) -> Write:
    """Text of the models, asked anew. ``run``: for the ledger; ``ask``: llm.write unless told."""

    def write(stock: Stock) -> Text:
        inputs = _inputs(stock, by_models=True)
        return Text(*authored(inputs, ask or llm.write, run), inputs.snapshot)

    return write


def _inputs(stock: Stock, *, by_models: bool) -> Inputs:
    """Under a hash of its own: no answer that was kept for a published text is taken for a new
    one, nor what a reviewer said of it."""
    return replace(Inputs.of(stock, by_models=by_models), hash=f"evaluation {uuid4().hex}")


def outputs(suite: Suite, write: Write) -> Iterator[tuple[Case, Output]]:
    """Company by company. Raises NotLoaded before the first."""
    by_ticker: dict[str, list[Case]] = defaultdict(list)
    for case in suite.cases:
        by_ticker[case.ticker].append(case)
    stocks = _stocks(suite)
    for ticker, cases in sorted(by_ticker.items()):
        stock = stocks[ticker]
        for case in (one for one in cases if one.kind.is_written):
            yield case, _tried(partial(_summary, stock, write))
        claims = [one for one in cases if not one.kind.is_written]
        yield from _claims(stock, claims)


def _stocks(suite: Suite) -> dict[str, Stock]:
    held = Stock.objects.covered().filter(ticker__in=suite.tickers)
    stocks = {stock.ticker: stock for stock in held}
    if missing := [ticker for ticker in suite.tickers if ticker not in stocks]:
        raise NotLoaded(
            f"No facts are loaded of {', '.join(missing[:6])}"
            + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
            + ". Run manage.py load_bundle first."
        )
    return stocks


def _tried(make: Callable[[], Output]) -> Output:
    """The output, with the time it took. What can't be asked is an error of no text's making;
    whatever else goes wrong is the product's fault."""
    started = time.perf_counter()
    try:
        output = make()
    except writing.NotEnoughFacts as error:
        output = Output(refused=str(error), disclosure=disclosure())
    except NotAuthored as error:
        told = f"the models wrote nothing: {error.why}"
        output = Output(error=told) if error.why in _NOT_ASKED else Output(refused=told)
    except (DoorError, CostError) as error:
        output = Output(error=f"the models could not be asked: {type(error).__name__}")
    except DatabaseError:
        raise
    except Exception as error:  # whatever the product trips over is its failure, and is scored
        output = Output(crashed=type(error).__name__)
    took = time.perf_counter() - started
    return output if output.seconds is not None else replace(output, seconds=took)


def _summary(stock: Stock, write: Write) -> Output:
    started = time.perf_counter()
    text = write(stock)
    took = time.perf_counter() - started
    book = books.fact_book(stock)
    lines = tuple(_line(read, text, book) for read in text.written.checked.sentences)
    documents = {quote.document for line in lines for quote in line.quotes}
    return Output(
        lines=lines,
        seconds=took,
        writer=text.written.writer,
        is_publishable=not text.written.checked.problems,
        disclosure=disclosure(),
        documents=dict(Document.objects.filter(pk__in=documents).values_list("pk", "text")),
    )


def _line(read: Read, text: Text, book: FactBook) -> Line:
    cited = citations(read, text.found, text.snapshot)
    quotes = tuple(_quote(one.passage, one.fact_id, book) for one in cited)
    stated, used = _figures(read.proofs, book)
    codes = tuple(finding.code for finding in read.findings)
    return Line(read.sentence.text, read.verdict, stated, used, quotes, codes, read.tier)


def _quote(passage: Passage, fact_id: int | None, book: FactBook) -> Quote:
    figure = None if fact_id is None else figure_of(book.by_id(fact_id))
    return Quote(passage.document_id, passage.start, passage.end, passage.quote, figure)


def _claims(stock: Stock, cases: list[Case]) -> Iterator[tuple[Case, Output]]:
    """Claims are read with the company's facts at hand, as they are where a text is checked."""
    if not cases:
        return
    inputs = Inputs.of(stock, by_models=False)
    sources = inputs.sources(books.fact_book(stock), books.benchmark(inputs.snapshot))

    for case in cases:
        yield case, _tried(partial(_claim, case.claim, sources))


def _claim(claim: str, sources: Sources) -> Output:
    return Output(lines=tuple(_read(one, sources.book) for one in verify(claim, sources)))


def _read(check: ClaimCheck, book: FactBook) -> Line:
    stated, used = _figures(check.proofs, book)
    codes = tuple(finding.code for finding in check.findings)
    return Line(check.text, check.verdict, stated, used, codes=codes)


def _figures(
    proofs: tuple[Proof, ...], book: FactBook
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """What the proofs prove by one fact alone, and all that they rest on."""
    sound = [proof for proof in proofs if proof.verdict is Verdict.SUPPORTED]
    used = dict.fromkeys(figure_of(book.by_id(fact)) for one in sound for fact in one.fact_ids)
    stated = [one.fact_ids[0] for one in sound if len(one.fact_ids) == 1]
    return tuple(figure_of(book.by_id(fact)) for fact in stated), tuple(used)


def figure_of(fact: Fact) -> Figure:
    return Figure(fact.concept, fact.period.start, fact.period.end, fact.value, fact.unit)
