"""FactSet's Content API: fundamentals, prices, consensus estimates and ratings, as values.

One client a process; threads may share it. What is wrong with the other side is a SourceError;
what is wrong with some of the ids is in the answer, beside the rest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Self

from django.conf import settings

from fa_site.pace import Pace
from summaries.sources.errors import Malformed
from summaries.sources.factset.access import Basic, OAuth2
from summaries.sources.factset.batches import Batches
from summaries.sources.factset.door import PACE, SEATS, Access, Door
from summaries.sources.factset.gathering import Gathering, OnTicket
from summaries.sources.factset.reading import (
    CONSENSUS,
    FUNDAMENTALS,
    PRICES,
    RATINGS,
    Catalogue,
    Reader,
    metrics_of,
)
from summaries.sources.factset.replies import SOURCE, body_of
from summaries.sources.factset.requests import (
    ESTIMATE_METRICS_PATH,
    METRICS_PATH,
    BatchTicket,
    Request,
    clean_ids,
    one_of,
    planned,
    refused,
)
from summaries.sources.factset.rows import (
    Answer,
    Consensus,
    ConsensusRating,
    Fundamental,
    Metric,
    Price,
    Problem,
    Row,
)
from summaries.sources.seats import Seats

CATALOGUE_SECONDS = 86_400.0
MOST_METRICS = 1600
YEARS = 10  # of estimates in one request

PERIODICITIES = "ANN ANN_R QTR QTR_R SEMI SEMI_R LTM LTM_R LTMSG LTM_SEMI LTM_SEMI_R YTD"
FREQUENCIES = "D AD W M AM AQ CQ ASA CSA AY CY"
ESTIMATE_FREQUENCIES = "D W AM AQ AY"
ESTIMATE_PERIODICITIES = "ANN QTR SEMI NTMA LTMA"
ADJUSTMENTS = "SPLIT SPLIT_SPINOFF DIV_SPIN_SPLITS UNSPLIT"
FIELDS = "price priceOpen priceHigh priceLow volume turnover tradeCount vwap"
CALENDARS = "LOCAL FIVEDAY SEVENDAY US"


class FactSet:
    """Raises SourceError of any kind; ValueError for what can't be asked.

    ``seconds``: for a whole reply; ``patience``: that one request may wait in all;
    ``poll_seconds``, ``deadline``: between looks at a batch, and for all of it.
    """

    def __init__(
        self,
        *,
        base: str,
        access: Access,
        pace: Pace | None = PACE,
        seats: Seats | None = SEATS,
        seconds: float = 60.0,
        attempts: int = 3,
        first_pause: float = 0.5,
        patience: float = 120.0,
        poll_seconds: float = 2.0,
        deadline: float = 1500.0,
    ) -> None:
        self.door = Door(
            base, access, pace=pace, seats=seats, seconds=seconds, attempts=attempts,
            first_pause=first_pause, patience=patience,
        )  # fmt: skip
        self.batches = Batches(self.door, poll_seconds=poll_seconds, deadline=deadline)
        self._catalogues: dict[str, tuple[float, Catalogue]] = {}
        self._lock = threading.Lock()

    @classmethod
    def from_settings(cls) -> Self:
        """Raises Refused where FactSet isn't set up, or wrongly."""
        access: Access
        if settings.FACTSET_OAUTH:
            access = OAuth2.from_file(settings.FACTSET_OAUTH)
        elif settings.FACTSET_USER:
            access = Basic(settings.FACTSET_USER, settings.FACTSET_KEY)
        else:
            raise refused(
                "FactSet isn't set up: set FA_FACTSET_USER and FA_FACTSET_KEY, or FA_FACTSET_OAUTH"
            )
        return cls(base=settings.FACTSET_URL, access=access)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.door.close()

    def fundamentals(
        self,
        ids: Sequence[str],
        metrics: Sequence[str],
        *,
        periodicity: str,
        start: date,
        end: date,
        currency: str = "LOCAL",
        update_type: str = "RP",
        resume: Sequence[BatchTicket] = (),
        on_ticket: OnTicket | None = None,
    ) -> Answer[Fundamental]:
        """Values of the fiscal periods that ended from ``start`` to ``end``, in units.

        ``update_type``: RP with preliminary data, RF final only. ``on_ticket`` is told of each
        batch begun; tickets handed back in ``resume`` by the same question aren't paid twice.
        """
        given = {
            "periodicity": one_of("periodicity", periodicity, PERIODICITIES),
            "fiscalPeriod": _span(start, end, "start", "end"),
            "currency": currency,
            "updateType": one_of("update_type", update_type, "RP RF"),
        }
        good, problems = clean_ids(ids)
        if not good or not metrics:
            return Answer(problems=problems)
        known, unknown = _known(metrics, self._catalogue(METRICS_PATH))
        requests = (
            request
            for names in _by_type(known)
            for request in planned("fundamentals", good, {**given, "metrics": names})
        )
        gathering = self._gathering(FUNDAMENTALS, known, on_ticket)
        gathering.run(requests, resume)
        return gathering.answer(good, (*problems, *unknown))

    def prices(
        self,
        ids: Sequence[str],
        *,
        start: date,
        end: date,
        frequency: str = "D",
        fields: Sequence[str] = (),
        adjust: str = "SPLIT",
        currency: str = "LOCAL",
        calendar: str = "LOCAL",
        resume: Sequence[BatchTicket] = (),
        on_ticket: OnTicket | None = None,
    ) -> Answer[Price]:
        """Prices of the days that the market was open: FactSet's own default, FIVEDAY, has
        holidays too. ``fields``: FactSet's names, none for all. See ``fundamentals``."""
        given: dict[str, Any] = {
            **_span(start, end, "startDate", "endDate"),
            "frequency": one_of("frequency", frequency, FREQUENCIES),
            "adjust": one_of("adjust", adjust, ADJUSTMENTS),
            "calendar": one_of("calendar", calendar, CALENDARS),
        }
        if fields:
            given["fields"] = [one_of("field", name, FIELDS) for name in fields]
        if currency != "LOCAL":
            given["currency"] = currency
        kind = "day-prices" if start == end else "prices"
        return self._answer(PRICES, kind, ids, [given], resume=resume, on_ticket=on_ticket)

    def consensus(
        self,
        ids: Sequence[str],
        metrics: Sequence[str],
        *,
        start: date,
        end: date,
        frequency: str = "D",
        periodicity: str = "ANN",
        relative_start: int = 1,
        relative_end: int = 2,
        fiscal_start: str = "",
        fiscal_end: str = "",
        currency: str = "",
    ) -> Answer[Consensus]:
        """What was expected on each date from ``start`` to ``end``, in units.

        Of fiscal periods relative to each date (1: the next to be reported), or of fixed ones
        where ``fiscal_start`` is given: "2024", "2024/2F". ``currency``: ESTIMATE for the
        brokers' own, none for FactSet's choice.
        """
        given: dict[str, Any] = {
            "frequency": one_of("frequency", frequency, ESTIMATE_FREQUENCIES),
            "periodicity": one_of("periodicity", periodicity, ESTIMATE_PERIODICITIES),
            **({"currency": currency} if currency else {}),
            **_fiscal(relative_start, relative_end, fiscal_start, fiscal_end),
        }
        good, problems = clean_ids(ids)
        if not good or not metrics:
            return Answer(problems=problems)
        known, unknown = _known(metrics, self._catalogue(ESTIMATE_METRICS_PATH))
        if not known:
            return Answer(missing=good, problems=(*problems, *unknown))
        given["metrics"] = list(known)
        windows = [{**given, **window} for window in _windows(start, end)]
        kind = "fixed-consensus" if fiscal_start else "rolling-consensus"
        return self._answer(CONSENSUS, kind, ids, windows, catalogue=known, problems=unknown)

    def ratings(
        self, ids: Sequence[str], *, start: date, end: date, frequency: str = "D"
    ) -> Answer[ConsensusRating]:
        """The consensus rating on each date from ``start`` to ``end``."""
        given = {"frequency": one_of("frequency", frequency, ESTIMATE_FREQUENCIES)}
        windows = [{**given, **window} for window in _windows(start, end)]
        return self._answer(RATINGS, "consensus-ratings", ids, windows)

    def metric_catalogue(self) -> tuple[Metric, ...]:
        """What ``fundamentals`` can be asked for; kept for a day."""
        return tuple(self._catalogue(METRICS_PATH).values())

    def estimate_catalogue(self) -> tuple[Metric, ...]:
        """What ``consensus`` can be asked for; kept for a day."""
        return tuple(self._catalogue(ESTIMATE_METRICS_PATH).values())

    def start_batch(self, what: Request) -> BatchTicket:
        """Begin a batch (see ``planned`` for requests) to be finished by anyone."""
        ticket = self.batches.start(what)
        if not isinstance(ticket, BatchTicket):
            raise Malformed("FactSet answered a batch without a ticket", source=SOURCE)
        return ticket

    def finish(self, ticket: BatchTicket) -> Answer[Any]:
        """The answer to a batch, begun here or elsewhere. Raises BatchPending at the deadline;
        one that expired or failed is asked for anew."""
        what, catalogue = ticket.what, dict[str, Metric]()
        if what.kind == "fundamentals":
            catalogue, _ = _known(what.metrics, self._catalogue(METRICS_PATH))
        reader: Reader[Any] = FUNDAMENTALS if what.kind == "fundamentals" else PRICES
        gathering = self._gathering(reader, catalogue, None)
        gathering.finish(ticket)
        return gathering.answer(what.ids)

    def _answer(
        self,
        reader: Reader[Row],
        kind: str,
        ids: Sequence[str],
        givens: Iterable[Mapping[str, Any]],
        *,
        catalogue: Catalogue | None = None,
        problems: Sequence[Problem] = (),
        resume: Sequence[BatchTicket] = (),
        on_ticket: OnTicket | None = None,
    ) -> Answer[Row]:
        good, bad = clean_ids(ids)
        gathering = self._gathering(reader, catalogue or {}, on_ticket)
        if good:
            gathering.run((one for given in givens for one in planned(kind, good, given)), resume)
        return gathering.answer(good, (*bad, *problems))

    def _gathering(
        self, reader: Reader[Row], catalogue: Catalogue, on_ticket: OnTicket | None
    ) -> Gathering[Row]:
        return Gathering(self.batches, reader, catalogue, on_ticket or _ignore)

    def _catalogue(self, path: str) -> Catalogue:
        with self._lock:
            at, kept = self._catalogues.get(path, (0.0, None))
            if kept is None or time.monotonic() - at > CATALOGUE_SECONDS:
                kept = metrics_of(body_of(self.door.get(path)))
                self._catalogues[path] = time.monotonic(), kept
            return kept


