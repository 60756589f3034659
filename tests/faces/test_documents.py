from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from summaries.models import Document, Filing
from summaries.pages import reading
from tests.faces.selecting import select, words
from tests.factories import (
    filing_html,
    make_fact,
    make_filing,
    make_filing_document,
    make_note,
    make_plan,
    make_stock,
    printed_value,
)

REVENUE = "us-gaap:Revenues"
ITEMS = (
    "<p>Annual report of the company on its business, its risks and its figures</p>"
    "<p><b>Item 1. Business</b></p><p>" + "We make widgets and sell them to those who need some. " * 20 + "</p>"
    "<p><b>Item 1A. Risk Factors</b></p><p>" + "What we depend on may fail us in many ways. " * 20 + "</p>"
    "<p><b>Item 8. Financial Statements and Supplementary Data</b></p>"
    "<p>CONSOLIDATED STATEMENTS OF OPERATIONS</p><p>(In millions)</p>{table}"
    "<p>See the notes, which are a part of these statements and explain them further.</p>"
)  # fmt: skip


def table(*rows: tuple[str, str, str]) -> str:
    """A currency sign and a closing bracket have columns of their own, as filers make them."""

    def cell(words: str) -> str:
        return (
            f"<td>{'$' if words.startswith('$') else ''}</td><td>{words.lstrip('$')}</td><td></td>"
        )

    lines = "".join(
        f"<tr><td>{label}</td>{cell(now)}{cell(before)}</tr>" for label, now, before in rows
    )
    head = '<tr><td></td><td colspan="3">2024</td><td colspan="3">2023</td></tr>'
    return f"<table>{head}{lines}</table>"


STATEMENT = table(
    ("Revenue", "$" + printed_value(REVENUE, "1,234"), "$" + printed_value(REVENUE, "1,000", context="before")),
    ("Cost of revenue", "800", "700"),
    ("Gross profit", "434", "300"),
    ("Other loss", "(21)", "(4)"),
)  # fmt: skip


@pytest.fixture
def filing(db: None) -> Filing:
    accepted = datetime(2025, 2, 14, 11, 1, 26, tzinfo=UTC)
    return make_filing(make_stock(), accepted_at=accepted)


def stored(filing: Filing, body: str = ITEMS.format(table=STATEMENT), **more: str) -> Document:
    return make_filing_document(filing, filing_html(body), **more)


