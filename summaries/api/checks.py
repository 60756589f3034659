"""/api/v1/checks/: a text comes in, and goes back with every claim marked. Nothing of it is kept."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from fa_site.answers import INVALID, ProblemSerializer
from fa_site.api import CheckRate
from summaries.api.parameters import MomentField
from summaries.marking import Kind, mark
from summaries.models import Stock
from summaries.models.texts import Verdict
from summaries.verification import Level

_LEVELS = [(one.value, one.value) for one in Level]
_KINDS = [(one.value, one.name) for one in Kind]


class CheckSerializer(serializers.Serializer[object]):
    """A text, and the stock that it is about."""

    stock = serializers.CharField(max_length=24, help_text="Its ticker.")
    text = serializers.CharField(trim_whitespace=False, help_text="As it is to be checked.")
    as_of = MomentField(
        required=False, help_text="As could be known at that moment; a day means its end."
    )

    def validate_stock(self, ticker: str) -> Stock:
        found = Stock.objects.filter(ticker=ticker.upper()).first()
        if found is None:
            raise serializers.ValidationError(
                f"There is no stock {ticker}. Look for it with /api/v1/stocks/?search=<name>."
            )
        return found

    def validate_text(self, text: str) -> str:
        if not text.strip():
            raise serializers.ValidationError("It is empty. Send the text that is to be checked.")
        most = settings.CHECK_CHARACTERS
        if len(text) > most:
            raise serializers.ValidationError(
                f"It has {len(text):,} characters. Send at most {most:,} at a time."
            )
        return text

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {str(name): [f"There is no such field. Fields here: {known}."] for name in unknown}
            )
        return super().to_internal_value(data)


class ReasonSerializer(serializers.Serializer[object]):
    code = serializers.CharField(help_text="value, scale, direction, period, trend, stale…")
    text = serializers.CharField()
    start = serializers.IntegerField(help_text="Of the words that it speaks of, in the text sent.")
    end = serializers.IntegerField()


class EvidenceSerializer(serializers.Serializer[object]):
    """What a source says: a fact as filed, or a passage with its place in the document."""

    source = serializers.CharField(help_text="Who says it, and when.")  # type: ignore[assignment]
    verdict = serializers.ChoiceField(
        choices=Verdict.choices, help_text="Whether it supports the claim or contradicts it."
    )
    quote = serializers.CharField()
    url = serializers.CharField(help_text="The page that shows it; empty for market data.")
    document = serializers.IntegerField(allow_null=True)
    start = serializers.IntegerField(allow_null=True, help_text="In the document's text.")
    end = serializers.IntegerField(allow_null=True)
    label = serializers.CharField(help_text="Of a table's cell: line, column.")  # type: ignore[assignment]
    fact = serializers.IntegerField(allow_null=True)
    concept = serializers.CharField()
    value = serializers.DecimalField(max_digits=30, decimal_places=6, allow_null=True)
    unit = serializers.CharField()
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)
    accession = serializers.CharField()


class DisagreementSerializer(serializers.Serializer[object]):
    text = serializers.CharField()
    supporting = EvidenceSerializer()
    contradicting = EvidenceSerializer()


class MarkedClaimSerializer(serializers.Serializer[object]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=_KINDS)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    risk = serializers.DecimalField(max_digits=5, decimal_places=4, help_text="0 to 1.")
    level = serializers.ChoiceField(choices=_LEVELS)
    reasons = ReasonSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    disagreements = DisagreementSerializer(many=True)


class MarkedSerializer(serializers.Serializer[object]):
    """The whole text's verdict and risk, and every sentence in order."""

    stock = serializers.CharField(source="ticker")
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    risk = serializers.DecimalField(max_digits=5, decimal_places=4, help_text="0 to 1.")
    level = serializers.ChoiceField(choices=_LEVELS)
    claims = MarkedClaimSerializer(many=True)


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than any text that can be checked. Send a part of it."


_EXAMPLE = OpenApiExample(
    "A wrong figure",
    value={"stock": "AAPL", "text": "Revenue was $426.2 billion in fiscal 2025."},
    request_only=True,
)
_PROBLEMS = {
    (code, "application/problem+json"): ProblemSerializer
    for code in ("401", "403", "413", "415", "429")
}


class Checks(APIView):
    needs: ClassVar[tuple[str, ...]] = ("summaries.view_fact", "summaries.view_document")
    parser_classes = (JSONParser,)
    throttle_classes = (UserRateThrottle, CheckRate)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        size = request.META.get("CONTENT_LENGTH") or "0"
        if int(size) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge

    @extend_schema(
        summary="A text with every claim in it marked",
        request=CheckSerializer,
        responses={"200": MarkedSerializer, **INVALID, **_PROBLEMS},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        asked = CheckSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        reader = cast("User", request.user)
        marked = mark(given["text"], stock=given["stock"], reader=reader, as_of=given.get("as_of"))
        answer = Response(MarkedSerializer(marked).data)
        answer["Cache-Control"] = "private, no-store"
        return answer
