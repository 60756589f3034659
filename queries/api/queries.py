"""/api/v1/queries/: a question is asked, read, stopped, begun again, judged."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fa_site.answers import ERRORS, Readable
from queries.actions import ask, give_feedback, hand_over, note_reads, resume, stop
from queries.actions.feedback import readable
from queries.api.answering import answered_new, awaited, is_quick_one, seat
from queries.api.problems import CHANGING, NotTaken, no_such, refuse_large, told
from queries.api.serializers import (
    FeedbackSerializer,
    GivenSerializer,
    QuerySerializer,
    QuestionSerializer,
)
from queries.at_once import ask_at_once
from queries.attendance import is_attended
from queries.chain import headers, standing
from queries.models import ASK, Query, Read
from queries.values import Depth

NEEDS = (ASK,)
TRIED_AGAIN = frozenset({"rate_limited", "over_budget", "unavailable"})
NO_ROOM = frozenset({"rate_limited", "over_budget"})
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

_KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 200 printable ASCII characters. The same key with the same question is the "
    "same query, answered and paid for once; with another question it is 409.",
)
_EXAMPLES = [
    OpenApiExample(
        "Wait for the answer",
        value={"question": "What was revenue last year?", "stocks": ["AAPL"]},
        request_only=True,
    ),
    OpenApiExample(
        "Go on with a conversation, as a stream",
        value={
            "question": "And the year before?",
            "conversation": "6f1c2a34-7a55-4f3e-9d2b-3c1e5b8f0a11",
            "mode": "stream",
        },
        request_only=True,
    ),
]


class Act(APIView):
    """What is sent is JSON, and read whole."""

    needs: ClassVar[tuple[str, ...]] = NEEDS
    parser_classes = (JSONParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_large(request)

    @property
    def user(self) -> User:
        return cast("User", self.request.user)


def _told(query: Query, user: User) -> Response:
    """200 with what became of it, 202 while it is open."""
    answer = Response(
        QuerySerializer(query, context={"user": user}).data, status=202 if query.is_open else 200
    )
    answer["Location"] = f"/api/v1/queries/{query.pk}/"
    answer["Cache-Control"] = "private, no-store"
    if query.is_open:
        answer["Retry-After"] = "1"
    return answer


class Queries(Act):
    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """With how the asker stands against their plan (RateLimit-*), whatever came of it."""
        made = super().finalize_response(request, response, *args, **kwargs)
        if request.user.is_authenticated:
            for name, value in headers(standing(self.user.pk)).items():
                made.headers.setdefault(name, value)
        return made

    @extend_schema(
        operation_id="ask",
        summary="A question, and its answer",
        parameters=[_KEY_HEADER],
        request=QuestionSerializer,
        responses={"200": QuerySerializer, "202": QuerySerializer, **CHANGING},
        examples=_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        given = QuestionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        mode = asked.pop("mode")
        depth = Depth(asked.pop("depth")) if "depth" in asked else None
        asked |= {"user": self.user, "key": _key(request), "depth": depth}
        with seat(is_wanted=mode == "sync") as has_seat:
            is_quick = has_seat and is_quick_one(asked["question"], asked.get("stocks", ()), depth)
            is_noted, query = False, None
            if is_quick and "conversation" not in asked:
                with told():
                    query, is_noted = ask_at_once(**asked, way=Read.Way.API)
            # Its key was sent before, for what is open or may be tried again.
            if query is None or not (is_noted or _is_final(query)):
                query = self._begun(asked, has_seat=has_seat, is_quick=is_quick)
        if query.code in NO_ROOM:
            raise NotTaken(query)
        if not is_noted:
            note_reads(queries=[query], by=self.user, way=Read.Way.API)
        return _told(query, self.user)

    def _begun(self, asked: dict[str, Any], *, has_seat: bool, is_quick: bool) -> Query:
        is_ours = has_seat and (is_quick or not is_attended())
        with told():
            query, is_new = ask(**asked, is_taken=is_ours)
            if not is_new and query.code in TRIED_AGAIN:
                query = resume(query=query.pk, by=self.user)
        is_taken = is_new and is_ours
        if query.is_open and not is_taken:
            hand_over(query)
        if not has_seat:
            return query
        return answered_new(query) if is_taken else awaited(query)


def _is_final(query: Query) -> bool:
    return not query.is_open and query.code not in TRIED_AGAIN


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise exceptions.ValidationError(
            {"Idempotency-Key": ["It has 1 to 200 printable ASCII characters, without spaces."]}
        )
    return key


class QueryDetail(Readable, APIView):
    needs = NEEDS

    @extend_schema(
        operation_id="query",
        summary="A question and what became of it",
        responses={"200": QuerySerializer, "202": QuerySerializer, **ERRORS},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        user = cast("User", request.user)
        query = readable(user).filter(pk=pk).first()
        if query is None:
            no_such("query", pk)
        note_reads(queries=[query], by=user, way=Read.Way.API)
        return _told(query, user)


class QueryStop(Act):
    @extend_schema(
        operation_id="stop",
        summary="Stop answering",
        request=None,
        responses={"200": QuerySerializer, "202": QuerySerializer, **CHANGING},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        with told():
            return _told(stop(query=pk, by=self.user), self.user)


class QueryResume(Act):
    @extend_schema(
        operation_id="resume",
        summary="Begin again what was stopped or broke off",
        request=None,
        responses={"200": QuerySerializer, "202": QuerySerializer, **CHANGING},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        with told():
            return _told(resume(query=pk, by=self.user), self.user)


class QueryFeedback(Act):
    @extend_schema(
        operation_id="give_feedback",
        summary="What you think of an answer",
        request=GivenSerializer,
        responses={"200": FeedbackSerializer, **CHANGING},
        examples=[
            OpenApiExample(
                "A right one",
                value={"is_accurate": True, "worth_usd": "2.50", "comment": "Saved me a call."},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        given = GivenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with told("comment"):
            said = give_feedback(query=pk, by=self.user, **given.validated_data)
        return Response(FeedbackSerializer(said).data)
