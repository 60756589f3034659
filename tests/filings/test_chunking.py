"""Chunks hold all of the text, once, in pieces that an embedder can read whole."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.chunking import Chunk, chunks, load
from summaries.filings import Cell, Section, Table, read
from tests.filings.corpus import filings, html, needs_corpus

SENTENCE = "The company sold more of its products in the quarter than ever before. "


def check(
    text: str, found: tuple[Chunk, ...], sections: tuple[Section, ...] = (), most: int = 150
) -> None:
    at = 0
    for chunk in found:
        printed = text[chunk.start : chunk.end]
        assert chunk.start >= at
        assert not text[at : chunk.start].strip()
        assert printed == printed.strip()
        assert printed
        assert len(chunk.heading) <= 200
        assert load(printed) <= most + 0.01 or len(printed.split()) == 1
        for section in sections:
            inside = section.start <= chunk.start < section.end
            assert not inside or (chunk.end <= section.end and chunk.item == section.item)
        at = chunk.end
    assert not text[at:].strip()


def texts(text: str, found: tuple[Chunk, ...]) -> list[str]:
    return [text[chunk.start : chunk.end] for chunk in found]


def test_short_text_is_one_chunk() -> None:
    assert chunks(" One line.\nAnother. ") == (Chunk(1, 19, "", "", False),)
    assert chunks("") == chunks(" \n ") == ()


def test_breaks_at_paragraphs_then_at_sentences() -> None:
    paragraph = (SENTENCE * 6).strip()
    text = "\n".join([paragraph] * 4)
    found = chunks(text)
    check(text, found)
    assert [one.count(paragraph) for one in texts(text, found)] == [2, 2]
    long = (SENTENCE * 40).strip()
    found = chunks(long)
    check(long, found)
    assert all(one.endswith(".") for one in texts(long, found))
    assert len(found) > 2


def test_heading_goes_with_what_follows_and_is_context_for_the_rest() -> None:
    text = (SENTENCE * 7).strip() + "\nLiquidity\n" + (SENTENCE * 20).strip()
    found = chunks(text, (Section("7", "MD&A", "Item 7. MD&A", 0, len(text)),))
    check(text, found)
    assert texts(text, found)[1].startswith("Liquidity\n")
    assert [chunk.heading for chunk in found] == ["MD&A", "MD&A", "MD&A › Liquidity"]
    assert {chunk.item for chunk in found} == {"7"}


def test_chunks_never_cross_a_section() -> None:
    text = "Item 3. Legal\nNone.\nItem 4. Mines\nNot applicable."
    sections = (Section("3", "Legal", "", 0, 20), Section("4", "Mines", "", 20, len(text)))
    found = chunks(text, sections)
    assert texts(text, found) == ["Item 3. Legal\nNone.", "Item 4. Mines\nNot applicable."]
    check(text, found, sections)


def table_of(rows: int) -> str:
    body = "".join(
        f"<tr><td>Region number {n}</td><td>$</td><td>{n},391,035</td><td>{n},383,285</td></tr>"
        for n in range(1, rows)
    )
    return f"<table><tr><td>Segment</td><td></td><td>2024</td><td>2023</td></tr>{body}</table>"


def test_table_stays_together_where_it_fits() -> None:
    reading = read(html(f"<p>{SENTENCE * 9}</p><p>Net sales were:</p>{table_of(6)}<p>{SENTENCE * 9}</p>"), form="")  # fmt: skip
    found = chunks(reading.text, reading.sections, reading.tables)
    check(reading.text, found, reading.sections)
    assert [chunk.is_table for chunk in found] == [False, True, False]
    (table,) = reading.tables
    assert (found[1].start, found[1].end) == (table.start, table.end)
    assert found[1].heading == "Net sales were:"


def test_long_table_is_split_by_rows_that_keep_their_heads() -> None:
    reading = read(html(f"<p>Net sales were:</p>{table_of(60)}"), form="")
    found = chunks(reading.text, reading.sections, reading.tables)
    check(reading.text, found, reading.sections)
    assert len(found) > 3
    assert all(chunk.is_table for chunk in found)
    assert all(chunk.heading == "Net sales were: › Segment | 2024 | 2023" for chunk in found[1:])
    rows = [line for one in texts(reading.text, found) for line in one.split("\n")]
    assert rows == reading.text.split("\n")


def test_few_words_join_a_neighbour() -> None:
    text = f"Overview\n{(SENTENCE * 8).strip()}\nSee the notes."
    assert len(chunks(text)) == 1


def test_wrapped_text_is_broken_at_empty_lines() -> None:
    paragraph = "\n".join([SENTENCE.strip()] * 5)
    text = "\n\n".join([paragraph] * 5)
    found = chunks(text)
    check(text, found)
    assert len(found) > 1
    assert {part for one in texts(text, found) for part in one.split("\n\n")} == {paragraph}


def test_numbers_count_for_more_than_words() -> None:
    assert load("391,035 383,285 394,328") > 2 * load("revenue income assets")


def test_refuses_sizes_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="target_words"):
        chunks("x", target_words=200, most_words=100)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_all_text_is_in_exactly_one_chunk(data: st.DataObject) -> None:
    words = st.sampled_from(
        [
            "sales",
            "Rise.",
            "1,234",
            "\n",
            "\n\n",
            " ",
            "Item",
            "a" * 90,
            "| 5 |",
            "“No.”",
            "\t",
            "U.S.",
        ]
    )
    text = " ".join(data.draw(st.lists(words, max_size=120)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    bounds = [0, *cuts, len(text)]
    sections = tuple(
        Section(str(n), f"Name {n}", "", start, end)
        for n, (start, end) in enumerate(pairwise(bounds))
        if end > start
    )
    spans = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    tables = tuple(
        Table(start, end, ((Cell(start, end, 1, True),),))
        for start, end in zip(spans[::2], spans[1::2], strict=False)
        if end > start
    )
    most = data.draw(st.integers(70, 200))
    found = chunks(text, sections, tables, target_words=most - 20, most_words=most)
    check(text, found, sections, most)


@needs_corpus
def test_chunks_of_real_filings() -> None:
    sizes = []
    for _, form, content in filings(step=15):
        reading = read(content, form=form)
        found = chunks(reading.text, reading.sections, reading.tables)
        check(reading.text, found, reading.sections)
        sizes += [len(reading.text[chunk.start : chunk.end].split()) for chunk in found]
    assert sum(size < 20 for size in sizes) <= 0.03 * len(sizes)
    assert 80 <= sorted(sizes)[len(sizes) // 2] <= 150
