"""`make mutants`: do the tests notice when a rule for numbers or periods is changed?

Each mutant is one of the modules with one thing changed: a comparison turned, a constant moved, a
branch negated. A mutant that all tests pass survives; docs/mutation-testing.md says why each may.
Only pure packages and pure tests take part, copied to a folder of their own: no server is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
MUTMUT = "mutmut==3.8.1"
MODULES = (
    "summaries/periods.py",
    "summaries/verification/numbering.py",
    "summaries/verification/quantities.py",
    "summaries/verification/whens.py",
    "summaries/verification/documents/figures.py",
    "summaries/verification/documents/spells.py",
)
# Left out: tests that take seconds for every survivor, such as those that corrupt whole texts.
TESTS = (
    "tests/summaries/test_factbook.py",
    "tests/summaries/test_numbering.py",
    "tests/summaries/test_periods.py",
    "tests/summaries/test_quantities.py",
    "tests/summaries/test_verification.py",
    "tests/summaries/test_verification_reading.py",
    "tests/summaries/test_whens.py",
    "tests/verification/test_figure_forms.py",
    "tests/verification/test_figures.py",
    "tests/verification/test_prose.py",
    "tests/verification/test_spell_forms.py",
    "tests/verification/test_spells.py",
    "tests/verification/test_tabular.py",
    "tests/verification/test_uncertainty.py",
)
HELPERS = (
    "tests/__init__.py", "tests/summaries/__init__.py", "tests/summaries/books.py",
    "tests/summaries/bundled.py", "tests/summaries/test_verification_templates.py",
    "tests/verification/__init__.py",
)  # fmt: skip
# Run when the module is imported, which is before mutmut forks: tried in processes of their own.
AT_IMPORT = {"summaries/verification/whens.py": ("_rule",)}
# How mutmut writes down what a run ended with.
_SURVIVED, _KILLED = 0, (1, 3)
_TIMED_OUT = (-24, 24, 36, 152, 255)


@dataclass
class Outcome:
    """Of one module. ``survivors`` and ``untried``: mutants' names by function."""

    module: str
    killed: int = 0
    timed_out: int = 0
    survivors: list[str] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)

    @property
    def mutants(self) -> int:
        return self.killed + self.timed_out + len(self.survivors) + len(self.untried)


def main() -> int:
    asked = _asked()
    python = str(Path(shutil.which(asked.python) or asked.python).absolute())
    if not _has_mutmut(python):
        print(
            f"{python} has no mutmut. It is not among the locked dependencies; install it with\n"
            f"  {python} -m pip install {MUTMUT}\nor name a Python that has it, pytest and "
            'hypothesis: make mutants ARGS="--python /path/to/python"',
            file=sys.stderr,
        )
        return 2
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
        return _run(python, asked.folder, asked.names)
    with tempfile.TemporaryDirectory(prefix="fa-mutants-") as folder:
        return _run(python, Path(folder), asked.names)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the Python that has mutmut")
    parser.add_argument(
        "--folder", type=Path, help="work here and keep it: only what changed is tried again"
    )
    parser.add_argument("names", nargs="*", help="of mutants, * allowed; all where none is named")
    return parser.parse_args()


def _has_mutmut(python: str) -> bool:
    try:
        asked = subprocess.run([python, "-c", "import mutmut"], capture_output=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0


def _run(python: str, folder: Path, names: list[str]) -> int:
    lay_out(folder)
    with (folder / "log.txt").open("w") as log:
        ended = subprocess.run(
            [python, "-m", "mutmut", "run", "--max-children", "1", *names],
            cwd=folder, stdout=log, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if ended.returncode:
        print((folder / "log.txt").read_text()[-3000:], file=sys.stderr)
        return ended.returncode
    outcomes = [outcome(folder, module) for module in MODULES]
    for one in outcomes:
        _try_afresh(python, folder, one)
    _report(outcomes)
    return 0


def lay_out(folder: Path) -> None:
    """The pure packages, the tests of them and mutmut's settings."""
    skipped = shutil.ignore_patterns("__pycache__", "migrations", "management")
    shutil.copytree(ROOT / "summaries", folder / "summaries", ignore=skipped, dirs_exist_ok=True)
    for name in (*TESTS, *HELPERS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / "bench" / "pure_conftest.py", folder / "tests" / "conftest.py")
    settings = {
        "source_paths": ("summaries",),
        "only_mutate": MODULES,
        "also_copy": ("summaries", "tests"),
        "pytest_add_cli_args_test_selection": TESTS,
    }
    lines = [
        f"{key}=\n" + "".join(f"    {one}\n" for one in those) for key, those in settings.items()
    ]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "".join(lines))


def outcome(folder: Path, module: str) -> Outcome:
    codes = json.loads((folder / "mutants" / f"{module}.meta").read_text())["exit_code_by_key"]
    made = Outcome(module)
    for name, code in codes.items():
        short = name.rpartition(".")[2].removeprefix("x_")
        if code == _SURVIVED:
            made.survivors.append(short)
        elif code in _KILLED:
            made.killed += 1
        elif code in _TIMED_OUT:
            made.timed_out += 1
        else:
            made.untried.append(short)
    return made


def _try_afresh(python: str, folder: Path, made: Outcome) -> None:
    functions = AT_IMPORT.get(made.module, ())
    for name in [one for one in made.survivors if one.partition("__mutmut_")[0] in functions]:
        mutant = f"{made.module.removesuffix('.py').replace('/', '.')}.x_{name}"
        ended = subprocess.run(
            [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TESTS],
            cwd=folder / "mutants", env={**os.environ, "MUTANT_UNDER_TEST": mutant},
            capture_output=True, check=False,
        )  # fmt: skip
        if ended.returncode:
            made.survivors.remove(name)
            made.killed += 1


def _report(outcomes: list[Outcome]) -> None:
    for one in outcomes:
        print(
            f"{one.module}: {one.mutants} mutants, {one.killed} killed, {one.timed_out} ran too long, "
            f"{len(one.survivors)} survived, {len(one.untried)} not tried"
        )
        for said, names in (("survived", one.survivors), ("not tried", one.untried)):
            by_function = Counter(name.partition("__mutmut_")[0] for name in names)
            for function, count in by_function.items():
                print(f"  {function}: {count} {said}")


if __name__ == "__main__":
    sys.exit(main())
