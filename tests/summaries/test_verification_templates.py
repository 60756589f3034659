"""True sentences in many styles, filled from a fact book: none may be accused.

`told` is also what `bench/verify.py` and the corruption tests start from. The
sentences are shaped by hand to be unlike any one writer's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pytest

from summaries.benchmark import Benchmark, BenchmarkRow
from summaries.company import Company
from summaries.factbook import Fact, FactBook
from summaries.measures import CATALOGUE, Item
from summaries.periods import Period, Span
from summaries.verification import Sources, Verdict, verify
from tests.summaries.books import UNITS, facts, filing
from tests.summaries.bundled import companies

Values = Mapping[str, Sequence[float | str | None]]
SCALES = ((12, "tn", "trillion"), (9, "bn", "billion"), (6, "m", "million"))
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
OTHERS = frozenset({"Globex Corporation", "Globex", "Initech", "Hooli", "Umbrella Holdings"})


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Teller:
    """Prints a company's figures; ``at`` is the period told of."""

    company: Company
    book: FactBook
    at: Period
    before: Period

    def value(self, key: str, at: Period | None = None) -> Decimal | None:
        fact = self.book.item(key, at or self.at)
        return fact.value if fact else None

    def ratio(self, above: str, below: str, at: Period | None = None) -> Decimal | None:
        over, under = self.value(above, at), self.value(below, at)
        return over / under if over is not None and under and under > 0 else None

    def money(self, value: Decimal, *, long: bool = False) -> str:
        size = abs(value)
        for power, short, word in SCALES:
            if size >= Decimal(10) ** power:
                return f"${rounded(size.scaleb(-power), 1):,}{' ' + word if long else short}"
        return f"${rounded(size, 0):,}"

    def percent(self, value: Decimal) -> str:
        return f"{rounded(abs(value) * 100, 1)}%"

    def day(self, at: Period) -> str:
        return f"{at.end.day} {at.end:%B %Y}"

    def year(self, at: Period | None = None) -> int:
        return self.book.calendar.year_number((at or self.at).end)


def tellers(company: Company, book: FactBook, *, span: Span = Span.YEAR) -> Iterator[Teller]:
    for at in reversed(book.spans(span)):
        if (before := book.year_before(at)) is not None:
            yield Teller(company, book, at, before)
            return


def pick(up: bool, high: str, low: str) -> str:
    return high if up else low


def told(teller: Teller, sector: Benchmark | None = None) -> Iterator[str]:
    yield from _levels(teller)
    yield from _changes(teller)
    yield from _margins(teller)
    yield from _shares(teller)
    yield from _cash(teller)
    yield from _per_share(teller)
    yield from _losses(teller)
    yield from _history(teller)
    if sector is not None:
        yield from _sector(teller, sector)


def _levels(t: Teller) -> Iterator[str]:
    revenue, was = t.value("revenue"), t.value("revenue", t.before)
    year, name = t.year(), t.company.short
    if not revenue or not was or min(revenue, was) <= 0:
        return
    now, then = t.money(revenue), t.money(was)
    yield f"In fiscal {year}, {name} booked sales of {now}."
    yield f"{name}'s turnover was {t.money(revenue, long=True)} in FY{year}."
    yield f"Net sales for the year ended {t.day(t.at)} totaled {now}, against {then} the year before."
    yield f"{t.company.ticker} reported revenue of {now} for fiscal year {year}, compared with {then} in the prior year."
    yield f"Revenue amounted to {now} in fiscal {year} and {then} in fiscal {year - 1}."
    yield f"Revenue in the fiscal year ended {t.at.end:%B} {t.at.end.day}, {t.at.end.year} came in at {now}."
    if (profit := t.value("net_income")) and profit > 0:
        yield f"{name} earned {t.money(profit)} in fiscal {year} on sales of {now}."
        yield f"In fiscal {year} the bottom line came to {t.money(profit)} and the top line to {now}."
        yield f"Revenue and net income were {now} and {t.money(profit)}, respectively, in fiscal {year}."


