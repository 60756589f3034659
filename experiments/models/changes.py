"""Who changed what, when, of tests and flags. Rows are written once: a trigger refuses changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Change(models.Model):
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Empty: a command or the system.",
    )  # fmt: skip
    subject_type = models.CharField(max_length=20, help_text="ab test, metric, flag, switch.")
    subject = models.CharField(max_length=100)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["subject_type", "subject"], name="change_subject"),)
        constraints = (models.CheckConstraint(name="change_has_action", condition=~Q(action="")),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject}"
