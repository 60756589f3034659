"""EDGAR's lists of what is held: submissions, reported facts, index pages and the feed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from datetime import UTC
from functools import cached_property
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from tests.sources.edgar_holdings import HeldFiling, Holdings, day_in_words
from tests.sources.edgar_recorded import read, read_json

_NEW_YORK = ZoneInfo("America/New_York")
_FILER = {
    "sic": "sic", "sicDescription": "sicDescription", "category": "category",
    "fiscalYearEnd": "fiscalYearEnd", "entityType": "entityType",
}  # fmt: skip


class Lists:
    """``json`` texts as EDGAR would send them; None where it would have nothing."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.data = holdings.data

    def submissions(self, cik: int) -> dict[str, Any] | None:
        """The newest recorded list, with rows added for filings held that it lacks."""
        held = self.holdings.by_cik.get(cik, [])
        path = self.holdings.lists.get(cik)
        if path is None and not held:
            return None
        raw = read_json(path) if path else self._registrant(cik, held)
        recent = raw["filings"]["recent"]
        listed = set(recent["accessionNumber"])
        covered = min(recent["filingDate"], default="") if raw["filings"]["files"] else ""
        rows = [
            _row(filing)
            for filing in held
            # What is older than the newest page stands on an older one.
            if filing.accession not in listed and filing.filed.isoformat() >= covered
        ]
        _add(recent, rows)
        return raw

    def older_page(self, name: str) -> bytes | None:
        stem = name.removesuffix(".json")
        found = sorted((self.data / "submissions").glob(f"{stem}.*.json.gz"))
        return read(found[-1]) if found else None

    def facts(self, cik: int) -> bytes | None:
        """SEC's own file; else what the filings' inline XBRL says; else a trimmed file."""
        name = f"CIK{cik:010d}"
        whole = self.data / "companyfacts" / f"{name}.json.gz"
        if whole.exists():
            return read(whole)
        derived = self.data / "companyfacts_from_ixbrl" / f"{name}.json.gz"
        if derived.exists():
            return json.dumps(self._completed(cik, read_json(derived))).encode()
        trimmed = sorted((self.data / "companyfacts_trimmed").glob(f"{name}.*"))
        return read(trimmed[-1]) if trimmed else None

    def index_page(self, cik: int, accession: str) -> bytes | None:
        recorded = self.data / "sgml" / f"Archives_edgar_data_{cik}_{accession}-index.html.gz"
        if recorded.exists():
            return read(recorded)
        filing = self.holdings.filings.get((cik, accession))
        return _index_page(filing).encode() if filing else None

    def submission(self, cik: int, accession: str, suffix: str) -> bytes | None:
        """A ``.txt`` where recorded; an ``-index-headers.html`` of what is known."""
        folder = accession.replace("-", "")
        path = self.data / "sgml" / f"Archives_edgar_data_{cik}_{folder}_{accession}{suffix}.gz"
        if path.exists():
            return read(path)
        filing = self.holdings.filings.get((cik, accession))
        return _headers_page(filing).encode() if filing and "headers" in suffix else None

    def feed(self, form: str, start: int) -> bytes | None:
        """The recorded feed, or of the general one what is of this form; empty past its end."""
        name = f"cgi-bin_browse-edgar_action=getcurrent_count=100_start={start}_type={form}_owner=include_output=atom.xml.gz"
        path = self.data / "atom" / name
        if path.exists():
            return read(path)
        if start == 0:
            return _only(self.feed("", 0) or b"", form)
        return None if start >= 2000 else _only(self.feed("", 0) or b"", "none")

    def tickers(self, name: str) -> bytes | None:
        path = self.data / "tickers" / name
        return path.read_bytes() if re.fullmatch(r"company_tickers\w*\.json", name) else None

    @cached_property
    def _filers(self) -> dict[int, dict[str, str]]:
        content = gzip.decompress(
            (self.data / "tickers" / "listed_filer_metadata_datamule.csv.gz").read_bytes()
        )
        rows = csv.DictReader(io.StringIO(content.decode()))
        return {int(row["cik"]): row for row in rows}

    @cached_property
    def _listed(self) -> dict[int, list[list[Any]]]:
        raw = read_json(self.data / "tickers" / "company_tickers_exchange.json")
        found: dict[int, list[list[Any]]] = {}
        for row in raw["data"]:
            found.setdefault(row[0], []).append(row)
        return found

    def _registrant(self, cik: int, held: list[HeldFiling]) -> dict[str, Any]:
        filer, listed = self._filers.get(cik, {}), self._listed.get(cik, [])
        names = [row[1] for row in listed] + [one.name for one in held if one.name] + [""]
        return {
            "cik": f"{cik:010d}",
            "name": filer.get("name") or names[0],
            **{ours: filer.get(theirs, "") for ours, theirs in _FILER.items()},
            "tickers": [row[2] for row in listed],
            "exchanges": [row[3] for row in listed],
            "formerNames": [],
            "filings": {"recent": {name: [] for name in _row(held[0])}, "files": []},
        }

    def _completed(self, cik: int, raw: dict[str, Any]) -> dict[str, Any]:
        """Derived facts with the accessions and filing dates that their own files lacked."""
        by_accession = {one.accession: one for one in self.holdings.by_cik.get(cik, [])}
        by_years = {}
        for row in self.holdings.manifest:
            if row["kind"] == "filing_html" and row["cik"] == cik:
                period = day_in_words(row["period"])
                found = [
                    one for one in by_accession.values()
                    if (one.form, one.report_date) == (row["form"], period)
                ]  # fmt: skip
                by_years[row["form"], str(row["fy"]), row["fp"]] = found[0]
        for concepts in raw["facts"].values():
            for concept in concepts.values():
                for rows in concept["units"].values():
                    for row in rows:
                        key = (row["form"], str(row["fy"]), row["fp"])
                        filing = by_accession.get(row["accn"] or "") or by_years.get(key)
                        if filing:
                            row["accn"], row["filed"] = filing.accession, filing.filed.isoformat()
        return raw


