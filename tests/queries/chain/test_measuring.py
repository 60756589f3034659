"""The masking finds nearly all that was planted, and hides next to nothing else."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from queries.chain.masking_cases import FORMED
from queries.chain.measuring import measure


def test_recall_and_false_masks_keep_their_bounds() -> None:
    measured = measure(frozenset())
    assert measured.of.total() > 180
    assert measured.clean > 180
    assert measured.recall_of("PERSON") >= 0.9
    assert {kind for kind in FORMED if measured.recall_of(kind) < 0.95} == set()
    assert measured.recall >= 0.95
    assert measured.false_share <= 0.01
    assert len(measured.missed) == measured.of.total() - measured.found.total()


@pytest.mark.django_db
def test_the_command_prints_what_was_measured() -> None:
    out = StringIO()
    call_command("measure_masking", "--list", stdout=out)
    last = [
        line for line in out.getvalue().splitlines() if not line.startswith(("missed", "false:"))
    ]
    assert last[-2].startswith("recall 0.9") or last[-2].startswith("recall 1.0")
    assert last[-1].startswith("false_masks 0.0")