def _changes(t: Teller) -> Iterator[str]:
    revenue, was, year = t.value("revenue"), t.value("revenue", t.before), t.year()
    if (
        not revenue
        or not was
        or min(revenue, was) <= 0
        or abs(revenue / was - 1) < Decimal("0.005")
    ):
        return
    up, by = revenue > was, t.percent(revenue / was - 1)
    now, then, gap = t.money(revenue), t.money(was), t.money(revenue - was)
    yield f"Revenue {pick(up, 'climbed', 'slipped')} by {by} to {now} in fiscal {year}."
    yield f"Sales {pick(up, 'increased', 'decreased')} from {then} in fiscal {year - 1} to {now} in fiscal {year}."
    yield f"Between fiscal {year - 1} and fiscal {year}, revenue {pick(up, 'advanced', 'declined')} {by}."
    yield f"Revenue of {now} in fiscal {year} was {gap} {pick(up, 'higher', 'lower')} than a year earlier."
    yield f"At {now}, fiscal {year} revenue was {by} {pick(up, 'more', 'less')} than in the previous year."
    yield f"Fiscal {year} brought {'an increase' if up else 'a decline'} of {by} in revenue, to {now}."
    yield f"A {by} {pick(up, 'rise', 'fall')} in sales took them to {now} in fiscal {year}."
    yield f"Sales in fiscal {year} were {now} (fiscal {year - 1}: {then})."
    if up:
        yield f"{t.company.short} grew its revenue {by} in fiscal {year}."
        yield f"Revenue growth was {by} in fiscal {year}."
        yield f"Fiscal {year} revenue of {now} exceeded the prior year's {then}."
    income = t.value("operating_income"), t.value("operating_income", t.before)
    if income[0] and income[1] and min(income[0], income[1]) > 0 and income[0] != income[1]:
        grown = income[0] / income[1] > revenue / was
        yield (
            f"Operating income grew {pick(grown, 'faster', 'slower')} than revenue in fiscal {year}."
            if (income[0] > income[1])
            else f"Operating profit fell to {t.money(income[0])} in fiscal {year}."
        )


def _margins(t: Teller) -> Iterator[str]:
    for name, above in (
        ("gross margin", "gross_profit"),
        ("operating margin", "operating_income"),
        ("net margin", "net_income"),
    ):
        now, was = t.ratio(above, "revenue"), t.ratio(above, "revenue", t.before)
        if (
            now is None
            or was is None
            or min(now, was) <= Decimal("0.01")
            or t.percent(now) == t.percent(was)
        ):
            continue
        up, points = now > was, abs(now - was) * 100
        yield f"The {name} {pick(up, 'improved', 'contracted')} to {t.percent(now)} in fiscal {t.year()} from {t.percent(was)}."
        yield f"In fiscal {t.year()} the {name} stood at {t.percent(now)}, {pick(up, 'up', 'down')} {rounded(points, 1)} percentage points on the year before."
        yield f"The {name} was {rounded(points * 100, 0)} bps {pick(up, 'wider', 'narrower')} in fiscal {t.year()} than in fiscal {t.year() - 1}."
        yield f"{t.company.short} kept {rounded(now * 100, 1)} cents of every dollar of revenue as {CATALOGUE[above].name} in fiscal {t.year()}."
        yield f"Of each dollar of sales in fiscal {t.year()}, {rounded(now * 100, 1)} cents became {CATALOGUE[above].name}."


def _shares(t: Teller) -> Iterator[str]:
    research = t.ratio("research_and_development", "revenue")
    if research and research > Decimal("0.01"):
        spent = t.money(t.value("research_and_development") or Decimal(0))
        yield f"{t.company.short} spent {t.percent(research)} of revenue on R&D in fiscal {t.year()}, or {spent}."
        yield f"R&D spending of {spent} in fiscal {t.year()} equaled {t.percent(research)} of sales."
        yield f"{t.percent(research)} of fiscal {t.year()} revenue went on research and development."
        yield f"As a share of revenue, research and development was {t.percent(research)} in fiscal {t.year()}."
    claims = t.ratio("claims_incurred", "premiums")
    if claims:
        yield f"The insurer spent {t.percent(claims)} of premiums on claims in fiscal {t.year()}."
        yield f"In fiscal {t.year()} medical claims took {rounded(claims * 100, 1)} cents of each premium dollar."
    loans = t.ratio("loans", "deposits")
    if loans:
        yield f"Loans were equal to {t.percent(loans)} of deposits at the end of fiscal {t.year()}."
    owed = t.ratio("total_liabilities", "total_assets")
    if owed:
        yield f"Liabilities made up {t.percent(owed)} of total assets at {t.day(t.at)}."


