"""The examples of docs/api.md run against a live server and a live process of streams."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from queries.models import Query
from tests.factories import make_published_summary, make_token, make_user
from tests.queries.talks import handlers
from tests.queries.talks.streams import Streams, streams

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("depths")]
API_MD = Path(__file__).parents[3] / "docs" / "api.md"
NODE = shutil.which("node")
REVENUE = "Acme Corp reported 1,234,000,000 USD."


def example(language: str) -> str:
    [code] = re.findall(rf"^```{language} example\n(.*?)^```$", API_MD.read_text(), re.M | re.S)
    return str(code)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Streams]:
    with streams(tmp_path_factory.mktemp("streams") / "log") as made:
        yield made


@pytest.fixture
def environment(live_server: LiveServer, site: Streams, settings: object) -> dict[str, str]:
    settings.STREAM_URL = site.url  # type: ignore[attr-defined]
    cache.clear()
    make_published_summary()
    token = make_token(make_user("anna", "advisor"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "FA": live_server.url, "TOKEN": token}


def said(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "example.py"
    file.write_text(example("python"))
    told = said(sys.executable, str(file), environment=environment)
    fact = Query.objects.get(number=1).citations.get().fact_id
    assert f"supported {REVENUE} ['/facts/{fact}/']" in told
    assert f"{handlers.FIRST} [not_checkable]" in told
    assert "Before, 'What was revenue last year?' was asked." in told
    assert told.endswith("finished\n")


@pytest.mark.skipif(NODE is None, reason="No node on PATH: install Node 18 or newer to run it.")
def test_javascript(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "example.mjs"
    file.write_text(example("javascript"))
    told = said(str(NODE), str(file), environment=environment).splitlines()
    assert f"supported {REVENUE}" in told
    assert told[-4:] == [
        handlers.FIRST, f" {REVENUE}", " Before, 'What was revenue last year?' was asked.", "finished",
    ]  # fmt: skip
