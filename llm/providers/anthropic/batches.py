"""Anthropic's Message Batches.

A batch there has no field for a name of ours. Its custom ids have: each is the hash of the
batch's marker and our id. But custom ids are shown with the results alone, so that of a batch
in progress the wire tells when it was made and how many entries it has, and no more. So
``recent`` decides:

- a batch that ended is ours, or isn't, for sure: its first result is read;
- one in progress is taken for ours when it is the only one that nobody else accounts for, was
  made in the window of our submission, has exactly our number of entries, and no submission
  can be under way any more. Should it be somebody else's after all, its results carry none of
  our ids: time is lost, nothing is paid twice;
- none of that, and a submission may still be under way, or several fit: CantTellYet.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from datetime import datetime

from llm.errors import CallFailed, Kind
from llm.providers import BatchStatus, CantTellYet, asking
from llm.providers.anthropic.answers import NAME, result_of
from llm.providers.anthropic.bodies import message_body
from llm.providers.batching import (
    CALL_SECONDS,
    RESULTS_SECONDS,
    SKEW,
    SUBMIT_SECONDS,
    TAG_LENGTH,
    check_ids,
    check_size,
    could_be,
    may_be_in_flight,
    tag,
)
from llm.providers.clients import anthropic_client
from llm.providers.faults import calling
from llm.providers.results import lines
from llm.providers.wire import Json, encoded, identifier, mapping, objects, parsed, text
from llm.values import Answer, Request

PATH = "/v1/messages/batches"
MOST_REQUESTS = 100_000
MOST_BYTES = 256 * 1024 * 1024
PAGE = 100


class MessageBatches:
    """The batches' half of the adapter."""

    def submit(self, entries: Sequence[tuple[str, Request]], *, marker: str) -> str:
        check_ids(NAME, (custom_id for custom_id, _ in entries), MOST_REQUESTS)
        content = _content(entries, tag(marker))

        def asked() -> Json:
            return parsed(asking.post(anthropic_client(), PATH, content, SUBMIT_SECONDS).content)

        model = entries[0][1].model
        batch_id = identifier(calling(asked, NAME, model).get("id"))
        if not batch_id:
            raise CallFailed(Kind.MALFORMED, provider=NAME, model=model, is_billed=None)
        return batch_id

    def batch(self, batch_id: str) -> BatchStatus:
        return _status(_get(f"{PATH}/{batch_id}"))

    def results(self, batch_id: str) -> Iterator[tuple[str, Answer | CallFailed]]:
        for line in _results(batch_id):
            custom_id = text(line.get("custom_id"))
            yield custom_id[TAG_LENGTH + 1 :], result_of(line)

    def recent(
        self,
        marker: str,
        since: datetime,
        *,
        entries: int | None = None,
        known: Collection[str] = (),
    ) -> str | None:
        wanted = f"{tag(marker)}-"
        maybe = []
        for shown in _listed(since):
            status = _status(shown)
            if status.id in known or not could_be(status.created_at, since):
                continue
            if _has_other_number(shown, entries):
                continue
            if status.state == "in_progress":
                maybe.append(status.id)
            elif _first_id(status.id).startswith(wanted):
                return status.id
        if may_be_in_flight(since) or len(maybe) > 1 or (maybe and entries is None):
            raise CantTellYet(Kind.UNREACHABLE, provider=NAME, model="")
        return maybe[0] if maybe else None

    def cancel(self, batch_id: str) -> None:
        path = f"{PATH}/{batch_id}/cancel"
        calling(
            lambda: asking.post(anthropic_client(), path, b"", CALL_SECONDS),
            NAME,
            "",
            may_bill=False,
        )


def _content(entries: Sequence[tuple[str, Request]], prefix: str) -> bytes:
    asked = [
        {"custom_id": f"{prefix}-{custom_id}", "params": message_body(request)}
        for custom_id, request in entries
    ]
    content = encoded({"requests": asked})
    check_size(NAME, len(content), MOST_BYTES)
    return content


def _get(path: str) -> Json:
    return calling(
        lambda: asking.get(anthropic_client(), path, CALL_SECONDS), NAME, "", may_bill=False
    )


def _results(batch_id: str) -> Generator[Json]:
    """The lines of an ended batch, by our own address: the key goes nowhere a reply says."""
    path = f"{PATH}/{batch_id}/results"
    response = calling(
        lambda: asking.download(anthropic_client(), path, RESULTS_SECONDS), NAME, "", may_bill=False
    )
    return lines(response, NAME)


def _first_id(batch_id: str) -> str:
    """The first custom id that an ended batch's results name; "" where it has none (left)."""
    try:
        with closing(_results(batch_id)) as found:
            return text(next(found, {}).get("custom_id"))
    except CallFailed as failure:
        if failure.kind is Kind.BAD_REQUEST:  # results are kept for 29 days
            return ""
        raise


def _listed(since: datetime) -> Iterator[Json]:
    """The account's batches, the newest first, back to a submission's beginning."""
    after = ""
    while True:
        page = _get(f"{PATH}?limit={PAGE}" + (f"&after_id={after}" if after else ""))
        rows = objects(page.get("data"))
        yield from rows
        after = identifier(page.get("last_id"))
        if not rows or not page.get("has_more") or not after:
            return
        if _status(rows[-1]).created_at < since - SKEW:
            return


def _has_other_number(shown: Json, entries: int | None) -> bool:
    counts = [
        value for value in mapping(shown.get("request_counts")).values() if isinstance(value, int)
    ]
    return entries is not None and bool(counts) and sum(counts) != entries


def _status(shown: Json) -> BatchStatus:
    """Raises CallFailed for what is no batch."""
    batch_id, created = identifier(shown.get("id")), _moment(shown.get("created_at"))
    if not batch_id or created is None:
        raise CallFailed(Kind.MALFORMED, provider=NAME, model="")
    state = "ended" if shown.get("processing_status") == "ended" else "in_progress"
    return BatchStatus(batch_id, state, created, _moment(shown.get("ended_at")))


def _moment(told: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text(told))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