def page(client: Client, path: str) -> html.HtmlElement:
    response = client.get(path)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def test_cited_number_is_marked_in_its_cell(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    start = document.text.index("1,234")
    shown = page(advisor, f"/documents/{document.pk}/?start={start}&end={start + 5}")
    (mark,) = select(shown, "mark")
    assert (mark.text, mark.get("id")) == ("1,234", "quote")
    assert mark.getparent().tag == "td"
    row = mark.getparent().getparent()
    assert [words(cell) for cell in row] == ["Revenue", "$1,234", "$1,000"]
    assert words(select(shown, ".part-head")[0]).startswith("Item 8. Financial")


def test_figures_stand_in_one_column_each(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    shown = page(advisor, f"/documents/{document.pk}/?at={document.text.index('1,234')}")
    (found,) = select(shown, "table.printed")
    widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in found.iter("tr")}
    assert widths == {3}
    assert [words(cell) for cell in select(found, "thead th")] == ["2024", "2023"]
    assert [words(cell) for cell in select(found, "tbody th")] == [
        "Revenue", "Cost of revenue", "Gross profit", "Other loss",
    ]  # fmt: skip


def test_one_section_is_shown_and_the_others_are_linked(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    first = page(advisor, f"/documents/{document.pk}/")
    assert "What we depend on" not in words(select(first, ".prose")[0])
    links = {words(one): one.get("href") for one in select(first, "nav.contents a")}
    risks = next(path for name, path in links.items() if name.startswith("Item 1A"))
    shown = page(advisor, f"/documents/{document.pk}/{risks}")
    assert "What we depend on" in words(select(shown, ".prose")[0])
    assert "We make widgets" not in words(select(shown, ".prose")[0])
    assert words(select(shown, "nav.contents [aria-current]")[0]).startswith("Item 1A")


def test_a_span_over_paragraphs_and_rows_is_marked_in_each(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    start = document.text.index("(In millions)")
    end = document.text.index("800") + 3
    shown = page(advisor, f"/documents/{document.pk}/?start={start}&end={end}")
    marks = select(shown, "mark")
    assert [one.get("id") for one in marks] == ["quote"] + [None] * (len(marks) - 1)
    assert marks[0].text == "(In millions)"
    assert marks[-1].text == "800"


def test_head_says_form_period_acceptance_and_leads_to_the_sec(
    advisor: Client, filing: Filing
) -> None:
    shown = page(advisor, f"/documents/{stored(filing).pk}/")
    said = words(select(shown, ".document-head")[0])
    assert "10-K for the period to 31 Dec 2024, filed 14 Feb 2025" in said
    assert "Accepted by the SEC on 14 Feb 2025, 06:01 New York time" in said
    link = select(shown, ".document-head .as-of a")[0].get("href")
    assert link == "https://www.sec.gov/Archives/edgar/data/1750/main.htm"


def test_an_older_version_leads_to_the_newer(advisor: Client, filing: Filing) -> None:
    old = stored(filing)
    new = stored(filing, ITEMS.format(table=STATEMENT.replace("434", "433")))
    said = select(page(advisor, f"/documents/{old.pk}/"), ".notice")[0]
    assert "A newer version of this document is there." in words(said)
    assert select(said, "a")[0].get("href") == f"/documents/{new.pk}/"
    assert select(page(advisor, f"/documents/{new.pk}/"), ".notice") == []


def test_a_withdrawn_document_says_so(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    Document.objects.filter(pk=document.pk).update(
        withdrawn_at=datetime(2025, 3, 1, 12, tzinfo=UTC), is_current=False
    )
    said = words(select(page(advisor, f"/documents/{document.pk}/"), ".notice-contra")[0])
    assert said.startswith("Withdrawn by its publisher on 1 Mar 2025.")


def test_what_could_not_be_read_is_said(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    Document.objects.filter(pk=document.pk).update(problems=["A number without a context."])
    assert "A number without a context." in words(page(advisor, f"/documents/{document.pk}/"))


def test_a_note_says_who_wrote_it_and_what_it_rates(client: Client, db: None) -> None:
    from tests.factories import make_user

    reader = make_user("anna", "advisor")
    note = make_note(make_stock(), make_plan(reader), disclosures="We may hold it.")
    client.force_login(reader)
    shown = words(page(client, f"/documents/{note.document_id}/"))
    for said in (
        "Research note by Example Securities", "Jane Example, Analyst", "Licensed: Equities",
        "outperform from neutral", "$245.00 from $210.00, +16.7%", "We may hold it.",
    ):  # fmt: skip
        assert said in shown


def test_parts_cover_the_text_without_gap_or_overlap(filing: Filing) -> None:
    long = "<p>" + "A sentence that is neither short nor long stands here. " * 12 + "</p>"
    body = ITEMS.format(table=long * 150 + STATEMENT + long * 150)
    document = stored(filing, body)
    parts = reading.view(document).parts
    assert len(parts) > 5
    assert [parts[0].start, *(one.end for one in parts)] == [
        *(one.start for one in parts), len(document.text),
    ]  # fmt: skip
    tables = document.tables.values_list("start", "end")
    assert not [part for part in parts for low, high in tables if low < part.start < high]
    assert max(part.end - part.start for part in parts) < 2 * reading.PART


def test_all_of_a_part_is_shown(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    for part in reading.view(document).parts:
        shown = page(advisor, f"/documents/{document.pk}/?at={part.start}")
        said = "".join(select(shown, ".document-text")[0].text_content().split())
        for line in document.text[part.start : part.end].splitlines():
            for cell in line.split(" | "):
                assert "".join(cell.split()) in said


@pytest.mark.parametrize("tables", [1, 3])
def test_queries_do_not_grow(advisor: Client, filing: Filing, tables: int) -> None:
    document = stored(filing, ITEMS.format(table=STATEMENT * tables))
    with CaptureQueriesContext(connection) as caught:
        advisor.get(f"/documents/{document.pk}/?at={document.text.index('1,234')}")
    # session, user, two for permissions; document, sections, spans of tables, tables shown
    assert len(caught) == 7


@pytest.mark.parametrize("query", ["?at=99999999", "?at=-1", "?at=x", "?start=9&end=999999999"])
def test_impossible_places_open_some_part(advisor: Client, filing: Filing, query: str) -> None:
    assert not select(page(advisor, f"/documents/{stored(filing).pk}/{query}"), "mark")


# The filing's own row as proof


def test_evidence_shows_the_row_that_prints_the_fact(advisor: Client, filing: Filing) -> None:
    fact = make_fact(filing, 1_234_000_000)
    document = stored(filing)
    shown = page(advisor, f"/facts/{fact.pk}/")
    (proof,) = select(shown, ".proof")
    rows = [[words(cell) for cell in row] for row in select(proof, "table tr")]
    assert rows == [["", "2024", "2023"], ["Revenue", "$1,234", "$1,000"]]
    assert [one.text for one in select(proof, "table mark")] == ["1,234"]
    link = select(proof, "a.printed-link")[0].get("href")
    start = document.text.index("1,234")
    assert link == f"/documents/{document.pk}/?start={start}&end={start + 5}#quote"
    assert [one.text for one in select(page(advisor, link), "mark")] == ["1,234"]


def test_a_coarser_print_is_proof_of_what_rounds_to_it(advisor: Client, filing: Filing) -> None:
    fact = make_fact(filing, 1_233_800_000)
    stored(filing)
    assert select(page(advisor, f"/facts/{fact.pk}/"), "a.printed-link")


def test_another_value_is_no_proof(advisor: Client, filing: Filing) -> None:
    fact = make_fact(filing, 1_230_000_000)
    stored(filing)
    assert not select(page(advisor, f"/facts/{fact.pk}/"), "a.printed-link")


def test_the_statement_comes_before_a_coarse_word_in_the_text(
    advisor: Client, filing: Filing
) -> None:
    fact = make_fact(filing, 1_234_000_000)
    said = f"<p>Revenue was ${printed_value(REVENUE, '1.2', scale=9)} billion in the year.</p>"
    document = stored(filing, said + ITEMS.format(table=STATEMENT))
    assert document.tagged_values.filter(concept=REVENUE).count() == 3
    (mark,) = select(page(advisor, f"/facts/{fact.pk}/"), ".proof table mark")
    assert mark.text == "1,234"


def test_a_number_in_a_sentence_is_shown_in_its_line(advisor: Client, filing: Filing) -> None:
    fact = make_fact(filing, 1_234_000_000)
    said = f"Revenue was {printed_value(REVENUE, '1,234')} in the year."
    stored(filing, f"<p>Before.</p><p>{said}</p><p>After.</p>")
    (line,) = select(page(advisor, f"/facts/{fact.pk}/"), ".printed-line")
    assert words(line) == "Revenue was 1,234 in the year."


# What was known when


def test_restated_values_stand_newest_first(advisor: Client, filing: Filing) -> None:
    old = make_fact(filing, 1_000)
    amended = make_filing(
        filing.stock, form="10-K/A", accession="0000001750-25-000009", filed="2025-06-01"
    )
    new = make_fact(amended, 900)
    said = [words(one) for one in select(page(advisor, f"/facts/{new.pk}/"), ".said li")]
    assert said == [
        "900 USD 10-K/A (amendment), filed 1 Jun 2025 "
        "Restated by −100 against the filing before it",
        "1,000 USD 10-K, accepted 14 Feb 2025, 06:01 New York time first reported",
    ]
    assert select(page(advisor, f"/facts/{old.pk}/"), f'.said a[href="/facts/{new.pk}/"]')


# Research and filings on the stock's page


def test_stock_page_shows_research_to_who_holds_the_plan(advisor: Client, filing: Filing) -> None:
    from django.contrib.auth.models import User

    plan = make_plan()
    note = make_note(filing.stock, plan)
    make_note(filing.stock, plan, text="Gone.", source_id="n2", status="recalled", title="Gone")
    assert not select(page(advisor, "/stocks/ACME/"), "#research")
    plan.members.add(User.objects.get(username="anna"))
    (line,) = select(page(advisor, "/stocks/ACME/"), "#research .note")
    assert select(line, "a")[0].get("href") == f"/documents/{note.document_id}/"
    said = words(line)
    for part in ("Better than feared", "Example Securities", "outperform from neutral", "$245.00"):
        assert part in said


def test_stock_page_lists_filings(advisor: Client, filing: Filing) -> None:
    document = stored(filing)
    make_filing(
        filing.stock, year=2025, form="8-K", items="2.02,9.01", accession="0000001750-25-000011",
        period_end="2025-04-30", filed="2025-04-30",
    )  # fmt: skip
    rows = select(page(advisor, "/stocks/ACME/"), "#filings .filing")
    assert [words(one) for one in rows] == [
        "8-K at sec.gov, opens a new tab ↗ 2.02 results of operations; 9.01 exhibits "
        "filed 30 Apr 2025",
        "10-K Period to 31 Dec 2024 14 Feb 2025, 06:01 New York time",
    ]
    assert select(rows[1], "a")[0].get("href") == f"/documents/{document.pk}/"
