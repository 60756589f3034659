"""Who was shown what answer, from which sources, when.

Written once: a database trigger refuses changes. A row names its query by id alone, so that it
outlives the conversation, and holds no words of it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Read(models.Model):
    class Way(models.TextChoices):
        PAGE = "page", "page"
        API = "api", "API"
        STREAM = "stream", "stream"
        EXPORT = "export", "export"

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    conversation = models.UUIDField()
    query = models.UUIDField()
    way = models.CharField(max_length=6, choices=Way.choices)
    answer_sha256 = models.CharField(max_length=64, help_text="Of the answer as it was shown.")
    documents = models.JSONField(default=list, help_text="Ids of the documents that it cites.")
    facts = models.JSONField(default=list, help_text="Ids of the facts that it cites.")

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["conversation", "at"], name="read_conversation"),
            models.Index(fields=["user", "at"], name="read_user"),
        )

    def __str__(self) -> str:
        return f"{self.query} read {self.at:%Y-%m-%d %H:%M}"
