"""Rebuild the bundled facts and the list of stocks from a folder of SEC data."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from summaries.names import display_name
from summaries.sources import bundle
from summaries.sources.bundle import Listing
from summaries.sources.companyfacts import MalformedFacts, Reported, merged, parse

# Whole files first: what only repeats them adds nothing.
FOLDERS = ("companyfacts", "companyfacts_from_ixbrl", "companyfacts_trimmed")
GICS_OF_NASDAQ = {
    "Technology": "Information Technology",
    "Finance": "Financials",
    "Telecommunications": "Communication Services",
    "Basic Materials": "Materials",
    "Miscellaneous": "Industrials",
}
# Bundled companies outside the list of 1,600: (sector, industry).
UNLISTED = {
    "LPA": ("Real Estate", "Industrial Real Estate"),
    "AEON": ("Health Care", "Biotechnology"),
}


class Command(BaseCommand):
    requires_system_checks = ()  # neither pages nor tables are needed to rebuild files
    help = "Rebuild summaries/bundle from a folder of SEC companyfacts (facts only, no prose)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source", type=Path, default=Path(settings.SHARED_DATA_DIR) / "edgar",
            help="folder with companyfacts*/, tickers/, submissions/, timing/ and filings/",
        )  # fmt: skip

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        if not (source / "companyfacts").is_dir():
            raise CommandError(
                f"{source} has no companyfacts folder. Name the data with --source DIR "
                "or the variable FA_SHARED_DATA."
            )
        filed = filing_dates(source)
        facts = settings.BUNDLE_DIR / "facts"
        facts.mkdir(parents=True, exist_ok=True)
        listed = list(listings(source))
        for cik, reported in sorted(companies(source).items()):
            dated = merged(_with_date(one, filed) for one in reported)
            (facts / f"CIK{cik:010}.csv.gz").write_bytes(bundle.dump(dated))
            tickers = ", ".join(row.ticker for row in listed if row.cik == cik) or "no ticker"
            self.stdout.write(
                f"{cik:>8} {tickers}: {sum(len(r.facts) for r in dated)} facts, "
                f"{len(dated)} filings"
            )
        write_listings(settings.BUNDLE_DIR / "universe.csv", listed)
        self.stdout.write(f"{len(listed)} stocks listed")


def companies(source: Path) -> dict[int, list[Reported]]:
    """Filings by CIK; to a whole file, others add only what is newer than all of it."""
    found: dict[int, list[Reported]] = defaultdict(list)
    whole: set[int] = set()
    for folder in FOLDERS:
        for path in sorted((source / folder).glob("*.json.gz")):
            try:
                cik, _, reported = parse(gzip.decompress(path.read_bytes()))
            except (MalformedFacts, OSError, EOFError) as error:
                raise CommandError(f"{path.name}: {error}") from error
            if folder == FOLDERS[0]:
                whole.add(cik)
            elif cik in whole:
                newest = max(one.filing.period_end for one in found[cik])
                reported = [
                    r for r in reported if r.filing.period_end > newest and r.filing.accession
                ]
            found[cik].extend(reported)
    return found


def _with_date(one: Reported, filed: dict[str, date]) -> Reported:
    known = filed.get(one.filing.accession) or filed.get(_period_key(one.filing.accession))
    if one.filing.filed or not one.filing.accession or known is None:
        return one
    return replace(one, filing=replace(one.filing, filed=known))


def _period_key(accession: str) -> str:
    return accession.replace("-", "")


def filing_dates(source: Path) -> dict[str, date]:
    """Filing date by accession, from submissions listings and the acceptance log."""
    dates: dict[str, date] = {}
    for path in sorted((source / "submissions").glob("*.json.gz")):
        body = json.loads(gzip.decompress(path.read_bytes()))
        recent = body.get("filings", {}).get("recent", body)
        for accession, filed in zip(
            recent.get("accessionNumber", ()), recent.get("filingDate", ()), strict=True
        ):
            dates[accession] = date.fromisoformat(filed)
    for path in sorted((source / "timing").glob("*.csv.gz")):
        for row in csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())):
            number = row["accessionNumber"].zfill(18)
            accession = f"{number[:10]}-{number[10:12]}-{number[12:]}"
            dates.setdefault(accession, date.fromisoformat(row["filingDate"]))
    return dates | {a: d for a, d in _dates_from_names(source) if a not in dates}


def _dates_from_names(source: Path) -> Iterator[tuple[str, date]]:
    """The same filing saved under its accession and under its date tells the date."""
    names: dict[str, list[str]] = defaultdict(list)
    for path in (source / "filings").glob("*.htm.gz"):
        head, _, tail = path.name.removesuffix(".htm.gz").rpartition("_")
        names[head].append(tail)
    for tails in names.values():
        accessions = [t for t in tails if re.fullmatch(r"\d{10}-\d{2}-\d{6}", t)]
        days = [t for t in tails if re.fullmatch(r"\d{4}-\d{2}-\d{2}", t)]
        if len(accessions) == len(days) == 1:
            yield accessions[0], date.fromisoformat(days[0])


def listings(source: Path) -> Iterator[Listing]:
    spoken = {
        row["Symbol"]: row["Security"]
        for row in _csv(source / "tickers" / "sp500_constituents.csv")
    }
    seen = set()
    for row in _csv(source / "tickers" / "universe_1600.csv"):
        seen.add(row["ticker"])
        yield Listing(
            ticker=row["ticker"],
            cik=int(row["CIK"]),
            name=display_name(spoken.get(row["ticker"], row["name"])),
            exchange=row["exchange"] or row["listing"].upper(),
            sic=row["sic"],
            sector=row["gics_sector"]
            or GICS_OF_NASDAQ.get(row["nasdaq_sector"], row["nasdaq_sector"]),
            industry=row["gics_sub_industry"] or row["sic_description"],
        )
    yield from _unlisted(source, seen)


def _unlisted(source: Path, seen: set[str]) -> Iterator[Listing]:
    path = source / "tickers" / "listed_filer_metadata_datamule.csv.gz"
    text = io.StringIO(gzip.decompress(path.read_bytes()).decode())
    for row in csv.DictReader(text):
        ticker = row["tickers"].strip("[]'\"").split("'")[0]
        if ticker in UNLISTED and ticker not in seen:
            sector, industry = UNLISTED[ticker]
            yield Listing(
                ticker, int(row["cik"]), display_name(row["name"]),
                row["exchanges"].strip("[]'").split("'")[0], row["sic"], sector, industry,
            )  # fmt: skip


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def write_listings(path: Path, rows: list[Listing]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(bundle.UNIVERSE_COLUMNS)
        writer.writerows(astuple(row) for row in sorted(rows, key=lambda row: row.ticker))
