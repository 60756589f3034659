"""analyze_hallucinations and export_labelled_cases."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from summaries.actions import ask_rewrite, mark_false_alarm, reject
from summaries.models import AuditEvent, Document, Finding, LabelledCase, Summary
from tests.factories import (
    cite,
    make_claim,
    make_note,
    make_plan,
    make_published_summary,
    make_stock,
    make_user,
)

pytestmark = pytest.mark.django_db


def run(command: str, *options: str) -> str:
    out = io.StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


@contextmanager
def written(days_ago: int) -> Iterator[datetime]:
    """Texts that are made inside were written then."""
    before = set(Summary.objects.values_list("pk", flat=True))
    at = timezone.now() - timedelta(days=days_ago)
    yield at
    Summary.objects.exclude(pk__in=before).update(created_at=at)


def make_wrong(ticker: str, *codes: str, **fields: Any) -> Summary:
    """Three sentences that hold, and one with a finding of each code."""
    held = make_published_summary(make_stock(ticker), state="held")
    Summary.objects.filter(pk=held.pk).update(**{"state_reason": "It fails.", **fields})
    held.refresh_from_db()
    claim = make_claim(held, "Wrong.", position=1, verdict="contradicted")
    for code in codes:
        Finding.objects.create(claim=claim, code=code, reason=f"By {code}.", start=0, end=5)
    return held


@pytest.fixture
def otto(db: None) -> User:
    return make_user("otto", "ops")


@pytest.fixture
def a_month(otto: User) -> None:
    """Three texts of this week, one of the week before, one long ago."""
    with written(1):
        first = make_wrong("AAA", "value", "unread", writer="some-model")
        second = make_wrong("BBB", "value")
        third = make_published_summary(make_stock("CCC"))
    with written(9):
        make_wrong("AAB", "value", "value", "period")
    with written(40):
        make_wrong("OLD", "direction")
    AuditEvent.objects.create(
        action="write", subject_type="summary", subject_id=str(first.pk),
        detail={
            "prompts": "p1 p2", "claims_offered": 20, "claims_cited": 18, "claims_supported": 15,
            "findings": {"value": 3, "misquoted": 2},
        },
    )  # fmt: skip
    mark_false_alarm(finding=Finding.objects.filter(claim__summary=first)[0], reason="So.", by=otto)
    reject(summary=first, reason="No.", by=otto)
    ask_rewrite(summary=second, reason="No.", by=otto)
    assert third.state == "published"


@pytest.mark.usefixtures("a_month")
def test_a_week_is_counted_and_set_beside_the_week_before() -> None:
    told = json.loads(run("analyze_hallucinations", "--last-week", "--format", "json"))
    assert (told["texts"], told["claims"]) == (3, 11)
    lines = {
        (one["section"], one["name"]): (
            one["count"], one["of"], one["count_before"], one["of_before"],
        )
        for one in told["lines"]
    }  # fmt: skip
    assert lines == {
        ("verdict", "supported"): (9, 11, 3, 4),
        ("verdict", "contradicted"): (2, 11, 1, 4),
        ("verdict", "not found"): (0, 11, 0, 4),
        ("verdict", "not checkable"): (0, 11, 0, 4),
        ("finding", "value"): (2, 11, 2, 4),
        ("finding", "unread"): (1, 11, 0, 0),
        ("finding", "period"): (0, 0, 1, 4),
        ("stock", "AAA"): (1, 4, 0, 0),
        ("stock", "BBB"): (1, 4, 0, 0),
        ("stock", "AAB"): (0, 0, 1, 4),
        ("stock", "CCC"): (0, 3, 0, 0),
        ("writer", "some-model, prompts p1 p2"): (1, 4, 0, 0),
        ("writer", "extractive"): (1, 7, 1, 4),
        ("outcome", "published"): (1, 3, 0, 1),
        ("outcome", "held"): (0, 3, 1, 1),
        ("outcome", "rejected"): (1, 3, 0, 1),
        ("outcome", "sent back for a rewrite"): (1, 3, 0, 1),
        ("outcome", "replaced before it was decided"): (0, 3, 0, 1),
        ("offered", "cited exactly"): (18, 20, 0, 0),
        ("offered", "proven"): (15, 20, 0, 0),
        ("refused", "value"): (3, 20, 0, 0),
        ("refused", "misquoted"): (2, 20, 0, 0),
        ("review", "false alarms marked"): (1, 3, 0, 3),
    }


@pytest.mark.usefixtures("a_month")
def test_the_same_as_text_and_as_csv() -> None:
    text = run("analyze_hallucinations")
    assert text.startswith("3 texts were written in the last 7 days, 11 claims checked.")
    assert "In brackets: the 7 days before." in text
    assert " 2 of      11   18.2%  (25.0%, -6.8 points)" in text
    assert "some-model, prompts p1 p2" in text
    rows = list(csv.DictReader(io.StringIO(run("analyze_hallucinations", "--format", "csv"))))
    assert rows[1] == {
        "section": "verdict", "name": "contradicted", "count": "2", "of": "11",
        "share": "0.181818", "count_before": "1", "of_before": "4", "share_before": "0.25",
    }  # fmt: skip
    assert len(rows) == 23


@pytest.mark.usefixtures("a_month")
def test_other_windows() -> None:
    day = (timezone.localdate() - timedelta(days=12)).isoformat()
    for options, texts in ((["--days", "10"], 4), (["--days", "60"], 5), (["--since", day], 4)):
        told = json.loads(run("analyze_hallucinations", *options, "--format", "json"))
        assert told["texts"] == texts, options


def test_without_a_text_it_says_so() -> None:
    with written(30):
        make_wrong("OLD", "value")
    told = run("analyze_hallucinations", "--last-week")
    assert told.startswith("No text was written in the last 7 days, so there is nothing to")
    assert "--days 30" in told
    assert json.loads(run("analyze_hallucinations", "--format", "json"))["texts"] == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--days", "0"], "--days must be between 1 and 3650"),
        (["--since", "yesterday"], "--since is 'yesterday'; write a day such as"),
        (["--since", "2026-02-30"], "--since is '2026-02-30'"),
        (["--since", "2026-01"], "--since is '2026-01'"),
        (["--since", "2999-01-01"], "write a day that has begun"),
    ],
)
def test_what_is_no_window_is_told(options: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        run("analyze_hallucinations", *options)
    assert refused.value.returncode == 2


# Labelled cases

SHARED = {
    "id", "pair_id", "label", "error_type", "claim", "change", "claim_kind", "origin",
    "source_text", "source_table", "source_meta", "evidence", "provenance",
}  # fmt: skip


@pytest.fixture
def case(otto: User) -> LabelledCase:
    held = make_published_summary(make_stock(), state="held")
    finding = Finding.objects.create(
        claim=held.claims.get(tier="medium"), code="value", reason="No.", start=0, end=7
    )
    return mark_false_alarm(finding=finding, reason="It is filed so, “here”.", by=otto)


def test_cases_are_exported_in_the_shape_of_the_labelled_claims(
    case: LabelledCase, tmp_path: Path
) -> None:
    file = tmp_path / "cases.jsonl"
    assert run("export_labelled_cases", "--output", str(file)) == f"{file}: 1 case.\n"
    (row,) = map(json.loads, file.read_text().splitlines())
    assert set(row) == SHARED
    document = Document.objects.get()
    assert (row["id"], row["label"], row["error_type"]) == (
        f"review-{case.pk}", "supported", "none",
    )  # fmt: skip
    assert (row["claim"], row["source_text"]) == (case.claim, document.text)
    assert row["source_meta"]["ticker"] == "ACME"
    (cited,) = row["evidence"]
    assert document.text[cited["start"] : cited["end"]] == cited["quote"]
    assert row["provenance"] | {"at": ""} == {
        "summary": case.summary_id, "claim": case.claim_row_id, "finding": "value",
        "finding_reason": "No.", "verdict_given": "supported",
        "reason": "It is filed so, “here”.", "by": "otto", "at": "",
    }  # fmt: skip


def test_cases_are_exported_as_csv(case: LabelledCase, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    run("export_labelled_cases", "--output", str(file))
    (row,) = csv.DictReader(io.StringIO(file.read_text()))
    assert set(row) == SHARED
    assert (row["claim"], row["source_table"]) == (case.claim, "")
    assert json.loads(row["provenance"])["reason"] == case.reason


def test_a_case_outlives_its_text(case: LabelledCase, tmp_path: Path) -> None:
    text = Document.objects.get().text
    Summary.objects.all().delete()
    file = tmp_path / "cases.jsonl"
    run("export_labelled_cases", "--output", str(file))
    assert json.loads(file.read_text())["source_text"] == text
    Document.objects.all().delete()
    run("export_labelled_cases", "--output", str(file))
    row = json.loads(file.read_text())
    assert row["source_text"] == row["evidence"][0]["quote"]
    assert row["provenance"]["summary"] is None


def test_licensed_cases_are_left_out_unless_asked_for(
    case: LabelledCase, otto: User, tmp_path: Path
) -> None:
    note = make_note(make_stock("BBB"), make_plan())
    assert note.document
    licensed = make_published_summary(make_stock("CCC"), state="held")
    claim = licensed.claims.get(tier="hook")
    cite(claim, note.document, "Margins", "$1.2bn")
    # Another sentence of the text, which cites nothing under the licence.
    other = licensed.claims.get(tier="medium")
    finding = Finding.objects.create(claim=other, code="value", reason="No.", start=0, end=3)
    mark_false_alarm(finding=finding, reason="So.", by=otto)
    file = tmp_path / "cases.jsonl"
    assert "1 case. 1 under a licence left out" in run(
        "export_labelled_cases", "--output", str(file)
    )
    assert len(file.read_text().splitlines()) == 1
    assert "2 cases." in run("export_labelled_cases", "--licensed", "--output", str(file))
    assert len(file.read_text().splitlines()) == 2


def test_nothing_to_export_says_so(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    assert "0 cases. Nobody has marked" in run("export_labelled_cases", "--output", str(file))
    assert file.read_text() == ""


@pytest.mark.parametrize("name", ["cases.txt", "cases"])
def test_an_unknown_ending_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=r"ends in \.jsonl or \.csv") as refused:
        run("export_labelled_cases", "--output", str(tmp_path / name))
    assert refused.value.returncode == 2


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written"):
        run("export_labelled_cases", "--output", str(tmp_path / "none" / "cases.csv"))
