"""OpenAI's batches: a file of requests goes up, files of results and of errors come down.

A batch carries our marker in its metadata, in every state, so that ``recent`` finds it for
sure. That there is none is sure once no submission can be under way any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

from llm.errors import CallFailed, Kind
from llm.providers import BatchStatus, CantTellYet, asking
from llm.providers.batching import (
    CALL_SECONDS,
    RESULTS_SECONDS,
    SKEW,
    SUBMIT_SECONDS,
    check_ids,
    check_size,
    may_be_in_flight,
)
from llm.providers.clients import openai_client, timeout
from llm.providers.faults import calling
from llm.providers.openai.answers import NAME, result_of
from llm.providers.openai.bodies import response_body
from llm.providers.results import lines
from llm.providers.wire import Json, encoded, identifier, mapping, objects, parsed, text
from llm.values import Answer, Request

ENDPOINT = "/v1/responses"
MOST_REQUESTS = 50_000
MOST_BYTES = 200 * 1024 * 1024
PAGE = 100
MARKER = "marker"
ENDED = ("completed", "expired", "cancelled")


class FileBatches:
    """The batches' half of the adapter."""

    def submit(self, entries: Sequence[tuple[str, Request]], *, marker: str) -> str:
        check_ids(NAME, (custom_id for custom_id, _ in entries), MOST_REQUESTS)
        content = b"".join(_line(custom_id, request) for custom_id, request in entries)
        check_size(NAME, len(content), MOST_BYTES)
        model = entries[0][1].model
        # The file alone costs nothing; the batch made of it does.
        file_id = calling(lambda: _uploaded(content), NAME, model, may_bill=False)
        batch_id = calling(lambda: _made(file_id, marker), NAME, model)
        if not batch_id:
            raise CallFailed(Kind.MALFORMED, provider=NAME, model=model, is_billed=None)
        return batch_id

    def batch(self, batch_id: str) -> BatchStatus:
        return _status(_get(f"/batches/{batch_id}"))

    def results(self, batch_id: str) -> Iterator[tuple[str, Answer | CallFailed]]:
        shown = _get(f"/batches/{batch_id}")
        for name in ("output_file_id", "error_file_id"):
            if file_id := identifier(shown.get(name)):
                for line in _download(file_id):
                    yield text(line.get("custom_id")), result_of(line)

    def recent(
        self,
        marker: str,
        since: datetime,
        *,
        entries: int | None = None,
        known: Collection[str] = (),
    ) -> str | None:
        for shown in _listed(since):
            if mapping(shown.get("metadata")).get(MARKER) == marker:
                return _status(shown).id
        if may_be_in_flight(since):
            raise CantTellYet(Kind.UNREACHABLE, provider=NAME, model="")
        return None

    def cancel(self, batch_id: str) -> None:
        path = f"/batches/{batch_id}/cancel"
        calling(
            lambda: asking.post(openai_client(), path, b"", CALL_SECONDS), NAME, "", may_bill=False
        )


def _line(custom_id: str, request: Request) -> bytes:
    line = {
        "custom_id": custom_id,
        "method": "POST",
        "url": ENDPOINT,
        "body": response_body(request),
    }
    return encoded(line) + b"\n"


def _uploaded(content: bytes) -> str:
    file = openai_client().files.create(
        file=("batch.jsonl", content), purpose="batch", timeout=timeout(SUBMIT_SECONDS)
    )
    file_id = identifier(getattr(file, "id", ""))
    if not file_id:
        raise CallFailed(Kind.MALFORMED, provider=NAME, model="")
    return file_id


def _made(file_id: str, marker: str) -> str:
    body = {
        "input_file_id": file_id,
        "endpoint": ENDPOINT,
        "completion_window": "24h",
        "metadata": {MARKER: marker},
    }
    response = asking.post(openai_client(), "/batches", body, SUBMIT_SECONDS)
    return identifier(parsed(response.content).get("id"))


def _get(path: str) -> Json:
    return calling(
        lambda: asking.get(openai_client(), path, CALL_SECONDS), NAME, "", may_bill=False
    )


def _download(file_id: str) -> Iterator[Json]:
    path = f"/files/{file_id}/content"
    response = calling(
        lambda: asking.download(openai_client(), path, RESULTS_SECONDS), NAME, "", may_bill=False
    )
    return lines(response, NAME)


def _listed(since: datetime) -> Iterator[Json]:
    """The account's batches, the newest first, back to a submission's beginning."""
    after = ""
    while True:
        page = _get(f"/batches?limit={PAGE}" + (f"&after={after}" if after else ""))
        rows = objects(page.get("data"))
        yield from rows
        after = identifier(page.get("last_id"))
        if not rows or not page.get("has_more") or not after:
            return
        if _status(rows[-1]).created_at < since - SKEW:
            return


def _status(shown: Json) -> BatchStatus:
    """Raises CallFailed for what is no batch."""
    batch_id, created = identifier(shown.get("id")), _moment(shown.get("created_at"))
    if not batch_id or created is None:
        raise CallFailed(Kind.MALFORMED, provider=NAME, model="")
    said = text(shown.get("status"))
    state = "ended" if said in ENDED else "failed" if said == "failed" else "in_progress"
    ended = next((told for name in ENDED if (told := _moment(shown.get(f"{name}_at")))), None)
    return BatchStatus(batch_id, state, created, ended)


def _moment(told: object) -> datetime | None:
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told < 1e11:
        return None
    return datetime.fromtimestamp(told, UTC)
