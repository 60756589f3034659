"""A Valkey of a test's own, to be killed and started again."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.test import override_settings

from fa_site.embedded.valkey import Valkey
from llm import shared
from queries.cache import valkey


@dataclass
class Server:
    folder: Path

    def start(self) -> str:
        """Its address, the same each time."""
        url = Valkey(self.folder).ensure()
        _ask_again()
        return url

    def kill(self) -> None:
        os.kill(int((self.folder / "valkey" / "valkey.pid").read_text()), signal.SIGKILL)
        _ask_again()


@contextmanager
def own_valkey() -> Iterator[Server]:
    """The settings name it for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="fa-valkey-") as folder:
        server = Server(Path(folder))
        try:
            with override_settings(REDIS_URL=server.start()):
                yield server
        finally:
            Valkey(server.folder).stop()
            _ask_again()


def _ask_again() -> None:
    """As if the seconds were over in which a server that was away isn't asked."""
    shared.back()
    valkey.back()
