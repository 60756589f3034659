"""The shapes of the API, field by field."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from summaries.models import (
    BatchItem,
    BatchRun,
    Citation,
    Claim,
    Document,
    Fact,
    Filing,
    Stock,
    Summary,
)
from summaries.models.texts import Tier
from summaries.tiers import count_words


class StockSerializer(serializers.ModelSerializer[Stock]):
    published_summary = serializers.IntegerField(
        source="published_summary_id", allow_null=True, read_only=True
    )

    class Meta:
        model = Stock
        fields = (
            "ticker", "name", "cik", "exchange", "sic", "sector", "industry", "coverage",
            "coverage_reason", "published_summary",
        )  # fmt: skip


class FilingSerializer(serializers.ModelSerializer[Filing]):
    sec_url = serializers.CharField(read_only=True, help_text="Empty where it isn't known.")

    class Meta:
        model = Filing
        fields = ("id", "form", "period_end", "filed", "accession", "sec_url")


class FactSerializer(serializers.ModelSerializer[Fact]):
    filing = FilingSerializer(read_only=True)

    class Meta:
        model = Fact
        fields = ("id", "concept", "unit", "start", "end", "value", "filing")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = ("id", "kind", "title", "sha256")


class CitationSerializer(serializers.ModelSerializer[Citation]):
    """start and end are code points of the document's text, claim_start and claim_end of the
    claim's."""

    document = DocumentSerializer(read_only=True)
    fact = FactSerializer(read_only=True, allow_null=True)
    summary = serializers.IntegerField(source="claim.summary_id", read_only=True)

    class Meta:
        model = Citation
        fields = (
            "id", "summary", "claim", "position", "quote", "start", "end", "claim_start",
            "claim_end", "formula", "document", "fact",
        )  # fmt: skip


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    citations: serializers.PrimaryKeyRelatedField[Citation] = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True
    )

    class Meta:
        model = Claim
        fields = ("id", "position", "text", "verdict", "citations")


class TierSerializer(serializers.Serializer[object]):
    text = serializers.CharField()
    words = serializers.IntegerField()
    claims = ClaimSerializer(many=True)


class TiersSerializer(serializers.Serializer[object]):
    hook = TierSerializer()
    medium = TierSerializer()
    expanded = TierSerializer()


class SummarySerializer(serializers.ModelSerializer[Summary]):
    ticker = serializers.CharField(source="stock.ticker", read_only=True)
    state = serializers.ChoiceField(
        source="shown_state", choices=Summary.State.choices, read_only=True
    )
    tiers = serializers.SerializerMethodField()

    class Meta:
        model = Summary
        fields = (
            "id", "ticker", "version", "state", "writer", "data_through", "filed", "risk",
            "created_at", "published_at", "tiers",
        )  # fmt: skip

    @extend_schema_field(TiersSerializer)
    def get_tiers(self, summary: Summary) -> object:
        return {tier.value: _tier(summary, tier) for tier in Tier}


def _tier(summary: Summary, tier: Tier) -> object:
    claims = summary.tier_claims(tier)
    text = " ".join(claim.text for claim in claims)
    shown = ClaimSerializer(claims, many=True).data
    return {"text": text, "words": count_words(text), "claims": shown}


class BatchRunSerializer(serializers.ModelSerializer[BatchRun]):
    items = serializers.SerializerMethodField(help_text="How many items are in each state.")

    class Meta:
        model = BatchRun
        fields = (
            "id",
            "state",
            "trigger",
            "slot",
            "concurrency",
            "started_at",
            "finished_at",
            "items",
        )

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_items(self, run: BatchRun) -> dict[str, int]:
        return {
            state: count
            for state in BatchItem.State.values
            if (count := getattr(run, f"n_{state}"))
        }


class BatchItemSerializer(serializers.ModelSerializer[BatchItem]):
    ticker = serializers.CharField(source="stock.ticker", read_only=True)
    summary = serializers.IntegerField(source="shown_summary", allow_null=True, read_only=True)
    message = serializers.CharField(source="shown_message", read_only=True)

    class Meta:
        model = BatchItem
        fields = (
            "id", "ticker", "state", "attempts", "summary", "seconds", "cost_usd", "message",
            "finished_at",
        )  # fmt: skip
