"""Small documents, whole results."""

from datetime import date
from decimal import Decimal

import pytest

from summaries.filings import Reading, Tag, read
from tests.filings.corpus import html, inline


def text_of(body: str) -> str:
    return read(html(body), form="EX-99.1").text


def number(printed: str, **attributes: str) -> str:
    said = {"name": "us-gaap:Revenues", "contextRef": "y", "unitRef": "usd", "decimals": "-6"}
    said |= {key.replace("_", "-"): value for key, value in attributes.items()}
    return (
        "<ix:nonFraction "
        + " ".join(f'{k}="{v}"' for k, v in said.items())
        + f">{printed}</ix:nonFraction>"
    )


def only(body: str) -> tuple[Reading, Tag]:
    reading = read(inline(body), form="10-K")
    (tag,) = [tag for tag in reading.tags if tag.is_printed]
    return reading, tag


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>one&nbsp;&nbsp; two\n three</p><p>four</p>", "one two three\nfour"),
        ("<p>co&shy;operate<b>d</b></p>", "cooperated"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("a<br>b<br/>c", "a\nb\nc"),
        (
            "<p>seen</p><div style='display: none'>hidden<table><tr><td>x</td></tr></table></div>",
            "seen",
        ),
        ("<p>Item 7</p><p><span>Item 7</span><span>A</span>.</p>", "Item 7\nItem 7A."),
        ("<ul><li>first</li><li>second</li></ul>", "• first\n• second"),
        ("<p>sales of 5<sup>(1)</sup> and 1<sup>st</sup></p>", "sales of 5 (1) and 1st"),
        ("<p>&#147;quoted&#148;&#150;x</p>", "“quoted”–x"),
        ("<pre>a   1\n\nb   2\n</pre>", "a   1\n\nb   2"),
        ("<script>var x</script><style>p{}</style><p>x</p>", "x"),
    ],
)
def test_text(body: str, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        (["Sales", "", "$", "391,035", "", "$", "383,285"], "Sales | $391,035 | $383,285"),
        (["Loss", "(1,234", ")", "(5", ")"], "Loss | (1,234) | (5)"),
        (["Rate", "24.1", "%", "14.7", "%"], "Rate | 24.1% | 14.7%"),
        (["Nil", "$", "—", "", "—"], "Nil | $— | —"),
        (["Gap", "$ 12", "( 3 )"], "Gap | $12 | (3)"),
        (["Change", "(2.5", ")%", "3"], "Change | (2.5)% | 3"),
        (["Dash then number", "—", "5"], "Dash then number | — | 5"),
    ],
)
def test_row_reads_as_a_person_sees_it(cells: list[str], row: str) -> None:
    def made(values: list[str]) -> str:
        return "<tr>" + "".join(f"<td>{value}</td>" for value in values) + "</tr>"

    reading = read(
        html(f"<p>x</p><table>{made(['Year', '2024', '2023'])}{made(cells)}</table>"), form="10-K"
    )
    (table,) = reading.tables
    assert reading.text == f"x\nYear | 2024 | 2023\n{row}"
    assert reading.text[table.start : table.end] == f"Year | 2024 | 2023\n{row}"
    assert " | ".join(reading.text[cell.start : cell.end] for cell in table.rows[1]) == row
    assert all(cell.is_header for cell in table.rows[0])
    assert not any(cell.is_header for cell in table.rows[1])


def test_cells_know_their_columns() -> None:
    reading = read(
        html(
            "<table><tr><td rowspan=2>a</td><td colspan=3>b</td></tr><tr><td></td><td>1</td>"
            "<td>2</td></tr><tr><td>c</td><td>3</td><td>4</td><td>5</td></tr></table>"
        ),
        form="10-K",
    )
    assert [[(cell.column, cell.colspan) for cell in row] for row in reading.tables[0].rows] == [
        [(0, 1), (1, 3)],
        [(2, 1), (3, 1)],
        [(0, 1), (1, 1), (2, 1), (3, 1)],
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<table><tr><td>•</td><td>one</td></tr><tr><td>•</td><td>two</td></tr></table>", "• one\n• two"),
        ("<table><tr><td><p>a frame</p><p>of text</p></td></tr></table>", "a frame\nof text"),
        ("<table><tr><td>Item 7A.</td><td>Market Risk</td></tr></table>", "Item 7A. Market Risk"),
        ("<table><tr><td><table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"
         "</td></tr></table>", "a | 1\nb | 2"),
    ],
)  # fmt: skip
def test_layout_tables_are_text(body: str, text: str) -> None:
    assert text_of(body) == text


def test_page_furniture_is_removed() -> None:
    pages = "".join(
        f"<p>Prose of page {word}.</p><p>Acme Corp. | 2024 Form 10-K | {at}</p>"
        f'<hr style="page-break-after:always"><p><a href="#toc">Table of Contents</a></p>'
        for at, word in enumerate(["one", "two", "three", "four", "five"], 11)
    )
    assert text_of(f"<p id='toc'>Contents</p>{pages}<p>99</p>") == (
        "Contents\nProse of page one.\nProse of page two.\nProse of page three.\n"
        "Prose of page four.\nProse of page five."
    )


