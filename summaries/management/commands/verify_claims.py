"""Claims of a file against the sources that stand beside them, one verdict a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fa_site import garbage
from summaries.management.tallies import Tally
from summaries.management.textfiles import reading, writing
from summaries.scales import document_weights
from summaries.verification.documents.judging import Told, told
from summaries.verification.documents.rows import ClaimRow, read_rows
from summaries.verification.documents.sources import Source
from summaries.verification.verdicts import Verdict

AT_ONCE = 64  # rows held; what they leave undecided of one source is judged together
Tell = Callable[[Sequence[ClaimRow]], list[Told]]


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
            "--judge", choices=("none", "models"), default="none",
            help="who decides what code can't: nobody, or the models that are set up (paid for)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        garbage.search_seldom()
        tally = Tally("claims", self.stderr)
        tell = _by_code if options["judge"] == "none" else _with_judges()
        with reading(options["input"]) as lines, writing(options["output"]) as output:
            rows = tally.sound(read_rows(lines))
            while some := list(islice(rows, AT_ONCE)):
                for row, judged in zip(some, tell(some), strict=True):
                    tally.verdicts[judged.verdict.value] += 1
                    output.write(json.dumps(_verdict(row, judged), ensure_ascii=False) + "\n")
        tally.close()


def _by_code(rows: Sequence[ClaimRow]) -> list[Told]:
    weights = document_weights()
    return [told(row.claim, row.source, weights) for row in rows]


def _with_judges() -> Tell:
    from summaries.judging import judges_are_set_up

    if not judges_are_set_up():
        raise CommandError(
            "No model is set up to judge. Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or ask with "
            "--judge none."
        )
    return _by_judges


def _by_judges(rows: Sequence[ClaimRow]) -> list[Told]:
    """What code can't decide is asked of the models, all claims of one source together."""
    from costs.errors import CostError
    from llm.values import Purpose
    from summaries.judging import Undecided, opinions

    found, purpose = _by_code(rows), Purpose("judge", "infrastructure", task="claims")
    undecided: dict[Source, list[int]] = {}
    for at, (row, judged) in enumerate(zip(rows, found, strict=True)):
        if judged.verdict is Verdict.NOT_FOUND:
            undecided.setdefault(row.source, []).append(at)
    for source, places in undecided.items():
        cases = [Undecided(rows[at].claim, found[at]) for at in places]
        try:
            answers = opinions(cases, source, purpose, document_weights())
        except CostError as error:
            raise CommandError(f"{error} No verdict was written; --judge none is free.") from error
        for at, judged in zip(places, answers, strict=True):
            found[at] = judged
    return found


def _verdict(row: ClaimRow, judged: Told) -> dict[str, Any]:
    return {
        "id": row.id,
        "verdict": judged.verdict.value,
        "score": judged.score,
        "risk": judged.risk,
        "reasons": [one.text for one in judged.reasons],
    }
