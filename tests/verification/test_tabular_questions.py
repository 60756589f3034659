"""Claims made from questions about a table: averages, totals, shares, ratios, lists, counts; with
invented companies and numbers."""

import pytest

from summaries.verification.documents.sources import Sentence, source_of
from summaries.verification.documents.tabular import prove

Rows = list[list[str]]
RENTS: Rows = [
    ["", "2019", "2018", "2017"],
    ["(in thousands)", "", "", ""],
    ["Rent", "1,200", "1,000", "800"],
    ["Parking fees", "300", "250", "200"],
    ["Repairs and upkeep", "(90)", "(80)", "(70)"],
    ["Total revenue", "1,500", "1,250", "1,000"],
    ["Total amount charged to income (note 23)", "5", "6", "7"],
    ["Gross receivables", "50", "40", "30"],
    ["Net receivables", "45", "30", "25"],
    ["Discount rate", "4.0%", "3.0%", "2.0%"],
]


def is_proven(claim: str, rows: Rows = RENTS, text: str = "") -> bool:
    return prove(Sentence(0, claim), source_of(text, rows)).is_supported


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The average rent between 2017 and 2019 was $1,000 thousand.", True),
        ("The average rent between 2017 and 2019 was $1,000 million.", False),
        ("The average rent between 2017 and 2018 was $1,000 thousand.", False),
        ("The average parking fees between 2017 and 2019 was $1,000 thousand.", False),
        ("The company's average rent in 2017, 2018 and 2019 was $1 million.", True),
        ("The average annual rent in FY17-FY19 was $1,000 thousand.", True),
        ("The average rent is 1,000 thousand.", True),
        ("The average rent for the 3 years from 2017 to 2019 was 1,000 thousand.", True),
        ("The average rent for the 2 years from 2017 to 2019 was 1,000 thousand.", False),
        ("Rent averaged $1,000 thousand over the three years 2017 to 2019.", True),
        ("The average rent per year between 2017 and 2019 was 1,000 thousand.", True),
        ("The average revenue from rent between 2018 and 2019 was 1,100 thousand.", True),
        ("The average cost of rent between 2018 and 2019 was 1,100 thousand.", False),
        ("The average repairs and upkeep expense from 2017 to 2019 was 80 thousand.", True),
        ("The average repairs and upkeep expense from 2017 to 2019 was 85 thousand.", False),
        ("The average discount rate between 2017-2019 was 3%.", True),
        ("The average discount rate between 2017-2019 was 9%.", False),
        ("The average discount rate between 2017-2019 was 3 percentage points.", False),
    ],
)
def test_averages_over_years(claim: str, expected: bool) -> None:
    assert is_proven(claim) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The total rent for the years 2017-2019 was $3,000 thousand.", True),
        ("The total rent for the years 2018-2019 was $3,000 thousand.", False),
        ("The total revenue earned in both 2017 and 2018 is 2,250 thousand.", True),
        ("The sum of rent and parking fees in 2018 was $1.25 million.", True),
        ("The combined rent and parking fees in 2018 were $1,250 thousand.", True),
        ("The combined rent and parking fees in 2019 were $1,250 thousand.", False),
        ("The total of rent and parking fees between 2018 and 2019 was 2,750 thousand.", True),
        ("The total amount charged to income (note 23) in 2019 and 2018 was 11 thousand.", True),
        ("The total amount charged to income in 2018 was 6 thousand.", True),
        ("The total amount charged to income in 2017 was 6 thousand.", False),
        ("The total repairs and upkeep expense between 2017 to 2019 was 240 thousand.", True),
        ("The total repairs and upkeep expense between 2017 to 2019 was 24 thousand.", False),
    ],
)
def test_totals(claim: str, expected: bool) -> None:
    assert is_proven(claim) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The percentage of rent out of total revenue in 2019 was 80%.", True),
        ("The percentage of parking fees out of total revenue in 2019 was 80%.", False),
        ("The percentage of total revenue represented by rent in 2019 was 80%.", True),
        ("The percentage of rent represented by total revenue in 2019 was 80%.", False),
        ("The net receivables as a percentage of gross receivables in 2019 was 90%.", True),
        ("The net receivables as a percentage of gross receivables in 2019 was 90 basis points.",
         False),
        ("The ratio of rent in 2019 to 2018 is 1.2.", True),
        ("The ratio of rent in 2018 to 2019 is 1.2.", False),
        ("The value of the 2018 net receivables as a percentage of the 2018 gross receivables"
         " is 75%.", True),
        ("The value of the 2018 net receivables as a percentage of the 2019 gross receivables"
         " is 75%.", False),
        ("The rent to total revenue ratio in 2019 was 0.8.", True),
        ("The rent to total revenue ratio in 2019 was 0.8 million.", False),
        ("Rent was 80% of total revenue in 2019.", True),
        ("Rent was 70% of total revenue in 2019.", False),
        ("Rent averaged 80% of total revenue from 2017 to 2019.", True),
        ("Rent averaged 75% of total revenue from 2017 to 2019.", False),
    ],
)  # fmt: skip
def test_shares_and_ratios(claim: str, expected: bool) -> None:
    assert is_proven(claim) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Rent and parking fees in fiscal 2019 were $1.2 million and $0.3 million, respectively.",
         True),
        ("Rent and parking fees in fiscal 2019 were $0.3 million and $1.2 million, respectively.",
         False),
        ("For the fiscal years ended 2019, 2018 and 2017, rent was $1,200 thousand,"
         " $1,000 thousand and $800 thousand, respectively.", True),
        ("For the fiscal years ended 2019, 2018 and 2017, rent was $1,200 thousand,"
         " $800 thousand and $1,000 thousand, respectively.", False),
    ],
)  # fmt: skip
def test_lists_in_order(claim: str, expected: bool) -> None:
    assert is_proven(claim) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Rent was highest in 2019.", True),
        ("Rent was highest in 2018.", False),
        ("Rent was the lowest in 2017.", True),
        ("The highest rent between 2017 and 2019 was $1,200 thousand.", True),
        ("The highest rent between 2017 and 2018 was $1,200 thousand.", False),
        ("The number of years in which rent exceeded $900 thousand was 2.", True),
        ("The number of years in which rent exceeded $900 thousand was 3.", False),
        ("The number of years in which rent was below $900 thousand was 1.", True),
        ("The number of years in which rent exceeded $900 was 3.", False),
    ],
)
def test_extremes_and_counts(claim: str, expected: bool) -> None:
    assert is_proven(claim) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The two-year rent CAGR from 2017 to 2019 was 22.5%.", True),
        ("The two-year rent CAGR from 2017 to 2019 was 50%.", False),
        ("Rent grew at a compound annual rate of 22.5% from 2017 to 2019.", True),
        ("Rent fell at a compound annual rate of 22.5% from 2017 to 2019.", False),
        ("The rent growth rate from 2018 to 2019 was 20%.", True),
        ("The change in the discount rate from 2018 to 2019 was 1 percentage points.", True),
        ("The change in the discount rate from 2018 to 2019 was -1 percentage points.", False),
    ],
)
def test_growth(claim: str, expected: bool) -> None:
    assert is_proven(claim) is expected


