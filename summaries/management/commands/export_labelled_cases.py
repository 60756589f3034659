"""What reviewers labelled, as a file in the shape of the labelled claims that detectors are
measured on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from summaries.models import Document, LabelledCase

USAGE = 2
ENDINGS = (".jsonl", ".csv")
FIELDS = (
    "id", "pair_id", "label", "error_type", "claim", "change", "claim_kind", "origin",
    "source_text", "source_table", "source_meta", "evidence", "provenance",
)  # fmt: skip


class Command(BaseCommand):
    help = "Export the labelled cases as JSONL or CSV, in the shape of the labelled claims."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, required=True, help="a .jsonl or .csv file")
        parser.add_argument(
            "--licensed", action="store_true", help="also cases of texts under a licence"
        )

    def handle(self, *args: Any, output: Path, licensed: bool, **options: Any) -> None:
        if output.suffix not in ENDINGS:
            raise CommandError(
                f"--output is {output}; name a file that ends in .jsonl or .csv.", returncode=USAGE
            )
        every = LabelledCase.objects.select_related("by").order_by("pk")
        try:
            cases = list(every if licensed else every.free())
            left_out = every.count() - len(cases)
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        rows = [_row(case) for case in cases]
        text = _jsonl(rows) if output.suffix == ".jsonl" else _csv(rows)
        try:
            output.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        self.stdout.write(_told(output, len(rows), left_out))


def _told(output: Path, count: int, left_out: int) -> str:
    told = f"{output}: {count} case{'' if count == 1 else 's'}."
    if left_out:
        told += f" {left_out} under a licence left out: --licensed writes them too."
    elif not count:
        told += " Nobody has marked a finding as a false alarm yet."
    return told


def _row(case: LabelledCase) -> dict[str, Any]:
    """``error_type`` is what a supported claim has: none. ``source_text``: the documents that it
    cites, whole; their quotes where a document is gone."""
    is_right = case.label == LabelledCase.Label.SUPPORTED
    return {
        "id": f"review-{case.pk}",
        "pair_id": "",
        "label": case.label,
        "error_type": "none" if is_right else case.code,
        "claim": case.claim,
        "change": "",
        "claim_kind": f"{case.tier}_sentence",
        "origin": "review",
        "source_text": "\n\n".join(_sources(case.evidence)),
        "source_table": None,
        "source_meta": {"dataset": "review", "ticker": case.ticker, "writer": case.writer},
        "evidence": case.evidence,
        "provenance": {
            "summary": case.summary_id, "claim": case.claim_row_id, "finding": case.code,
            "finding_reason": case.finding, "verdict_given": case.verdict,
            "reason": case.reason, "by": case.by.get_username(), "at": case.at.isoformat(),
        },
    }  # fmt: skip


def _sources(evidence: Iterable[dict[str, Any]]) -> list[str]:
    cited = dict.fromkeys(one["document"] for one in evidence)
    held = dict(Document.objects.filter(pk__in=list(cited)).values_list("pk", "text"))
    gone = (one["quote"] for one in evidence if one["document"] not in held)
    return [*(held[pk] for pk in cited if pk in held), *dict.fromkeys(gone)]


def _jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
