"""How well claims are told apart: labelled claims on real pages, and how fast.

``python -m bench.truth`` prints every figure; with any option it prints a table of one set, and
which claims it tells wrong: ``--set dev --half a --origin tat_table --prover tabular --show 20``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.figures import figure
from fa_site import garbage

CLAIMS = Path(__file__).resolve().parents[2] / "shared" / "data" / "claims"
SETS = {
    "dev": "dev.jsonl.gz",
    "findver_dev": "findver_testmini_dev.jsonl.gz",
    "llm_answers_dev": "financebench_llm_answers_dev.jsonl.gz",
}
# Wanted of each set: detection at least, false positives at most, in percent. The natural sets'
# is what the best published model reaches.
WANTED = {"dev": (97, 3), "findver_dev": (85, 17), "llm_answers_dev": (85, 17)}
# Simple rules on data like dev, as its README gives them: detection and false positives.
BASELINES = {
    "number_occurs": (58.3, 35.8),
    "number_occurs_scaled": (57.0, 23.5),
    "number_computed_anywhere": (37.3, 6.0),
    "number_bound": (73.8, 20.7),
}
CLAIMS_A_SECOND = 300
CALIBRATION_ERROR = 0.05

Prove = Callable[[str, Any], Any]


def main() -> int:
    if not CLAIMS.is_dir():
        print(f"There are no labelled claims in {CLAIMS}.", file=sys.stderr)
        return 2
    garbage.search_seldom()  # as the command that verifies claims does
    if len(sys.argv) > 1:
        table(_arguments())
    else:
        report()
    return 0


class Tally:
    """Of the unsupported claims how many are caught, of the supported how many accused."""

    def __init__(self) -> None:
        self.bad = self.good = self.caught = self.accused = 0

    def add(self, is_true: bool, is_supported: bool) -> None:
        self.good += is_true
        self.bad += not is_true
        self.caught += not is_true and not is_supported
        self.accused += is_true and not is_supported

    @property
    def detection(self) -> float:
        """In percent."""
        return 100 * self.caught / self.bad if self.bad else 0.0

    @property
    def false_positives(self) -> float:
        return 100 * self.accused / self.good if self.good else 0.0


class Reliability:
    """Of the claims whose score falls into each tenth, how many are true."""

    def __init__(self) -> None:
        self.scores: list[list[float]] = [[] for _ in range(10)]
        self.true = [0] * 10

    def add(self, score: float, is_true: bool) -> None:
        bin_ = min(9, int(score * 10))
        self.scores[bin_].append(score)
        self.true[bin_] += is_true

    @property
    def error(self) -> float:
        """Between mean score and share of true claims, over all bins by their size: the expected
        calibration error."""
        every = sum(map(len, self.scores))
        gaps = (abs(sum(some) - true) for some, true in zip(self.scores, self.true, strict=True))
        return sum(gaps) / every if every else 0.0

    def table(self) -> Iterator[str]:
        yield f"{'score':>12}{'claims':>8}{'mean':>8}{'true':>8}"
        for at, (some, true) in enumerate(zip(self.scores, self.true, strict=True)):
            if some:
                mean, share = sum(some) / len(some), true / len(some)
                yield f"{at / 10:>6.1f}–{(at + 1) / 10:.1f}{len(some):>10}{mean:>8.2f}{share:>8.2f}"


def report() -> None:
    from summaries.verification.documents.judging import score_of

    judge = _judge()
    reliability = Reliability()
    for name in SETS:
        told: dict[str, Tally] = defaultdict(Tally)
        claims = list(rows(name))
        began = time.process_time()
        for row, judged in judgements(claims, judge):
            is_true = row["label"] == "supported"
            reliability.add(score_of(judged), is_true)
            for key in ("", f"half_{half(row)}", f"origin_{row['origin']}", *_kind_of_error(row)):
                told[key].add(is_true, judged.is_supported)
        seconds = time.process_time() - began
        least, most = WANTED[name]
        for key, tally in sorted(told.items()):
            end = f"_{key}" if key else ""
            if tally.bad:
                figure("truth", f"{name}_detection{end}", tally.detection, "%", least)
            if tally.good:
                figure("truth", f"{name}_false_positives{end}", tally.false_positives, "%", most)
        if name == "dev":
            for rule, (detection, positives) in BASELINES.items():
                figure("truth", f"dev_detection_of_{rule}", detection, "%", least)
                figure("truth", f"dev_false_positives_of_{rule}", positives, "%", most)
            figure("truth", "claims_per_second", len(claims) / seconds, "1/s", CLAIMS_A_SECOND)
    figure("truth", "calibration_error", reliability.error, "", CALIBRATION_ERROR)
    print(*reliability.table(), sep="\n", file=sys.stderr)


def table(asked: argparse.Namespace) -> None:
    judge = _judge(asked.prover)
    told: dict[str, Tally] = defaultdict(Tally)
    shown: Counter[str] = Counter()
    claims = list(rows(asked.set, asked.origin, asked.half))
    began = time.process_time()
    for row, judged in judgements(claims, judge):
        is_true = row["label"] == "supported"
        for key in ("all", f"half {half(row)}", row["origin"], *_kind_of_error(row)):
            told[key].add(is_true, judged.is_supported)
        kind = "accused" if is_true else "missed"
        wrong = judged.is_supported != is_true
        if wrong and shown.total() < asked.show and asked.kind in (None, kind):
            shown[kind] += 1
            print(f"{kind:8} {row['id']} {row['claim_kind']}/{row['error_type']} "
                  f"{row['claim'][:asked.width]!r} change={row.get('change')!r} "
                  f"reasons={[(one.code, one.text) for one in judged.reasons]}")  # fmt: skip
    seconds = time.process_time() - began
    print(f"{'':28}{'n-':>6}{'detected':>10}{'n+':>6}{'accused':>10}")
    for key, one in sorted(told.items()):
        detected = f"{one.detection:.1f} %" if one.bad else ""
        accused = f"{one.false_positives:.1f} %" if one.good else ""
        print(f"{key:28}{one.bad:>6}{detected:>10}{one.good:>6}{accused:>10}")
    print(f"{len(claims)} claims, {len(claims) / max(seconds, 1e-9):.0f} a second")


def judgements(
    claims: Iterable[dict[str, Any]], judge: Prove
) -> Iterator[tuple[dict[str, Any], Any]]:
    from summaries.verification.documents.sources import source_of

    for row in claims:
        source = source_of(row["source_text"], row["source_table"], meta=row["source_meta"])
        yield row, judge(row["claim"], source)


def rows(name: str, origins: str = "", only_half: str | None = None) -> Iterator[dict[str, Any]]:
    """Of a set; of these origins (one or more, with commas) and of one half where asked."""
    with gzip.open(CLAIMS / SETS[name], "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if origins and row["origin"] not in origins.split(","):
                continue
            if not only_half or half(row) == only_half:
                yield row


def half(row: dict[str, Any]) -> str:
    """Of the companies, or where none is named of the documents: "a" or "b"."""
    meta, made = row["source_meta"], row["provenance"]
    filed = str(meta.get("report") or "").partition("-")[0]  # "ABC-2024-04-17_10-K.json"
    whose = str(
        meta.get("ticker") or meta.get("company") or filed or made.get("group") or made["doc"]
    )
    return "ab"[hashlib.sha256(whose.encode()).digest()[0] % 2]


def _kind_of_error(row: dict[str, Any]) -> Iterator[str]:
    if row["label"] == "unsupported" and row["error_type"]:
        yield f"error_{row['error_type']}"


def _judge(prover: str = "") -> Prove:
    """All provers together, or one alone."""
    from summaries.verification.documents.sources import Sentence

    if not prover:
        whole: Prove = import_module("summaries.verification.documents.judging").judge
        return whole
    prove = import_module(f"summaries.verification.documents.{prover}").prove
    return lambda text, source: prove(Sentence(0, text), source)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SETS, default="dev")
    parser.add_argument("--origin", default="", help="one or more, with commas")
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--prover", default="", help="quoting, tabular, prose or entailing alone")
    parser.add_argument("--show", type=int, default=0, help="so many of those told wrong")
    parser.add_argument("--kind", choices=("missed", "accused"))
    parser.add_argument("--width", type=int, default=300, help="characters of a shown claim")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
