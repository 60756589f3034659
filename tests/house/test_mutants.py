"""`make mutants`: what it lays out, how it reads what came of it, what it says where mutmut is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.mutants import MODULES, MUTMUT, ROOT, TESTS, Outcome, lay_out, outcome


def test_without_mutmut_it_says_what_to_install(tmp_path: Path) -> None:
    without = tmp_path / "python"
    without.write_text("#!/bin/sh\nexit 1\n")
    without.chmod(0o755)
    ended = subprocess.run(
        [sys.executable, "-m", "bench.mutants", "--python", without],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 2
    assert f"{without} -m pip install {MUTMUT}" in ended.stderr
    assert ended.stdout == ""


def test_what_is_laid_out_asks_for_no_django(tmp_path: Path) -> None:
    lay_out(tmp_path)
    (tmp_path / "django.py").write_text("raise ImportError('a pure test asks for Django')\n")
    names = [path.removesuffix(".py").replace("/", ".") for path in (*TESTS, *MODULES)]
    ended = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(names)}"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")


def test_outcome_counts_each_mutant_once(tmp_path: Path) -> None:
    codes = {
        "summaries.periods.x_first__mutmut_1": 1,
        "summaries.periods.x_first__mutmut_2": 0,
        "summaries.periods.x_first__mutmut_3": 3,
        "summaries.periods.x_second__mutmut_1": 36,
        "summaries.periods.x_second__mutmut_2": 33,
        "summaries.periods.x_second__mutmut_3": None,
    }
    written = tmp_path / "mutants/summaries/periods.py.meta"
    written.parent.mkdir(parents=True)
    written.write_text(json.dumps({"exit_code_by_key": codes}))
    made = outcome(tmp_path, "summaries/periods.py")
    assert made == Outcome(
        "summaries/periods.py", killed=2, timed_out=1, survivors=["first__mutmut_2"],
        untried=["second__mutmut_2", "second__mutmut_3"],
    )  # fmt: skip
    assert made.mutants == len(codes)
