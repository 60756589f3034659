from __future__ import annotations

from collections.abc import Iterator

from summaries.authoring.evidence import Pack, Source
from summaries.authoring.packing import packed
from summaries.benchmarking import median_line
from summaries.statements import Passage
from summaries.verification import Verdict, verify
from summaries.writing import NotEnoughFacts
from summaries.writing.extractive import main_view
from tests.authoring import acme
from tests.summaries.bundled import Bundled, benchmark_of, companies, sources

ACME = """\
Company: Acme Tools, Inc. (ACMT). Call it Acme Tools or the company.
Main period: the fiscal year ended 31 December 2025, called 2025.
Reports in USD.

## Reported for 2025 (the fiscal year ended 31 December 2025), and for 2024
[F1] revenue, 2025: $8.4bn | 8,400,000,000 USD
[F2] revenue, 2024: $8.0bn | 8,000,000,000 USD
[F3] gross profit, 2025: $3.3bn | 3,318,000,000 USD
[F4] gross profit, 2024: $3.2bn | 3,200,000,000 USD
"""


def bundled() -> Iterator[tuple[Bundled, Pack]]:
    """Each bundled company with its pack; a fact's line is what we make of it here."""
    for one in companies():
        try:
            view = main_view(one.company, one.book, benchmark_of(one.sector), one.profile)
        except NotEnoughFacts:
            continue

        def places(fact_ids: set[int], one: Bundled = one) -> dict[int, Passage]:
            lines = {fact: f"A fact [x:Y], then: {one.book.by_id(fact).value}" for fact in fact_ids}
            return {fact: Passage(1, 0, len(line), line) for fact, line in lines.items()}

        def sector_place(measure: str, one: Bundled = one) -> Passage:
            taken = benchmark_of(one.sector)
            line = (median_line(taken, measure) if taken else None) or ""
            return Passage(2, 0, len(line), line)

        yield one, packed(view, places=places, sector_place=sector_place)


def test_pack_says_who_when_and_what_with_ids_in_order() -> None:
    text = acme.pack().text
    assert text.startswith(ACME)
    for line in (
        "change of revenue, 2025: up 5.0% | $8.4bn / $8.0bn - 1",
        "operating margin, 2025: 15.0%; 2024: 14.0%, up 1.0 percentage point | $1.3bn / $8.4bn",
        "free cash flow, 2025: $800m | $1.2bn - $400m",
        "current assets over current liabilities, at the end of 2025: 1.50 times",
        "revenue, 2025: $8.4bn, the highest in the five fiscal years on record here",
        "operating margin, 2025: 15.0%, above its five-year average of 13.4%",
        "compound change of revenue since 2021: grown 7.0% a year",
        "operating margin, 2025: 15.0%, above the 11.0% median of the four industrial companies",
    ):
        assert line in text


def test_what_may_be_quoted_of_a_fact_is_part_of_its_line() -> None:
    sources_of_facts = [one for one in acme.pack().sources.values() if one.fact_id is not None]
    assert len(sources_of_facts) == len(acme.BOOK)
    for one in sources_of_facts:
        assert one.place is not None
        assert one.place.quote.endswith(one.text)
        assert f": {one.text}" in acme.fact_line(one.fact_id or 0)


def test_same_facts_make_the_same_pack() -> None:
    first, second = acme.pack(), acme.pack()
    assert (first.text, first.hash) == (second.text, second.hash)


def test_what_only_a_derived_figure_rests_on_is_citable_and_not_shown() -> None:
    pack = acme.pack()
    assert pack.hidden == ()
    for one, held in bundled():
        for source in held.hidden:
            assert f"[{source.id}]" not in held.text, one.company.ticker
        for source in held.sources.values():
            assert all(part in held.sources for part in source.parts)


def sentence(source: Source) -> str:
    """A fact's line as the plainest sentence."""
    measure, _, figure = source.says.partition(": ")
    name, _, when = measure.rpartition(", ")
    at = when if when.startswith("at ") else f"in {when}"
    return f"{name[:1].upper()}{name[1:]} was {figure} {at}."


def test_every_fact_is_told_in_words_that_the_verifier_proves() -> None:
    refused = []
    told = 0
    for one, pack in bundled():
        shown = [s for group in pack.groups.values() for s in group if s.id.startswith("F")]
        for source in shown:
            told += 1
            (check,) = verify(sentence(source), sources(one))
            if check.verdict is not Verdict.SUPPORTED:
                refused.append((one.company.ticker, sentence(source), check.findings))
    assert refused == []
    assert told > 2500


def test_packs_are_small() -> None:
    lengths = sorted(len(pack.text) for _, pack in bundled())
    assert lengths[len(lengths) // 2] < 14_000
    assert lengths[-1] < 25_000
