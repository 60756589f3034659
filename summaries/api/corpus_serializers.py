"""The shapes of documents, filings, research, found passages and restated facts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from summaries.api.serializers import FactSerializer, FilingSerializer
from summaries.models import Document, Filing, ResearchIssuer, ResearchNote, Section
from summaries.models.documents import Document as DocumentRow
from summaries.pages.restated import Said, versions


class DocumentLineSerializer(serializers.ModelSerializer[Document]):
    ticker = serializers.CharField(source="stock.ticker", allow_null=True, read_only=True)
    filing = FilingSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Document
        fields = (
            "id", "kind", "title", "ticker", "name", "sha256", "public_at", "is_current",
            "withdrawn_at", "filing",
        )  # fmt: skip


class SectionSerializer(serializers.ModelSerializer[Section]):
    class Meta:
        model = Section
        fields = ("item", "name", "title", "start", "end")


class DocumentDetailSerializer(DocumentLineSerializer):
    """``text`` is the part between ``start`` and ``end``, where these were asked for."""

    sections = SectionSerializer(many=True, read_only=True)
    characters = serializers.IntegerField(read_only=True, help_text="Length of the whole text.")
    text = serializers.SerializerMethodField()

    class Meta(DocumentLineSerializer.Meta):
        fields = (*DocumentLineSerializer.Meta.fields, "characters", "problems", "sections", "text")  # type: ignore[assignment]

    @extend_schema_field({"type": "string", "nullable": True})
    def get_text(self, document: DocumentRow) -> str | None:
        return getattr(document, "part", None)


class StockFilingSerializer(FilingSerializer):
    documents = serializers.SerializerMethodField(
        help_text="Ids of its texts, where it was ingested."
    )

    class Meta:
        model = Filing
        fields = (
            "id", "form", "items", "period_end", "filed", "accepted_at", "accession", "sec_url",
            "documents",
        )  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_documents(self, filing: Filing) -> list[int]:
        return [one.pk for one in filing.texts]  # type: ignore[attr-defined]


class EstimateInNoteSerializer(serializers.Serializer[object]):
    measure = serializers.CharField()
    period = serializers.CharField()
    period_end = serializers.DateField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    prior = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    unit = serializers.CharField()


class IssuerSerializer(serializers.ModelSerializer[ResearchIssuer]):
    estimates = EstimateInNoteSerializer(many=True, read_only=True)

    class Meta:
        model = ResearchIssuer
        fields = (
            "ticker", "name", "is_primary", "rating", "rating_words", "prior_rating",
            "prior_rating_words", "rating_action", "target_price", "prior_target_price",
            "target_action", "estimate_action", "coverage_action", "currency", "estimates",
        )  # fmt: skip


class AnalystSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    title = serializers.CharField()
    is_primary = serializers.BooleanField()


class ResearchSerializer(serializers.ModelSerializer[ResearchNote]):
    analysts = AnalystSerializer(many=True, read_only=True)
    issuers = IssuerSerializer(many=True, read_only=True)

    class Meta:
        model = ResearchNote
        fields = (
            "id", "source_id", "version", "status", "title", "synopsis", "publisher", "category",
            "published_at", "published_certain", "analysts", "document", "issuers",
        )  # fmt: skip


class PassageSerializer(serializers.Serializer[object]):
    """A span of a document: ``quote`` is its text from ``start`` to ``end``, in code points."""

    document = serializers.IntegerField(source="document_id")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()
    heading = serializers.CharField(help_text="Context that the quote itself lacks.")
    item = serializers.CharField(help_text="Of the filing: 1A, 7; empty for none.")
    is_table = serializers.BooleanField()
    ticker = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    form = serializers.CharField()
    public_at = serializers.DateTimeField()
    score = serializers.FloatField(help_text="Orders this answer; means nothing beside it.")
    url = serializers.CharField(help_text="The document's page with the passage marked.")


class PassagesSerializer(serializers.Serializer[object]):
    count = serializers.IntegerField()
    results = PassageSerializer(many=True)


class SaidSerializer(serializers.Serializer[object]):
    """One filing's word on the same concept, unit and period, the newest first."""

    fact = serializers.IntegerField(source="fact.pk")
    value = serializers.DecimalField(source="fact.value", max_digits=30, decimal_places=6)
    change = serializers.DecimalField(
        max_digits=30, decimal_places=6, allow_null=True,
        help_text="Against the filing before it; null for the first.",
    )  # fmt: skip
    is_amendment = serializers.BooleanField()
    filing = FilingSerializer(source="fact.filing")
    accepted_at = serializers.DateTimeField(source="fact.filing.accepted_at", allow_null=True)


class FactVersionsSerializer(FactSerializer):
    ticker = serializers.CharField(source="stock.ticker", read_only=True)
    versions = serializers.SerializerMethodField()

    class Meta(FactSerializer.Meta):
        fields = (*FactSerializer.Meta.fields, "ticker", "versions")  # type: ignore[assignment]

    @extend_schema_field(SaidSerializer(many=True))
    def get_versions(self, fact: Any) -> object:
        said: list[Said] = versions(fact)
        return SaidSerializer(said, many=True).data
