"""Questions, answers and conversations as the API takes and tells them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from queries.eventlog.codec import Unreadable, answer_data, answer_of
from queries.models import Conversation, Feedback, Query
from queries.values import LONGEST_QUESTION, Answer, Depth, Kind
from summaries.api.parameters import MomentField
from summaries.models import Stock
from summaries.models.texts import Verdict

DEPTHS = [(one.value, one.value) for one in Depth]
KINDS = [(one.value, one.value) for one in Kind]
MODES = [("sync", "sync"), ("stream", "stream"), ("async", "async")]


class Strict(serializers.Serializer[Any]):
    """Refuses fields that it doesn't know: a misspelt one must not change what is asked."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(map(str, set(data) - set(self.fields))) if isinstance(data, dict) else []
        if unknown:
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {name: [f"There is no such field. Fields here: {known}."] for name in unknown}
            )
        return super().to_internal_value(data)


class QuestionSerializer(Strict):
    """A question, and how its answer is wanted."""

    question = serializers.CharField(
        trim_whitespace=False, max_length=LONGEST_QUESTION, help_text="In words."
    )
    stocks = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, max_length=20,
        help_text="Tickers that it is about; others may stand in the question.",
    )  # fmt: skip
    depth = serializers.ChoiceField(
        choices=DEPTHS, required=False, help_text="Left out: chosen by the question."
    )
    as_of = MomentField(
        required=False, help_text="As was known at that moment; a day means its end in New York."
    )
    conversation = serializers.UUIDField(
        required=False, help_text="That it goes on with; left out: a new one."
    )
    mode = serializers.ChoiceField(
        choices=MODES, default="sync",
        help_text="sync waits for the answer, stream and async don't: read stream_url or url.",
    )  # fmt: skip

    def validate_stocks(self, tickers: list[str]) -> list[str]:
        wanted = [one.upper() for one in tickers]
        known = set(Stock.objects.filter(ticker__in=wanted).values_list("ticker", flat=True))
        unknown = [one for one in wanted if one not in known]
        if unknown:
            raise serializers.ValidationError(
                f"There is no stock {unknown[0]}. Look for it with /api/v1/stocks/?search=<name>."
            )
        return wanted


class AnswerCitationSerializer(serializers.Serializer[Any]):
    source = serializers.CharField(help_text="filing, research, FactSet, summary.")  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(help_text="The page that shows it.")
    quote = serializers.CharField(help_text="The source's own words, or the value as filed.")
    dated = serializers.CharField(help_text="The period or day that it speaks of.")
    document = serializers.IntegerField(allow_null=True)
    start = serializers.IntegerField(help_text="Of the quote in the document; -1: no span.")
    end = serializers.IntegerField()
    fact = serializers.IntegerField(allow_null=True)


class AnswerClaimSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    citations = AnswerCitationSerializer(many=True)
    reason = serializers.CharField(help_text="Why it isn't supported.")
    correction = serializers.CharField(help_text="What the sources say in its place.")


class PointSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.DecimalField(max_digits=30, decimal_places=None, allow_null=True)
    citation = AnswerCitationSerializer(allow_null=True)


class SeriesSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    points = PointSerializer(many=True)


class ChartSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    unit = serializers.CharField()
    series = SeriesSerializer(many=True)


class AnswerSerializer(serializers.Serializer[Any]):
    """``close``: what the sources say nearby, where they don't say what was asked."""

    kind = serializers.ChoiceField(choices=KINDS)
    depth = serializers.ChoiceField(choices=DEPTHS)
    text = serializers.CharField(help_text="The claims in order.")
    claims = AnswerClaimSerializer(many=True)
    charts = ChartSerializer(many=True)
    close = AnswerClaimSerializer(many=True)
    suggestions = serializers.ListField(child=serializers.CharField())
    stocks = serializers.ListField(child=serializers.CharField())


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(
        help_text="too_long, rate_limited, over_budget, injection, unavailable, stopped, failed."
    )
    text = serializers.CharField(source="message")
    retry_after = serializers.IntegerField(allow_null=True, help_text="Seconds.")


