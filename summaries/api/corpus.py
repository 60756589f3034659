"""/api/v1/: documents, facts with what was known when, a stock's filings and research, search."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce, Length, Substr
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from summaries.api import corpus_serializers as shapes
from summaries.api import filters, parameters
from summaries.api.answers import Readable, documented, stock_of
from summaries.models import Document, Fact, Filing, ResearchNote, Stock
from summaries.search import Query, search

VIEW_DOCUMENT = "summaries.view_document"


@documented(shapes.DocumentLineSerializer, many=True, summary="Documents, the newest first")
class DocumentList(Readable, generics.ListAPIView[Document]):
    needs = (VIEW_DOCUMENT,)
    serializer_class = shapes.DocumentLineSerializer
    filterset_class = filters.DocumentFilter
    ordering_fields = ("public_at",)
    ordering = ("-public_at", "-pk")

    def get_queryset(self) -> QuerySet[Document]:
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        return _documents(self.request)


@documented(
    shapes.DocumentDetailSerializer,
    many=False,
    summary="One document, and a part of its text",
    parameters=[parameters.RangeParameters],
)
class DocumentDetail(Readable, generics.RetrieveAPIView[Document]):
    needs = (VIEW_DOCUMENT,)
    serializer_class = shapes.DocumentDetailSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Document]:
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        documents = _documents(self.request).prefetch_related("sections")
        documents = documents.annotate(characters=Length("text"))
        asked = parameters.read(parameters.RangeParameters, self.request)
        if not asked:
            return documents
        start = asked["start"]
        return documents.annotate(part=Substr("text", start + 1, asked["end"] - start))


def _documents(request: Request) -> QuerySet[Document]:
    readable = Document.objects.readable_by(request.user)
    return readable.select_related("stock", "filing__stock").defer("text")


@documented(
    shapes.FactVersionsSerializer, many=False, summary="One fact, and what was known of it when"
)
class FactDetail(Readable, generics.RetrieveAPIView[Fact]):
    needs = ("summaries.view_fact",)
    serializer_class = shapes.FactVersionsSerializer
    queryset = Fact.objects.select_related("stock", "filing__stock")


@documented(shapes.StockFilingSerializer, many=True, summary="A stock's filings, the newest first")
class StockFilings(Readable, generics.ListAPIView[Filing]):
    needs = ("summaries.view_filing",)
    serializer_class = shapes.StockFilingSerializer
    filterset_class = filters.FilingFilter
    ordering_fields = ("filed", "period_end", "accepted_at")

    def get_queryset(self) -> QuerySet[Filing]:
        if getattr(self, "swagger_fake_view", False):
            return Filing.objects.none()
        stock = stock_of(Stock.objects.all(), self.kwargs["ticker"])
        texts = Document.objects.readable_by(self.request.user).current().only("pk", "filing")
        of_filings = texts.filter(kind__in=(Document.Kind.FILING, Document.Kind.EXHIBIT))
        return (
            stock.filings.select_related("stock")
            .prefetch_related(
                Prefetch("documents", queryset=of_filings.order_by("pk"), to_attr="texts")
            )
            .order_by(
                Coalesce("filed", "period_end").desc(),
                F("accepted_at").desc(nulls_last=True),
                "-pk",
            )
        )


@documented(
    shapes.ResearchSerializer, many=True, summary="Research in force on a stock, the newest first"
)
class StockResearch(Readable, generics.ListAPIView[ResearchNote]):
    needs = ("summaries.view_researchnote",)
    serializer_class = shapes.ResearchSerializer
    filterset_class = filters.ResearchFilter
    ordering_fields = ("published_at",)
    ordering = ("-published_at", "-pk")

    def get_queryset(self) -> QuerySet[ResearchNote]:
        if getattr(self, "swagger_fake_view", False):
            return ResearchNote.objects.none()
        stock = stock_of(Stock.objects.all(), self.kwargs["ticker"])
        notes = ResearchNote.objects.readable_by(self.request.user).in_force()
        return notes.filter(issuers__stock=stock).prefetch_related("issuers").distinct()


@documented(
    shapes.PassagesSerializer,
    many=False,
    summary="Passages that answer a question, the best first",
    parameters=[parameters.SearchParameters],
)
class Search(Readable, APIView):
    needs = (VIEW_DOCUMENT,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = parameters.read(parameters.SearchParameters, request)
        found = search(
            Query(
                asked["q"],
                stocks=tuple(asked.get("stock", ())),
                kinds=tuple(asked.get("kind", ())),
                forms=tuple(asked.get("form", ())),
                since=asked.get("since"),
                until=asked.get("until"),
                as_of=asked.get("as_of"),
                reader=request.user,
                k=asked["k"],
            )
        )
        return Response(shapes.PassagesSerializer({"count": len(found), "results": found}).data)
