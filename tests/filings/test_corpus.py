"""What share of real filings is read as it should be. Bounds are shares of all, never of one file.

Every second filing is read once here; an oracle that shares no code with the reader says what is tagged in it.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from summaries.filings import Reading, Tag, read
from tests.filings.corpus import EDGAR, filings, needs_corpus

pytestmark = needs_corpus

EXPECTED = {
    "10-K": {"1", "1A", "7", "7A", "8"},
    "10-Q": {"I.1", "I.2", "I.3", "I.4", "II.1A"},
}
IX = "{http://www.xbrl.org/2013/inlineXBRL}"

Key = tuple[str, str, date | None, date]


@dataclass(frozen=True)
class Read:
    name: str
    form: str
    items: frozenset[str]
    tags: int
    printed: int
    tables: int
    problems: tuple[str, ...]
    best: dict[Key, Decimal]  # whole-company values, of the most decimals


def best_values(reading: Reading) -> dict[Key, Decimal]:
    chosen: dict[Key, Tag] = {}
    for tag in reading.tags:
        key = (tag.concept, tag.unit, tag.period_start, tag.period_end)
        if not tag.dimensions and (key not in chosen or exactness(tag) > exactness(chosen[key])):
            chosen[key] = tag
    return {key: tag.value for key, tag in chosen.items()}


def exactness(tag: Tag) -> int:
    return 99 if tag.decimals is None else tag.decimals


@pytest.fixture(scope="module")
def read_once() -> list[Read]:
    found = []
    for name, form, content in filings(step=2):
        reading = read(content, form=form)
        items = {item for section in reading.sections for item in (section.item, *section.also)}
        check_cover(reading)
        found.append(
            Read(
                name,
                form,
                frozenset(items),
                len(reading.tags),
                sum(tag.is_printed for tag in reading.tags),
                len(reading.tables),
                reading.problems,
                best_values(reading) if re.search(r"\d{10}-\d\d-\d{6}", name) else {},
            )
        )
    assert len(found) > 50
    return found


def check_cover(reading: Reading) -> None:
    """Sections tile the text; a table is its rows, a row its cells."""
    ends = [0, *(section.end for section in reading.sections)]
    assert [section.start for section in reading.sections] == ends[:-1]
    assert ends[-1] == len(reading.text)
    for table in reading.tables:
        rows = [" | ".join(reading.text[c.start : c.end] for c in row) for row in table.rows]
        assert reading.text[table.start : table.end] == "\n".join(rows)


@pytest.mark.parametrize(("form", "least"), [("10-K", 0.98), ("10-Q", 0.97)])
def test_share_with_the_expected_items(read_once: list[Read], form: str, least: float) -> None:
    of_form = [one for one in read_once if one.form == form]
    whole = sum(EXPECTED[form] <= one.items for one in of_form)
    print(f"{form}: {whole} of {len(of_form)} with every expected item")
    assert whole >= least * len(of_form)


def test_share_of_values_with_a_place(read_once: list[Read]) -> None:
    tags, printed = sum(one.tags for one in read_once), sum(one.printed for one in read_once)
    print(f"values: {tags}, printed {printed}; tables: {sum(one.tables for one in read_once)}")
    assert tags > 50_000
    assert printed >= 0.995 * tags
    assert sum(one.tables > 10 for one in read_once) >= 0.95 * len(read_once)


def test_share_without_problems(read_once: list[Read]) -> None:
    assert sum(not one.problems for one in read_once) >= 0.98 * len(read_once)


def test_values_equal_companyfacts(read_once: list[Read]) -> None:
    """Of values that both have, by accession, concept, unit and period."""
    recorded = recorded_facts()
    equal = different = found = 0
    for one in read_once:
        accession = re.search(r"\d{10}-\d\d-\d{6}", one.name)
        facts = recorded.get(accession[0], {}) if accession else {}
        equal += sum(value in facts[key] for key, value in one.best.items() if key in facts)
        different += sum(value not in facts[key] for key, value in one.best.items() if key in facts)
        found += len(facts)
    print(f"companyfacts: {equal} equal, {different} differ, of {found} recorded")
    assert equal > 5_000
    assert equal >= 0.999 * (equal + different)
    assert equal + different >= 0.995 * found


def recorded_facts() -> dict[str, dict[Key, set[Decimal]]]:
    found: dict[str, dict[Key, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted((EDGAR / "companyfacts").glob("*.gz")):
        facts: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal)
        for taxonomy, concepts in facts["facts"].items():
            for concept, said in concepts.items():
                for unit, rows in said["units"].items():
                    for row in rows:
                        start = date.fromisoformat(row["start"]) if "start" in row else None
                        key = (f"{taxonomy}:{concept}", unit, start, date.fromisoformat(row["end"]))
                        found[row["accn"]][key].add(Decimal(row["val"]))
    return found


@dataclass(frozen=True)
class Said:
    """What the markup says of one value that isn't hidden."""

    concept: str
    printed: str
    format: str
    value: Decimal


