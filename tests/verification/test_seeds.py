"""Long expressions tried only where one of their beginnings stands."""

from __future__ import annotations

import re

import pytest

from summaries.verification.documents.figures import figures_of
from summaries.verification.documents.prose.lexicon import MEASURE, MEASURE_SEEDS
from summaries.verification.documents.seeds import Seeds, any_of, found, kept_up_to
from summaries.verification.documents.spells import spells_of


def test_any_of_finds_each() -> None:
    seed = re.compile(any_of(["cash", "cost", "q1"]))
    assert seed.findall("cash, cost, q1, case") == ["cash", "cost", "q1"]


def test_found_is_what_the_rule_finds() -> None:
    rule, seeds = re.compile(r"\b(?:red|blue)\s+\w+"), Seeds(r"\w", any_of(["re", "bl"]))
    for text in ("a red car, a real one, blue red sea", "red car", "infrared car, (blue sea)"):
        assert [one.span() for one in found(seeds, rule, text)] == [
            one.span() for one in rule.finditer(text)
        ]


@pytest.mark.parametrize(
    "text",
    [
        "the 2022 plan", "The third quarter of 2021", "a year ago", "one year earlier", "1Q20",
        "2h21", "31 March 2016", "3/31/2019", "12-month", "12 - months", "nine months ended",
        "yoy", "y/y", "y-o-y", "q/q", "sequentially", "annually", "in quarter", "compared to the "
        "prior quarter", "from the previous quarter", "the entire year", "upcoming quarter",
        "corresponding period of the prior year", "FY'22", "financial year 2020", "cy 2020",
        "the latest quarter", "reported quarter", "qtrly", "Dec. 2018", "final quarter", "h1 2020",
    ],
)  # fmt: skip
def test_periods_begin_at_their_seeds(text: str) -> None:
    assert spells_of(f"Sales, {text}")


@pytest.mark.parametrize(
    "name",
    [
        "r&d", "g & a", "sg&a", "d&a", "cogs", "loss", "lost $", "adjusted ffo", "nareit ffo",
        "days sales outstanding", "same-store sales", "comps", "rotce", "users", "top-line", "arr",
    ],
)  # fmt: skip
def test_measures_begin_at_their_seeds(name: str) -> None:
    text = f"its {name}2 and {name} 5"
    assert [one.span() for one in found(MEASURE_SEEDS, MEASURE, text)] == [
        one.span() for one in MEASURE.finditer(text)
    ]
    assert 4 in MEASURE_SEEDS.places(f"its {name} 5")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seventeen percent", 17), ("eighty percent", 80), ("minus 5%", -5), ("negative  4%", -4),
        ("a loss of (RMB 5)", -5), ("Rs. 12", 12), ("US$ 7", 7), ("was -3%", -3), ("sixty-two %", 62),
    ],
)  # fmt: skip
def test_figures_begin_at_their_leads(text: str, value: int) -> None:
    assert [one.value for one in figures_of(text)] == [value]


def test_only_short_texts_are_kept() -> None:
    read: list[str] = []

    @kept_up_to(3)
    def made(text: str) -> int:
        read.append(text)
        return len(text)

    assert [made("abc"), made("abc"), made("abcd"), made("abcd")] == [3, 3, 4, 4]
    assert read == ["abc", "abcd", "abcd"]