def _cash(t: Teller) -> Iterator[str]:
    flow, spent, year = t.value("operating_cash_flow"), t.value("capital_expenditure"), t.year()
    if flow and spent and spent > 0 and flow > spent:
        free = t.money(flow - spent)
        yield f"In fiscal {year} the company generated {t.money(flow)} of cash from operations and invested {t.money(spent)} in capital expenditure, leaving free cash flow of {free}."
        yield f"Operating cash flow covered capex {rounded(flow / spent, 1)} times in fiscal {year}."
        yield f"Free cash flow was {free} in fiscal {year}, on operating cash flow of {t.money(flow)} and capital spending of {t.money(spent)}."
        yield f"Operating cash flow was {rounded(flow / spent, 1)}x capital expenditures in fiscal {year}."
        yield f"Operating cash flow exceeded capital expenditure by {free} in fiscal {year}."
    bought, paid = t.value("buybacks"), t.value("dividends_paid")
    if bought and paid:
        yield f"In fiscal {year} it repurchased {t.money(bought)} of its own stock and paid {t.money(paid)} in dividends."
        yield f"Dividends and share buybacks together came to {t.money(bought + paid)} in fiscal {year}."
        yield f"{t.company.short} spent {t.money(bought)} on share repurchases in fiscal {year}."
    cash, debt = t.value("cash"), t.value("long_term_debt")
    if cash and debt and cash > 0 and debt > 0:
        yield f"At {t.day(t.at)} it had {t.money(cash)} of cash and {t.money(debt)} of long-term debt."
        yield f"It ended the year with {t.money(cash)} in cash at {t.day(t.at)}."
        yield f"Cash stood at {t.money(cash)} at the end of fiscal {year}, against long-term debt of {t.money(debt)}."
        yield (
            f"Long-term debt was {pick(debt > cash, 'higher', 'lower')} than cash at the end of fiscal {year}."
            if debt != cash
            else f"Cash was {t.money(cash)} at the end of fiscal {year}."
        )


def _per_share(t: Teller) -> Iterator[str]:
    eps, was, year = t.value("diluted_eps"), t.value("diluted_eps", t.before), t.year()
    profit = t.value("net_income")
    if eps and was and min(eps, was) > 0 and eps == rounded(eps, 2) and was == rounded(was, 2):
        yield f"Diluted EPS for fiscal {year} was ${eps:.2f}, versus ${was:.2f} the year before."
        yield f"{t.company.short} earned ${eps:.2f} a diluted share in fiscal {year}."
        if profit and profit > 0:
            yield f"Net profit in fiscal {year} was {t.money(profit)}, or ${eps:.2f} per diluted share, compared with ${was:.2f} a year earlier."
    shares = t.value("diluted_shares"), t.value("diluted_shares", t.before)
    if shares[0] and shares[1] and abs(shares[0] / shares[1] - 1) > Decimal("0.001"):
        count = t.money(shares[0], long=True).lstrip("$")
        verb = pick(shares[0] > shares[1], "rose", "fell")
        yield f"The diluted share count {verb} {t.percent(shares[0] / shares[1] - 1)} to {count} in fiscal {year}."
        yield f"There were {count} diluted shares in fiscal {year}."


