"""What all answers of the API share: an entry in the schema, an ETag, filters that refuse what they
don't know."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[object]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong and what to do about it.")
    instance = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="By parameter, where some are wrong."
    )


_PROBLEM = ProblemSerializer
ERRORS: dict[Any, Any] = {
    ("401", "application/problem+json"): _PROBLEM,
    ("403", "application/problem+json"): _PROBLEM,
    ("404", "application/problem+json"): _PROBLEM,
    ("429", "application/problem+json"): _PROBLEM,
}
INVALID: dict[Any, Any] = {("400", "application/problem+json"): _PROBLEM}


def documented(shape: type, *, many: bool, summary: str, parameters: Any = None) -> Any:
    """One view's entry in the schema: its answer and its problems."""
    invalid = INVALID if many or parameters else {}
    answer = {"200": shape(many=many), **ERRORS, **invalid}
    return extend_schema_view(
        get=extend_schema(responses=answer, summary=summary, parameters=parameters)
    )


class Readable:
    """An ETag on every answer, so that an unchanged one costs no transfer."""

    needs: ClassVar[tuple[str, ...] | None] = None

    @method_decorator(conditional_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(*args, **kwargs)  # type: ignore[misc]


class Strict(django_filters.FilterSet):  # type: ignore[misc]
    """Refuses parameters that it doesn't know: a misspelt filter must not widen the answer."""

    def is_valid(self) -> bool:
        valid = super().is_valid()
        unknown = set(self.data) - set(self.filters) - {"page", "page_size", "ordering", "format"}
        for name in sorted(unknown):
            known = ", ".join(sorted(self.filters)) or "none"
            self.form.errors[name] = self.form.error_class(
                [f"There is no such parameter. Filters here: {known}."]
            )
        return valid and not unknown
