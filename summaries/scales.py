"""The scale of risks that this installation uses: the one place that reads it from the settings."""

from __future__ import annotations

from django.conf import settings

from summaries.verification import Scale
from summaries.verification.documents.judging import Weights


def scale() -> Scale:
    return Scale(*settings.RISK_WEIGHTS, *settings.RISK_LEVELS)


def document_weights() -> Weights:
    """The same for claims that are held against a document, which knows no history."""
    told = scale()
    return Weights(
        sources=float(told.sources),
        certainty=float(told.certainty),
        veto=float(told.reject),
        read=float(told.review),
    )