def _losses(t: Teller) -> Iterator[str]:
    now, was, year = t.value("net_income"), t.value("net_income", t.before), t.year()
    if now is None or was is None:
        return
    if now < 0:
        yield f"{t.company.short} lost {t.money(now)} in fiscal {year}."
        yield f"Net income was -{t.money(now)} in fiscal {year}."
        yield f"Net income was $({t.money(now).lstrip('$').rstrip('bnmt')}){t.money(now).lstrip('$').lstrip('0123456789.,')} in fiscal {year}."
        if was < 0:
            moved = pick(now > was, "narrowed", "widened")
            yield f"The net loss {moved} to {t.money(now)} in fiscal {year} from {t.money(was)} in fiscal {year - 1}."
    if now > 0 > was:
        yield f"In fiscal {year} the company swung to a profit of {t.money(now)} from a loss of {t.money(was)}."
        yield f"Net income turned positive in fiscal {year}."
    flow = t.value("operating_cash_flow")
    if flow and flow < 0:
        yield f"In fiscal {year} it used {t.money(flow)} of cash in operations."


def years_of(t: Teller, above: str, below: str = "") -> list[Decimal]:
    """The years in a row that end with the latest, newest first."""
    found: list[Decimal] = []
    at: Period | None = t.at
    while at is not None:
        value = t.ratio(above, below, at) if below else t.value(above, at)
        if value is None:
            break
        found.append(value)
        at = next((p for p in t.book.years() if at is not None and p.is_year_before(at)), None)
    return found


def _history(t: Teller) -> Iterator[str]:
    run, year = years_of(t, "revenue"), t.year()
    if len(run) >= 4 and min(run) > 0 and len(set(map(t.money, run))) == len(run):
        count = len(run) if len(run) < len(WORDS) else 0
        if run[0] in (max(run), min(run)) and count:
            side = pick(run[0] == max(run), "highest", "lowest")
            yield f"Fiscal {year} revenue was the {side} in the {WORDS[count]} years on record here."
            yield f"Revenue reached its {side} level of the {WORDS[count]} fiscal years in the data in fiscal {year}."
        if abs(run[0] / run[3] - 1) > Decimal("0.01"):
            change = t.percent(run[0] / run[3] - 1)
            rate = (run[0] / run[3]) ** (Decimal(1) / 3) - 1
            up = run[0] > run[3]
            yield f"Since fiscal {year - 3}, revenue has {pick(up, 'risen', 'fallen')} {change}."
            yield f"Revenue {pick(up, 'rose', 'fell')} {change} over the past three years."
            yield f"From fiscal {year - 3} to fiscal {year}, revenue {pick(up, 'grew', 'shrank')} {t.percent(rate)} a year."
            yield f"Revenue {pick(up, 'grew', 'shrank')} at a compound annual rate of {t.percent(rate)} over the last three years."
        steps = next((i for i in range(len(run) - 1) if run[i] <= run[i + 1]), len(run) - 1)
        if 2 <= steps < len(run) - 1 and steps < 8:
            ordinal = ["second", "third", "fourth", "fifth", "sixth", "seventh"][steps - 2]
            yield f"Revenue rose for the {ordinal} year running in fiscal {year}."
            yield f"Fiscal {year} was the {ordinal} consecutive year of revenue growth."
        if 2 <= steps < len(WORDS):
            yield f"Sales increased in each of the last {WORDS[steps]} years."
    margins = years_of(t, "operating_income", "revenue")[:5]
    if len(margins) == 5 and min(margins) > 0:
        mean = sum(margins, Decimal(0)) / 5
        yield f"The operating margin averaged {t.percent(mean)} over the past five years."
        if t.percent(mean) != t.percent(margins[0]):
            side = pick(margins[0] > mean, "above", "below")
            yield f"In fiscal {year} the operating margin of {t.percent(margins[0])} was {side} its five-year average of {t.percent(mean)}."


def _sector(t: Teller, sector: Benchmark) -> Iterator[str]:
    own, middle = t.ratio("operating_income", "revenue"), sector.median("operating_margin")
    if own is None or middle is None or own <= 0 or t.percent(own) == t.percent(middle):
        return
    count, name = len(sector.members("operating_margin")), sector.sector.lower()
    side, usual = pick(own > middle, "above", "below"), t.percent(middle)
    yield f"In fiscal {t.year()} the operating margin was {t.percent(own)}, {side} the sector median of {usual}."
    yield f"The operating margin of {t.percent(own)} in fiscal {t.year()} compares with a median of {usual} for the {WORDS[count]} {name} companies covered."
    yield f"Its operating margin, at {t.percent(own)} in fiscal {t.year()}, is {side} the {usual} median of its sector."
    yield f"The operating margin in fiscal {t.year()} was {rounded(abs(own - middle) * 100, 1)} percentage points {side} the sector median."