def oracle(content: bytes) -> Iterator[Said]:
    """Values in the document's order, by a tree and arithmetic of its own."""
    root = etree.fromstring(content.strip(), etree.XMLParser(huge_tree=True))
    for element in root.iter(f"{IX}nonFraction"):
        if any(up.tag in {f"{IX}hidden", f"{IX}header"} for up in element.iterancestors()):
            continue
        printed = " ".join("".join(element.itertext()).split())
        if element.get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true":
            continue
        form = (element.get("format") or "").rpartition(":")[2].replace("-", "")
        yield Said(element.get("name"), printed, form, valued(element, printed, form))


def valued(element: Any, printed: str, form: str) -> Decimal:
    """The number a span says, by the tag's own format, scale and sign."""
    if form in {"fixedzero", "zerodash"}:
        return Decimal(0)
    if form == "numwordsen":
        words = "no one two three four five six seven eight nine ten eleven twelve".split()
        said = printed.lower().replace("none", "no").replace("zero", "no")
        return Decimal(words.index(said)) if said in words else Decimal("NaN")
    value = Decimal(printed.replace(",", "").strip("()$ ")).scaleb(int(element.get("scale", "0")))
    return -value if element.get("sign") == "-" else value


def test_every_span_is_the_printed_number() -> None:
    """text[start:end], read by the tag's own transformation, scale and sign, gives its value."""
    total = wrong = 0
    for name, form, content in filings(step=8):
        reading = read(content, form=form)
        printed = [tag for tag in reading.tags if tag.is_printed]
        said = [one for one in oracle(content) if one.printed]
        assert abs(len(said) - len(printed)) <= 0.001 * len(said), name
        if len(said) != len(printed):
            continue
        for tag, one in zip(printed, said, strict=True):
            span = reading.text[tag.start : tag.end]
            total += 1
            exact = span in {one.printed, f"({one.printed})", f"(${one.printed})"}
            same = one.value.is_nan() or tag.value == one.value
            wrong += not (exact and same and tag.concept.endswith(one.concept.rpartition(":")[2]))
    print(f"spans: {total} checked, {wrong} wrong")
    assert total > 10_000
    assert wrong <= 0.0005 * total


def test_items_of_8_k_equal_the_answer_key() -> None:
    """Against edgar-crawler's extractions of 553 filings from 1994 to 2023, a fifth of them plain text."""
    raw = zipfile.ZipFile(EDGAR / "eight_k" / "raw_8K_edgar-crawler.zip")
    keys = zipfile.ZipFile(EDGAR / "eight_k" / "extracted_items_8K_edgar-crawler.zip")
    names = {name.rpartition(".")[0]: name for name in raw.namelist()}
    equal = total = 0
    overlaps = []
    for key in keys.namelist():
        name = names.get(key.rpartition(".")[0])
        if name is None:
            continue
        rows = json.loads(keys.read(key)).items()
        wanted = {item[5:]: text for item, text in rows if item.startswith("item_") and text}
        texts = item_texts(read(raw.read(name), form="8-K"))
        total += 1
        equal += texts.keys() == wanted.keys()
        overlaps += [overlap(wanted[item], texts[item]) for item in wanted if item in texts]
    print(
        f"8-K: {equal} of {total} item sets equal; mean overlap {sum(overlaps) / len(overlaps):.4f}"
    )
    assert total > 500
    assert equal >= 0.98 * total
    assert sum(overlaps) >= 0.99 * len(overlaps)


def item_texts(reading: Reading) -> dict[str, str]:
    found: dict[str, str] = defaultdict(str)
    for section in reading.sections:
        for item in (section.item, *section.also):
            if item:
                found[item] += reading.text[section.start : section.end]
    return found


def overlap(wanted: str, found: str) -> float:
    """The share of the wanted words that were found, each as often."""
    words, ours = (Counter(re.findall(r"\w+", text.lower())) for text in (wanted, found))
    return (words & ours).total() / max(1, words.total())


def test_old_and_foreign_documents_are_read() -> None:
    """Main documents of 1999 to 2023 beside 8-Ks: each gives text, and tables where it has numbers."""
    forms = {"0000950153-99-001234": "10-K", "0001193125-10-073212": "10-K"}
    read_ones = 0
    for path in sorted((EDGAR / "eight_k").glob("*.gz")):
        content = gzip.decompress(path.read_bytes())
        form = forms.get(
            path.name.partition(".")[0], "20-F" if b"20-F" in content[:9000] else "8-K"
        )
        reading = read(content, form=form)
        check_cover(reading)
        assert len(reading.text.split()) > 100, path.name
        read_ones += 1
    assert read_ones >= 15
