"""Acceptance times are never before the truth, and exact where they are said to be."""

from __future__ import annotations

import csv
import gzip
import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from summaries.filings import submission
from summaries.sources.edgar import listings
from summaries.sources.edgar.clock import (
    NEW_YORK,
    Stamp,
    accepted,
    accepted_at,
    public_at,
    wanted,
)
from tests.sources.edgar_recorded import read, read_json

RECORDED = Path(settings.SHARED_DATA_DIR) / "edgar"
recorded = pytest.mark.skipif(
    not (RECORDED / "timing").is_dir(),
    reason=f"no recorded SEC data in {RECORDED}; name it with FA_SHARED_DATA",
)

DETECTED_WITHIN = timedelta(minutes=20)


@recorded
def test_times_by_themselves_against_an_independent_detector(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A row alone, without its list: the true reading is the one just before the detection."""
    seen: Counter[tuple[str, bool]] = Counter()
    ahead = 0
    for row in _detections():
        detected = datetime.fromisoformat(row["detectedTime"])
        said, filed = row["acceptanceDateTime"], date.fromisoformat(row["filingDate"])
        at, certain = accepted_at(said, filed, row["submissionType"])
        true = _true(said, detected)
        if true is not None:
            verdict = "exact" if at == true else "later" if at > true else "early"
            seen[verdict, certain] += 1
            ahead += datetime.fromisoformat(said) < true
    total = sum(seen.values())
    shares = {
        "taken at its word, ahead of the truth": ahead / total,
        "ours, ahead of the truth": (seen["early", True] + seen["early", False]) / total,
        "ours, exact": (seen["exact", True] + seen["exact", False]) / total,
        "ours, later than the detection": (seen["later", True] + seen["later", False]) / total,
        "ours, certain": (seen["exact", True] + seen["later", True]) / total,
    }
    with capsys.disabled():
        print(f"\nacceptance times of {total} single rows: " + _percent(shares))
    assert total > 30_000
    assert shares["taken at its word, ahead of the truth"] > 0.35
    assert seen["early", True] + seen["early", False] == 0
    assert seen["later", True] == 0
    assert shares["ours, exact"] > 0.8


@recorded
def test_lists_tell_their_clock_and_agree_with_each_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two recordings of one registrant may be on different clocks; the times must be the same."""
    differ, same, uncertain = [], 0, Counter[bool]()
    for one, other in _pairs():
        for accession in one.keys() & other.keys():
            ours, theirs = one[accession], other[accession]
            if ours.accepted_certain and theirs.accepted_certain:
                same += ours.accepted_at == theirs.accepted_at
                if ours.accepted_at != theirs.accepted_at:
                    differ.append((accession, ours.accepted_at, theirs.accepted_at))
    for listed in _lists():
        uncertain.update(not f.accepted_certain for f in listed.values() if wanted(f.form))
    share = uncertain[False] / uncertain.total()
    with capsys.disabled():
        print(f"\n{same} filings listed twice agree; {share:.1%} of wanted ones are certain")
    assert differ == []
    assert same > 7_000
    assert share > 0.9


@recorded
def test_lists_against_detections() -> None:
    """Within its list nearly every filing's time is exact: seconds before its detection."""
    detected = {
        _accession(row["accessionNumber"]): datetime.fromisoformat(row["detectedTime"])
        for row in _detections()
    }
    exact = late = 0
    for listed in _lists():
        for accession in listed.keys() & detected.keys():
            filing = listed[accession]
            assert filing.accepted_at is not None
            assert filing.accepted_certain
            assert filing.accepted_at <= detected[accession]
            public = public_at(filing.accepted_at, filing.filed)
            prompt = detected[accession] - public <= DETECTED_WITHIN
            exact, late = exact + prompt, late + (not prompt)
    assert exact > 90
    assert late <= 0.02 * exact


@recorded
def test_headers_and_index_pages_confirm_the_lists(capsys: pytest.CaptureFixture[str]) -> None:
    """SEC's own header gives New York's time: ours is that, or later where it says uncertain."""
    held: dict[str, list[listings.ListedFiling]] = {}
    for listed in _lists():
        for accession, filing in listed.items():
            held.setdefault(accession, []).append(filing)
    compared = 0
    for path in sorted((RECORDED / "sgml").glob("*.gz")):
        header = submission.header(read(path))
        at = header.accepted_at
        if at is None or at.time() == time(0):
            continue
        for filing in held.get(header.accession, []):
            compared += 1
            assert filing.accepted_at is not None
            assert filing.accepted_at >= at
            if filing.accepted_certain:
                assert filing.accepted_at == at, path.name
    with capsys.disabled():
        print(f"\n{compared} listed filings compared with their headers")
    assert compared >= 3


_DAYS = st.dates(date(2005, 1, 3), date(2030, 12, 31)).filter(lambda day: day.weekday() < 5)
_OPEN = st.times(time(6, 0), time(21, 59, 59)).map(lambda clock: clock.replace(microsecond=0))


@st.composite
def _filings(draw: st.DrawFn) -> tuple[datetime, date]:
    """A true acceptance, New York's, and the filing date that EDGAR gives it."""
    day, clock = draw(_DAYS), draw(_OPEN)
    filed = day
    if clock >= time(17, 30):
        closed = draw(st.integers(0, 1))  # a holiday
        filed += timedelta(days=1)
        while filed.weekday() > 4 or closed:
            closed -= filed.weekday() < 5 and closed > 0
            filed += timedelta(days=1)
    return datetime.combine(day, clock, NEW_YORK), filed


def _stamped(at: datetime, filed: date, in_utc: bool) -> Stamp:
    said = at.astimezone(UTC) if in_utc else at
    return Stamp(f"{said:%Y-%m-%dT%H:%M:%S}.000Z", filed, "10-Q")


@given(_filings(), st.booleans())
def test_time_is_never_before_the_truth(filing: tuple[datetime, date], in_utc: bool) -> None:
    at, filed = filing
    found, certain = accepted_at(_stamped(at, filed, in_utc).text, filed)
    assert found >= at
    assert found == at or not certain
    assert found - at <= timedelta(hours=5)


@given(st.lists(_filings(), max_size=40), st.booleans(), st.integers(0, 4), st.booleans())
def test_list_is_never_before_the_truth(
    filings: list[tuple[datetime, date]], in_utc: bool, new: int, backwards: bool
) -> None:
    """The newest rows may be on New York's clock in a list of the other."""
    ordered = sorted(filings, reverse=True)
    stamps = [
        _stamped(at, filed, in_utc and place >= new) for place, (at, filed) in enumerate(ordered)
    ]
    if backwards:
        ordered, stamps = ordered[::-1], stamps[::-1]
    for (at, _), found in zip(ordered, accepted(stamps), strict=True):
        assert found.at is not None
        assert found.at >= at
        assert found.at == at or not found.certain


def test_list_settles_what_a_row_alone_cannot() -> None:
    morning = Stamp("2025-08-05T10:16:02.000Z", date(2025, 8, 5), "8-K")
    evenings = [
        Stamp(f"2025-07-{day}T22:15:00.000Z", date(2025, 7, day + 1), "8-K") for day in (21, 22, 23)
    ] * 2
    assert accepted([morning])[0].certain is False
    earlier = Stamp("2025-07-10T10:16:02.000Z", date(2025, 7, 10), "8-K")
    for stamps in ([morning, *evenings, earlier], [earlier, *evenings, morning]):
        found = dict(zip(stamps, accepted(stamps), strict=True))
        assert found[morning].certain is False
        assert found[earlier].at == datetime(2025, 7, 10, 10, 16, 2, tzinfo=UTC)
        assert found[earlier].certain is True


def test_day_without_a_time_counts_from_its_end() -> None:
    at, certain = accepted_at("1996-06-03T00:00:00.000Z", date(1996, 6, 3))
    assert (at, certain) == (datetime(1996, 6, 3, 21, 30, tzinfo=UTC), False)


def test_filing_after_the_days_end_is_public_the_next_morning() -> None:
    late = datetime(2018, 3, 7, 18, 3, tzinfo=NEW_YORK)
    assert public_at(late, date(2018, 3, 8)) == datetime(2018, 3, 8, 6, 0, tzinfo=NEW_YORK)
    prompt = datetime(2018, 3, 7, 16, 3, tzinfo=NEW_YORK)
    assert public_at(prompt, date(2018, 3, 7)) == prompt


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01T00:00:00Z"])
def test_unreadable_stamp_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"empty|isoformat|month"):
        accepted_at(text, date(2025, 1, 2))