def test_sentence_across_a_page_is_one_line() -> None:
    start = "The allowance consists of an amount that management has found to be right for all the"
    body = f'<p>{start}</p><p>7</p><hr style="page-break-after:always"><p>customers it knows.</p>'
    assert text_of(body) == f"{start} customers it knows."


def test_tag_at_the_printed_number() -> None:
    body = (
        f"<p>Revenue was ${number('1,234', scale='6', format='ixt:num-dot-decimal')} million.</p>"
    )
    reading, tag = only(body)
    assert reading.text[tag.start : tag.end] == "1,234"
    assert tag == Tag(
        tag.start, tag.end, "us-gaap:Revenues", "USD", date(2024, 1, 1), date(2024, 12, 31),
        Decimal(1_234_000_000), -6, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "attributes", "value"),
    [
        ("1.234,5", {"format": "ixt:num-comma-decimal"}, "1234.5"),
        ("1 234.5", {"format": "ixt:numdotdecimal"}, "1234.5"),
        ("—", {"format": "ixt:fixed-zero", "scale": "6"}, "0"),
        ("-", {"format": "ixt:zerodash"}, "0"),
        ("no", {"format": "ixt-sec:numwordsen"}, "0"),
        ("Twenty-five thousand one hundred and two", {"format": "ixt-sec:numwordsen"}, "25102"),
        ("4.5", {"scale": "-2"}, "0.045"),
        ("6", {"sign": "-", "scale": "3"}, "-6000"),
        ("1.2", {"scale": "12", "decimals": "INF"}, "1200000000000"),
    ],
)
def test_transformations(printed: str, attributes: dict[str, str], value: str) -> None:
    reading, tag = only(f"<p>So {number(printed, **attributes)} it is</p>")
    assert tag.value == Decimal(value)
    assert reading.text[tag.start : tag.end] == printed
    assert reading.problems == ()


def test_negative_in_brackets_is_spanned_whole_across_cells() -> None:
    value = number("1,234", format="ixt:num-dot-decimal", sign="-")
    row = f"<tr><td>Loss</td><td>$</td><td>({value}</td><td>)</td></tr>"
    reading, tag = only(f"<table><tr><td>Year</td><td>2024</td></tr>{row}</table>")
    assert reading.text.endswith("Loss | $(1,234)")
    assert (reading.text[tag.start : tag.end], tag.value) == ("(1,234)", Decimal(-1234))


def test_hidden_nested_nil_and_dimensional_values() -> None:
    outer = number(number("5", name="us-gaap:Inner", contextRef="d", unitRef="eps", decimals="2"))
    nil = number("", **{"xsi:nil": "true"}).replace("xsi-nil", "xsi:nil")
    reading = read(inline(f"<p>{outer} {nil}</p>"), form="10-K")
    hidden, first, second = reading.tags
    assert (hidden.concept, hidden.value, hidden.unit) == ("us-gaap:Shares", Decimal(77), "shares")
    assert (hidden.start, hidden.end, hidden.is_printed) == (0, 0, False)
    assert (first.start, first.end) == (second.start, second.end) == (0, 1)
    assert second.unit == "USD/shares"
    assert second.dimensions == (("us-gaap:AAxis", "us-gaap:BMember"), ("x:LotAxis", "seven"))
    assert (second.period_start, second.period_end) == (None, date(2024, 12, 30))
    assert reading.problems == ()


def test_cover_in_canonical_form() -> None:
    def said(name: str, printed: str, more: str = "") -> str:
        return f'<ix:nonNumeric name="dei:{name}" contextRef="y" {more}>{printed}</ix:nonNumeric>'

    reading = read(
        inline(
            said(
                "DocumentPeriodEndDate",
                "December 31, 2024",
                'format="ixt:date-monthname-day-year-en"',
            )
            + said("CurrentFiscalYearEndDate", "12/31", 'format="ixt:date-month-day"')
            + said("EntityRegistrantName", "Acme<ix:exclude> (7) </ix:exclude>", 'continuedAt="c"')
            + '<p>x</p><ix:continuation id="c">Holdings</ix:continuation>'
            + said("DocumentType", "10-K")
        ),
        form="10-K",
    )
    assert reading.cover == {
        "dei:EntityCentralIndexKey": "0000000001",
        "dei:AmendmentFlag": "false",
        "dei:DocumentPeriodEndDate": "2024-12-31",
        "dei:CurrentFiscalYearEndDate": "--12-31",
        "dei:EntityRegistrantName": "Acme Holdings",
        "dei:DocumentType": "10-K",
    }


def test_what_cannot_be_read_is_said() -> None:
    reading = read(
        inline(
            number("5", format="ixt:unheard-of")
            + number("6", contextRef="none")
            + number("7", unitRef="none")
            + number("x8")
            + number("9", scale="999999999")
        ),
        form="10-K",
    )
    assert [tag.concept for tag in reading.tags] == ["us-gaap:Shares"]
    assert reading.problems == (
        "2 × a value that isn't of its format none",
        "1 × a value whose context is missing or has no dates",
        "1 × a value whose unit is missing",
        "1 × a value with the unknown transformation ixt:unheard-of",
    )
