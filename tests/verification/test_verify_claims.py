"""The command that anybody may run on a file of claims."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

TABLE = [["(in millions)", "2024", "2023"], ["Paint sales", "$7", "$9"], ["Glue sales", "4", "2"]]


def row(name: str, claim: str, **more: Any) -> str:
    return json.dumps({"id": name, "claim": claim, "source_text": "", "source_table": TABLE} | more)


def run(folder: Path, *lines: str) -> tuple[list[dict[str, Any]], str]:
    """The verdicts, and what was said beside them."""
    claims, verdicts = folder / "claims.jsonl", folder / "verdicts.jsonl"
    claims.write_text("\n".join(lines), encoding="utf-8")
    said = io.StringIO()
    call_command("verify_claims", input=str(claims), output=str(verdicts), stderr=said)
    return [json.loads(line) for line in verdicts.read_text().splitlines()], said.getvalue()


def test_one_verdict_a_row(tmp_path: Path) -> None:
    verdicts, said = run(
        tmp_path,
        row("true", "Paint sales amounted to $7 million in 2024."),
        "",
        row("false", "Paint sales amounted to $8 million in 2024."),
        row("elsewhere", "Brush sales amounted to $7 million in 2024."),
    )
    assert [(one["id"], one["verdict"]) for one in verdicts] == [
        ("true", "supported"), ("false", "contradicted"), ("elsewhere", "not_found"),
    ]  # fmt: skip
    assert all(set(one) == {"id", "verdict", "score", "risk", "reasons"} for one in verdicts)
    assert verdicts[0]["reasons"] == []
    assert verdicts[0]["score"] > 0.9 > 0.4 > verdicts[0]["risk"]
    assert verdicts[1]["reasons"]
    assert verdicts[1]["risk"] == 1
    assert verdicts[2]["risk"] >= 0.8
    assert "3 claims: " in said


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is not JSON"),
        ("[1]", "it is not an object"),
        (row("a", ""), 'it has no "claim"'),
        (row("", "Sales were $7."), 'it has no "id"'),
        (row("a", "x" * 20_001), "its claim is longer than 20,000 characters"),
        (row("a", "Sales.", source_table=None), 'neither "source_text" nor "source_table"'),
        (row("a", "Sales.", source_table=["x"]), '"source_table" is not a list of rows'),
        (row("a", "Sales.", source_text=7), '"source_text" is not a text'),
        (row("a", "Sales.", source_meta=[]), '"source_meta" is not an object'),
    ],
)
def test_what_cannot_be_read_is_named_and_skipped(tmp_path: Path, line: str, why: str) -> None:
    good = row("good", "Paint sales amounted to $7 million in 2024.")
    verdicts, said = run(tmp_path, good, line, good)
    assert [one["verdict"] for one in verdicts] == ["supported", "supported"]
    assert "Line 2 is skipped" in said
    assert why in said
    assert "1 lines skipped" in said


def test_a_failed_run_leaves_the_old_verdicts(tmp_path: Path) -> None:
    kept = tmp_path / "verdicts.jsonl"
    kept.write_text("old")
    with pytest.raises(CommandError, match="can't be read: No such file"):
        call_command("verify_claims", input=str(tmp_path / "nowhere"), output=str(kept))
    with pytest.raises(CommandError, match="No line of the claims could be read"):
        run(tmp_path, "{")
    assert kept.read_text() in ("old", "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
