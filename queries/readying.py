"""What the first answer of a process would wait for is loaded before the process serves.

Seconds are the models' SDKs; the rest are the companies' names and the verifier's words.
"""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connection

import llm
from llm.embedding import EmbeddingError
from queries import quick

log = structlog.get_logger(__name__)


def ready() -> None:
    """Nothing that is missing stops a process from starting: who needs it is told so."""
    for load in (llm.ready, quick.warm):
        try:
            load()
        except (DatabaseError, EmbeddingError) as error:
            log.warning("queries.not_ready", what=load.__qualname__, error=type(error).__name__)
    connection.close()
