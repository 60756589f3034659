"""The files of a command that reads and writes lines of text; "-" is standard input or output."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError


@contextmanager
def reading(name: str) -> Iterator[IO[str]]:
    """Raises CommandError where it can't be read."""
    if name == "-":
        yield sys.stdin
        return
    with ExitStack() as opened:
        try:
            lines = opened.enter_context(Path(name).open(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CommandError(f"{name} can't be read: {error.strerror}", returncode=2) from error
        yield lines


@contextmanager
def writing(name: str) -> Iterator[IO[str]]:
    """All or nothing: a file that is there keeps what it holds until the last line. Raises
    CommandError where it can't be written."""
    if name == "-":
        yield sys.stdout
        return
    path = Path(name)
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CommandError(f"{name} can't be written: {error.strerror}", returncode=2) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            yield output
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
