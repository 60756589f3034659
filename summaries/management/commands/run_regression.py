"""Score the product on a suite of cases whose truth is known, keep the run, compare it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from llm.langsmith import NotPushed
from summaries.authoring import models_write
from summaries.evaluation import keeping, report
from summaries.evaluation.cases import DEFAULT_SUITE, BadSuite, Case, Kind, Suite, load
from summaries.evaluation.grading import Comparison, Result
from summaries.evaluation.keeping import PREVIOUS, Done, NoBaseline
from summaries.evaluation.pushing import push
from summaries.evaluation.regression import run
from summaries.evaluation.running import NotLoaded
from summaries.models import RegressionRun

NOT_RUN = 2
EXIT = {Result.PASSED: 0, Result.BELOW: 1, Result.UNDETERMINED: NOT_RUN}
MODELS = "models"


class Command(BaseCommand):
    help = (
        "Score the product on a regression suite. Exits 0 where every evaluator reaches its "
        "threshold, 1 where one does not, 2 where it could not be run. Publishes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--suite", default=DEFAULT_SUITE, help=f"default: {DEFAULT_SUITE}")
        parser.add_argument(
            "--writer", choices=("extractive", MODELS), default="extractive",
            help="who writes the summaries; models are asked anew and cost money",
        )  # fmt: skip
        parser.add_argument(
            "--only", choices=[kind.value for kind in Kind], action="append", default=[],
            help="only cases of this kind; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--compare", default=PREVIOUS, metavar="VERSION",
            help="a run's number, a code version, or previous (the default)",
        )  # fmt: skip
        parser.add_argument("--json", metavar="FILE", help="the whole report; - for the output")
        parser.add_argument("--push", action="store_true", help="send the scores to LangSmith")

    def handle(self, *args: Any, **options: Any) -> None:
        by_models = options["writer"] == MODELS
        if by_models and not models_write():
            raise CommandError(
                "No model is set up to write. Set ANTHROPIC_API_KEY or OPENAI_API_KEY, and "
                "FA_WRITER=auto.",
                returncode=NOT_RUN,
            )
        try:
            suite = load(settings.REGRESSION_SUITES_DIR, options["suite"])
            before = keeping.baseline(
                options["compare"],
                suite=suite.name,
                writer=keeping.writer_of(by_models=by_models),
            )
            kinds = [Kind(one) for one in dict.fromkeys(options["only"])]
            done = run(suite, models=by_models, kinds=kinds, told=self._heard(by_models=by_models))
            kept = keeping.keep(done)
        except (BadSuite, NoBaseline, NotLoaded) as error:
            raise CommandError(str(error), returncode=NOT_RUN) from error
        except ProgrammingError as error:
            raise CommandError(
                "The tables are missing. Run manage.py migrate.", returncode=NOT_RUN
            ) from error
        self._tell(kept, done, before, options["json"])
        if options["push"]:
            self._push(kept, suite)
        sys.exit(EXIT[done.result])

    def _heard(self, *, by_models: bool) -> Callable[[Case], None]:
        """Models take minutes a company: each is told when it is done."""

        def heard(case: Case) -> None:
            if by_models and case.kind.is_written:
                self.stderr.write(f"{case.ticker} is written.")

        return heard

    def _tell(
        self, kept: RegressionRun, done: Done, before: RegressionRun | None, file: str | None
    ) -> None:
        comparison = keeping.since(before, kept) if before else None
        if file == "-":
            self.stdout.write(_json(kept, done, before, comparison))
            return
        if file:
            self._write(Path(file), kept, _json(kept, done, before, comparison))
        self.stdout.write(report.text(kept, done, before, comparison))

    def _write(self, file: Path, kept: RegressionRun, told: str) -> None:
        try:
            file.write_text(told + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(
                f"Run {kept.pk} is kept, but {file} can't be written: {error.strerror}",
                returncode=NOT_RUN,
            ) from error

    def _push(self, kept: RegressionRun, suite: Suite) -> None:
        """What was kept stays kept, and the exit code says how good the product is, not the net."""
        try:
            told = push(kept, suite)
        except NotPushed as error:
            self.stderr.write(f"Run {kept.pk} is kept but was not pushed to LangSmith: {error}")
        else:
            self.stderr.write(f"Pushed to LangSmith as the experiment “{told}”.")


def _json(
    kept: RegressionRun, done: Done, before: RegressionRun | None, comparison: Comparison | None
) -> str:
    return json.dumps(report.told(kept, done, before, comparison), indent=2, ensure_ascii=False)
