"""What each figure of a text is, field by field: where it stands, its sign, scale, place and unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from summaries.verification.documents.figures import Figure, Unit, figure_of, figures_of


def shown(figure: Figure) -> str:
    said = [f"“{figure.text}” {figure.value.normalize():f} ±{figure.place.normalize():f}"]
    said += [figure.unit.value, figure.currency]
    said += [f"x{figure.scale.normalize():f}"] if figure.is_scaled else []
    marks = {
        "word": figure.is_word,
        "bracketed": figure.is_bracketed,
        "bps": figure.is_basis_points,
    }
    return " ".join(
        word for word in (*said, *(name for name, is_so in marks.items() if is_so)) if word
    )


FORMS: dict[str, list[str]] = {
    # signs and brackets
    "($5 in all)": ["“$5” 5 ±1 money USD"],
    "a loss of minus 4 percent": ["“minus 4 percent” -4 ±1 percent"],
    "Negative 12 bps": ["“Negative 12 bps” -0.12 ±0.01 points bps"],
    "margin of -5% was": ["“-5%” -5 ±1 percent"],
    "it fell −5%": ["“−5%” -5 ±1 percent"],
    "was -5": ["“-5” -5 ±1 plain"],
    "fell − 3.1%": ["“3.1%” 3.1 ±0.1 percent"],
    "12%-5%": ["“12%” 12 ±1 percent", "“5%” 5 ±1 percent"],
    "$5-€7": ["“$5” 5 ±1 money USD", "“€7” 7 ±1 money EUR"],
    "from 3-5 days": ["“3” 3 ±1 plain", "“5” 5 ±1 plain"],
    "-$4.5 million": ["“-$4.5 million” -4500000 ±100000 money USD x1000000"],
    "$-4.5m": ["“$-4.5m” -4500000 ±100000 money USD x1000000"],
    "USD(3.5) million": ["“USD(3.5) million” -3500000 ±100000 money USD x1000000 bracketed"],
    "($ 4.5 million)": ["“($ 4.5 million” -4500000 ±100000 money USD x1000000 bracketed"],
    "( 45 )": ["“( 45 )” -45 ±1 plain bracketed"],
    "the (45 million) loss": ["“(45 million” -45000000 ±1000000 plain x1000000 bracketed"],
    "(10%)": ["“(10%” -10 ±1 percent bracketed"],
    "(1.5)x": ["“(1.5)x” -1.5 ±0.1 times bracketed"],
    "(four)": ["“(four)” 4 ±1 plain word bracketed"],
    "(45 people in all)": ["“45” 45 ±1 plain"],
    "(see 12 for more)": ["“12” 12 ±1 plain"],
    "(10 and 12)": ["“10” 10 ±1 plain", "“12)” 12 ±1 plain"],
    "10% )": ["“10%” 10 ±1 percent"],
    "USD-19": ["“USD-19” -19 ±1 money USD"],
    # scales
    "5,417 thousand": ["“5,417 thousand” 5417000 ±1000 plain x1000"],
    "1 trn, 2 bln and 3 mln": [
        "“1 trn” 1000000000000 ±1000000000000 plain x1000000000000",
        "“2 bln” 2000000000 ±1000000000 plain x1000000000",
        "“3 mln” 3000000 ±1000000 plain x1000000",
    ],
    "12 mm": ["“12 mm” 12000000 ±1000000 plain x1000000"],
    "12mn": ["“12mn” 12000000 ±1000000 plain x1000000"],
    "5 b": ["“5 b” 5000000000 ±1000000000 plain x1000000000"],
    "5k": ["“5k” 5000 ±1000 plain x1000"],
    "2M": ["“2M” 2000000 ±1000000 plain x1000000"],
    "5bc": [],
    "four million": ["“four million” 4000000 ±1000000 plain x1000000 word"],
    "four m": [],
    "3 trillions": ["“3 trillions” 3000000000000 ±1000000000000 plain x1000000000000"],
    # units
    "3×": ["“3×” 3 ±1 times"],
    "up 5.0x and 3 times and 4-fold": [
        "“5.0x” 5 ±0.1 times",
        "“3 times” 3 ±1 times",
        "“4-fold” 4 ±1 times",
    ],
    "2x4": [],
    "12 million common shares": ["“12 million common shares” 12000000 ±1000000 shares x1000000"],
    "$12 million shares": ["“$12 million” 12000000 ±1000000 money USD x1000000"],
    "$5 shares": ["“$5” 5 ±1 money USD"],
    "12% dollars": ["“12%” 12 ±1 percent"],
    "12 dollars": ["“12 dollars” 12 ±1 money USD"],
    "12 million pounds": ["“12 million pounds” 12000000 ±1000000 money GBP x1000000"],
    "7 USD": ["“7 USD” 7 ±1 money USD"],
    "7 GBP": ["“7 GBP” 7 ±1 money GBP"],
    "5 pts.": ["“5 pts.” 5 ±1 points"],
    "5 percentage-points": ["“5 percentage-points” 5 ±1 points"],
    "5 per cent points": ["“5 per cent points” 5 ±1 points"],
    "100 pct": ["“100 pct” 100 ±1 percent"],
    "1 basis point": ["“1 basis point” 0.01 ±0.01 points bps"],
    "1bp": ["“1bp” 0.01 ±0.01 points bps"],
    # currencies
    "USD four million": ["“four million” 4000000 ±1000000 plain x1000000 word"],
    "a loss of $five": ["“five” 5 ±1 plain word"],
    "RS. 5": ["“RS. 5” 5 ±1 money INR"],
    "rs 5": ["“rs 5” 5 ±1 money INR"],
    "Rs.5 and U.s.$5": ["“Rs.5” 5 ±1 money INR", "“U.s.$5” 5 ±1 money USD"],
    "us$7": ["“us$7” 7 ±1 money USD"],
    "rmb 7": ["“rmb 7” 7 ±1 money CNY"],
    "Rs. 5": ["“Rs. 5” 5 ±1 money INR"],
    "HK$ 1,000.50": ["“HK$ 1,000.50” 1000.5 ±0.01 money HKD"],
    "xUSD 7": ["“7” 7 ±1 plain"],
    "CHF": [],
    # words
    "four-wheel drive": [],
    "five hundred": ["“five” 5 ±1 plain word"],
    "twenty one percent": ["“twenty one percent” 21 ±1 percent word"],
    "Ninety-nine percent": ["“Ninety-nine percent” 99 ±1 percent word"],
    "zero": ["“zero” 0 ±1 plain word"],
    "nineteen": ["“nineteen” 19 ±1 plain word"],
    "tens of sevens": [],
    # inside words
    "a 10-Year note": ["“10” 10 ±1 plain"],
    "20-F filing": [],
    "5-year and 3-month and 2-week": ["“5” 5 ±1 plain", "“3” 3 ±1 plain", "“2” 2 ±1 plain"],
    "7-day, 9-quarter, 3-to-1": ["“7” 7 ±1 plain", "“9” 9 ±1 plain", "“3” 3 ±1 plain"],
    "10-for-1": ["“10” 10 ±1 plain"],
    "5-point and 5-pointed": ["“5” 5 ±1 plain", "“5” 5 ±1 plain"],
    "A4": [],
    "$A4": [],
    "B-52": [],
    "v1.2.3": [],
    "1/2": [],
    "12/31": [],
    ".3.4": [],
    "12.5.": ["“12.5” 12.5 ±0.1 plain"],
    "1st": [],
    "2nd 3": ["“3” 3 ±1 plain"],
    "21st century": [],
    # ranges
    "3 to 5%, then 7": ["“3” 3 ±1 percent", "“5%” 5 ±1 percent", "“7” 7 ±1 plain"],
    "1000 and 900 million": [
        "“1000” 1000 ±1 plain",
        "“900 million” 900000000 ±1000000 plain x1000000",
    ],
    "999 and 900 million": [
        "“999” 999000000 ±1000000 plain x1000000",
        "“900 million” 900000000 ±1000000 plain x1000000",
    ],
    "61 or 6 million": ["“61” 61 ±1 plain", "“6 million” 6000000 ±1000000 plain x1000000"],
    "costs 10-12 million": [
        "“10” 10000000 ±1000000 plain x1000000",
        "“12 million” 12000000 ±1000000 plain x1000000",
    ],
    "$500 and $620 million": [
        "“$500” 500000000 ±1000000 money USD x1000000",
        "“$620 million” 620000000 ±1000000 money USD x1000000",
    ],
    "$5,000 to $6 million": [
        "“$5,000” 5000000000 ±1000000 money USD x1000000",
        "“$6 million” 6000000 ±1000000 money USD x1000000",
    ],
    "5 and 6 million": [
        "“5” 5000000 ±1000000 plain x1000000",
        "“6 million” 6000000 ±1000000 plain x1000000",
    ],
    "1200 and 6 million": ["“1200” 1200 ±1 plain", "“6 million” 6000000 ±1000000 plain x1000000"],
    "1200 to 6 million": [
        "“1200” 1200000000 ±1000000 plain x1000000",
        "“6 million” 6000000 ±1000000 plain x1000000",
    ],
    "70 or 6 million": ["“70” 70 ±1 plain", "“6 million” 6000000 ±1000000 plain x1000000"],
    "60 or 6 million": [
        "“60” 60000000 ±1000000 plain x1000000",
        "“6 million” 6000000 ±1000000 plain x1000000",
    ],
    "10 or 12 percent": ["“10” 10 ±1 percent", "“12 percent” 12 ±1 percent"],
    "10 and $12": ["“10” 10 ±1 plain", "“$12” 12 ±1 money USD"],
    "10 to $12": ["“10” 10 ±1 money USD", "“$12” 12 ±1 money USD"],
    "10 to 12 bps": ["“10” 0.1 ±0.01 points bps", "“12 bps” 0.12 ±0.01 points bps"],
    "$10 to 12 percent": ["“$10” 10 ±1 money USD", "“12 percent” 12 ±1 percent"],
    "10 to 12 euros": ["“10” 10 ±1 money EUR", "“12 euros” 12 ±1 money EUR"],
    "10 million to 12 million": [
        "“10 million” 10000000 ±1000000 plain x1000000",
        "“12 million” 12000000 ±1000000 plain x1000000",
    ],
    "five to six percent": ["“five” 5 ±1 percent word", "“six percent” 6 ±1 percent word"],
    "3 through 5%": ["“3” 3 ±1 percent", "“5%” 5 ±1 percent"],
    "3 — 5%": ["“3” 3 ±1 percent", "“5%” 5 ±1 percent"],
    "3 apples to 5%": ["“3” 3 ±1 plain", "“5%” 5 ±1 percent"],
    "3 to 5 to 7%": ["“3” 3 ±1 percent", "“5” 5 ±1 percent", "“7%” 7 ±1 percent"],
    "3 to 5, or 7%": ["“3” 3 ±1 plain", "“5” 5 ±1 plain", "“7%” 7 ±1 percent"],
    "-3 to 5%": ["“-3” -3 ±1 percent", "“5%” 5 ±1 percent"],
    "-70 and 6 million": ["“-70” -70 ±1 plain", "“6 million” 6000000 ±1000000 plain x1000000"],
    "$5 and 6 million": ["“$5” 5 ±1 money USD", "“6 million” 6000000 ±1000000 plain x1000000"],
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_figures_of_a_text_are_read_whole(text: str) -> None:
    found = figures_of(text)
    assert [shown(one) for one in found] == FORMS[text]
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]


@pytest.mark.parametrize("before", ["in all ", "rose by ", "(", "“", "1, ", "USD and "])
def test_what_stands_before_moves_a_figure_and_changes_nothing_else(before: str) -> None:
    for text in ("$4.5 million", "-5%", "12 shares", "four percent"):
        *_, found = figures_of(before + text)
        assert found.end == len(before) + len(text), before
        assert abs(found.value) == abs(figures_of(text)[0].value)


def test_long_texts_are_read_as_short_ones_are() -> None:
    text = "It sold 12 units for $4.5 million. "
    alone = figures_of(text)
    many = figures_of(text * 20)
    assert len(many) == 20 * len(alone)
    assert [shown(one) for one in many[-2:]] == [shown(one) for one in alone]
    assert [one.start for one in many[-2:]] == [19 * len(text) + one.start for one in alone]


CELL = Figure(
    3, 7, "(45)", Decimal(-45), Decimal(1), Unit.PLAIN, "", Decimal(1), False, False, True
)
BASIS = Figure(0, 6, "35 bps", Decimal("0.35"), Decimal("0.01"), Unit.POINTS, is_basis_points=True)
MONEY = Figure(0, 4, "€1.5", Decimal("1.5"), Decimal("0.1"), Unit.MONEY, "EUR")


def test_scaled_figure_is_the_same_print_worth_more() -> None:
    assert CELL.scaled(Decimal(1000)) == Figure(
        3, 7, "(45)", Decimal(-45000), Decimal(1000), Unit.PLAIN, "", Decimal(1000), False, False, True
    )  # fmt: skip
    assert MONEY.scaled(Decimal(10**6)) == Figure(
        0, 4, "€1.5", Decimal(1500000), Decimal(100000), Unit.MONEY, "EUR", Decimal(10**6)
    )


def test_revalued_figure_keeps_its_unit_and_currency_unless_told() -> None:
    value, place, scale = Decimal(7), Decimal("0.5"), Decimal(1000)
    assert BASIS.valued(value, place, scale) == Figure(
        0, 6, "35 bps", value, place, Unit.POINTS, "", scale, True
    )
    assert MONEY.valued(value, place, scale) == Figure(
        0, 4, "€1.5", value, place, Unit.MONEY, "EUR", scale
    )
    assert MONEY.valued(value, place, scale, Unit.SHARES, "") == Figure(
        0, 4, "€1.5", value, place, Unit.SHARES, "", scale
    )
    word = figure_of("four")
    assert word
    assert word.valued(value, place, scale, Unit.MONEY, "USD") == Figure(
        0, 4, "four", value, place, Unit.MONEY, "USD", scale, is_word=True
    )


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [("45", True), ("four", True), ("45.0", False), ("45%", False), ("$45", False), ("45k", False)],
)
def test_bare_count_may_be_part_of_a_name(text: str, is_whole: bool) -> None:
    figure = figure_of(text)
    assert figure
    assert figure.is_whole is is_whole


@pytest.mark.parametrize(
    ("actual", "slack", "shows"),
    [
        ("1.25", "0.5", True),
        ("1.15", "0.5", True),
        ("1.251", "0.5", False),
        ("1.149", "0.5", False),
        ("1.3", "1", True),
        ("1.301", "1", False),
        ("-1.2", "1", False),
    ],
)
def test_figure_shows_what_is_at_most_the_slack_off(actual: str, slack: str, shows: bool) -> None:
    figure = figure_of("1.2")
    assert figure
    assert figure.shows(Decimal(actual), slack=Decimal(slack)) is shows
    if slack == "0.5":
        assert figure.shows(Decimal(actual)) is shows