def interim(t: Teller) -> Iterator[str]:
    revenue, was = t.value("revenue"), t.value("revenue", t.before)
    if not revenue or not was or min(revenue, was) <= 0 or t.money(revenue) == t.money(was):
        return
    up, by, day = revenue > was, t.percent(revenue / was - 1), t.day(t.at)
    yield f"In the quarter ended {day}, sales {pick(up, 'climbed', 'dropped')} {by} to {t.money(revenue)}."
    yield f"Revenue for the quarter ended {day} was {t.money(revenue)}, {pick(up, 'up', 'down')} from {t.money(was)} in the same quarter a year earlier."
    yield f"Sales of {t.money(revenue)} in the three months ended {day} compare with {t.money(was)} in the same period a year earlier."
    named = t.book.calendar.quarter_of(t.at.end)
    if named:
        ordinal = ["first", "second", "third", "fourth"][named[1] - 1]
        yield f"Revenue was {t.money(revenue)} in the {ordinal} quarter of fiscal {named[0]}."
        yield f"In Q{named[1]} FY{named[0]} revenue was {t.money(revenue)}."


# -- the made-up companies ---------------------------------------------------------

GROWING: Values = {
    "revenue": [71_040e6, 69_980e6, 78_911e6, 81_462e6, 90_377e6, 99_803e6, 104_229e6, 118_570e6],
    "gross_profit": [30_119e6, 29_020e6, 34_090e6, 35_777e6, 40_018e6, 44_870e6, 46_002e6, 54_661e6],
    "operating_income": [14_200e6, 13_100e6, 16_905e6, 18_020e6, 21_333e6, 24_950e6, 24_120e6, 30_909e6],
    "net_income": [10_111e6, 9_520e6, 12_800e6, 13_975e6, 16_480e6, 19_100e6, 18_411e6, 24_007e6],
    "research_and_development": [5_010e6, 5_400e6, 6_123e6, 6_870e6, 7_722e6, 8_410e6, 9_003e6, 9_877e6],
    "total_assets": [150e9, 155e9, 163e9, 171e9, 180e9, 192e9, 201e9, 222e9],
    "total_liabilities": [90e9, 91e9, 92.2e9, 94e9, 97e9, 101e9, 104e9, 111.3e9],
    "cash": [11e9, 12.4e9, 9.8e9, 13.1e9, 14.6e9, 12.2e9, 15.9e9, 17.3e9],
    "long_term_debt": [28e9, 27.1e9, 30.4e9, 29.9e9, 27.3e9, 26.6e9, 25.2e9, 23.8e9],
    "operating_cash_flow": [17e9, 16.2e9, 19.4e9, 20.7e9, 24.5e9, 27.3e9, 26.6e9, 33.1e9],
    "capital_expenditure": [4.4e9, 4.1e9, 5.2e9, 5.5e9, 6.1e9, 6.8e9, 7.3e9, 7.9e9],
    "buybacks": [3e9, 3.3e9, 4.1e9, 5.6e9, 7.7e9, 8.8e9, 9.4e9, 11.2e9],
    "dividends_paid": [2.1e9, 2.2e9, 2.4e9, 2.6e9, 2.9e9, 3.1e9, 3.4e9, 3.9e9],
    "diluted_eps": ["4.61", "4.40", "5.98", "6.62", "7.91", "9.31", "9.12", "12.07"],
    "diluted_shares": [2193e6, 2163e6, 2140e6, 2111e6, 2083e6, 2051e6, 2019e6, 1989e6],
    "premiums": [40e9, 41e9, 44e9, 45e9, 48e9, 50e9, 52e9, 57e9],
    "claims_incurred": [33e9, 34.2e9, 36.6e9, 38.1e9, 40.3e9, 42.9e9, 44.1e9, 48.7e9],
    "loans": [60e9, 62e9, 65e9, 66e9, 70e9, 75e9, 79e9, 82e9],
    "deposits": [80e9, 81e9, 83e9, 88e9, 90e9, 97e9, 99e9, 104e9],
}  # fmt: skip
LOSING: Values = {
    "revenue": [310e6, 402e6, 388e6, 350e6, 333e6],
    "operating_income": [-40e6, -52.4e6, -61e6, -70.2e6, -33.3e6],
    "net_income": [-44e6, -55.1e6, -66e6, -81.7e6, -36.4e6],
    "operating_cash_flow": [-30e6, -41e6, -47.7e6, -52e6, -12.6e6],
    "diluted_shares": [50e6, 55e6, 61e6, 66e6, 70.2e6],
}  # fmt: skip
TURNING: Values = {
    "revenue": [900e6, 1_020e6, 1_180e6],
    "net_income": [-120e6, -52.3e6, 36.4e6],
    "operating_income": [-100e6, -41e6, 55e6],
}
QUARTERS: Values = {"revenue": [27_001e6, 29_844e6, 30_777e6, 30_948e6, 29_910e6, 33_003e6]}