HALLS: Rows = [
    ["Hall sales by region", "2019", "2018"],
    ["", "$ million", "$ million"],
    ["Northern halls", "10", "8"],
    ["Work in process", "4", "3"],
    ["Deferred subscription income", "7", "5"],
    ["Total net hall sales", "30", "20"],
]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The net hall sales in 2019 were $30 million.", True),
        ("The work in progress in 2018 was $3 million.", True),
        ("The subscription income in 2019 was $7 million.", False),
        ("The sales of nothern halls in 2019 were $10 million.", True),
        ("The sales of southern halls in 2019 were $10 million.", False),
    ],
)
def test_loose_names_keep_what_makes_another_measure(claim: str, expected: bool) -> None:
    assert is_proven(claim, HALLS) is expected


def test_a_fiscal_year_may_end_in_january() -> None:
    rows = [["(in millions)", "January 3, 2020", "December 28, 2018"], ["Rent", "12", "10"]]
    assert is_proven("Rent was $12 million in fiscal 2019.", rows)
    assert not is_proven("Rent was $10 million in fiscal 2019.", rows)
    opening = [["(in millions)", "December 31, 2018", "January 1, 2018"], ["Rent", "12", "10"]]
    assert is_proven("Rent was $12 million in 2018.", opening)
    assert not is_proven("Rent was $10 million in 2018.", opening)


