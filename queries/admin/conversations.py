"""Conversations for compliance: found, held and released; read within its own licences."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from queries.actions import hold, note_reads, release
from queries.models import OVERSEE, Conversation, Feedback, Query, Read
from summaries.admin.reading import ReadOnly


class Overseen(ReadOnly):
    """For who oversees; whoever may only view tables sees none of these."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.has_perm(OVERSEE))


@admin.register(Conversation)
class ConversationAdmin(Overseen):
    list_display = ("id", "owner", "team", "questions", "updated_at", "deleted_at", "held_at")
    list_filter = ("deleted_at", "held_at", "team")
    list_select_related = ("owner", "team")
    search_fields = ("=id", "owner__username")
    fields = (
        "id", "owner", "title", "team", "stocks", "created_at", "updated_at", "deleted_at",
        "held_at", "held_by", "hold_reason",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("hold_them", "release_them")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        rows: QuerySet[Conversation] = super().get_queryset(request)
        return rows.annotate(n_queries=Count("queries"))

    @display(description="questions", ordering="n_queries")
    def questions(self, talk: Conversation) -> int:
        return int(talk.n_queries)  # type: ignore[attr-defined]

    @admin.action(description="Hold: never purge")
    def hold_them(self, request: HttpRequest, chosen: QuerySet[Conversation]) -> None:
        by = cast("User", request.user)
        for talk in chosen:
            hold(conversation=talk.pk, reason="Held in the admin.", by=by)
        self.message_user(request, "They are held and won't be purged.", messages.SUCCESS)

    @admin.action(description="Release from the hold")
    def release_them(self, request: HttpRequest, chosen: QuerySet[Conversation]) -> None:
        for talk in chosen:
            release(conversation=talk.pk, by=cast("User", request.user))
        self.message_user(request, "They are released.", messages.SUCCESS)


@admin.register(Query)
class QueryAdmin(Overseen):
    list_display = (
        "id", "conversation", "number", "user", "state", "depth", "cost_usd", "total_ms",
        "asked_at",
    )  # fmt: skip
    list_filter = ("state", "depth", "asked_at")
    list_select_related = ("user", "conversation")
    search_fields = ("=id", "=conversation__id", "user__username")
    fields = (
        "id", "conversation", "number", "user", "state", "question", "told", "stocks", "depth",
        "as_of", "code", "message", "asked_at", "finished_at", "cost_usd", "first_ms", "total_ms",
        "is_cached", "attempts",
    )  # fmt: skip
    readonly_fields = fields

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        query = self.get_object(request, object_id)
        if query is not None:
            note_reads(queries=[query], by=cast("User", request.user), way=Read.Way.PAGE)
        return super().change_view(request, object_id, *args, **kwargs)

    @display(description="answer")
    def told(self, query: Query) -> str:
        claims = (query.answer or {}).get("claims", ())
        return " ".join(str(one["text"]) for one in claims) or "none"


@admin.register(Read)
class ReadAdmin(Overseen):
    list_display = ("at", "user", "query", "way")
    list_filter = ("way", "at")
    list_select_related = ("user",)
    search_fields = ("=query", "=conversation", "user__username")


@admin.register(Feedback)
class FeedbackAdmin(Overseen):
    list_display = ("given_at", "query", "user", "is_accurate", "worth_usd")
    list_filter = ("is_accurate", "given_at")
    list_select_related = ("user", "query")
    fields = ("query", "user", "is_accurate", "worth_usd", "comment", "given_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        rows: QuerySet[Feedback] = super().get_queryset(request)
        readable = Query.objects.readable_by(request.user)
        return rows.filter(query__in=readable.values("pk"))
