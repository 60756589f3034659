"""The trail of changes: who did what to which test or flag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.models import ABTest, Change

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def note(
    action: str,
    *,
    subject_type: str,
    subject: str,
    by: User | None,
    detail: Mapping[str, Any],
    from_state: str = "",
    to_state: str = "",
) -> Change:
    return Change.objects.create(
        actor=by,
        subject_type=subject_type,
        subject=subject,
        action=action,
        from_state=from_state,
        to_state=to_state,
        detail=dict(detail),
    )


def note_test(
    action: str, test: ABTest, *, by: User | None, from_state: str, **detail: Any
) -> Change:
    return note(
        action, subject_type="ab test", subject=test.key, by=by, detail=detail,
        from_state=from_state, to_state=test.state,
    )  # fmt: skip
