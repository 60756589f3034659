"""How many questions about documents are answered right, wrong or not at all.

``python -m bench.answers`` prints the shares by set, kind and half; a wrong answer that is marked
unverified counts as declined. Each question is asked with its own pages: of TAT-QA the table and
paragraphs, of FinanceBench the pages of its evidence. The rules were developed on half a of the
documents. ``--show 20 --told wrong --half a --kind numeric`` lists answers.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import string
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.figures import figure
from queries.answering import Found, Unsaid, answer
from summaries.verification.documents.sources import Source, source_of

QUESTIONS = Path(__file__).resolve().parents[2] / "shared" / "data" / "questions"
RIGHT, WRONG = 0.60, 0.02  # of the numeric ones, at least and at most
A_QUESTION_MS = 50
OVERLAP = 0.8  # of words, of a span that is right
TOLD = ("right", "wrong", "declined")

_POWERS = {
    # 32 % of something is 0.32 of it
    "": Decimal(1), "percent": Decimal("0.01"), "thousand": Decimal(10) ** 3,
    "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<lead>[-−(\s$€£]*)(?P<digits>\d[\d,]*(?:\.\d+)?)\s*\)?\s*"
    r"(?P<word>%|percent|thousands?|millions?|billions?)?[\s.)]*",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Gold:
    """``number``: in whole units, with the worth of its last place; None of words."""

    parts: tuple[str, ...]
    number: Decimal | None = None
    place: Decimal = Decimal(1)


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    half: str
    question: str
    sources: tuple[Source, ...]
    gold: Gold


def main() -> int:
    if not QUESTIONS.is_dir():
        print(f"There are no labelled questions in {QUESTIONS}.", file=sys.stderr)
        return 2
    asked = _arguments()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest = spent = 0.0
    shown = number = 0
    for case in cases():
        if (asked.half and case.half != asked.half) or (asked.kind and asked.kind != case.kind):
            continue
        began = time.perf_counter()
        made = answer(case.question, case.sources)
        took = time.perf_counter() - began
        slowest, spent, number = max(slowest, took), spent + took, number + 1
        told = told_as(made, case.gold)
        for key in _keys(case):
            counts[key][told] += 1
        if shown < asked.show and asked.told in (None, told):
            shown += 1
            print(told, case.name, case.kind, repr(case.question[:300]), case.gold.parts, made)
    for key, one in sorted(counts.items()):
        is_numeric = "numeric" in key
        for share, limit in zip(TOLD, (RIGHT, WRONG, 0.0), strict=True):
            against = limit if is_numeric else 0.0
            figure("answers", f"{key}{share}_share", one[share] / one.total(), "", against)
        figure("answers", f"{key}questions", one.total(), "", 0)
    figure("answers", "ms_per_question", 1000 * spent / max(number, 1), "ms", A_QUESTION_MS)
    figure("answers", "slowest_ms", 1000 * slowest, "ms", A_QUESTION_MS)
    return 0


def _keys(case: Case) -> Iterator[str]:
    group = "numeric" if case.kind in ("numeric", "count") else "words"
    yield f"{group}_"
    yield f"{group}_half_{case.half}_"
    yield f"{case.name}_{case.kind}_"
    yield f"{case.name}_{case.kind}_half_{case.half}_"


def cases() -> Iterator[Case]:
    yield from _tatqa()
    yield from _financebench()


def _tatqa() -> Iterator[Case]:
    with gzip.open(QUESTIONS / "tatqa_dev.json.gz", "rt", encoding="utf-8") as lines:
        pages = json.load(lines)
    for page in pages:
        told = sorted(page["paragraphs"], key=lambda one: one["order"])
        source = source_of("\n\n".join(one["text"] for one in told), page["table"]["table"])
        for row in page["questions"]:
            gold = _gold(row)
            kind = row["answer_type"]
            if kind == "arithmetic" or (kind == "span" and gold.number is not None):
                kind = "numeric"
            yield Case("tatqa", kind, half(page["table"]["uid"]), row["question"], (source,), gold)


def _gold(row: dict[str, Any]) -> Gold:
    given, scale = row["answer"], _POWERS[row["scale"]]
    if row["answer_type"] in ("arithmetic", "count"):
        return Gold((str(given),), Decimal(str(given)) * scale, _CENT * scale)
    parts = tuple(str(one) for one in given if str(one).strip())
    if len(parts) != 1:
        return Gold(parts)
    found = _number(parts[0])
    if found is None or row["question"].lower().startswith(("which", "in which")):
        return Gold(parts)
    return Gold(parts, found[0] * scale, found[1] * scale)


def _financebench() -> Iterator[Case]:
    with gzip.open(QUESTIONS / "financebench_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        texts = [one.get("evidence_text_full_page") or one["evidence_text"]
                 for one in row["evidence"]]  # fmt: skip
        sources = tuple(source_of(text) for text in dict.fromkeys(texts))
        kind, gold = "words", Gold((row["answer"],))
        found = _number(row["answer"])
        if row["question_type"] == "metrics-generated" and found is not None:
            asked = re.search(r"\b(thousand|million|billion)s?\b", row["question"], re.IGNORECASE)
            scale = _POWERS[asked[1].lower()] if asked else Decimal(1)
            kind, gold = "numeric", Gold((row["answer"],), found[0] * scale, found[1] * scale)
        yield Case("financebench", kind, half(row["doc_name"]), row["question"], sources, gold)


def half(document: str) -> str:
    return "ab"[hashlib.sha256(document.encode()).digest()[0] % 2]


def _number(text: str) -> tuple[Decimal, Decimal] | None:
    """What a text of nothing but a number is worth, and one unit in its last place that isn't 0."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    digits = match["digits"].replace(",", "")
    value = Decimal(digits)
    decimals = digits.partition(".")[2].rstrip("0")
    word = (match["word"] or "").lower().rstrip("s")
    power = _POWERS["percent" if word == "%" else word]
    sign = -1 if any(one in match["lead"] for one in "-−(") else 1
    return sign * value * power, Decimal(1).scaleb(-len(decimals)) * power


