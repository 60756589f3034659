"""The `conftest.py` of the pure tests where mutants are tried: no Django, no chance, no memory.

mutmut forks every run from one process, which has run the tests before: what a cache remembers of
that run would hide a mutant, and a random example would kill it on some days only.
"""

from __future__ import annotations

import sys

import pytest
from hypothesis import Phase, settings

# That an example kills a mutant is enough; how small it can be made is not asked.
settings.register_profile(
    "mutants", derandomize=True, database=None, deadline=None, max_examples=50,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
settings.load_profile("mutants")


@pytest.fixture(autouse=True)
def _forgetful() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("summaries."):
            for value in list(vars(module).values()):
                _forget(value)


def _forget(function: object) -> None:
    """Empties the cache of a function, or of the one that `kept_up_to` keeps inside."""
    if hasattr(function, "cache_clear"):
        function.cache_clear()
    for cell in getattr(function, "__closure__", None) or ():
        if hasattr(cell.cell_contents, "cache_clear"):
            cell.cell_contents.cache_clear()
