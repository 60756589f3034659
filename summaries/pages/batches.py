"""Items of a batch as a reader may see them: no word of a summary beyond his licences."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import BigIntegerField, Case, CharField, F, QuerySet, Value, When

from summaries.models import BatchItem, Summary


def as_read_by(items: QuerySet[BatchItem], user: User | AnonymousUser) -> QuerySet[BatchItem]:
    """With ``shown_summary``, the summary's id, and ``shown_message``; both empty where the
    summary is beyond the user's licences."""
    readable = Summary.objects.readable_by(user).values("pk")
    named = When(summary__in=readable, then=F("summary_id"))
    kept = When(summary__isnull=False, then=Value(""))
    return items.annotate(
        shown_summary=Case(named, default=None, output_field=BigIntegerField()),
        shown_message=Case(
            When(summary__in=readable, then=F("message")),
            kept,
            default=F("message"),
            output_field=CharField(),
        ),
    )
