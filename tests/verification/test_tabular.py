"""Claims about the lines of tables, with invented companies and numbers."""

import pytest

from summaries.verification.documents.results import Judged
from summaries.verification.documents.sources import Sentence, source_of
from summaries.verification.documents.tabular import prove
from summaries.verification.verdicts import Verdict

Rows = list[list[str]]
BOOKS: Rows = [
    ["", "2019", "2018"],
    ["(in millions)", "", ""],
    ["Segment assets:", "", ""],
    ["Retail", "100", "90"],
    ["Total", "300", "280"],
    ["Long-term debt", "$50", "$60"],
    ["Provision for losses", "12", "10"],
    ["Gross margin", "45.0%", "43.8%"],
    ["Dividends per share", "1.20", "1.10"],
    ["Net income (loss)", "(12)", "30"],
    ["Income (loss) before income taxes", "(8.0)", "3.5"],
    ["Income tax benefit (expense)", "(22)", "18"],
    ["Net cash provided by (used in) financing activities", "(100)", "20"],
    ["4.5% senior notes due 2025", "500", "600"],
]


def judged(claim: str, rows: Rows = BOOKS, text: str = "", **meta: str) -> Judged:
    return prove(Sentence(0, claim), source_of(text, rows, meta=meta))


@pytest.mark.parametrize(
    "claim",
    [
        "Long-term debt came to $50 million in 2019.",
        "Long-term debt stood at $0.05 billion at the end of 2019.",
        "The company reported long-term debt of $60 million in 2018.",
        "Long-term debt fell 16.7% to $50 million in 2019 from $60 million in 2018.",
        "Compared with 2018, long-term debt fell by $10 million in 2019.",
        "Long-term debt dropped by 16.7% between 2018 and 2019.",
        "Long-term debt was $50 million in 2019, down from $60 million in 2018.",
        "Long-term debt was lower in 2019 than in 2018.",
        "In 2019 and 2018, long-term debt was $50 million and $60 million, respectively.",
        "Provision for losses increased $2 million, or 20%, in 2019.",
        "Provision for losses came to $12 million and long-term debt to $50 million in 2019.",
        "Provision for losses rose 20% in 2019, while long-term debt fell 16.7%, compared with 2018.",
        "Gross margin rose 1.2 percentage points to 45.0% in 2019 from 43.8% in 2018.",
        "Gross margin rose 120 basis points to 45.0% in 2019.",
        "Dividends per share were $1.20 in 2019.",
        "Retail segment assets were $100 million in 2019.",
        "Retail accounted for 33.3% of total segment assets in 2019.",
        "The company reported a net loss of $12 million in 2019.",
        "The company posted a loss before income taxes of $8.0 million in 2019.",
        "Income tax expense was $22 million in 2019.",
        "Financing activities used net cash of $100 million in 2019.",
        "4.5% senior notes due 2025 stood at $500 million in 2019.",
        "The average provision for losses for 2018 and 2019 was $11 million.",
        "The percentage change in long-term debt from 2018 to 2019 was -16.7%.",
        "The ratio of long-term debt to provision for losses in 2018 was 6.",
    ],
)
def test_what_the_cells_say_is_supported(claim: str) -> None:
    assert judged(claim).is_supported


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("Long-term debt came to $60 million in 2019.", "value"),
        ("Long-term debt came to $50 billion in 2019.", "scale"),
        ("Long-term debt came to $50 in 2019.", "scale"),
        ("Long-term debt came to €50 million in 2019.", "unit"),
        ("Long-term debt came to 50% in 2019.", "unit"),
        ("Long-term debt came to 50 million shares in 2019.", "unit"),
        ("Long-term debt rose in 2019 compared with 2018.", "direction"),
        ("Long-term debt fell 20.0% in 2019 compared with 2018.", "value"),
        ("Long-term debt fell 16.7 percentage points in 2019 compared with 2018.", "unit"),
        ("Gross margin rose 1.2% to 45.0% in 2019 from 43.8% in 2018.", "unit"),
        ("Gross margin rose 12 basis points to 45.0% in 2019 from 43.8% in 2018.", "value"),
        ("Retail accounted for 30.0% of total segment assets in 2019.", "value"),
        ("Retail accounted for 33.3 percentage points of total segment assets in 2019.", "unit"),
        ("The company reported a net loss of $30 million in 2018.", "sign"),
        ("The company posted net income of $12 million in 2019.", "sign"),
        ("Financing activities provided net cash of $100 million in 2019.", "sign"),
        ("Income tax benefit was $22 million in 2019.", "sign"),
        ("The average provision for losses for 2018 and 2019 was $12 million.", "value"),
    ],
)
def test_what_the_cells_deny_is_contradicted(claim: str, code: str) -> None:
    found = judged(claim)
    assert (found.verdict, found.reasons[0].code) == (Verdict.CONTRADICTED, code)


