"""/api/v1/conversations/: one's own and those shared with one's teams; for compliance, all."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from fa_site.answers import ERRORS, INVALID
from queries.actions import (
    delete,
    export,
    hold,
    note_reads,
    release,
    rename,
    share,
    unshare,
)
from queries.actions.conversing import overseen
from queries.api.problems import CHANGING, no_such, told
from queries.api.queries import Act
from queries.api.serializers import (
    ConversationSerializer,
    HoldSerializer,
    QuerySerializer,
    TeamSerializer,
    TitleSerializer,
)
from queries.models import ASK, OVERSEE, Conversation, Query, Read


class Newest(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: Any = ("-updated_at", "-id")


class InOrder(Newest):
    ordering = ("number",)


class Talk(Act):
    """What changes a conversation answers with it."""

    def told(self, talk: Conversation) -> Response:
        return Response(ConversationSerializer(talk, context={"user": self.user}).data)


class Conversations(generics.ListAPIView[Conversation]):
    needs: ClassVar[tuple[str, ...]] = (ASK,)
    serializer_class = ConversationSerializer
    pagination_class = Newest
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Conversation]:
        if getattr(self, "swagger_fake_view", False):
            return Conversation.objects.none()
        user = cast("User", self.request.user)
        return Conversation.objects.visible_to(user).select_related("owner", "held_by")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "user": self.request.user}

    @extend_schema(
        operation_id="conversations",
        summary="Your conversations, the latest first",
        responses={"200": ConversationSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ConversationDetail(Talk):
    @extend_schema(
        operation_id="conversation",
        summary="A conversation",
        responses={"200": ConversationSerializer, **ERRORS},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        talk = Conversation.objects.visible_to(self.user).filter(pk=pk).first()
        if talk is None:
            no_such("conversation", pk)
        return self.told(talk)

    @extend_schema(
        operation_id="rename",
        summary="Give it another title",
        request=TitleSerializer,
        responses={"200": ConversationSerializer, **CHANGING},
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        given = TitleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with told("title"):
            return self.told(rename(conversation=pk, by=self.user, **given.validated_data))

    @extend_schema(
        operation_id="delete",
        summary="Delete it",
        responses={"204": OpenApiResponse(description="It is gone."), **ERRORS},
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        with told():
            delete(conversation=pk, by=self.user)
        return Response(status=204)


class ConversationQueries(generics.ListAPIView[Query]):
    needs: ClassVar[tuple[str, ...]] = (ASK,)
    serializer_class = QuerySerializer
    pagination_class = InOrder
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Query]:
        if getattr(self, "swagger_fake_view", False):
            return Query.objects.none()
        user, pk = cast("User", self.request.user), self.kwargs["pk"]
        talk = Conversation.objects.visible_to(user).filter(pk=pk).first()
        if talk is None:
            no_such("conversation", pk)
        return talk.queries.readable_by(user)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "user": self.request.user}

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        note_reads(queries=page or (), by=cast("User", self.request.user), way=Read.Way.API)
        return page

    @extend_schema(
        operation_id="conversation_queries",
        summary="Its questions and answers, in order",
        responses={"200": QuerySerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ConversationShare(Talk):
    @extend_schema(
        operation_id="share",
        summary="Let a team of yours read it",
        request=TeamSerializer,
        responses={"200": ConversationSerializer, **CHANGING},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        given = TeamSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with told("team"):
            return self.told(share(conversation=pk, by=self.user, **given.validated_data))

    @extend_schema(
        operation_id="unshare",
        summary="Keep it to yourself again",
        responses={"200": ConversationSerializer, **ERRORS},
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        with told("team"):
            return self.told(unshare(conversation=pk, by=self.user))


class ConversationHold(Talk):
    needs: ClassVar[tuple[str, ...]] = (OVERSEE,)

    @extend_schema(
        operation_id="hold",
        summary="Keep it from being purged",
        request=HoldSerializer,
        responses={"200": ConversationSerializer, **CHANGING},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        given = HoldSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with told("reason"):
            return self.told(hold(conversation=pk, by=self.user, **given.validated_data))

    @extend_schema(
        operation_id="release",
        summary="End the hold",
        responses={"200": ConversationSerializer, **ERRORS},
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        with told("reason"):
            return self.told(release(conversation=pk, by=self.user))


class ConversationExport(Talk):
    needs: ClassVar[tuple[str, ...]] = (OVERSEE,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Who accepts JSON lines alone gets them; problems are told in JSON all the same."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="export",
        summary="All of it as JSON lines that prove themselves",
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(str, "A line each."),
            **ERRORS,
            **INVALID,
        },
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        with told():
            lines = export(conversation=pk, by=self.user)
        response = HttpResponse(
            "".join(f"{line}\n" for line in lines), content_type="application/x-ndjson"
        )
        response["Content-Disposition"] = f'attachment; filename="conversation-{pk}.jsonl"'
        response["Cache-Control"] = "private, no-store"
        return response


class Overseen(Conversations):
    """Everybody's, deleted ones included."""

    needs: ClassVar[tuple[str, ...]] = (OVERSEE,)

    def get_queryset(self) -> QuerySet[Conversation]:
        if getattr(self, "swagger_fake_view", False):
            return Conversation.objects.none()
        user = cast("User", self.request.user)
        return overseen(user).select_related("owner", "held_by")

    @extend_schema(
        operation_id="all_conversations",
        summary="Everybody's conversations, the latest first",
        responses={"200": ConversationSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return generics.ListAPIView.get(self, request, *args, **kwargs)
