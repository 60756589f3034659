"""What operators see: the command and the admin's lists."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

import llm
from llm.models import CircuitEvent, KeptReply, Route
from llm.standing import standing
from tests.llm.door.asks import an_ask, rows
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket


def told(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("llm_status", *arguments, stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_status_in_words(site: ModelSite) -> None:
    llm.write(an_ask())
    code, text = told()
    assert code == 0
    assert text.splitlines() == [
        "simple: claude-haiku-5-5, then gpt-6-luna",
        "moderate: claude-sonnet-5-5, then gpt-6.1-terra",
        "complex: claude-sonnet-5-5, then gpt-6-sol",
        "anthropic: in use, 0 of 100 calls under way, 0 of 1 failed in the last minute",
        "openai: in use, 0 of 100 calls under way, 0 of 0 failed in the last minute",
        "A minute: 2,000 requests and 2,000,000 tokens a provider.",
        f"Prompt tokens read from caches in 24 hours: 0.0% of {rows('input_tokens')[0][0]}",
        "Calls on the ledger under way: 0, of unknown outcome: 0",
    ]


def test_check_asks_each_provider(site: ModelSite) -> None:
    code, text = told("--check")
    assert code == 0
    assert "anthropic claude-haiku-5-5: answers" in text
    assert "openai gpt-6-luna: answers" in text
    assert [row[0] for row in rows("agent")] == ["llm_status"] * 2
    site.script.add(Fault("status", provider="openai", status=401))
    code, text = told("--check")
    assert code == 1
    assert "openai gpt-6-luna: openai gpt-6-luna: unauthorised (401)" in text


def test_status_without_a_provider_and_without_valkey(site: ModelSite, settings: Any) -> None:
    here, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    assert "Valkey is away" in told()[1]
    assert standing().circuits is None
    settings.REDIS_URL = here
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = ""
    assert told()[1].startswith("No provider is set up: set ANTHROPIC_API_KEY or OPENAI_API_KEY.")


def test_lists_of_the_admin(site: ModelSite, admin_client: Client) -> None:
    llm.write(an_ask(replay="k"))
    CircuitEvent.objects.create(provider="openai", state="open", reason="server")
    for name in ("route", "circuitevent", "messagebatch", "batchentry", "keptreply"):
        assert admin_client.get(f"/admin/llm/{name}/").status_code == 200, name
    kept = KeptReply.objects.get()
    page = admin_client.get(f"/admin/llm/keptreply/{kept.pk}/change/")
    assert page.status_code == 200
    assert "Revenue grew" not in page.content.decode()
    assert admin_client.get("/admin/llm/circuitevent/add/").status_code == 403


def test_routes_are_edited_and_unpriced_models_refused(
    site: ModelSite, admin_client: Client
) -> None:
    fields = {
        "complexity": "simple", "position": "1", "provider": "openai", "model": "gpt-99",
        "up_to_tokens": "", "effort": "", "is_enabled": "on",
    }  # fmt: skip
    page = admin_client.post("/admin/llm/route/add/", fields)
    assert "has no price in force" in page.content.decode()
    assert not Route.objects.exists()
    admin_client.post("/admin/llm/route/add/", {**fields, "model": "gpt-6-sol"})
    assert llm.write(an_ask()).model == "gpt-6-sol"


def test_no_text_in_the_log(site: ModelSite, caplog: pytest.LogCaptureFixture) -> None:
    site.script.add(Fault("status", status=400, times=1, message="about Jane Roe"))
    with caplog.at_level(logging.DEBUG):
        llm.write(an_ask("A very private question about Jane Roe"))
    assert "llm.call" in caplog.text
    for secret in ("private", "Jane Roe", "Revenue grew", "sk-test-key"):
        assert secret not in caplog.text