@pytest.mark.parametrize(
    "claim",
    [
        "Short-term debt stood at $50 million in 2019.",
        "Adjusted gross margin stood at 45.0% in 2019.",
        "Long-term debt came to $50 million in 2020.",
        "Long-term debt was not $50 million in 2019.",
        "Provision for losses doubled in 2019.",
        "Borealis's long-term debt stood at $50 million in 2019.",
        "Long-term debt fell 16.7% from 2019 to 2018.",
        "in , and $",
        "",
    ],
)
def test_what_the_table_does_not_say_is_not_supported(claim: str) -> None:
    assert not judged(claim).is_supported


def test_the_companys_own_name_is_no_part_of_the_item() -> None:
    claim = "Acme's long-term debt stood at $50 million in 2019."
    assert judged(claim, company="Acme Holdings Inc").is_supported


def test_a_label_under_two_headings_needs_the_heading() -> None:
    rows = [
        ["$ million", "2019", "2018"],
        ["Net sales:", "", ""], ["Europe", "40", "30"], ["Asia", "50", "45"],
        ["Operating profit:", "", ""], ["Europe", "4", "3"], ["Asia", "5", "4"],
    ]  # fmt: skip
    assert judged("Operating profit in Europe was $4 million in 2019.", rows).is_supported
    assert not judged("Operating profit in Europe was $40 million in 2019.", rows).is_supported
    assert not judged("Europe came to $4 million in 2019.", rows).is_supported


def test_periods_may_stand_in_the_rows() -> None:
    rows = [["$ million", "Net sales", "Costs"], ["2019", "100", "50"], ["2018", "90", "45"]]
    assert judged("Net sales came to $100 million in 2019.", rows).is_supported
    assert judged("Net sales came to $90 million in 2019.", rows).reasons[0].code == "value"


def test_a_quarter_is_not_its_year() -> None:
    rows = [
        ["(in millions)", "Three months ended December 31,", "", "Year ended December 31,", ""],
        ["", "2019", "2018", "2019", "2018"],
        ["Net sales", "30", "20", "100", "90"],
    ]
    assert judged("Net sales came to $100 million in 2019.", rows).is_supported
    assert not judged("Net sales came to $30 million in 2019.", rows).is_supported
    quarter = "Net sales came to $30 million for the three months ended December 31, 2019."
    assert judged(quarter, rows).is_supported


@pytest.mark.parametrize(
    ("head", "said"),
    [("£m", "£1,234 million"), ("US$’000", "$1,234 thousand"), ("(EUR m)", "€1,234 million"),
     ("RM'000", "RM1,234 thousand"), ("$ in billions", "$1,234 billion")],
)  # fmt: skip
def test_scale_and_currency_come_from_the_head(head: str, said: str) -> None:
    rows = [[head, "2019", "2018"], ["Trade payables", "1,234", "1,100"]]
    assert judged(f"Trade payables came to {said} in 2019.", rows).is_supported


def test_a_table_without_a_scale_has_the_one_that_the_text_states() -> None:
    rows = [["", "2019", "2018"], ["Net sales", "1,234", "1,100"]]
    text = "Our sales, in thousands, follow."
    assert judged("Net sales came to $1,234 thousand in 2019.", rows, text).is_supported
    assert not judged("Net sales came to $1,234 million in 2019.", rows, text).is_supported


STATEMENT = """Acme Inc
Consolidated Statements of Income
(in thousands)
Years ended December 31,
2019
2018
Netsales
$
2,000
$
1,500
Costofsales
1,200
900
Operating income
300
240
Depreciation and amortization
100
90
Capital expenditures
(150)
(120)
"""


