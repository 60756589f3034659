"""Progress for people: one line that changes on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import time
from typing import Protocol

LINE_SECONDS = 5.0


class Stream(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...
    def isatty(self) -> bool: ...


class Progress(Protocol):
    def line(self) -> str: ...
    def bar(self) -> str: ...


class Screen:
    def __init__(self, stream: Stream, *, quiet: bool = False) -> None:
        self._stream = stream
        self._quiet = quiet
        self._tty = stream.isatty()
        self._last = time.monotonic()
        self._open_line = False

    def show(self, progress: Progress) -> None:
        if self._quiet:
            return
        if self._tty:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r\x1b[2K" + progress.bar()[:width])
            self._open_line = True
            self._stream.flush()
        elif time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            self._stream.write(progress.line() + "\n")
            self._stream.flush()

    def close(self) -> None:
        """What comes next starts on a line of its own."""
        if self._open_line:
            self._stream.write("\n")
            self._open_line = False
