"""Which filings the recorded data holds, as EDGAR would know them.

What isn't recorded is derived, in this order:
- accession: the file's name; a recorded list, by form and period; reported facts, by form and
  filing date; else a made-up one, ``<CIK>-<year>-9#####``, whose sequence no filer reaches;
- filing date: MANIFEST.json; a recorded list, index page, SGML header or reported facts, by
  accession; else the weekday
  after the cover's date plus a week (the median of those known is 8 days); for filings
  without a cover, the report's date, or December 28 of the accession's year;
- CIK of a filing without one: the submitter's, the accession's first ten digits;
- a document's name: a recorded list's; else that of its XBRL schema, as most filers name it;
  else the recorded file's.
Acceptance times are never made up: unknown ones are midnight, as in EDGAR's oldest lists.
A filing recorded twice is held once, with both files. Where a copy differs in bytes (one does),
it is served beside the other under its recorded name, and the filing's index doesn't list it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.sources.edgar_recorded import ACCESSION, Recorded, newest_lists, read, recorded

_ARCHIVED = re.compile(r"Archives_edgar_data_(\d+)_(\d{18})_(.+)\.gz")


@dataclass(frozen=True)
class HeldDocument:
    name: str
    type: str
    description: str
    read: Callable[[], bytes] = field(repr=False, compare=False)
    size: int = 0
    listed: bool = True


@dataclass(frozen=True)
class HeldFiling:
    """``accepted``: New York's clock as the SGML header has it, None where not recorded."""

    cik: int
    accession: str
    form: str
    filed: date
    report_date: date | None
    documents: tuple[HeldDocument, ...]
    files: tuple[str, ...]  # where recorded, relative to the data's folder
    name: str = ""
    items: tuple[str, ...] = ()
    accepted: datetime | None = None
    is_inline: bool = False

    @property
    def primary(self) -> str:
        first = self.documents[0].name
        return "" if first == f"{self.accession}.txt" else first