def told_as(made: Found | Unsaid, gold: Gold) -> str:
    if isinstance(made, Unsaid) or not made.is_supported:
        return "declined"
    return "right" if is_right(made, gold) else "wrong"


def is_right(made: Found, gold: Gold) -> bool:
    """A number with its scale, within half of the gold's last place; words of which nearly all
    agree; of a list each part, in any order."""
    if gold.number is not None:
        if made.value is None:
            return _overlap(made.answer, gold.parts[0]) >= OVERLAP
        off = abs(made.value * _POWERS[made.scale] - gold.number)
        return off <= gold.place * Decimal("0.51")
    parts = made.parts or (made.answer,)
    if len(gold.parts) == 1:
        return _overlap(" ".join(parts), gold.parts[0]) >= OVERLAP
    return len(parts) == len(gold.parts) and all(
        any(_overlap(part, one) >= OVERLAP for part in parts) for one in gold.parts
    )


def _overlap(one: str, other: str) -> float:
    """F1 of their words."""
    told, wanted = _words(one), _words(other)
    common = sum((Counter(told) & Counter(wanted)).values())
    if not common:
        return float(told == wanted)
    return 2 * common / (len(told) + len(wanted))


def _words(text: str) -> Sequence[str]:
    plain = _ARTICLES.sub(" ", text.lower().replace(",", ""))
    kept = re.sub(rf"[{re.escape(string.punctuation.replace('.', ''))}]", " ", plain)
    return [one.strip(".") for one in kept.split() if one.strip(".")]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--kind", help="numeric, count, span, multi-span or words")
    parser.add_argument("--told", choices=TOLD)
    parser.add_argument("--show", type=int, default=0, help="so many answers, with the question")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