def _row(filing: HeldFiling) -> dict[str, Any]:
    # A day without a time is midnight, as EDGAR's lists have it where they know none.
    accepted = f"{filing.filed}T00:00:00.000Z"
    if filing.accepted:
        utc = filing.accepted.replace(tzinfo=_NEW_YORK).astimezone(UTC)
        accepted = f"{utc:%Y-%m-%dT%H:%M:%S}.000Z"
    return {
        "accessionNumber": filing.accession,
        "filingDate": filing.filed.isoformat(),
        "reportDate": filing.report_date.isoformat() if filing.report_date else "",
        "acceptanceDateTime": accepted,
        "act": "34",
        "form": filing.form,
        "fileNumber": "",
        "filmNumber": "",
        "items": ",".join(filing.items),
        "core_type": filing.form,
        "size": sum(one.size for one in filing.documents),
        "isXBRL": int(filing.is_inline),
        "isInlineXBRL": int(filing.is_inline),
        "primaryDocument": filing.primary,
        "primaryDocDescription": filing.form,
    }


def _add(recent: dict[str, list[Any]], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    length = len(recent["accessionNumber"])
    kept = [{name: column[place] for name, column in recent.items()} for place in range(length)]
    names = list(recent)
    every = sorted(
        [*kept, *({name: row.get(name, "") for name in names} for row in rows)],
        key=lambda row: row["filingDate"],
        reverse=True,
    )
    for name in names:
        recent[name] = [row[name] for row in every]


def _index_page(filing: HeldFiling) -> str:
    """In the shape of the recorded pages: the blocks and tables that are read of them."""
    listed = [one for one in filing.documents if one.listed]
    folder = f"/Archives/edgar/data/{filing.cik}/{filing.accession.replace('-', '')}"
    accepted = filing.accepted or f"{filing.filed} 00:00:00"
    rows = [
        _document_row(
            str(place), one.description, f"{folder}/{one.name}", one.name, one.type, one.size,
            filing.is_inline and place == 1,
        )
        for place, one in enumerate(listed, 1)
        if one.name != f"{filing.accession}.txt"
    ]  # fmt: skip
    whole = f"{filing.accession}.txt"
    size = sum(one.size for one in listed)
    rows.append(
        _document_row(
            "&nbsp;", "Complete submission text file", f"{folder}/{whole}", whole, "&nbsp;", size
        )
    )
    facts = [("Filing Date", filing.filed), ("Accepted", accepted), ("Documents", len(listed))]
    groups = [facts]
    if filing.report_date:
        groups.append([("Period of Report", filing.report_date)])
    if filing.items:
        items = "<br />".join(f"Item {item}: " for item in filing.items) + "<br />"
        groups.append([("Items", items)])
    return _PAGE.format(
        accession=filing.accession,
        form=filing.form,
        name=escape(filing.name),
        cik=f"{filing.cik:010d}",
        groups="\n".join(map(_group, groups)),
        rows="\n".join(rows),
    )


def _headers_page(filing: HeldFiling) -> str:
    """In the shape of the recorded page, with the fields that are known."""
    accepted = (
        f"{filing.accepted:%Y%m%d%H%M%S}" if filing.accepted else f"{filing.filed:%Y%m%d}000000"
    )
    lines = [
        f"<HTML><HEAD><TITLE>SEC EDGAR Submission {filing.accession}</TITLE>",
        "<!--",
        f"<SEC-HEADER>{filing.accession}.hdr.sgml : {filing.filed:%Y%m%d}",
        f"<ACCEPTANCE-DATETIME>{accepted}",
        f"<ACCESSION-NUMBER>{filing.accession}",
        f"<TYPE>{filing.form}",
        *([f"<PERIOD>{filing.report_date:%Y%m%d}"] if filing.report_date else []),
        *(f"<ITEMS>{item}" for item in filing.items),
        f"<FILING-DATE>{filing.filed:%Y%m%d}",
        "<FILER>", "<COMPANY-DATA>",
        f"<CONFORMED-NAME>{filing.name}",
        f"<CIK>{filing.cik:010d}",
        "</COMPANY-DATA>", "</FILER>", "</SEC-HEADER>", "-->", "</HEAD><BODY></BODY></HTML>", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _group(facts: list[tuple[str, Any]]) -> str:
    lines = "\n".join(
        f'         <div class="infoHead">{head}</div>\n         <div class="info">{said}</div>'
        for head, said in facts
    )
    return f'      <div class="formGrouping">\n{lines}\n      </div>'


def _document_row(
    place: str, description: str, href: str, name: str, kind: str, size: int, inline: bool = False
) -> str:
    link = f'<a href="{"/ix?doc=" if inline else ""}{href}">{name}</a>'
    if inline:
        link += ' &nbsp;&nbsp;<span style="color: green">iXBRL</span>'
    cells = (place, description, link, kind, str(size))
    columns = "\n".join(f'            <td scope="row">{cell}</td>' for cell in cells)
    return f"         <tr>\n{columns}\n         </tr>"


def _only(feed: bytes, form: str) -> bytes:
    text = feed.decode("latin-1")

    def kept(entry: re.Match[str]) -> str:
        return entry[0] if re.search(rf'term="{re.escape(form)}(/A)?"', entry[0]) else ""

    return re.sub(r"<entry>.*?</entry>\s*", kept, text, flags=re.S).encode("latin-1")


_PAGE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>EDGAR Filing Documents for {accession}</title></head>
<body>
<div class="formDiv">
   <div id="formHeader">
      <div id="formName">
         <strong>Form {form}</strong>
      </div>
      <div id="secNum">
         <strong><acronym title="Securities and Exchange Commission">SEC</acronym> Accession <acronym title="Number">No.</acronym></strong> {accession}
      </div>
   </div>
   <div class="formContent">
{groups}
   </div>
</div>
<div class="formDiv">
   <p>Document Format Files</p>
   <table class="tableFile" summary="Document Format Files">
         <tr>
            <th scope="col">Seq</th><th scope="col">Description</th><th scope="col">Document</th><th scope="col">Type</th><th scope="col">Size</th>
         </tr>
{rows}
   </table>
</div>
<div class="filerDiv"><div class="companyInfo">
  <span class="companyName">{name} (Filer)
 <acronym title="Central Index Key">CIK</acronym>: <a href="/cgi-bin/browse-edgar?CIK={cik}&amp;action=getcompany">{cik} (see all company filings)</a></span>
</div></div>
</body>
</html>
"""
