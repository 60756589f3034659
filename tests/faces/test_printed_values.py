"""Two hundred values of real filings: each citation opens the filing's text at that very number."""

from __future__ import annotations

import gzip
import hashlib
import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from summaries.corpus import store_reading
from summaries.filings import Reading, Tag, read
from summaries.measures import ITEM_OF_CONCEPT
from summaries.models import Citation, Fact, Filing
from summaries.statements import ensure_documents, passages
from tests.faces.selecting import select
from tests.factories import make_claim, make_stock, make_summary, make_user

FILINGS = Path(settings.SHARED_DATA_DIR) / "edgar" / "filings"
COMPANIES, VALUES, SEED = 12, 200, 20_251_031
_NAME = re.compile(r"([A-Z]+)_(10-[KQ])_")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not FILINGS.is_dir(),
        reason=f"no recorded filings in {FILINGS}; name it with FA_SHARED_DATA",
    ),
]


@dataclass(frozen=True)
class Cited:
    """A value that a filing tags and prints, and the citation of its fact."""

    tag: Tag
    fact: Fact
    reading: Reading
    citation: Citation


def test_the_citation_of_a_value_opens_the_filing_at_that_number(client: Client) -> None:
    chance = random.Random(SEED)
    by_company: dict[str, list[Path]] = {}
    for path in sorted(FILINGS.iterdir()):
        if match := _NAME.match(path.name):
            by_company.setdefault(match[1], []).append(path)
    chosen = [chance.choice(paths) for _, paths in sorted(by_company.items())]
    filings = [_stored(path) for path in chance.sample(chosen, COMPANIES)]
    values = [(filing, reading, tag) for filing, reading in filings for tag in _values(reading)]
    assert len({filing.stock_id for filing, _, _ in values}) >= 8
    client.force_login(make_user("anna", "advisor"))
    cited = [_cited(*one) for one in chance.sample(values, VALUES)]
    wrong = [words for one in cited if (words := _wrong(client, one))]
    assert wrong == []


def _stored(path: Path) -> tuple[Filing, Reading]:
    ticker, form = path.name.split("_")[:2]
    content = gzip.decompress(path.read_bytes())
    reading = read(content, form=form)
    said = reading.cover.get("dei:DocumentPeriodEndDate", "")
    end = date.fromisoformat(said) if said else max(tag.period_end for tag in reading.tags)
    stock = make_stock(ticker)
    filing = Filing.objects.create(
        stock=stock, form=form, period_end=end, filed=end + timedelta(days=40)
    )
    store_reading(
        filing, reading, name=path.name[:-3], description=form, url="",
        origin_sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    ensure_documents(stock)
    return filing, reading


def _values(reading: Reading) -> list[Tag]:
    """Of the whole company, printed, in the line items that we read."""
    return [
        tag
        for tag in reading.tags
        if tag.is_printed and not tag.dimensions and tag.concept in ITEM_OF_CONCEPT
    ]


def _cited(filing: Filing, reading: Reading, tag: Tag) -> Cited:
    fact = Fact.objects.get(
        filing=filing, concept=tag.concept, unit=tag.unit, start=tag.period_start,
        end=tag.period_end,
    )  # fmt: skip
    place = passages(filing.stock, [fact.pk])[fact.pk]
    number = filing.stock.summaries.count()
    claim = make_claim(
        make_summary(filing.stock, version=number + 1, state="superseded"), "It was so much."
    )
    citation = Citation.objects.create(
        claim=claim, position=0, document_id=place.document_id, fact=fact, start=place.start,
        end=place.end, quote=place.quote, claim_start=7, claim_end=14,
    )  # fmt: skip
    return Cited(tag, fact, reading, citation)


def _wrong(client: Client, one: Cited) -> str:
    """What is wrong with following the citation's link; empty if nothing is."""
    name = f"{one.fact.stock} {one.fact}"
    panel = html.fromstring(client.get(f"/citations/{one.citation.pk}/").content.decode())
    links = select(panel, "a.printed-link")
    if len(links) != 1:
        return f"{name}: {len(links)} links"
    path, _, fragment = links[0].get("href").partition("#")
    shown = html.fromstring(client.get(path).content.decode())
    marks = select(shown, "mark")
    if [mark.get("id") for mark in marks] != [fragment]:
        return f"{name}: {len(marks)} marks"
    text = marks[0].text
    printed = {
        one.reading.text[tag.start : tag.end] for tag in _values(one.reading) if _says(tag, one)
    }
    if text not in printed:
        return f"{name}: {text} is marked, {sorted(printed)} are printed"
    if select(panel, ".proof mark")[0].text != text:
        return f"{name}: the panel marks another number"
    return "" if _scales(text, one.fact.value) else f"{name}: {text} is marked"


def _says(tag: Tag, one: Cited) -> bool:
    return (tag.concept, tag.unit, tag.period_start, tag.period_end) == (
        one.fact.concept, one.fact.unit, one.fact.start, one.fact.end,
    )  # fmt: skip


def _scales(text: str, value: Decimal) -> bool:
    """Whether the printed digits are the value, but for its scale; a dash prints nothing."""
    digits = text.strip("$€£¥ ()−-+%").replace(",", "")
    if not digits.strip("—–"):
        return value == 0
    size = Decimal(digits)
    return any(size.scaleb(scale) == abs(value) for scale in (0, 2, 3, 6, 9, 12, -2))