@pytest.mark.parametrize(
    ("form", "taken"),
    [(form, True) for form in "10-K 10-K/A 10-KT 10-Q 10-QT/A 8-K 8-K/A 20-F 40-F/A 6-K".split()]
    + [(form, False) for form in ("4", "424B2", "8-K12B", "10-D", "NT 10-K", "S-8", "")],
)
def test_wanted_forms(form: str, taken: bool) -> None:
    assert wanted(form) is taken


def _detections() -> Iterator[dict[str, str]]:
    path = RECORDED / "timing" / "detected_vs_acceptance_2025.csv.gz"
    rows: Any = csv.DictReader(gzip.decompress(path.read_bytes()).decode().splitlines())
    return (row for row in rows if row["acceptanceDateTime"] and row["detectedTime"])


def _true(said: str, detected: datetime) -> datetime | None:
    """The reading just before the detection; None where neither is (filed after the day's end)."""
    stamp = datetime.fromisoformat(said)
    readings = (stamp.replace(tzinfo=UTC), stamp.replace(tzinfo=NEW_YORK))
    near = [at for at in readings if timedelta(minutes=-2) <= detected - at <= DETECTED_WITHIN]
    return near[0].astimezone(UTC) if near else None


def _lists() -> Iterator[dict[str, listings.ListedFiling]]:
    for path in sorted((RECORDED / "submissions").glob("*.gz")):
        raw = read_json(path)
        found = listings.filings(raw["filings"]["recent"] if "filings" in raw else raw)
        yield {filing.accession: filing for filing in found}


def _pairs() -> Iterator[tuple[dict[str, listings.ListedFiling], dict[str, listings.ListedFiling]]]:
    return itertools.combinations(list(_lists()), 2)


def _accession(digits: str) -> str:
    whole = digits.zfill(18)
    return f"{whole[:10]}-{whole[10:12]}-{whole[12:]}"


def _percent(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