class Holdings:
    """``data``: the folder of the recorded EDGAR data."""

    def __init__(self, data: Path) -> None:
        self.data = data

    @cached_property
    def filings(self) -> dict[tuple[int, str], HeldFiling]:
        """By CIK and accession."""
        held: dict[tuple[int, str], HeldFiling] = {}
        for filing in (*self._reports(), *self._single_eight_ks(), *self._zipped_eight_ks()):
            known = held.get((filing.cik, filing.accession))
            held[filing.cik, filing.accession] = _joined(known, filing) if known else filing
        return held

    @cached_property
    def by_cik(self) -> dict[int, list[HeldFiling]]:
        found: dict[int, list[HeldFiling]] = {}
        for filing in self.filings.values():
            found.setdefault(filing.cik, []).append(filing)
        return found

    @cached_property
    def manifest(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads((self.data / "MANIFEST.json").read_bytes())
        return rows

    @cached_property
    def lists(self) -> dict[int, Path]:
        """The newest recorded list of each CIK."""
        return newest_lists(self.data, self.manifest)

    @cached_property
    def recorded(self) -> Recorded:
        return recorded(self.data, self.lists)

    def _reports(self) -> Iterator[HeldFiling]:
        """The 10-K and 10-Q under filings/, those with an accession first."""
        rows = [row for row in self.manifest if row["kind"] == "filing_html"]
        known: dict[tuple[int, str, date], HeldFiling] = {}
        for row in sorted(rows, key=lambda row: not row["accn"]):
            period = day_in_words(row["period"])
            twin = known.get((row["cik"], row["form"], period))
            filing = self._copy(row, twin) if twin and not row["accn"] else self._report(row)
            if filing:
                known.setdefault((row["cik"], row["form"], period), filing)
                yield filing

    def _report(self, row: dict[str, Any]) -> HeldFiling:
        path, period, cik, form = (
            self.data / row["file"], day_in_words(row["period"]), row["cik"], row["form"],
        )  # fmt: skip
        said = date.fromisoformat(row["filed"]) if row["filed"] else None
        accession = row["accn"] or self.recorded.by_period.get((cik, form, period), "")
        if not accession and said:
            accession = self.recorded.by_filed.get((cik, form, said), "")
        page = read(path)
        filed = said or self.recorded.filed.get(accession) or _after_cover(page)
        document = HeldDocument(
            self.recorded.primary.get(accession) or _name(page) or path.stem,
            form,
            form,
            lambda: read(path),
            row["bytes_raw"],
        )
        return HeldFiling(
            cik=cik, accession=accession or made_up(cik, filed, row["file"]), form=form,
            filed=filed, report_date=period, documents=(document,), files=(row["file"],),
            name=row["name"].replace("\xa0", " "), is_inline=True,
            accepted=self.recorded.accepted.get(accession),
        )  # fmt: skip

    def _copy(self, row: dict[str, Any], twin: HeldFiling) -> HeldFiling:
        path = self.data / row["file"]
        copy = replace(twin, documents=(), files=(row["file"],))
        if twin.documents[0].read() == read(path):
            return copy
        name = Path(row["srcpath"]).name
        unlisted = HeldDocument(
            name, row["form"], row["form"], lambda: read(path), row["bytes_raw"], listed=False
        )
        return replace(copy, documents=(unlisted,))

    def _single_eight_ks(self) -> Iterator[HeldFiling]:
        exhibits = {}
        for row in self.manifest:
            if row["kind"] == "8-K_or_other_html" and ".EX" in row["file"]:
                exhibits[row["file"].partition(".EX")[0]] = row
        for row in self.manifest:
            if row["kind"] == "8-K_or_other_html" and ".EX" not in row["file"]:
                exhibit = exhibits.get(row["file"].removesuffix(".html.gz"))
                yield self._single(row, exhibit)

    def _single(self, row: dict[str, Any], exhibit: dict[str, Any] | None) -> HeldFiling:
        path = self.data / row["file"]
        page = read(path)
        archived = _ARCHIVED.fullmatch(path.name)
        folder = re.search(r"parity_gate/([^/]+)/", row["srcpath"])
        form = folder[1] if folder else _cover(page, "DocumentType") or "8-K"
        period = _cover(page, "DocumentPeriodEndDate")
        report_date = day_in_words(period) if period else None
        accession = _accession_of(path.name, archived)
        cik = int(
            archived[1] if archived else _cover(page, "EntityCentralIndexKey") or accession[:10]
        )
        filed = self.recorded.filed.get(accession) or _soon(report_date, accession)
        accession = accession or made_up(cik, filed, row["file"])
        name = (
            archived[3]
            if archived
            else self.recorded.primary.get(accession)
            or _name(page)
            or path.name.removesuffix(".gz")
        )
        documents = [HeldDocument(name, form, form, lambda: read(path), len(page))]
        if exhibit:
            documents.append(_exhibit(self.data / exhibit["file"]))
        return HeldFiling(
            cik=cik, accession=accession, form=form, filed=filed, report_date=report_date,
            documents=tuple(documents), is_inline=bool(_name(page)),
            files=(row["file"], *([exhibit["file"]] if exhibit else [])),
            accepted=self.recorded.accepted.get(accession),
            items=self.recorded.items.get(accession, ()),
        )  # fmt: skip

    def _zipped_eight_ks(self) -> Iterator[HeldFiling]:
        folder = self.data / "eight_k"
        rows = csv.DictReader(io.StringIO((folder / "metadata_edgar-crawler.csv").read_text()))
        known = {row["filename"]: row for row in rows}
        raw = folder / "raw_8K_edgar-crawler.zip"
        with zipfile.ZipFile(raw) as archive, _Items(folder) as items:
            for info in archive.infolist():
                if not info.is_dir():
                    yield _zipped(raw, info, known[Path(info.filename).name], items)


class _Items:
    """Item numbers of the zipped 8-Ks, which EDGAR's list has and the metadata don't."""

    def __init__(self, folder: Path) -> None:
        self._archive = zipfile.ZipFile(folder / "extracted_items_8K_edgar-crawler.zip")
        self._names = {Path(name).stem: name for name in self._archive.namelist()}

    def __enter__(self) -> _Items:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def of(self, stem: str) -> tuple[str, ...]:
        if stem not in self._names:
            return ()
        raw: dict[str, Any] = json.loads(self._archive.read(self._names[stem]))
        return tuple(
            key.removeprefix("item_")
            for key, text in raw.items()
            if re.fullmatch(r"item_\d\.\d\d", key) and text
        )


def _zipped(raw: Path, info: zipfile.ZipInfo, row: dict[str, str], items: _Items) -> HeldFiling:
    accession = row["html_index"].rpartition("/")[2].removesuffix("-index.html")
    name = row["htm_file_link"].rpartition("/")[2] or f"{accession}.txt"
    return HeldFiling(
        cik=int(row["CIK"]),
        accession=accession,
        form=row["Type"],
        filed=date.fromisoformat(row["Filing Date"]),
        report_date=date.fromisoformat(row["Period of Report"]) if row["Period of Report"] else None,
        documents=(
            HeldDocument(name, row["Type"], row["Type"], _member(raw, info.filename), info.file_size),
        ),
        files=(f"eight_k/{raw.name}/{info.filename}",),
        name=row["Company"],
        items=items.of(Path(row["filename"]).stem),
    )  # fmt: skip


def _member(raw: Path, name: str) -> Callable[[], bytes]:
    def content() -> bytes:
        with zipfile.ZipFile(raw) as archive:
            return archive.read(name)

    return content


def _exhibit(path: Path) -> HeldDocument:
    page = read(path)
    kind, name = (_sgml(page, tag) for tag in ("TYPE", "FILENAME"))
    return HeldDocument(name, kind, kind, lambda: read(path), len(page))


def _joined(known: HeldFiling, other: HeldFiling) -> HeldFiling:
    documents = {one.name: one for one in (*other.documents, *known.documents)}
    names = dict.fromkeys(one.name for one in (*known.documents, *other.documents))
    return replace(
        known,
        documents=tuple(documents[name] for name in names),
        files=tuple(dict.fromkeys(known.files + other.files)),
    )


def day_in_words(text: str) -> date:
    """ "September 28, 2024", as covers print it."""
    plain = " ".join(text.replace("&#160;", " ").split()).title()
    return datetime.strptime(plain, "%B %d, %Y").date()  # noqa: DTZ007


def made_up(cik: int, filed: date, file: str) -> str:
    sequence = 900_000 + sum(file.encode()) * 7 % 100_000
    return f"{cik:010d}-{filed.year % 100:02d}-{sequence}"


def _accession_of(name: str, archived: re.Match[str] | None) -> str:
    if archived:
        digits = archived[2]
        return f"{digits[:10]}-{digits[10:12]}-{digits[12:]}"
    found = ACCESSION.match(name)
    return found[0] if found else ""


def _after_cover(page: bytes) -> date:
    text = page.decode("utf-8", "replace")
    shares = re.search(r'<ix:[^>]*name="dei:EntityCommonStockSharesOutstanding"[^>]*>', text)
    context = re.search(r'contextRef="([^"]+)"', shares[0] if shares else "")
    if context is None:
        raise ValueError("a report without a dated cover")
    dated = re.search(
        rf'<xbrli:context[^>]*id="{re.escape(context[1])}".*?<xbrli:instant>([\d-]+)<', text, re.S
    )
    if dated is None:
        raise ValueError("a report without a dated cover")
    return _weekday(date.fromisoformat(dated[1]) + timedelta(days=7))


def _soon(report_date: date | None, accession: str) -> date:
    if report_date:
        return _weekday(report_date)
    year = int(accession[11:13])
    return _weekday(date(1900 + year if year > 80 else 2000 + year, 12, 28))


def _weekday(day: date) -> date:
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


def _name(page: bytes) -> str:
    found = re.search(rb'schemaRef[^>]*href="([\w.-]+)\.xsd"', page)
    return f"{found[1].decode()}.htm" if found else ""


def _cover(page: bytes, name: str) -> str:
    pattern = rf'name="dei:{name}"[^>]*>(.*?)</ix:nonNumeric>'
    found = re.search(pattern.encode(), page, re.S)
    return re.sub(r"<[^>]+>", "", found[1].decode("utf-8", "replace")) if found else ""


def _sgml(page: bytes, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*)".encode(), page)
    return found[1].decode().strip() if found else ""
