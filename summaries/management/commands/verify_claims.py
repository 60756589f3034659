"""Claims of a file against the sources that stand beside them, one verdict a line."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from summaries.scales import document_weights
from summaries.verification.documents.judging import told
from summaries.verification.documents.rows import ClaimRow, Malformed, read_rows


class Command(BaseCommand):
    help = (
        "Verify claims offline. Input: JSON lines with id, claim, source_text and source_table; "
        "output: JSON lines with id, verdict, score, risk and reasons. Rows that can't be read are "
        "named and skipped."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", required=True, help="JSON lines; - for standard input")
        parser.add_argument("--output", required=True, help="JSON lines; - for standard output")
        parser.add_argument(
            "--judge", choices=("none",), default="none",
            help="who decides what code can't: none",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        verdicts: Counter[str] = Counter()
        skipped = 0
        with _reading(options["input"]) as lines, _writing(options["output"]) as output:
            for number, row in read_rows(lines):
                if isinstance(row, Malformed):
                    skipped += 1
                    self.stderr.write(f"Line {number} is skipped: {row}.")
                    continue
                verdict = _verdict(row)
                verdicts[verdict["verdict"]] += 1
                output.write(json.dumps(verdict, ensure_ascii=False) + "\n")
        counted = ", ".join(f"{count:,} {name}" for name, count in verdicts.most_common())
        total = verdicts.total()
        self.stderr.write(
            f"{total:,} claims: {counted or 'none'}"
            + (f"; {skipped:,} lines skipped." if skipped else ".")
        )
        if skipped and not total:
            raise CommandError("No line of the input could be read.")


def _verdict(row: ClaimRow) -> dict[str, Any]:
    judged = told(row.claim, row.source, document_weights())
    return {
        "id": row.id,
        "verdict": judged.verdict.value,
        "score": judged.score,
        "risk": judged.risk,
        "reasons": [one.text for one in judged.reasons],
    }


@contextmanager
def _reading(name: str) -> Iterator[IO[str]]:
    if name == "-":
        yield sys.stdin
        return
    with ExitStack() as opened:
        try:
            lines = opened.enter_context(Path(name).open(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CommandError(f"{name} can't be read: {error.strerror}", returncode=2) from error
        yield lines


@contextmanager
def _writing(name: str) -> Iterator[IO[str]]:
    """All or nothing: a file that is there keeps what it holds until the last verdict."""
    if name == "-":
        yield sys.stdout
        return
    path = Path(name)
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CommandError(f"{name} can't be written: {error.strerror}", returncode=2) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            yield output
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
