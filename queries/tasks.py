"""What workers do for questions beside answering them: thin, given ids, safe to run twice."""

from __future__ import annotations

import dramatiq
import structlog
from django.db import InterfaceError, OperationalError

from llm.langsmith import NotPushed
from queries.chain.warming import warm_answers
from queries.pushing import push

__all__ = ["push_feedback", "warm_answers"]

log = structlog.get_logger(__name__)

QUEUE = "questions"


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=3,
    min_backoff=30_000,
    time_limit=60_000,
    throws=(OperationalError, InterfaceError),
)
def push_feedback(feedback_id: int) -> None:
    """One reader's word to LangSmith; nothing where it is there already."""
    try:
        push(feedback_id)
    except NotPushed as error:
        log.warning("queries.feedback_not_pushed", feedback=feedback_id, why=str(error))
        raise
