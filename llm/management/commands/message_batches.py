"""Batches at providers, for operators: how they stand, and seeing them through."""

from __future__ import annotations

import signal
import threading
from decimal import Decimal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from llm import outbox
from llm.models import BatchEntry
from llm.outbox.progress import BatchLine, lines


class Command(BaseCommand):
    help = "List Message Batches, what they cost and saved; --drive submits and polls them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drive", action="store_true", help="until nothing is open")
        parser.add_argument(
            "--resume", action="store_true",
            help="as --drive, taking over at once what a worker that is gone has left; "
            "only where nobody else drives",
        )  # fmt: skip
        parser.add_argument("--seconds", type=float, help="drive for no longer than this")
        parser.add_argument("--last", type=int, default=20, help="batches to list (20)")

    def handle(
        self,
        *args: Any,
        drive: bool,
        resume: bool,
        seconds: float | None,
        last: int,
        **options: Any,
    ) -> None:
        if last < 1:
            raise CommandError(f"--last is {last}; write 1 or more.", returncode=2)
        if seconds is not None and not (drive or resume):
            raise CommandError("--seconds goes with --drive or --resume.", returncode=2)
        is_done = True
        if resume:
            self.stdout.write(f"Taken over: {outbox.take_over()}")
        if drive or resume:
            is_done = self._drive(seconds)
        self._list(last)
        if not is_done:
            raise CommandError("Stopped while batches are open; go on with --drive.", returncode=1)

    def _drive(self, seconds: float | None) -> bool:
        stopping = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopping.set()

        asking = (signal.SIGINT, signal.SIGTERM)
        # Signals are handled in a main thread alone.
        is_main = threading.current_thread() is threading.main_thread()
        before = {each: signal.signal(each, stop) for each in asking} if is_main else {}
        try:
            return outbox.drive(stopping, seconds=seconds, watch=self._tell)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _tell(self, submitted: int, ended: int) -> None:
        at = timezone.localtime()
        self.stdout.write(f"{at:%H:%M:%S} {submitted} batches submitted, {ended} entries ended")

    def _list(self, last: int) -> None:
        waiting = BatchEntry.objects.filter(state=BatchEntry.State.WAITING).count()
        self.stdout.write(f"{waiting} entries wait to be put into a batch.")
        told = lines(last)
        if not told:
            self.stdout.write("No batches yet.")
            return
        head = f"{'batch':>6} {'state':<10} {'model':<28} {'made':<16} "
        head += (
            f"{'entries':>8} {'answered':>8} {'failed':>7} {'open':>6} {'USD':>10} {'saved':>10}"
        )
        self.stdout.write(head)
        for line in told:
            self._line(line)
        cost = sum((line.cost_usd for line in told), Decimal(0))
        saved = sum((line.saved_usd for line in told), Decimal(0))
        self.stdout.write(
            f"Together {cost:.4f} USD; asked one by one, {cost + saved:.4f} USD: {saved:.4f} saved."
        )

    def _line(self, line: BatchLine) -> None:
        batch = line.batch
        made = timezone.localtime(batch.created_at)
        self.stdout.write(
            f"{batch.pk:>6} {batch.state:<10} {batch.model:<28} {made:%Y-%m-%d %H:%M} "
            f"{line.entries:>8} {line.answered:>8} {line.failed:>7} {line.waiting:>6} "
            f"{line.cost_usd:>10.4f} {line.saved_usd:>10.4f}"
        )
        if batch.problem:
            self.stdout.write(f"       {batch.problem}")
