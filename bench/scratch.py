"""A product of its own for a bench: servers, an empty database, gone when the bench ends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(**variables: str) -> Iterator[Path]:
    """Embedded PostgreSQL and Valkey in a folder of their own, Django set up, tables made.

    ``variables`` go into the environment before the settings are read.
    """
    with tempfile.TemporaryDirectory(prefix="fa-bench-") as folder:
        for name in ("DATABASE_URL", "REDIS_URL", "FA_EMBEDDED_POSTGRES", "FA_EMBEDDED_VALKEY"):
            os.environ.pop(name, None)
        os.environ.update({"FA_DATA_DIR": folder, "FA_ENV": "test", **variables})
        os.environ["DJANGO_SETTINGS_MODULE"] = "fa_site.settings"
        from fa_site import embedded
        from fa_site.services import attach

        attach()
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield Path(folder)
        finally:
            connections.close_all()
            embedded.stop(Path(folder))
