"""What readers say of an answer: one word each, which they may change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from queries.models.conversations import Query


class Feedback(models.Model):
    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_accurate = models.BooleanField(null=True, blank=True)
    worth_usd = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True,
        help_text="What the answer was worth to the reader, beside what it cost.",
    )  # fmt: skip
    comment = models.TextField(blank=True, help_text="A person's words: go into no log.")
    given_at = models.DateTimeField(auto_now=True)
    pushed_at = models.DateTimeField(null=True, blank=True, help_text="LangSmith has it.")

    class Meta:
        ordering = ("-given_at", "-pk")
        verbose_name_plural = "feedback"
        constraints = (
            models.UniqueConstraint(name="feedback_once", fields=["query", "user"]),
            models.CheckConstraint(
                name="feedback_says_something",
                condition=Q(is_accurate__isnull=False)
                | Q(worth_usd__isnull=False)
                | ~Q(comment=""),
            ),
            models.CheckConstraint(
                name="feedback_worth_not_negative",
                condition=Q(worth_usd__isnull=True) | Q(worth_usd__gte=0),
            ),
        )

    def __str__(self) -> str:
        return f"Feedback on {self.query_id}"
