"""Labelled questions about filings: pages, and where in them the answer stands.

Two shapes of files, told apart by their content: TAT-QA (JSON: pages of a table and paragraphs,
each with questions) and FinanceBench (JSON lines: a question with the pages of its evidence).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True)
class Page:
    """``table``: where the page's table stands, if we know; offsets are code points of ``text``."""

    name: str
    text: str
    table: Span | None = None


@dataclass(frozen=True)
class Question:
    """``gold``: by page, the spans that hold the answer."""

    text: str
    gold: tuple[tuple[str, Span], ...]


@dataclass(frozen=True)
class QuestionSet:
    name: str
    pages: tuple[Page, ...]
    questions: tuple[Question, ...]


def question_sets(folder: Path) -> Iterator[QuestionSet]:
    """A set for each shape, of all files of it in the folder, plain or gzipped."""
    tatqa: list[Any] = []
    financebench: list[Any] = []
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".jsonl", ".jsonl.gz")):
            rows = [json.loads(line) for line in _read(path).splitlines() if line.strip()]
            financebench += [row for row in rows if "evidence" in row]
        elif path.name.endswith((".json", ".json.gz")):
            rows = json.loads(_read(path))
            tatqa += [row for row in rows if isinstance(row, dict) and "paragraphs" in row]
    if tatqa:
        yield _tatqa(tatqa)
    if financebench:
        yield _financebench(financebench)


def _read(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


def _tatqa(rows: Iterable[Any]) -> QuestionSet:
    """Gold is the paragraphs that a question names, and the table where it is answered from it."""
    pages: list[Page] = []
    questions: list[Question] = []
    for number, row in enumerate(rows):
        page, spans = _tatqa_page(f"tatqa {number}", row)
        pages.append(page)
        for asked in row["questions"]:
            places = [spans[order] for order in asked["rel_paragraphs"] if order in spans]
            if "table" in asked["answer_from"] and page.table:
                places.append(page.table)
            if places:
                gold = tuple((page.name, place) for place in places)
                questions.append(Question(asked["question"], gold))
    return QuestionSet("tatqa", tuple(pages), tuple(questions))


def _tatqa_page(name: str, row: Any) -> tuple[Page, dict[str, Span]]:
    lines = [" | ".join(filter(None, map(str, cells))) for cells in row["table"]["table"]]
    text = "\n".join(filter(None, lines))
    table = (0, len(text))
    spans = {}
    for paragraph in sorted(row["paragraphs"], key=lambda one: int(one["order"])):
        text += "\n" if text else ""
        spans[str(paragraph["order"])] = (len(text), len(text) + len(paragraph["text"]))
        text += paragraph["text"]
    return Page(name, text, table if table[1] else None), spans


def _financebench(rows: Iterable[Any]) -> QuestionSet:
    """Gold is the evidence where it can be found in its page, else the whole page."""
    pages: dict[str, Page] = {}
    questions: list[Question] = []
    for row in rows:
        gold = []
        for evidence in row["evidence"]:
            name = f"{evidence.get('doc_name') or row['doc_name']} {evidence['evidence_page_num']}"
            page = pages.setdefault(name, Page(name, evidence["evidence_text_full_page"]))
            gold.append((name, _found(evidence["evidence_text"], page.text)))
        questions.append(Question(row["question"], tuple(gold)))
    return QuestionSet("financebench", tuple(pages.values()), tuple(questions))


def _found(evidence: str, page: str) -> Span:
    """Where the page prints the evidence, whatever the white space between its words."""
    words = evidence.split()
    if not words:
        return 0, len(page)
    match = re.search(r"\s+".join(map(re.escape, words)), page)
    return match.span() if match else (0, len(page))
