"""What recorded lists, index pages, headers and facts say of filings whose files say less."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")


@dataclass(frozen=True)
class Recorded:
    """What other recordings say of a filing, by accession and by what a file knows of itself."""

    filed: dict[str, date]
    by_period: dict[tuple[int, str, date], str]
    by_filed: dict[tuple[int, str, date], str]
    accepted: dict[str, datetime]
    items: dict[str, tuple[str, ...]]
    primary: dict[str, str]  # the document's name


def newest_lists(data: Path, manifest: list[dict[str, Any]]) -> dict[int, Path]:
    """The newest recorded list of each CIK."""
    newest: dict[int, tuple[str, Path]] = {}
    for row in manifest:
        if row["kind"] == "submissions" and row.get("cik"):
            mark = (row.get("latest_filed") or "", data / row["file"])
            newest[row["cik"]] = max(newest.get(row["cik"], mark), mark)
    return {cik: path for cik, (_, path) in newest.items()}


def recorded(data: Path, lists: dict[int, Path]) -> Recorded:
    found = Recorded({}, {}, {}, {}, {}, {})
    for cik, path in lists.items():
        _note_list(found, cik, read_json(path)["filings"]["recent"])
    for path in sorted((data / "sgml").glob("*.gz")):
        _note_page(found, path.name, read(path).decode("latin-1"))
    for folder in ("companyfacts", "companyfacts_trimmed"):
        for path in sorted((data / folder).glob("*.gz")):
            _note_facts(found, read_json(path))
    return found


def _note_list(found: Recorded, cik: int, recent: dict[str, list[str]]) -> None:
    columns = ("accessionNumber", "form", "filingDate", "reportDate", "primaryDocument")
    rows = zip(*(recent[name] for name in columns), strict=True)
    for accession, form, filed, period, primary in rows:
        found.primary.setdefault(accession, primary.rpartition("/")[2])
        found.filed.setdefault(accession, date.fromisoformat(filed))
        if period:
            found.by_period.setdefault((cik, form, date.fromisoformat(period)), accession)


def _note_page(found: Recorded, name: str, page: str) -> None:
    """An index page, or the head of an SGML submission."""
    accession = ACCESSION.search(name)
    said = re.search(r"Filing Date</div>\s*<div class=\"info\">([\d-]+)<", page)
    filed = said or re.search(r"FILED AS OF DATE:\s+(\d{8})", page)
    at = re.search(r"Accepted</div>\s*<div class=\"info\">([\d :-]+)<", page)
    at = at or re.search(r"<ACCEPTANCE-DATETIME>(\d{14})", page)
    if not accession or not filed or not at:
        return
    found.filed.setdefault(accession[0], date.fromisoformat(filed[1]))
    digits = re.sub(r"\D", "", at[1])
    moment = datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 - New York's clock
    if moment.time() != time(0):
        found.accepted.setdefault(accession[0], moment)
    if said:
        found.items.setdefault(accession[0], tuple(re.findall(r"Item (\d\.\d\d):", page)))


def _note_facts(found: Recorded, raw: dict[str, Any]) -> None:
    for concepts in raw["facts"].values():
        for row in _fact_rows(concepts.values()):
            if row.get("accn") and row.get("filed"):
                filed = date.fromisoformat(row["filed"])
                found.filed.setdefault(row["accn"], filed)
                found.by_filed.setdefault((int(raw["cik"]), row["form"], filed), row["accn"])


def _fact_rows(concepts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for concept in concepts:
        for rows in concept["units"].values():
            yield from rows


def read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def read_json(path: Path) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(read(path))
    return raw
