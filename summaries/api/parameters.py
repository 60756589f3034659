"""What the endpoints that are no lists of rows take; wrong and unknown parameters are errors."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from summaries.models import Document, Stock
from summaries.pages.moments import NotAMoment, moment

MOST_PASSAGES = 50
MOST_CHARACTERS = 20_000


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(serializers.Field[datetime, str, str, Any]):
    """A moment of ISO 8601, or a day: its end, or its start with ``ends`` False."""

    def __init__(self, *, ends: bool = True, **more: Any) -> None:
        super().__init__(**more)
        self.ends = ends

    def to_internal_value(self, data: str) -> datetime:
        try:
            return moment(str(data), ends=self.ends)
        except NotAMoment as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


class SearchParameters(serializers.Serializer[object]):
    q = serializers.CharField(max_length=1000, help_text="Words, or a question.")
    stock = serializers.ListField(
        child=serializers.CharField(max_length=24), required=False, max_length=50,
        help_text="A ticker; may be repeated.",
    )  # fmt: skip
    kind = serializers.ListField(
        child=serializers.ChoiceField(choices=Document.Kind.choices), required=False,
        help_text="A kind of document; may be repeated.",
    )  # fmt: skip
    form = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, max_length=20,
        help_text="A form, 10-K; may be repeated.",
    )  # fmt: skip
    since = MomentField(required=False, ends=False, help_text="Public then or later.")
    until = MomentField(required=False, help_text="Public then or before.")
    as_of = MomentField(
        required=False, help_text="As it stood at that moment; a day means its end in New York."
    )
    k = serializers.IntegerField(
        required=False, default=10, min_value=1, max_value=MOST_PASSAGES, help_text="How many."
    )

    def validate_stock(self, tickers: list[str]) -> list[Stock]:
        wanted = {one.upper() for one in tickers}
        found = {one.ticker: one for one in Stock.objects.filter(ticker__in=wanted)}
        if unknown := sorted(wanted - found.keys()):
            raise serializers.ValidationError(
                f"There is no stock {', '.join(unknown)}. "
                "Look for it with /api/v1/stocks/?search=<name>."
            )
        return list(found.values())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "since" in attrs and "until" in attrs and attrs["since"] > attrs["until"]:
            raise serializers.ValidationError(
                {"until": "It is before since: nothing lies between."}
            )
        return attrs


class RangeParameters(serializers.Serializer[object]):
    start = serializers.IntegerField(
        required=False, min_value=0, max_value=10**9, help_text="First code point of the text."
    )
    end = serializers.IntegerField(
        required=False, min_value=1, max_value=10**9,
        help_text=f"Behind the last; at most {MOST_CHARACTERS} after start.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("start" in attrs) != ("end" in attrs):
            raise serializers.ValidationError({"end": "Give start and end, or neither."})
        if attrs and not 0 < attrs["end"] - attrs["start"] <= MOST_CHARACTERS:
            raise serializers.ValidationError(
                {"end": f"Ask for 1 to {MOST_CHARACTERS} characters at a time, end after start."}
            )
        return attrs


Parameters = TypeVar("Parameters", bound=serializers.Serializer[object])


def read(shape: type[Parameters], request: Request) -> dict[str, Any]:
    """The parameters as values. Raises ValidationError, which names each that is wrong."""
    given = shape(data=request.query_params)
    errors = {} if given.is_valid() else dict(given.errors)
    for name in sorted(set(request.query_params) - set(given.fields) - {"format"}):
        known = ", ".join(sorted(given.fields))
        errors[name] = [f"There is no such parameter. Parameters here: {known}."]
    if errors:
        raise serializers.ValidationError(errors)
    values: dict[str, Any] = given.validated_data
    return values
