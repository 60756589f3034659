"""Items of a form against tables of contents, running headers and cross references."""

import pytest

from summaries.filings import Section, read
from tests.filings.corpus import html

PROSE = "<p>" + "We make things and sell them to people who like them. " * 8 + "</p>"


def items(body: str, form: str = "10-K") -> list[str]:
    reading = read(html(body), form=form)
    assert reading.sections[0].start == 0
    assert reading.sections[-1].end == len(reading.text)
    for one, following in zip(reading.sections, reading.sections[1:], strict=False):
        assert one.end == following.start
        assert one.start < one.end
    return [section.item for section in reading.sections]


def headed(*headings: str) -> str:
    return "".join(f"<p><b>{heading}</b></p>{PROSE}" for heading in headings)


BODY = headed(
    "Item 1. Business", "Item 1A. Risk Factors", "Item 7. Management’s Discussion and Analysis"
)
CONTENTS = (
    "<table><tr><td>Item 1.</td><td>Business</td><td>3</td></tr><tr><td>Item 1A.</td><td>Risk Factors"
    "</td><td>9</td></tr><tr><td>Item 7.</td><td>Management’s Discussion</td><td>30</td></tr></table>"
)


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        CONTENTS + BODY,
        CONTENTS.replace("<td>", "<td>x ").replace("x Item", "Item") + BODY,
        BODY.replace("Item 1A.", "<span>Item 1</span><span>A.</span>"),
        BODY.replace("<p><b>Item 1A. Risk Factors</b></p>", "<p><b>ITEM 1A</b></p><p><b>RISK FACTORS</b></p>"),
        BODY.replace("We make", "Item 7 of this report says that we make"),
        BODY.replace("<p>We make", "<p>Item 1A, “Risk Factors,” says that we make"),
        BODY.replace("<p>We make", "<p>Item 7</p><p>We make", 2),
        BODY.replace(
            "<p><b>Item 1A. Risk Factors</b></p>",
            "<table><tr><td>Item 1A.</td><td>Risk Factors</td></tr></table>",
        ),
    ],
)  # fmt: skip
def test_items_of_a_10k(body: str) -> None:
    assert items(f"<p>FORM 10-K</p>{body}") == ["", "1", "1A", "7"]


def test_section_in_full() -> None:
    reading = read(html("<p>Front</p>" + headed("PART I</b></p><p><b>Items 1 and 2. Business and Properties")), form="10-K/A")  # fmt: skip
    assert reading.sections == (
        Section("", "", "", 0, 6),
        Section("1", "Business and Properties", "Items 1 and 2. Business and Properties", 6, len(reading.text), ("2",)),
    )  # fmt: skip


def test_unnumbered_headings_by_the_links_of_the_contents() -> None:
    contents = "".join(
        f'<p><a href="#{at}">{title}</a></p>'
        for at, title in enumerate(["Item 1. Business", "Item 1A. Risk Factors", "Item 3. Legal Proceedings"])
    )  # fmt: skip
    body = "".join(
        f'<div id="{at}"></div><p>{title}</p>{PROSE}'
        for at, title in enumerate(["What we do", "What may go wrong", "In court"])
    )
    assert items(contents + body) == ["", "1", "1A", "3"]


def test_unnumbered_headings_by_their_titles() -> None:
    body = headed(
        "BUSINESS", "RISK FACTORS", "QUANTITATIVE AND QUALITATIVE DISCLOSURES ABOUT MARKET RISK"
    )
    assert items(f"<p>Front</p>{body}") == ["", "1", "1A", "7A"]


def test_parts_of_a_10q() -> None:
    body = headed(
        "PART I", "Item 1. Financial Statements", "Item 2. Management’s Discussion and Analysis",
        "Item 3. Quantitative and Qualitative Disclosures About Market Risk",
        "Item 4. Controls and Procedures", "PART II", "Item 1. Legal Proceedings",
        "Item 1A. Risk Factors", "Item 2. Unregistered Sales of Equity Securities", "Item 6. Exhibits",
    )  # fmt: skip
    assert items(body, "10-Q") == ["", "I.1", "I.2", "I.3", "I.4", "II.1", "II.1A", "II.2", "II.6"]


def test_items_out_of_order_and_letters_of_an_8k() -> None:
    body = headed(
        "Item 9.01 Financial Statements and Exhibits", "Item 5.02(e). Departure of Directors"
    )
    assert items(body, "8-K") == ["9.01", "5.02"]


def test_20f() -> None:
    body = headed(
        "ITEM 3. KEY INFORMATION", "ITEM 3.D. RISK FACTORS", "ITEM 4. INFORMATION ON THE COMPANY"
    )
    assert items(body, "20-F") == ["3", "3D", "4"]


def test_form_without_items_is_one_section() -> None:
    assert items(BODY, "EX-99.1") == [""]
