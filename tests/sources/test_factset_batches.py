"""Batches: accepted, polled, fetched; handed from a killed worker to the next; gone wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from summaries.sources.errors import Malformed, Refused, Unavailable
from summaries.sources.factset.batches import BatchFailed, BatchPending
from summaries.sources.factset.requests import BatchTicket, Request
from summaries.sources.factset.rows import Answer, Fundamental
from tests.loopback import Answer as Said
from tests.sources.factset_site import (
    FactSetSite,
    client_of,
    company_id,
    factset_site,
    ok,
    shape_1,
)

IDS = [company_id(place) for place in range(1200)]


@pytest.fixture
def site() -> Iterator[FactSetSite]:
    with factset_site(companies=dict.fromkeys(IDS, "B00000-R")) as site:
        yield site


def ask(site: FactSetSite, ids: list[str] = IDS, **given: Any) -> Answer[Fundamental]:
    call = {name: given.pop(name) for name in ("resume", "on_ticket") if name in given}
    with client_of(site, **given) as factset:
        return factset.fundamentals(
            ids, ["FF_SALES"], periodicity="QTR", start=date(2025, 1, 1), end=date(2025, 3, 31),
            **call,
        )  # fmt: skip


def begun(site: FactSetSite) -> int:
    return len(site.asked("/fundamentals"))


class Killed(BaseException):
    pass


def test_large_question_is_one_batch(site: FactSetSite) -> None:
    answer = ask(site)
    assert [row.request_id for row in answer.rows] == IDS
    assert (answer.missing, answer.problems) == ((), ())
    assert [body["data"]["batch"] for body in site.bodies("/fundamentals")] == ["Y"]
    assert len(site.asked("/batch-status")) == 3
    assert len(site.asked("/batch-result")) == 1


def test_batches_run_side_by_side(site: FactSetSite) -> None:
    ids = [company_id(place) for place in range(5200)]
    site.companies = dict.fromkeys(ids, "B00000-R")
    assert len(ask(site, ids).rows) == 5200
    paths = [one.path.rpartition("/")[2] for one in site.loopback.asked]
    assert paths[:3] == ["metrics", "fundamentals", "fundamentals"]
    assert [len(body["data"]["ids"]) for body in site.bodies("/fundamentals")] == [5000, 200]


def test_killed_worker_leaves_a_ticket_that_is_not_paid_twice(site: FactSetSite) -> None:
    kept: list[str] = []

    def keep_and_die(ticket: BatchTicket) -> None:
        kept.append(ticket.to_json())
        raise Killed

    with pytest.raises(Killed):
        ask(site, on_ticket=keep_and_die)
    tickets = [BatchTicket.from_json(text) for text in kept]
    assert len(ask(site, resume=tickets).rows) == len(IDS)
    assert begun(site) == 1


def test_ticket_of_another_question_is_not_taken_for_ours(site: FactSetSite) -> None:
    kept: list[BatchTicket] = []
    ask(site, on_ticket=kept.append)
    assert len(ask(site, IDS[:1100], resume=kept).rows) == 1100
    assert begun(site) == 2


def test_expired_ticket_is_asked_for_anew(site: FactSetSite) -> None:
    kept: list[BatchTicket] = []
    ask(site, on_ticket=kept.append)
    site.batches.clear()
    again: list[BatchTicket] = []
    assert len(ask(site, resume=kept, on_ticket=again.append).rows) == len(IDS)
    assert begun(site) == 2
    assert len(again) == 1
    assert again[0].what == kept[0].what


def test_batch_that_takes_too_long_hands_its_ticket_over(site: FactSetSite) -> None:
    site.polls = 10**6
    with pytest.raises(BatchPending) as caught:
        ask(site, deadline=0.1)
    assert isinstance(caught.value, Unavailable)
    ticket = caught.value.ticket
    site.batches[ticket.id] = 0, site.batches[ticket.id][1]
    with client_of(site) as factset:
        answer = factset.finish(BatchTicket.from_json(ticket.to_json()))
    assert [row.request_id for row in answer.rows] == IDS
    assert begun(site) == 1


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize(
    "error", [{"id": "1", "code": "timeout", "title": "Took too long"}, "Took too long"]
)
def test_batch_that_fails_is_begun_once_more(site: FactSetSite, status: int, error: Any) -> None:
    site.batch_error, site.batch_failed_status = error, status
    with pytest.raises(BatchFailed, match="FactSet's batch failed: Took too long"):
        ask(site)
    assert begun(site) == 2


def test_batch_that_fails_for_an_id_is_looked_into(site: FactSetSite) -> None:
    site.unknown = "null"
    said = {"id": "1", "code": "badRequest", "title": "Invalid ids: CO0007-US"}
    site.batch_error = said

    def heal(ticket: BatchTicket) -> None:
        if "CO0007-US" not in ticket.what.ids:
            site.batch_error = None

    answer = ask(site, on_ticket=heal)
    assert [problem.ids for problem in answer.problems] == [("CO0007-US",)]
    assert len(answer.rows) == len(IDS) - 1
    assert begun(site) == 2


@pytest.mark.parametrize("unknown", ["named", "unnamed"])
def test_bad_id_in_a_batch_does_not_lose_the_others(site: FactSetSite, unknown: str) -> None:
    site.unknown = unknown
    answer = ask(site, [*IDS[:600], "BAD-US", *IDS[600:]])
    assert [problem.ids for problem in answer.problems] == [("BAD-US",)]
    assert {row.request_id for row in answer.rows} == set(IDS)


def test_without_a_licence_for_batches_plain_requests_do(site: FactSetSite) -> None:
    site.batches_licensed = False
    assert len(ask(site).rows) == len(IDS)
    asked = [body["data"]["batch"] for body in site.bodies("/fundamentals")]
    assert asked == ["Y", "N", "N", "N", "N", "N"]


def test_result_that_is_not_there_yet_is_waited_for(site: FactSetSite) -> None:
    kept: list[BatchTicket] = []
    ask(site, on_ticket=kept.append)
    name = kept[0].id
    created = ok({"data": {"id": name, "status": "created"}})
    not_yet = Said(202, b'{"data": {"id": "x", "status": "executing"}}')
    site.faults.extend([site.metrics(None), created, not_yet])  # type: ignore[arg-type]
    assert len(ask(site, resume=kept).rows) == len(IDS)
    assert begun(site) == 1


def test_plain_request_may_be_answered_by_a_batch(site: FactSetSite) -> None:
    with client_of(site) as factset:
        factset.metric_catalogue()
        what = Request("fundamentals", tuple(IDS[:3]), {
            "metrics": ["FF_SALES"], "periodicity": "QTR",
            "fiscalPeriod": {"start": "2025-01-01", "end": "2025-03-31"},
        }, batch=True)  # fmt: skip
        ticket = factset.start_batch(what)
    assert ticket.what == what
    site.faults.extend([
        site.metrics(None),  # type: ignore[arg-type]
        Said(202, b'{"data": {"id": "%s", "status": "queued"}}' % ticket.id.encode()),
    ])  # fmt: skip
    assert len(ask(site, IDS[:3]).rows) == 3


def test_prices_of_many_on_one_day_are_a_batch(site: FactSetSite) -> None:
    ids = [company_id(place) for place in range(2600)]
    site.companies = dict.fromkeys(ids, "B00000-R")
    with client_of(site) as factset:
        answer = factset.prices(ids, start=date(2025, 1, 6), end=date(2025, 1, 6))
    asked = [(len(body["ids"]), body["batch"]) for body in site.bodies("/prices")]
    assert asked == [(2000, "Y"), (600, "Y")]
    assert len(answer.rows) == 2600
    assert {one.path.split("/")[2] for one in site.asked("/batch-status")} == {
        "factset-global-prices"
    }


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said(202, b"{}"), Malformed),
        (Said(202, b'{"data": {"id": null}}'), Malformed),
        (Said(202, b"<html>", "text/html"), Unavailable),
        (shape_1(403, "forbidden", "no"), Refused),
    ],
)
def test_batch_that_is_not_accepted_properly(
    site: FactSetSite, said: Said, kind: type[Exception]
) -> None:
    site.faults.extend([site.metrics(None), said, said])  # type: ignore[arg-type]
    with pytest.raises(kind):
        ask(site)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"id": "1", "kind": "ratings", "ids": [], "given": {}}',
             '{"id": "1", "kind": "consensus-ratings", "ids": [], "given": {}}'],
)  # fmt: skip
def test_what_is_no_ticket_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="not a batch ticket"):
        BatchTicket.from_json(text)
