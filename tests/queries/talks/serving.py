"""The streams' process with the tests' depth: python -m tests.queries.talks.serving PORT."""

from __future__ import annotations

import signal
import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from fa_site.processes import end_with_parent, end_with_starter


def _loaded(target: str) -> Any:
    end_with_parent(signal.SIGKILL)
    from fa_site.asgi import application
    from tests.queries.talks import handlers

    handlers.register()
    return application


if __name__ == "__main__":
    end_with_starter()
    Granian(
        "fa_site.asgi:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        websockets=False,
    ).serve(target_loader=_loaded)
