"""One scale of risks, whoever computes one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from summaries.scales import document_weights, scale
from summaries.verification import Level, Scale, Verdict
from summaries.verification.documents.judging import told
from summaries.verification.documents.sources import source_of


@pytest.mark.parametrize(
    ("risk", "level"),
    [
        ("0", Level.LOW), ("0.39", Level.LOW), ("0.4", Level.MEDIUM), ("0.6", Level.HIGH),
        ("0.79", Level.HIGH), ("0.8", Level.CRITICAL), ("1", Level.CRITICAL),
    ],
)  # fmt: skip
def test_levels_begin_where_the_design_says(risk: str, level: Level) -> None:
    assert Scale().level(Decimal(risk)) is level


@pytest.mark.parametrize(
    ("verdict", "history", "certainty", "risk"),
    [
        (Verdict.SUPPORTED, "0", "0", "0"),
        (Verdict.SUPPORTED, "1", "0.5", "0.35"),
        (Verdict.NOT_CHECKABLE, "0", "0", "0.5"),
        (Verdict.NOT_FOUND, "0", "0", "0.8"),
        (Verdict.NOT_FOUND, "1", "1", "1.0"),
        (Verdict.CONTRADICTED, "0", "0", "1"),
    ],
)
def test_layers_add_up_and_contradiction_vetoes(
    verdict: Verdict, history: str, certainty: str, risk: str
) -> None:
    found = Scale().risk(verdict, history=Decimal(history), certainty=Decimal(certainty))
    assert found == Decimal(risk)


def test_settings_are_the_scale(settings: Any) -> None:
    settings.RISK_WEIGHTS = (Decimal("0.6"), Decimal("0.1"), Decimal("0.3"))
    settings.RISK_LEVELS = (Decimal("0.3"), Decimal("0.5"), Decimal("0.9"))
    own = scale()
    assert own.risk(Verdict.NOT_FOUND) == Decimal("0.9")
    assert own.risk(Verdict.SUPPORTED, history=Decimal(1)) == Decimal("0.1")
    assert own.level(Decimal("0.85")) is Level.HIGH
    source = source_of("Revenue was $10 million in 2024.")
    assert told("Costs were $3 million in 2024.", source, document_weights()).risk == 0.9


def test_one_rejected_claim_rejects_the_text() -> None:
    low, high = Decimal("0.1"), Decimal("0.8")
    assert Scale().together([low] * 9 + [high]) == high
    assert Scale().together([low, Decimal("0.5")]) == Decimal("0.3")
    assert Scale().together([]) == Decimal("0.5")