def with_quarters(values: Values, made: list[Fact]) -> list[Fact]:
    """Calendar quarters that end with the second of 2026."""
    starts = [date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]  # fmt: skip
    for key, series in values.items():
        item = CATALOGUE[key]
        assert isinstance(item, Item)
        for place, value in enumerate(series):
            at = Period(starts[place + 1] - timedelta(days=1), starts[place])
            told_in = filing(at, id=9000 + place, form="10-Q")
            made.append(
                Fact(
                    len(made) + 1,
                    item.concepts[0],
                    UNITS[item.unit],
                    at,
                    Decimal(str(value)),
                    told_in,
                )
            )
    return made


ACME = Company.named("Acme Tools, Inc.", "ACMT")


def sector_of(own: Decimal) -> Benchmark:
    values = [Decimal("0.101"), Decimal("0.155"), Decimal("0.203"), Decimal("0.298"), own]
    rows = tuple(
        BenchmarkRow(f"S{i}", f"Company {i}", "operating_margin", date(2025, 12, 31), value)
        for i, value in enumerate(values)
    )
    assert median(values) == Benchmark("Industrials", date(2026, 1, 31), rows).median(
        "operating_margin"
    )
    return Benchmark("Industrials", date(2026, 1, 31), rows)


def made_up() -> list[tuple[str, Sources]]:
    books = {
        "growing": FactBook(with_quarters(QUARTERS, facts(GROWING, last=2025))),
        "losing": FactBook(facts(LOSING, last=2025)),
        "turning": FactBook(facts(TURNING, last=2025)),
    }
    growing = sector_of(Decimal(30_909) / Decimal(118_570))
    return [
        (name, Sources(ACME, book, growing if name == "growing" else None, OTHERS))
        for name, book in books.items()
    ]


def sources_and_sentences() -> Iterator[tuple[Sources, str]]:
    """Every template for the made-up companies and for every bundled one."""
    bundled = [Sources(one.company, one.book, None, OTHERS) for one in companies()]
    for sources in [*(sources for _, sources in made_up()), *bundled]:
        if sources.book.currency != "USD":
            continue
        for teller in tellers(sources.company, sources.book):
            for sentence in told(teller, sources.benchmark):
                yield sources, sentence
        for teller in tellers(sources.company, sources.book, span=Span.QUARTER):
            for sentence in interim(teller):
                yield sources, sentence


def test_true_sentences_of_many_styles_are_supported() -> None:
    accused = [
        (sources.company.ticker, sentence, [finding.reason for finding in check.findings])
        for sources, sentence in sources_and_sentences()
        for check in verify(sentence, sources)
        if check.verdict is not Verdict.SUPPORTED
    ]
    assert accused == []


@pytest.mark.parametrize("name", ["growing", "losing", "turning"])
def test_made_up_companies_have_sentences_of_every_family(name: str) -> None:
    sources = dict(made_up())[name]
    [teller] = tellers(sources.company, sources.book)
    assert (
        len(list(told(teller, sources.benchmark)))
        >= {"growing": 60, "losing": 12, "turning": 8}[name]
    )
