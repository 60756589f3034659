"""The command that anybody may run on a file of questions."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.queries.answering.pages import NOTES, PAINTS

ASKED = "What were paint sales in 2024?"


def row(name: str, question: str = ASKED, **more: Any) -> str:
    documents = [{"text": NOTES}, {"text": "", "tables": PAINTS}]
    return json.dumps({"id": name, "question": question, "documents": documents} | more)


def run(folder: Path, *lines: str) -> tuple[list[dict[str, Any]], str]:
    """The answers, and what was said beside them."""
    questions, answers = folder / "questions.jsonl", folder / "answers.jsonl"
    questions.write_text("\n".join(lines), encoding="utf-8")
    said = io.StringIO()
    call_command("ask", questions=str(questions), output=str(answers), stderr=said)
    return [json.loads(line) for line in answers.read_text().splitlines()], said.getvalue()


def test_one_answer_a_row(tmp_path: Path) -> None:
    several = [{"tables": [[["", "2024"], ["Ladders", "3"]], PAINTS]}]
    answers, said = run(
        tmp_path, row("found"), "", row("second", documents=several),
        row("unsaid", "What were varnish sales in 2024?"),
        row("listed", "What were the paint sales in 2024 and 2023, respectively?"),
    )  # fmt: skip
    assert all(one.pop("seconds") >= 0 for one in answers)
    cell = {"start": -1, "end": -1, "quote": "$700", "row": 1, "column": 1}
    assert answers[0] == {
        "id": "found", "answer": "$700 million", "value": 700, "unit": "USD", "scale": "million",
        "verdict": "supported", "text": "The paint sales in 2024 were $700 million.", "formula": "",
        "citations": [{"document": 1, "table": 0} | cell],
    }  # fmt: skip
    assert answers[1]["citations"] == [{"document": 0, "table": 1} | cell]
    assert (answers[2]["answer"], answers[2]["value"], answers[2]["verdict"]) == (
        None, None, "not_found",
    )  # fmt: skip
    assert answers[3]["answer"] == ["700", "500"]
    assert "4 questions: 3 supported, 1 not_found." in said


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "it is not JSON"),
        ("[1]", "it is not an object"),
        (row("a", ""), 'it has no "question"'),
        (row(""), 'it has no "id"'),
        (row("a", "x" * 20_001), "its question is longer than 20,000 characters"),
        (row("a", documents=[]), 'it has no "documents"'),
        (row("a", documents=["x"]), 'one of its "documents" is not an object'),
        (row("a", documents=[{"text": 7}]), 'the "text" of a document is not a text'),
        (row("a", documents=[{"text": ""}]), 'neither "text" nor "tables"'),
        (row("a", documents=[{"tables": ["x"]}]), "are no list of tables or rows"),
        (row("a", documents=[{"tables": [[["x"], "y"]]}]), "is not a list of rows"),
    ],
)
def test_what_cannot_be_read_is_named_and_skipped(tmp_path: Path, line: str, why: str) -> None:
    answers, said = run(tmp_path, row("good"), line, row("good"))
    assert [one["verdict"] for one in answers] == ["supported", "supported"]
    assert "Line 2 is skipped" in said
    assert why in said
    assert "1 lines skipped" in said


def test_a_file_without_a_readable_line_fails_and_leaves_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No line of the questions could be read"):
        run(tmp_path, "{")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("ask", questions=str(tmp_path / "none"), output=str(tmp_path / "out"))
