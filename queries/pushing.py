"""Feedback to LangSmith, by its official SDK: a trace for the query, a score for each thing said.

What is sent: ids, depth, state, times, whether it was accurate and what it was worth. No word of
a question, an answer or a comment, and nothing of who said it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.utils import timezone

from llm.langsmith import pushing
from queries.models import Feedback

if TYPE_CHECKING:
    from langsmith import Client

PROJECT = "FA questions"


def push(feedback_id: int) -> bool:
    """True where it was sent now. Raises NotPushed."""
    said = Feedback.objects.select_related("query").filter(pk=feedback_id).first()
    if said is None or said.pushed_at is not None:
        return False
    with pushing() as (client, _):
        _send(client, said)
    # Said anew in the meantime, it is sent again.
    rows = Feedback.objects.filter(pk=said.pk, given_at=said.given_at)
    return rows.update(pushed_at=timezone.now()) == 1


def _send(client: Client, said: Feedback) -> None:
    project = _project(client)
    trace = uuid5(project, str(said.query_id))
    client.batch_ingest_runs(create=[_trace(said, trace, project)])
    for key, score in _scores(said):
        client.create_feedback(
            run_id=trace, key=key, score=score, session_id=project,
            feedback_id=uuid5(trace, f"{key} {said.user_id}"), stop_after_attempt=4,
        )  # fmt: skip


def _project(client: Client) -> UUID:
    from langsmith.utils import LangSmithNotFoundError

    try:
        found: UUID = client.read_project(project_name=PROJECT).id
    except LangSmithNotFoundError:
        found = client.create_project(PROJECT, upsert=True).id
    return found


def _trace(said: Feedback, trace: UUID, project: UUID) -> dict[str, Any]:
    query, at = said.query, said.query.asked_at
    return {
        "id": trace, "trace_id": trace, "dotted_order": f"{at:%Y%m%dT%H%M%S%fZ}{trace}",
        "session_id": project, "name": "question", "run_type": "chain",
        "start_time": at, "end_time": query.finished_at or at, "inputs": {},
        "outputs": {"state": query.state, "depth": query.depth, "total_ms": query.total_ms},
        "extra": {"metadata": {"query": str(query.pk)}},
    }  # fmt: skip


def _scores(said: Feedback) -> list[tuple[str, float]]:
    told = {
        "accurate": None if said.is_accurate is None else float(said.is_accurate),
        "worth_usd": None if said.worth_usd is None else float(said.worth_usd),
    }
    return [(key, score) for key, score in told.items() if score is not None]
