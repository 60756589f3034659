"""Workers in processes of their own, on the test's database, Valkey and providers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from tests.vendors import ModelSite

PROJECT = Path(__file__).parents[3]


@contextmanager
def worker(site: ModelSite, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Killed at the end, where it isn't over."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llm.door.worker", *arguments],
        cwd=PROJECT,
        env={**os.environ, **_environment(site), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def until(process: subprocess.Popen[str], word: str) -> list[str]:
    """Its lines up to the one that begins with ``word``."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.startswith(word):
            return lines
    raise AssertionError(f"It never said {word!r}:\n" + "\n".join(lines))


def _environment(site: ModelSite) -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return {
        "DJANGO_SETTINGS_MODULE": "fa_site.settings",
        "FA_ENV": "test",
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{name}")),
        "REDIS_URL": settings.REDIS_URL,
        "ANTHROPIC_API_KEY": settings.ANTHROPIC_API_KEY,
        "OPENAI_API_KEY": settings.OPENAI_API_KEY,
        "FA_ANTHROPIC_BASE_URL": site.anthropic_url,
        "FA_OPENAI_BASE_URL": site.openai_url,
    }
