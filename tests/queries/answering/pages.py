"""Pages of a company that doesn't exist."""

from __future__ import annotations

from summaries.verification.documents.sources import Source, source_of

PAINTS = [
    ["(in millions)", "2024", "2023", "2022"],
    ["Paint sales", "$700", "$500", "$400"],
    ["Glue sales", "100", "125", "100"],
    ["Total sales", "800", "625", "500"],
    ["Rent expense", "(40)", "(50)", "(60)"],
    ["Result of the brush business", "(5)", "10", "12"],
    ["Effective tax rate", "21.0%", "24.5%", "25.0%"],
    ["Brushes sold per store", "7.50", "7.25", "7.00"],
]
NOTES = (
    "Acme makes paint.\n\n"
    "As of December 31, 2024, there was $1.5 billion of unrecognized compensation cost related to "
    "brush options. Warranty provisions were $9.1 million and $8.4 million in 2024 and 2023, "
    "respectively. Paint sales increased in 2024 primarily due to higher demand for blue paint. "
    "Other income consists of gains on the sale of ladders. We may spend up to $3.0 million on "
    "warehouse leases in 2025."
)
INCOME = """ACME CORPORATION
CONSOLIDATED STATEMENTS OF INCOME
(in millions)
Years ended December 31,
2024
2023
2022
Net sales
$
1,000
$
800
$
700
Cost of sales
600
500
450
Operating income
150
120
100
Interest expense
30
24
20
Net income
90
70
60
"""
BALANCE = """ACME CORPORATION
CONSOLIDATED BALANCE SHEETS
(in millions)
December 31,
2024
2023
Inventories
100
80
Total current assets
450
400
Accounts payable
70
50
Total current liabilities
300
250
Property, plant and equipment, net
220
180
"""
CASH = """ACME CORPORATION
CONSOLIDATED STATEMENTS OF CASH FLOWS
(in millions)
Years ended December 31,
2024
2023
2022
Depreciation and amortization
50
40
35
Capital expenditures
(80)
(60)
(70)
"""


def paints() -> Source:
    return source_of("", PAINTS)


def notes() -> Source:
    return source_of(NOTES)


def statements() -> tuple[Source, ...]:
    return tuple(map(source_of, (INCOME, BALANCE, CASH)))