class QuerySerializer(serializers.ModelSerializer[Query]):
    """A question and what became of it. ``answer`` of one that was stopped is what was told."""

    depth = serializers.SerializerMethodField(help_text="As answered; before that, as asked.")
    answer = serializers.SerializerMethodField()
    refusal = serializers.SerializerMethodField(help_text="Why there is no whole answer.")
    cost_usd = serializers.SerializerMethodField(help_text="To accounts that may read costs.")
    url = serializers.SerializerMethodField()
    stream_url = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=Query.State.choices)

    class Meta:
        model = Query
        fields = (
            "id", "conversation", "number", "state", "question", "stocks", "depth", "as_of",
            "asked_at", "finished_at", "answer", "refusal", "first_ms", "total_ms", "is_cached",
            "cost_usd", "url", "stream_url",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": ["", *Depth]})
    def get_depth(self, query: Query) -> str:
        return query.depth or query.depth_asked

    @extend_schema_field(AnswerSerializer(allow_null=True))
    def get_answer(self, query: Query) -> Any:
        """As AnswerSerializer describes it; written by hand, because it takes a tenth of the time."""
        answer = answer_of_row(query)
        if answer is None:
            return None
        data = answer_data(answer)
        del data["version"]
        points = (
            one for chart in data["charts"] for line in chart["series"] for one in line["points"]
        )
        for one in points:
            one["value"] = one["value"] and format(Decimal(one["value"]), "f")
        return {**data, "text": answer.text}

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_refusal(self, query: Query) -> Any:
        return RefusalSerializer(query).data if query.code else None

    @extend_schema_field({"type": "string", "nullable": True})
    def get_cost_usd(self, query: Query) -> str | None:
        if not self.context["user"].has_perm("costs.view_usagerecord"):
            return None
        return format(query.cost_usd.normalize(), "f")

    def get_url(self, query: Query) -> str:
        return f"/api/v1/queries/{query.pk}/"

    def get_stream_url(self, query: Query) -> str:
        return f"{settings.STREAM_URL}/stream/queries/{query.pk}/"


def answer_of_row(query: Query) -> Answer | None:
    """None where there is none, or one of a version that is no longer read."""
    if query.answer is None:
        return None
    try:
        return answer_of(query.answer)
    except Unreadable:
        return None


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    is_own = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.username", read_only=True)
    is_held = serializers.SerializerMethodField(help_text="To who oversees; else null.")
    team = serializers.IntegerField(
        source="team_id", allow_null=True, read_only=True, help_text="That it is shared with."
    )

    class Meta:
        model = Conversation
        fields = (
            "id", "title", "owner", "is_own", "team", "stocks", "created_at", "updated_at",
            "deleted_at", "is_held",
        )  # fmt: skip
        read_only_fields = fields

    def get_is_own(self, talk: Conversation) -> bool:
        return bool(talk.owner_id == self.context["user"].pk)

    @extend_schema_field({"type": "boolean", "nullable": True})
    def get_is_held(self, talk: Conversation) -> bool | None:
        if not self.context["user"].has_perm("queries.oversee_conversation"):
            return None
        return talk.held_at is not None


class TitleSerializer(Strict):
    title = serializers.CharField(max_length=120)


class TeamSerializer(Strict):
    team = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Its id.")


class HoldSerializer(Strict):
    reason = serializers.CharField(max_length=200)


class GivenSerializer(Strict):
    """At least one of them."""

    is_accurate = serializers.BooleanField(required=False, allow_null=True, default=None)
    worth_usd = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, required=False, allow_null=True, default=None,
        help_text="What the answer was worth to you.",
    )  # fmt: skip
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2_000, default="")


class FeedbackSerializer(serializers.ModelSerializer[Feedback]):
    class Meta:
        model = Feedback
        fields = ("query", "is_accurate", "worth_usd", "comment", "given_at")
        read_only_fields = fields