@pytest.mark.parametrize(
    ("claim", "is_supported"),
    [
        ("Gross margin was 40.0% in 2019.", True),
        ("Gross profit came to $800 thousand in 2019.", True),
        ("EBITDA was $400 thousand in 2019.", True),
        ("EBITDA less capital expenditures was $250 thousand in 2019.", True),
        ("EBITDA margin fell from 22.0% in 2018 to 20.0% in 2019.", True),
        ("Operating margin averaged 15.5% over 2018 to 2019.", True),
        ("Operating margin averaged 16.5% over 2018 to 2019.", False),
        ("Gross margin was 40.0% in 2020.", False),
        ("EBITDA was $300 thousand in 2019.", False),
        ("Net sales rose 33.3% in 2019 compared with 2018.", True),
    ],
)
def test_measures_are_worked_out_of_a_statement_in_the_text(claim: str, is_supported: bool) -> None:
    assert prove(Sentence(0, claim), source_of(STATEMENT)).is_supported is is_supported


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ("2012 ( 1 )", "2011"),
        ("Fiscal 2012 (53 weeks)", "Fiscal 2011 (52 weeks)"),
        ("31/12/2012", "31/12/2011"),
        ("dec . 31 2012", "dec . 31 2011"),
        ("Restated 2012*", "2011"),
    ],
)
def test_a_period_is_read_from_its_head_and_amounts_like_years_are_amounts(
    head: str, before: str
) -> None:
    rows = [["(in millions)", head, before], ["debt", "2014", "2010"], ["equity", "1990", "2001"]]
    assert judged("Debt came to $2,014 million in 2012.", rows).is_supported
    assert not judged("Debt came to $2,010 million in 2012.", rows).is_supported


def test_figures_may_stand_beside_the_column_that_has_the_head() -> None:
    rows = [["$ million", "2019", "", "2018", ""], ["Net sales", "$", "100", "$", "90"]]
    assert judged("Net sales rose 11.1% to $100 million in 2019.", rows).is_supported


def test_a_negative_line_keeps_its_sign() -> None:
    rows = [["($ in millions)", "2019", "2018"], ["Operating income", "(12)", "4"]]
    fell = "Operating income fell from $4 million in 2018 to -$12 million in 2019."
    assert judged(fell, rows).is_supported
    loss = "The company reported an operating loss of $12 million in 2019."
    assert judged(loss, rows).is_supported
    assert judged("Operating income came to $12 million in 2019.", rows).reasons[0].code == "sign"


def test_any_table_and_claim_is_read_without_fault() -> None:
    tables: list[list[list[str]]] = [[], [[]], [["", ""], [""]], [["2019"], ["(1)", "5", "("]]]
    for rows in tables:
        for claim in ("", "Net sales rose.", "In 2019, of $5 and 6% between 2018 and"):
            assert not judged(claim, rows).is_supported


PROSE = (
    "The Company had $2.0 million of unpaid rent as of June 30, 2019. "
    "Of the total, $2.9 billion and $2.5 billion is recorded as a storm liability at December 31,"
    " 2019 and 2018, respectively. "
    "In addition, dues from Client A totaled approximately $0.3 million, or 1%, and approximately"
    " $1.1 million, or 9%, of all dues as of June 30, 2019 and June 30, 2018, respectively. "
    "Cash grew because of the issuances of harbor bonds of $10.0 billion in fiscal 2018, and $14.0"
    " billion in fiscal 2017. "
    "In 2019, 40% of our revenues were earned pursuant to U.S. navy contracts, which are audited."
)


@pytest.mark.parametrize(
    ("claim", "is_proven"),
    [
        ("The unpaid rent in 2019 was $2.0 million.", True),
        ("The unpaid rent in 2018 was $2.0 million.", False),
        ("The rent in 2019 was $2.0 million.", False),
        ("The unpaid rent in 2019 was $2.0 billion.", False),
        ("The total amount recorded as a storm liability in 2018 and 2019 is 5.4 billion.", True),
        ("The storm liability in 2019 was $2.5 billion.", False),
        ("The value of the dues from Client A in 2019 is $0.3 million.", True),
        ("The value of the dues from Client A in 2019 is $1.1 million.", False),
        ("The value of the dues from Client B in 2019 is $0.3 million.", False),
        ("The total harbor bonds issued in fiscal 2018 and fiscal 2017 was 24 billion.", True),
        ("The harbor bonds issued in fiscal 2018 were $14.0 billion.", False),
        ("The US navy accounted for 40% of total revenues in 2019.", True),
        ("The US navy accounted for 40% of total revenues in 2018.", False),
        ("The US army accounted for 40% of total revenues in 2019.", False),
        ("The US navy accounted for 40 percentage points of total revenues in 2019.", False),
    ],
)
def test_prose_tells_a_measure(claim: str, is_proven: bool) -> None:
    assert judged(claim, [], PROSE).is_supported is is_proven


