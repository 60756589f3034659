"""All requests of one question, plain and batched, and the one answer they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic

from summaries.sources.errors import Missing
from summaries.sources.factset.batches import Batches, BatchFailed
from summaries.sources.factset.reading import Catalogue, Reader
from summaries.sources.factset.replies import Forbidden, Rejected, body_of, request_key
from summaries.sources.factset.requests import BatchTicket, Request, parted, plainly
from summaries.sources.factset.rows import Answer, Problem, Row
from summaries.sources.web import Reply

OnTicket = Callable[[BatchTicket], None]


@dataclass
class Gathering(Generic[Row]):
    """``on_ticket``: told of each batch as soon as it is paid for."""

    batches: Batches
    reader: Reader[Row]
    catalogue: Catalogue
    on_ticket: OnTicket
    rows: list[Row] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    _replies: int = 0

    def run(self, requests: Iterable[Request], resume: Sequence[BatchTicket] = ()) -> None:
        """Batches begin first and are awaited last, so that they run beside all else."""
        tickets: list[BatchTicket] = []
        plain: list[Request] = []
        for what in requests:
            if held := next((one for one in resume if one.what == what), None):
                tickets.append(held)
            elif what.batch:
                self._start(what, tickets, plain)
            else:
                plain.append(what)
        for what in plain:
            self._part(what)
        for ticket in tickets:
            self.finish(ticket)

    def finish(self, ticket: BatchTicket) -> None:
        """Await a batch; one that expired or failed is asked for anew."""
        try:
            self._take(ticket.what, self.batches.finish(ticket))
        except (Missing, BatchFailed):
            self._part(ticket.what)
        except Rejected as error:
            self._part(ticket.what, error)

    def answer(self, ids: Sequence[str], problems: Sequence[Problem] = ()) -> Answer[Row]:
        said = tuple(dict.fromkeys([*problems, *self.problems]))
        refused = {one for problem in said if problem.code == "rejected" for one in problem.ids}
        return Answer(
            rows=tuple(self.rows),
            missing=tuple(one for one in ids if one not in self.answered | refused),
            problems=said,
            request_keys=tuple(dict.fromkeys(self.keys)),
        )

    def _start(self, what: Request, tickets: list[BatchTicket], plain: list[Request]) -> None:
        try:
            started = self.batches.start(what)
        except Rejected as error:
            self._part(what, error)
        except Forbidden:
            # Batches are licensed apart; if it isn't that, the plain requests say so too.
            plain.extend(plainly(what.kind, what.ids, what.given))
        else:
            if isinstance(started, BatchTicket):
                self.on_ticket(started)
                tickets.append(started)
            else:
                self._take(what, started)

    def _part(self, what: Request, refusal: Rejected | None = None) -> None:
        known_good = self._replies > 0
        for got in parted(what, self._fetch, known_good=known_good, refusal=refusal):
            if isinstance(got, Problem):
                self.problems.append(got)
            else:
                self._take(*got)

    def _fetch(self, what: Request) -> Reply:
        started = self.batches.start(what)
        if not isinstance(started, BatchTicket):
            return started
        if what.batch:
            self.on_ticket(started)
        return self.batches.finish(started)

    def _take(self, what: Request, reply: Reply) -> None:
        clean = self.batches.door.access.clean
        read = self.reader.read(body_of(reply), what, self.catalogue, clean)
        self._replies += 1
        self.rows.extend(read.rows)
        self.answered |= read.answered
        self.problems.extend(read.problems)
        if key := request_key(reply):
            self.keys.append(clean(key))
