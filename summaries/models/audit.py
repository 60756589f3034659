"""Who did what when. Rows are written once: a database trigger refuses changes."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from summaries.models.texts import Summary


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """All but what tells of a summary beyond the user's licences, its taking over included."""
        readable = Summary.objects.readable_by(user)
        hidden = Summary.objects.exclude(pk__in=readable.values("pk"))
        unseated = readable.unseated()
        of_summaries = Q(subject_type="summary")
        return self.exclude(of_summaries & Q(subject_id__in=_keys(hidden))).exclude(
            of_summaries & Q(to_state="superseded", subject_id__in=_keys(unseated))
        )


def _keys(summaries: models.QuerySet[Summary]) -> Any:
    return summaries.annotate(key=Cast("pk", CharField())).values("key")


class AuditEvent(models.Model):
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    action = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["subject_type", "subject_id"]),)
        constraints = (models.CheckConstraint(name="audit_has_action", condition=~Q(action="")),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"
