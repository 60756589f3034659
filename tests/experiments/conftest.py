from __future__ import annotations

from collections.abc import Iterator

import pytest

from experiments import door, flags, running
from experiments.recording import waiting


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """What the process keeps is another test's."""

    def forget() -> None:
        running.known.forget()
        flags.flags.forget()
        door.forget_told()
        waiting.back()

    forget()
    yield
    forget()
