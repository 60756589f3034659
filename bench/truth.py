"""How well claims are told apart: labelled claims on real pages, and how fast.

``python -m bench.truth [--origin tat_table] [--half a|b] [--prover tabular] [--show 20]``
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

CLAIMS = Path(__file__).resolve().parents[2] / "shared" / "data" / "claims"
SETS = {
    "dev": "dev.jsonl.gz",
    "findver_dev": "findver_testmini_dev.jsonl.gz",
    "llm_answers_dev": "financebench_llm_answers_dev.jsonl.gz",
}


def rows(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(CLAIMS / SETS[name], "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def half(row: dict[str, Any]) -> str:
    """Of the companies, or where none is named of the documents: "a" or "b"."""
    meta, made = row["source_meta"], row["provenance"]
    whose = str(meta.get("ticker") or meta.get("company") or made.get("group") or made["doc"])
    return "ab"[hashlib.sha256(whose.encode()).digest()[0] % 2]


def main() -> None:
    from summaries.verification.documents.sources import Sentence, source_of

    asked = _arguments()
    if asked.prover:
        prove = import_module(f"summaries.verification.documents.{asked.prover}").prove
    else:
        judging = import_module("summaries.verification.documents.judging")

        def prove(claim: Sentence, source: Any) -> Any:
            return judging.judge(claim.text, source)

    right: dict[str, Counter[str]] = defaultdict(Counter)
    shown = 0
    began, number = time.process_time(), 0
    for row in rows(asked.set):
        if asked.origin and row["origin"] not in asked.origin.split(","):
            continue
        if asked.half and half(row) != asked.half:
            continue
        source = source_of(row["source_text"], row["source_table"], meta=row["source_meta"])
        text = row["claim"]
        judged = prove(Sentence(0, text), source)
        number += 1
        wrong = judged.is_supported == (row["label"] == "unsupported")
        kind = "missed" if row["label"] == "unsupported" else "accused"
        for key in ("all", f"half {half(row)}", row["origin"], f"error {row['error_type']}"):
            right[key][row["label"]] += 1
            right[key][kind] += wrong
        if wrong and shown < asked.show and (not asked.kind or asked.kind == kind):
            shown += 1
            print(f"{kind:8} {row['id']} {row['claim_kind']}/{row['error_type']} "
                  f"{row['claim'][:asked.width]!r} change={row.get('change')!r} "
                  f"reasons={[(one.code, one.text) for one in judged.reasons]}")  # fmt: skip
    seconds = time.process_time() - began
    print(f"{'':24}{'n-':>6}{'detected':>10}{'n+':>6}{'accused':>10}")
    for key, found in sorted(right.items()):
        bad, good = found["unsupported"], found["supported"]
        detected = f"{100 - 100 * found['missed'] / bad:.1f} %" if bad else ""
        accused = f"{100 * found['accused'] / good:.1f} %" if good else ""
        print(f"{key:24}{bad:>6}{detected:>10}{good:>6}{accused:>10}")
    print(f"{number} claims, {number / max(seconds, 1e-9):.0f} a second")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SETS, default="dev")
    parser.add_argument("--origin", default="")
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--prover", default="")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--kind", choices=("missed", "accused"))
    parser.add_argument("--width", type=int, default=300)
    return parser.parse_args()


if __name__ == "__main__":
    main()