STATEMENTS = """Statements of Income
(Dollars in millions)
Years ended December 31 2022 2021
Total revenues
2,000
1,800
Total costs and expenses
(1,500)
(1,400)
500
400
General and administrative expense
(100)
(90)
Income from operations
400
310
Balance Sheets
(Dollars in millions)
At December 31, 2022 2021
Cash and cash equivalents 150 120
Trade receivables, net of allowances of $5 and $6 310 290
Raw materials 60 50
Finished goods 100 90
Total current assets 770 675
Total current liabilities 400 350
Purchases of property and equipment (PP&E) (140) (120)
"""


@pytest.mark.parametrize(
    ("claim", "is_proven"),
    [
        ("Gross profit was $500 million in FY2022.", True),
        ("Gross margin rose from 22.2% in FY2021 to 25.0% in FY2022.", True),
        ("Gross profit was $400 million in FY2022.", False),
        ("Total expenses in 2022 were $1,600 million.", True),
        ("The quick ratio was 1.15 at the end of FY2022.", True),
        ("The quick ratio was 1.53 at the end of FY2022.", True),
        ("The quick ratio was 1.17 at the end of FY2022.", False),
        ("Capital expenditures were $140 million in FY2022.", True),
        ("Revenue growth was 11.1% in FY2022.", True),
        ("Operating cash flow was $140 million in FY2022.", False),
    ],
)
def test_statements_give_formulas_their_parts(claim: str, is_proven: bool) -> None:
    assert judged(claim, [], STATEMENTS).is_supported is is_proven


RENTS: Rows = [
    ["", "2019", "2018", "2017"],
    ["(in thousands)", "", "", ""],
    ["Rent", "1,200", "1,000", "800"],
    ["Parking", "300", "250", "200"],
    ["Total revenue", "1,500", "1,250", "1,000"],
]


@pytest.mark.parametrize(
    ("claim", "is_proven"),
    [
        ("The growth rate of rent in 2019 was 20%.", True),
        ("The year-on-year percentage change in rent from 2018 to 2019 is 20%.", True),
        ("The increase / (decrease) in rent from 2018 to 2019 was 200 thousand.", True),
        ("The decrease in rent from 2018 to 2019 was 200 thousand.", False),
        ("The increase in rent in 2019 was 250 thousand.", False),
        ("The 2019 average rent was 1,100 thousand.", True),
        ("The average of rent and parking in 2019 was 750 thousand.", True),
        ("The three-year average of rent as a percentage of total revenue from 2017 to 2019"
         " was 80%.", True),
        ("The rent less parking in 2019 was 900 thousand.", True),
        ("The rent less parking in 2019 was 900 million.", False),
        ("The company generated $1.2 million in rent in 2019.", True),
        ("The company generated $1.2 million in parking in 2019.", False),
    ],
)  # fmt: skip
def test_worked_out_subjects(claim: str, is_proven: bool) -> None:
    assert judged(claim, RENTS).is_supported is is_proven


def test_rows_of_several_years() -> None:
    rows = [["Year", "Ground Leases", "Other Leases"], ["2020 – 2024", "31", "69"],
            ["2025 – 2029", "19", "27"]]  # fmt: skip
    assert judged("The ground leases between 2020 and 2024 are 31.", rows).is_supported
    assert not judged("The ground leases between 2020 and 2029 are 31.", rows).is_supported
    assert not judged("The ground leases in 2020 are 31.", rows).is_supported


def test_scale_expressed_in_the_text() -> None:
    rows = [["", "2019"], ["Rent", "1,200"]]
    text = "Expressed in US $000's except share amounts"
    assert judged("The rent in 2019 was 1,200 thousand.", rows, text).is_supported
    assert not judged("The rent in 2019 was 1,200 million.", rows, text).is_supported
    assert not judged("The rent in 2019 was 1,200 thousand.", rows, "").is_supported


LEVELS: Rows = [
    ["", "Level 1", "Level 2", "Total"],
    ["(in millions)", "", "", ""],
    ["December 31, 2019", "", "", ""],
    ["Bonds", "$10", "$5", "$15"],
    ["December 31, 2018", "", "", ""],
    ["Bonds", "$8", "$4", "$12"],
]


@pytest.mark.parametrize(
    ("claim", "is_proven"),
    [
        ("The Level 2 bonds in 2019 were $5 million.", True),
        ("The Level 1 bonds in 2018 were $8 million.", True),
        ("The Level 1 bonds in 2019 were $5 million.", False),
        ("The total bonds in 2018 were $12 million.", True),
        ("The total bonds in 2018 were $15 million.", False),
    ],
)
def test_heads_with_numbers(claim: str, is_proven: bool) -> None:
    assert judged(claim, LEVELS).is_supported is is_proven
