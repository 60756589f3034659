"""Small suites of one company, as files in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NAME = "small"
REVENUE = {
    "concept": "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
    "start": "2024-06-01", "end": "2025-05-31", "value": "46309000000", "unit": "USD",
    "form": "10-K", "period_end": "2025-05-31",
}  # fmt: skip
TRUE = "Nike's revenue was $46.3bn in fiscal 2025."
FALSE = "Nike's revenue was $43.6bn in fiscal 2025."


def summary(*facts: dict[str, Any]) -> dict[str, Any]:
    expected = [{**one, "tiers": ["hook", "medium", "expanded"]} for one in facts or (REVENUE,)]
    return {"id": "summary-nke", "kind": "summary", "ticker": "NKE", "facts": expected}


def fact(claim: str = TRUE) -> dict[str, Any]:
    printed = [{**REVENUE, "printed": "$46.3bn"}]
    return {"id": "fact-nke", "kind": "fact", "ticker": "NKE", "claim": claim, "facts": printed}


def false(claim: str = FALSE) -> dict[str, Any]:
    return {
        "id": "false-nke", "kind": "false", "ticker": "NKE", "claim": claim, "truth": TRUE,
        "wrong": "digit", "facts": [REVENUE],
    }  # fmt: skip


def write_suite(folder: Path, *cases: dict[str, Any], name: str = NAME) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
