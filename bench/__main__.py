"""`make bench [ONLY=name]`: run the benches, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NOT_BENCHES = {
    "__init__",
    "__main__",
    "authors",
    "companies",
    "entailing",
    "figures",
    "mutants",
    "pure_conftest",
    "scratch",
}


def names() -> list[str]:
    here = Path(__file__).parent
    return sorted(path.stem for path in here.glob("*.py") if path.stem not in NOT_BENCHES)


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(
            f"No bench named {', '.join(unknown)}. There are: {', '.join(names())}.",
            file=sys.stderr,
        )
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
        for name in wanted or names()
    ]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
