"""One Ask on its way: attempts, one after another, each with its row on the ledger.

An attempt is: leave to call (limits), the row written and committed, the call with no
transaction open, then what became of it, committed. Whoever is killed in between leaves a row
``sending``, which costs.ledger.sweep makes ``unknown``: never a call without a row, nor two rows
for one call. All attempts share ``call`` and are numbered.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event

import structlog
from django.db import transaction
from pydantic import BaseModel

from costs import ledger
from costs.errors import Unpriced
from costs.models import UsageRecord
from costs.tokens import Tokens
from llm import attempts, keeping, limits, outgoing, retrying, routing, structured
from llm.attempts import Attempt, lend_connection, refuse_transaction
from llm.errors import CallFailed, DoorError, Kind, NoModel
from llm.estimating import estimate_tokens
from llm.limits import Busy, Outcome
from llm.routing import EXTRACTIVE, Rung
from llm.values import Answer, Ask, Reply, Request, Stop, Turn

log = structlog.get_logger(__name__)

# A second refusal is the task's, not the model's.
MOST_REFUSALS = 2


@dataclass(frozen=True)
class Step:
    """One attempt to make. ``after``: how many models follow in the ladder."""

    rung: Rung
    request: Request
    after: int


@dataclass(frozen=True)
class Checked:
    """What an answer is worth: the result, or the kind of failure that it is."""

    data: BaseModel | None = None
    kind: Kind | None = None
    problems: tuple[str, ...] = ()


class Call:
    """``ended``: how the last attempt came to nothing; None before the first."""

    def __init__(self, ask: Ask, operation: str, stop: Event | None = None) -> None:
        self.ask, self.operation, self.stop = ask, operation, stop
        self.id = uuid.uuid4()
        self.request, self.vault = outgoing.request(ask, Rung("", ""))
        self.key = keeping.key_of(ask, self.vault) if ask.replay else ""
        self.ended: DoorError | Unpriced | None = None
        self.failures: list[CallFailed] = []
        self._until = time.monotonic() + ask.seconds
        self._attempts = self._last = 0
        self._cost = Decimal(0)
        self._estimates: dict[bool, int] = {}
        self._repair: tuple[Turn, ...] = ()
        self._was_repaired = False
        self._unpriced: Unpriced | None = None
        self._skipped: list[Busy] = []

    @property
    def left(self) -> float:
        """Seconds that it still has."""
        return self._until - time.monotonic()

    @property
    def longest(self) -> int:
        """The prompt's tokens by the tokenizer that makes the most of them, for routing."""
        return self._estimated(replace(self.request, model="claude"))

    def _estimated(self, request: Request) -> int:
        if request.turns is not self.request.turns:
            return estimate_tokens(request)
        is_claude = request.model.startswith("claude")
        if is_claude not in self._estimates:
            self._estimates[is_claude] = estimate_tokens(request)
        return self._estimates[is_claude]

    @property
    def is_stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def steps(self) -> Iterator[Step]:
        """What to try next, for as long as nothing has answered: goes by ``ended``."""
        ladder = routing.models(self.ask, self.longest)
        while not self.is_stopped:
            self._skipped.clear()
            for place, rung in enumerate(ladder):
                yield from self._on_rung(rung, after=len(ladder) - place - 1)
                refusals = [each for each in self.failures if each.kind is Kind.REFUSED]
                if len(refusals) >= MOST_REFUSALS or self.left <= 0 or self.is_stopped:
                    return
            if not self._wait_for_a_circuit(len(ladder)):
                return

    def _on_rung(self, rung: Rung, after: int) -> Iterator[Step]:
        request = replace(self.request, model=rung.model, effort=rung.effort)
        attempt = 0
        while True:
            yield Step(rung, request, after)
            if not isinstance(self.ended, CallFailed):
                return
            if self._repair:
                request = replace(request, turns=self._repair)
                self._repair, self._was_repaired = (), True
                continue
            attempt += 1
            pause = retrying.pause(self.ended, attempt, self.left, is_last=after == 0)
            if pause is None or self.is_stopped:
                return
            self._sleep(pause)

    def _wait_for_a_circuit(self, models: int) -> bool:
        """Where all models are left alone for now, and there is no other way: until one isn't."""
        waits = [busy.seconds for busy in self._skipped if busy.why == "open"]
        if self.ask.extractive or not waits or len(waits) < models or min(waits) >= self.left:
            return False
        self._sleep(min(waits))
        return True

    def _sleep(self, seconds: float) -> None:
        if self.stop is None:
            time.sleep(seconds)
        else:
            self.stop.wait(seconds)

    # One attempt

    def begin(self, step: Step) -> Attempt:
        """Leave to call, and the row on the ledger, committed. Raises Busy, Unpriced, OverBudget."""
        refuse_transaction()
        estimated = self._estimated(step.request)
        seconds = max(0.0, retrying.share_of_time(self.left, models_after=step.after))
        seat = limits.take(
            step.rung.provider,
            tokens=estimated + step.request.max_output_tokens,
            within=self.left if step.after == 0 else seconds,
            lasting=seconds,
            stop=self.stop,
        )
        try:
            most_output = step.request.max_output_tokens
            row = ledger.open_call(self._entry(step.rung, estimated, most_output))
        except BaseException:
            limits.leave(seat, Outcome.NONE, used=Tokens())
            raise
        lend_connection()
        seconds = max(0.1, retrying.share_of_time(self.left, models_after=step.after))
        return Attempt(
            rung=step.rung,
            request=replace(step.request, seconds=seconds),
            seat=seat,
            record=self._noted(row),
            number=self._attempts,
            estimated=estimated,
            began=time.monotonic(),
        )

    def _entry(self, rung: Rung, estimated: int, most_output: int) -> ledger.Entry:
        ask, purpose = self.ask, self.ask.purpose
        return ledger.Entry(
            call=self.id, attempt=self._attempts + 1, provider=rung.provider, model=rung.model,
            operation=self.operation, category=purpose.category, agent=purpose.agent,
            task=purpose.task, stock=purpose.stock, summary=purpose.summary, query=purpose.query,
            run=purpose.run, user=purpose.user, team=purpose.team, variant=purpose.variant,
            prompt=ask.prompt.name, prompt_version=ask.prompt.version,
            estimated_tokens=estimated, most_output_tokens=most_output,
        )  # fmt: skip

    def _noted(self, row: UsageRecord) -> int:
        self._attempts += 1
        self._last = row.pk
        return row.pk

    def answered(self, attempt: Attempt, answer: Answer) -> Reply | None:
        """Settled and kept. None: it is no answer; see ``ended``."""
        checked = self._check(answer)
        row = attempts.settled(attempt, answer, checked.kind, self.key)
        self._cost += row.cost_usd
        self._log(attempt, checked.kind or answer.stop)
        if checked.kind is None:
            return self._reply(attempt, answer, checked.data, row.tokens)
        self._end(_as_failure(attempt, answer, checked.kind))
        if checked.kind is Kind.BAD_RESULT and not self._was_repaired:
            turns = attempt.request.turns
            self._repair = structured.repair_turns(turns, answer.text, checked.problems)
        return None

    def failed(self, attempt: Attempt, failure: CallFailed) -> None:
        """Written down; see ``ended``."""
        self._cost += attempts.failed(attempt, failure).cost_usd
        self._log(attempt, failure.kind)
        self._end(failure)

    def passed_over(self, error: Busy | Unpriced) -> None:
        """No attempt came of it."""
        self.ended = error
        if isinstance(error, Unpriced):
            self._unpriced = error
            log.error("llm.unpriced", call=str(self.id), error=str(error))
        else:
            self._skipped.append(error)

    # The end

    def _reply(
        self, attempt: Attempt, answer: Answer, data: BaseModel | None, tokens: Tokens
    ) -> Reply:
        is_json = self.ask.schema is not None
        return Reply(
            text=outgoing.text_back(answer.text, self.vault, is_json=is_json),
            data=None if data is None else outgoing.data_back(data, self.vault),
            stop=answer.stop,
            provider=attempt.rung.provider,
            model=attempt.rung.model,
            tokens=tokens,
            cost_usd=self._cost,
            record=attempt.record,
            attempts=self._attempts,
        )

    def replayed(self) -> Reply | None:
        """The answer that is kept for the same question; None where it no longer fits."""
        again = keeping.kept(self.key) if self.key else None
        if again is None:
            return None
        data = None
        if self.ask.schema is not None:
            try:
                data = structured.parse(again.text, self.ask.schema)
            except structured.BadResult:
                return None
        return replace(
            again,
            text=outgoing.text_back(again.text, self.vault, is_json=data is not None),
            data=None if data is None else outgoing.data_back(data, self.vault),
        )

    def stopped_unsent(self) -> Reply:
        """Stopped while nothing was under way; ``record`` is 0 where no attempt was made."""
        return Reply(
            "", None, Stop.STOPPED, "", "", Tokens(), self._cost, self._last, self._attempts
        )

    def without_model(self) -> Reply:
        """The last rung. Raises NoModel where the Ask has none, Unpriced where that was why."""
        if self.ask.extractive is None:
            raise self._no_model()
        text = self.ask.extractive()
        data = structured.parse(text, self.ask.schema) if self.ask.schema else None

        with transaction.atomic():
            (row,) = ledger.open_calls([self._entry(EXTRACTIVE, 0, 0)])
            ledger.settle(row.pk, Tokens(), latency_ms=0)
        record = self._noted(row)
        return Reply(
            text, data, Stop.END, EXTRACTIVE.provider, EXTRACTIVE.model, Tokens(), self._cost,
            record, self._attempts,
        )  # fmt: skip

    def _no_model(self) -> Exception:
        if self._unpriced is not None and not self.failures:
            return self._unpriced
        passed = [f"{busy.provider} is left alone ({busy.why})." for busy in self._skipped]
        if self.left <= 0:
            passed.append(f"The {self.ask.seconds:g} seconds are over.")
        if not self.failures and not passed:
            passed.append(
                "No model is in use: set ANTHROPIC_API_KEY or OPENAI_API_KEY, and see to the "
                f"routes and the switch {routing.OFF} in the admin."
            )
        return NoModel(" ".join(passed) or "No model answered.", tuple(self.failures))

    def _check(self, answer: Answer) -> Checked:
        if answer.stop is Stop.REFUSAL:
            return Checked(kind=Kind.REFUSED)
        if self.ask.schema is None or answer.stop is Stop.STOPPED:
            return Checked()
        if answer.stop is Stop.LENGTH:
            return Checked(kind=Kind.CUT)
        try:
            return Checked(data=structured.parse(answer.text, self.ask.schema))
        except structured.BadResult as bad:
            return Checked(kind=Kind.BAD_RESULT, problems=bad.problems)

    def _end(self, failure: CallFailed) -> None:
        self.ended = failure
        self.failures.append(failure)

    def _log(self, attempt: Attempt, outcome: str) -> None:
        log.info(
            "llm.call",
            call=str(self.id),
            record=attempt.record,
            attempt=attempt.number,
            provider=attempt.rung.provider,
            model=attempt.rung.model,
            outcome=str(outcome),
            ms=attempt.latency_ms,
        )


def _as_failure(attempt: Attempt, answer: Answer, kind: Kind) -> CallFailed:
    return CallFailed(
        kind,
        provider=attempt.rung.provider,
        model=attempt.rung.model,
        request_id=answer.request_id,
        response_id=answer.response_id,
        is_billed=True,
        tokens=answer.tokens,
        is_estimate=answer.is_estimate,
    )
