"""What all answers of the API share: an entry in the schema, an ETag, a stock by its ticker."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema, extend_schema_view

from summaries.api import serializers
from summaries.models import Stock

_PROBLEM = serializers.ProblemSerializer
_ERRORS: dict[Any, Any] = {
    ("401", "application/problem+json"): _PROBLEM,
    ("403", "application/problem+json"): _PROBLEM,
    ("429", "application/problem+json"): _PROBLEM,
}
_NOT_FOUND: dict[Any, Any] = {("404", "application/problem+json"): _PROBLEM}
_INVALID: dict[Any, Any] = {("400", "application/problem+json"): _PROBLEM}


def documented(shape: type, *, many: bool, summary: str, parameters: Any = None) -> Any:
    """One view's entry in the schema: its answer and its problems."""
    invalid = _INVALID if many or parameters else {}
    answer = {"200": shape(many=many), **_ERRORS, **_NOT_FOUND, **invalid}
    return extend_schema_view(
        get=extend_schema(responses=answer, summary=summary, parameters=parameters)
    )


class Readable:
    """An ETag on every answer, so that an unchanged one costs no transfer."""

    needs: ClassVar[tuple[str, ...] | None] = None

    @method_decorator(conditional_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(*args, **kwargs)  # type: ignore[misc]


def stock_of(stocks: QuerySet[Stock], ticker: str) -> Stock:
    """By ticker, whatever its case. Raises Http404."""
    found = stocks.filter(ticker=ticker.upper()).first()
    if found is None:
        raise Http404(
            f"There is no stock {ticker[:24]}. Look for it with /api/v1/stocks/?search=<name>."
        )
    return found
