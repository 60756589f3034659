"""The trail of what was done with conversations. No word of theirs is in it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from queries.models import Conversation
from summaries.models import AuditEvent


def note(action: str, talk: Conversation, by: User | None, **detail: Any) -> None:
    AuditEvent.objects.create(
        actor=by, action=action, subject_type="conversation", subject_id=str(talk.pk), detail=detail
    )
