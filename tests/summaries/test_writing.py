import re
from decimal import Decimal

import pytest

from summaries.factbook import FactBook
from summaries.profiles import Profile
from summaries.tiers import WORDS, Tier, count_words
from summaries.writing import NotEnoughFacts, numbers, write
from tests.summaries.books import ACME, book
from tests.summaries.bundled import Bundled, companies, company

WITHOUT_ENOUGH = {"WFC"}


def draft(one: Bundled):  # type: ignore[no-untyped-def]
    return write(one.company, one.book, None, one.profile)


def words(one: Bundled, tier: Tier) -> str:
    return " ".join(sentence.text for sentence in draft(one).tiers[tier])


@pytest.mark.parametrize(
    "one",
    [one for one in companies() if one.company.ticker not in WITHOUT_ENOUGH],
    ids=lambda one: one.company.ticker,
)
def test_every_bundled_company_gets_three_tiers_in_range(one: Bundled) -> None:
    made = draft(one)
    for tier, (low, high) in WORDS.items():
        text = " ".join(sentence.text for sentence in made.tiers[tier])
        assert low <= count_words(text) <= high, text
    told = [sentence for sentences in made.tiers.values() for sentence in sentences]
    assert all(sentence.fact_ids or sentence.cites_benchmark for sentence in told)
    known = {fact.id for fact in one.book.facts()}
    assert {fact for sentence in told for fact in sentence.fact_ids} <= known


def test_company_with_too_few_facts_is_told_so() -> None:
    with pytest.raises(
        NotEnoughFacts, match=r"Wells Fargo covers no full reporting period \(2 facts\)"
    ):
        draft(company("WFC"))


def test_company_without_facts_is_told_so() -> None:
    with pytest.raises(NotEnoughFacts, match="no full reporting period"):
        write(ACME, FactBook([]), None, Profile.INDUSTRIAL)


def test_same_facts_same_text() -> None:
    one = company("NVDA")
    assert draft(one) == draft(one)


def test_a_bank_an_insurer_a_landlord_and_a_software_company_read_differently() -> None:
    texts = {ticker: words(company(ticker), Tier.MEDIUM) for ticker in ("JPM", "UNH", "LPA", "CRM")}
    assert "deposits" in texts["JPM"].lower()
    assert "premiums" in texts["UNH"].lower()
    assert "investment property" in texts["LPA"].lower()
    assert "research and development" in texts["CRM"].lower()
    for ticker in ("UNH", "LPA", "CRM"):
        assert "deposits" not in texts[ticker].lower()
    assert "gross margin" not in texts["JPM"].lower()


def test_sentences_are_not_cut_from_one_pattern() -> None:
    texts = [
        [sentence.text for sentence in draft(one).tiers[Tier.MEDIUM]]
        for one in companies()
        if one.company.ticker not in WITHOUT_ENOUGH
    ]
    openings = {re.sub(r"\S*\d\S*", "#", text[0]).split("#")[0].split(" ", 1)[1] for text in texts}
    assert len(openings) >= 5, openings
    for text in texts:
        starts = [" ".join(sentence.split()[:3]) for sentence in text]
        assert len(set(starts)) >= 0.8 * len(starts), starts


def test_no_growth_is_told_from_a_loss() -> None:
    held = book(
        {
            "revenue": [100e6, 110e6],
            "net_income": [-20e6, -5e6],
            "operating_income": [-18e6, 4e6],
            "cash": [50e6, 40e6],
        }
    )
    from summaries.writing.topics import net_income, operating_income
    from summaries.writing.view import View

    years = held.years()
    view = View(ACME, held, Profile.INDUSTRIAL, years[-1], years[-2])
    net, operating = net_income(view), operating_income(view)
    assert net is not None
    assert operating is not None
    assert net.text.startswith("The net loss narrowed to $5.0m from $20.0m ")
    assert operating.text.startswith(
        "The company swung to operating income of $4.0m from an operating loss of $18.0m "
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("416161000000", "$416.2bn"),
        ("999960000", "$1.0bn"),
        ("999400000", "$999m"),
        ("36450000", "$36.5m"),
        ("99960000", "$100.0m"),
        ("950000", "$950,000"),
        ("2560000000000", "$2.56tn"),
        ("-45000000", "-$45.0m"),
        ("0", "$0"),
    ],
)
def test_money_has_one_way_for_each_magnitude(value: str, text: str) -> None:
    assert numbers.money(Decimal(value), "USD") == text


def test_numbers_as_printed() -> None:
    assert numbers.money(Decimal(10**9), "COP") == "COP 1.0bn"
    assert numbers.percent(Decimal("0.06425")) == "6.4%"
    assert numbers.percent(Decimal("1.142")) == "114%"
    assert numbers.percent(Decimal("-0.085")) == "-8.5%"
    assert numbers.points(Decimal("0.0035")) == "35 bps"
    assert numbers.points(Decimal("0.012")) == "1.2 percentage points"
    assert numbers.points(Decimal("0.01")) == "1.0 percentage point"
    assert numbers.per_share(Decimal("7.46"), "USD") == "$7.46"
    assert numbers.per_share(Decimal("0.034"), "USD") == "$0.034"
    assert numbers.per_share(Decimal("0.7467"), "USD") == "$0.7467"
    assert numbers.per_share(Decimal("-0.5"), "USD") == "-$0.50"


def test_filing_date_is_that_of_the_newest_period_or_none() -> None:
    dates = {
        ticker: (str(made.data_through), made.filed and str(made.filed))
        for ticker in ("JPM", "AAPL", "ADBE")
        for made in [draft(company(ticker))]
    }
    assert dates == {
        "JPM": ("2026-03-31", "2026-05-01"),
        "AAPL": ("2026-03-28", None),  # our data lacks the date of this one
        "ADBE": ("2024-11-29", "2025-01-13"),
    }