def _ignore(ticket: BatchTicket) -> None:
    return


def _known(
    metrics: Sequence[str], catalogue: Catalogue
) -> tuple[dict[str, Metric], tuple[Problem, ...]]:
    """Without a catalogue's word on its factor, a metric's numbers would mean nothing."""
    if isinstance(metrics, str):
        raise TypeError("metrics must be a list of metrics, not a text")
    known = {name: catalogue[name] for name in dict.fromkeys(metrics) if name in catalogue}
    unknown = [name for name in dict.fromkeys(metrics) if name not in catalogue]
    if not unknown:
        return known, ()
    said = f"FactSet's catalogue has no {', '.join(unknown)}"
    return known, (Problem((), "unknownMetric", said),)


def _by_type(known: Mapping[str, Metric]) -> Iterator[list[str]]:
    """FactSet takes metrics of one data type a request."""

    def kind(name: str) -> str:
        return known[name].data_type

    for _, names in groupby(sorted(known, key=kind), key=kind):
        group = list(names)
        for place in range(0, len(group), MOST_METRICS):
            yield group[place : place + MOST_METRICS]


def _fiscal(first: int, last: int, start: str, end: str) -> dict[str, Any]:
    if start:
        return {"fiscalPeriodStart": start, "fiscalPeriodEnd": end or start}
    if end or not -20 <= first <= last <= 20:
        raise ValueError("fiscal_start, or relative_start to relative_end within -20 to 20")
    return {"relativeFiscalStart": first, "relativeFiscalEnd": last}


def _windows(start: date, end: date) -> Iterator[dict[str, str]]:
    """Spans of at most ten years: more would pass FactSet's time-out."""
    whole = _span(start, end, "startDate", "endDate")
    while (until := start + timedelta(days=365 * YEARS)) < end:
        yield _span(start, until, "startDate", "endDate")
        start = until + timedelta(days=1)
    yield {**whole, "startDate": _day(start)}


def _span(start: date, end: date, first: str, last: str) -> dict[str, str]:
    if start > end:
        raise ValueError(f"{start} is after {end}")
    return {first: _day(start), last: _day(end)}


def _day(day: date) -> str:
    return date(day.year, day.month, day.day).isoformat()  # a datetime is a date too