def test_a_column_may_hold_several_years() -> None:
    rows = [["(in thousands)", "2020", "2021 - 2022", "2023 - 2024"],
            ["Lease obligations", "10", "18", "6"], ["Total", "20", "30", "24"]]  # fmt: skip
    assert is_proven("The total lease obligations between 2020 to 2022 is 28 thousand.", rows)
    assert not is_proven("The total lease obligations between 2020 to 2021 is 28 thousand.", rows)
    share = "The 2023-2024 lease obligations as a percentage of the total in 2023-2024 is"
    assert is_proven(f"{share} 25%.", rows)
    assert not is_proven(f"{share} 60%.", rows)


def test_amounts_and_their_percentages_may_share_a_period() -> None:
    rows = [["(in millions)", "2019", "2019", "2018", "2018"],
            ["Sales", "$200", "100%", "$160", "100%"], ["Rent", "50", "25%", "48", "30%"]]  # fmt: skip
    assert is_proven("The ratio of rent to sales in 2018 is 0.3.", rows)
    assert not is_proven("The ratio of rent to sales in 2018 is 0.4.", rows)
    assert is_proven("The average rent for 2018 and 2019 is 49 million.", rows)


def test_a_year_that_only_the_text_names_is_no_period_of_the_line() -> None:
    rows = [["(in thousands)", "2018", "2019"], ["Swaps", "1,429", "—"], ["Forwards", "12", "14"]]
    text = "Notes for the years 2018 and 2019\nThe swaps of 2019 are in the following table."
    assert is_proven("The swaps in 2018 were 1,429 thousand.", rows, text)
    assert not is_proven("The swaps in 2019 were 1,429 thousand.", rows, text)


def test_an_amount_is_no_percentage_for_the_rates_beside_it() -> None:
    rows = [["(in millions)", "2019", "% change"], ["Rent", "2,493", "3.6%"],
            ["Interest rate swaps", "40,695", "1.0%"]]  # fmt: skip
    assert not is_proven("The rent in 2019 was 2,493%.", rows)
    assert not is_proven("The interest rate swaps in 2019 were 40,695%.", rows)


def test_money_with_one_decimal_throughout_is_in_millions() -> None:
    rows = [["", "2019", "2018"], ["Rent", "$54.2", "$50.1"], ["Parking", "12.5", "11.0"]]
    assert is_proven("The rent in 2019 was 54.2 million.", rows)
    assert not is_proven("The rent in 2019 was 54.2 billion.", rows)
    assert not is_proven("The rent in 2019 was 54.2 million.", [rows[0], rows[1]])


STATEMENTS = """Acme Inc
Consolidated Statements of Operations
(In millions)
Year Ended
December 31,
2022
December 25,
2021
Revenues
Rooms
600
500
Food
400
300

1,000
800
Operating income
150
96
Depreciation and amortization of assets
50
40
Consolidated Statements of Cash Flows
(In millions)
Year Ended
December 31,
2022
December 25,
2021
Net cash provided by operating activities
120
90
Capital expenditures, net of payables
(30)
(16)
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Cash flow from operating activities was $120 million in FY2022.", True),
        ("Cash flow from operating activities was $90 million in FY2022.", False),
        ("Capital expenditures were $30 million in FY2022.", True),
        ("Depreciation and amortization was $50 million in FY2022.", True),
        ("The company generated $90 million in cash flow from operating activities in FY2021.",
         True),
        ("Cash flow from operating activities was 0.12 million in FY2022.", False),
    ],
)  # fmt: skip
def test_statements_with_days_in_their_heads(claim: str, expected: bool) -> None:
    assert is_proven(claim, [], STATEMENTS) is expected


TOLD = (
    "The Company recorded upkeep expense of $2.0 million, $1.5 million, and $1.0 million in fiscal"
    " 2019, 2018, and 2017, respectively. Parking costs for the years ended June 30, 2019 and 2018"
    " were $30,500 and $20,500, respectively."
)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The average upkeep expense between 2017 and 2019 was 1.5 million.", True),
        ("The average upkeep expense between 2018 and 2019 was 1.5 million.", False),
        ("The total upkeep expense in 2018 and 2019 was $3.5 million.", True),
        ("The average parking costs for 2018 and 2019 was $25,500.", True),
        ("The average parking costs for 2018 and 2019 was $25,500 thousand.", False),
    ],
)
def test_figures_told_in_prose_are_worked_with(claim: str, expected: bool) -> None:
    assert is_proven(claim, [], TOLD) is expected
