from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.authoring.evidence import Pack, Source
from summaries.authoring.quoting import NotQuoted, Quoted, quoted, span_of
from summaries.statements import Passage
from tests.authoring import acme

PASSAGE = (
    "Sales rose in all regions.\n\nWe opened 14 stores,  against 9 the year before; a loss of "
    "(3.5)% in Europe was -1,250 in all."
)
PACK = Pack(
    "Acme",
    {
        "": (
            Source("F1", "revenue, 2025: $8.4bn", "8,400,000,000 USD",
                   Passage(7, 100, 136, "Revenue [x:Revenues]: 8,400,000,000 USD"), fact_id=41),
            Source("P1", "10-K, Item 7", PASSAGE, Passage(9, 50, 50 + len(PASSAGE), PASSAGE)),
        )
    },
)  # fmt: skip


def one(source: str, quote: str) -> Quoted:
    (found,) = quoted(PACK, source, quote)
    return found


def test_quote_of_a_fact_is_the_span_of_its_document() -> None:
    quote = "8,400,000,000 USD"
    digest = hashlib.sha256(quote.encode()).hexdigest()
    start = 100 + len("Revenue [x:Revenues]: ")
    assert one("F1", quote) == Quoted("F1", 7, start, start + len(quote), quote, digest, fact_id=41)
    assert one("[F1]", "8,400,000,000").end == start + len("8,400,000,000")


def test_only_runs_of_whitespace_may_differ_and_the_true_span_is_cited() -> None:
    found = one("P1", "regions. We opened 14 stores, against 9")
    assert found.quote == "regions.\n\nWe opened 14 stores,  against 9"
    assert PASSAGE[found.start - 50 : found.end - 50] == found.quote


@pytest.mark.parametrize(
    ("source", "quote", "why"),
    [
        ("F1", "8,400,000,001 USD", "character by character"),
        ("F1", "8.400.000.000 USD", "character by character"),
        ("P1", "sales rose in all regions", "character by character"),  # another case
        ("P1", "We opened fourteen stores", "character by character"),
        ("P1", "Sales rose … We opened", "character by character"),  # left out in the middle
        ("F1", "Sales rose in all regions.", "character by character"),  # in another source
        ("F1", "400,000,000 USD", "within a word or a number"),
        ("F1", "8,400,000", "within a word or a number"),
        ("P1", "1,250 in all", "within a word or a number"),  # its sign is left out
        ("P1", "ales rose in", "within a word or a number"),
        ("F2", "8,400,000,000 USD", "no source of that id"),
        ("F1", "USD", "fewer than"),
        ("F1", "", "fewer than"),
    ],
)
def test_what_is_not_in_the_source_is_no_citation(source: str, quote: str, why: str) -> None:
    with pytest.raises(NotQuoted, match=why):
        quoted(PACK, source, quote)


def test_no_message_repeats_what_was_quoted() -> None:
    for quote in ("a secret of a client", "400,000,000 USD", "x"):
        with pytest.raises(NotQuoted) as caught:
            quoted(PACK, "F1", quote)
        assert quote not in str(caught.value).split()


def test_derived_figure_cites_the_lines_of_its_facts() -> None:
    pack = acme.pack()
    line = next(one for one in pack.sources.values() if one.says.startswith("operating margin, "))
    found = quoted(pack, line.id, line.text)
    facts = {acme.BOOK.by_id(one.fact_id or 0).concept for one in found}
    assert facts == {"us-gaap:OperatingIncomeLoss", "us-gaap:Revenues"}
    for each in found:
        text = acme.fact_line(each.fact_id or 0)
        begin = 1000 * (each.fact_id or 0)
        assert text[each.start - begin : each.end - begin] == each.quote


def test_sector_line_cites_the_snapshot_and_the_companys_own_facts() -> None:
    pack = acme.pack()
    line = next(one for one in pack.sources.values() if one.is_sector)
    median, *own = quoted(pack, line.id, "Median operating_margin of 4 companies: 11.00%")
    assert (median.document_id, median.start, median.is_sector) == (2, 500, True)
    assert {each.document_id for each in own} == {1}


@given(st.data())
def test_any_whole_words_of_a_source_are_found_where_they_stand(data: st.DataObject) -> None:
    words = PASSAGE.split()
    first = data.draw(st.integers(0, len(words) - 2))
    last = data.draw(st.integers(first + 2, len(words)))
    blanks = data.draw(st.sampled_from([" ", "  ", "\n", "\t \n"]))
    start, end = span_of(blanks.join(words[first:last]), PASSAGE)
    assert PASSAGE[start:end].split() == words[first:last]


@given(st.text(max_size=40))
def test_nothing_else_is_ever_cited(quote: str) -> None:
    try:
        start, end = span_of(quote, PASSAGE)
    except NotQuoted:
        return
    assert PASSAGE[start:end].split() == quote.split()
