"""Figures that prose tells of a year, one by one or in lists. Companies and numbers are invented."""

from __future__ import annotations

import pytest

from summaries.verification.documents.judging import judge
from summaries.verification.documents.sources import source_of
from summaries.verification.verdicts import Verdict

HEADED = (
    "Marketing Costs: Marketing costs amounted to $278,057, $365,859, and $378,217, for the years "
    "ended September 30, 2019, 2018, and 2017, respectively, and are charged when incurred."
)
COUNTED = (
    "Potential shares from unvested grants totaling 1 million, 1 million and 6 million for fiscal "
    "2019, 2018 and 2017, respectively, were left out of the count."
)
CHAINED = (
    "There were 308,000 stock grants left out of the count for the fiscal year ended 2019 and "
    "113,000 for the fiscal year ended 2018."
)
ASIDE = (
    "Depreciation expense, including that of leased assets, totaled $290.2 million in 2019, "
    "$239.6 million in 2018 and $190.4 million in 2017."
)
REASONED = (
    "Potential shares from grants totaling 2 million and 3 million for fiscal 2019 and 2018, "
    "respectively, were left out, because they would have made no difference."
)
SUPPOSED = "If all were exercised, potential shares from grants would total 2 million in 2019."
WISHED = "Sales would have been $5 million in 2019 had the plant run all year."
NAMED = "One customer accounted for 16% of our net revenue for the year ended May 31, 2022."


@pytest.mark.parametrize(
    ("text", "claim", "is_true"),
    [
        (HEADED, "The marketing costs for the year ended September 30, 2019 is $278,057.", True),
        (HEADED, "Marketing costs were $365,859 in 2018.", True),
        (HEADED, "Marketing costs amounted to $365,859 in 2019.", False),
        (HEADED, "Costs amounted to $278,057 in 2019.", False),
        (COUNTED, "The potential shares from unvested grants in 2019 were 1 million.", True),
        (COUNTED, "Potential shares from unvested grants were 6 million in 2017.", True),
        (COUNTED, "Potential shares from unvested grants in 2017 were 1 million.", False),
        (COUNTED, "Potential shares in 2017 were 6 million.", False),
        (REASONED, "The potential shares from grants in 2019 were 2 million.", True),
        (REASONED, "The potential shares from grants in 2018 were 2 million.", False),
        (SUPPOSED, "The potential shares from grants in 2019 were 2 million.", False),
        (WISHED, "Sales were $5 million in 2019.", False),
        (CHAINED, "The stock grants left out of the count in fiscal 2019 were 308,000.", True),
        (CHAINED, "The stock grants left out of the count in fiscal 2018 were 308,000.", False),
        (ASIDE, "Depreciation expense was $239.6 million in 2018.", True),
        (ASIDE, "Depreciation expense was $239.6 million in 2019.", False),
        (ASIDE, "The total depreciation expense between 2017 and 2019 is $720.2 million.", True),
        (ASIDE, "The total depreciation expense between 2017 and 2018 is $720.2 million.", False),
        (ASIDE, "The average depreciation expense from 2017 to 2019 was $240.1 million.", True),
        (NAMED, "One customer accounted for 16% of Harrow's net revenue in FY2022.", True),
        (NAMED, "One customer accounted for 16% of Harrow's net revenue in FY2021.", False),
        (
            NAMED,
            "One customer accounted for 16% of Harrow's net revenue in FY2022 and 2021.",
            False,
        ),
        (NAMED, "Two customers accounted for 16% of Harrow's net revenue in FY2022.", False),
    ],
)
def test_a_figure_is_of_its_words_and_its_year(text: str, claim: str, is_true: bool) -> None:
    source = source_of(f"Harrow makes kilns. {text} It sells glaze.", meta={"company": "Harrow"})
    assert (judge(claim, source).verdict is Verdict.SUPPORTED) is is_true
