"""Questions of a file about the documents that stand beside them, an answer a line."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from queries.answering import answer
from queries.answering.rows import read_rows, told
from summaries.management.tallies import Tally
from summaries.management.textfiles import reading, writing


class Command(BaseCommand):
    help = (
        "Answer questions offline, by code alone. Input: JSON lines with id, question and "
        "documents (text, tables); output: JSON lines with id, answer, value, unit, scale, "
        "verdict, text, citations and seconds. Only what is supported is an answer. Rows that "
        "can't be read are named and skipped."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--questions", required=True, help="JSON lines; - for standard input")
        parser.add_argument("--output", required=True, help="JSON lines; - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        tally = Tally("questions", self.stderr)
        with reading(options["questions"]) as lines, writing(options["output"]) as output:
            for row in tally.sound(read_rows(lines)):
                began = time.perf_counter()
                made = answer(row.question, row.sources)
                line = told(row, made, time.perf_counter() - began)
                tally.verdicts[line["verdict"]] += 1
                output.write(json.dumps(line, ensure_ascii=False) + "\n")
        tally.close()
