"""Five minutes before a call, in a real browser: ask, watch it come, read its source, go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from fa_site import middleware
from queries.models import Feedback
from tests.faces.test_browser import CHROMIUM, overflow, sign_in
from tests.factories import make_published_summary, make_user
from tests.queries.talks import handlers
from tests.queries.talks.streams import Streams, streams

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="No Chromium on PATH: install chromium to run the browser tests."
    ),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("depths"),
]
SOON = 30_000  # milliseconds


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, live_server: LiveServer
) -> Iterator[Streams]:
    log = tmp_path_factory.mktemp("streams") / "log"
    with streams(log, FA_SITE_URL=live_server.url) as made:
        yield made


@pytest.fixture(autouse=True)
def _streams_elsewhere(
    site: Streams, settings: Any, monkeypatch: pytest.MonkeyPatch, depths: None
) -> None:
    """At an address of their own, as FA_STREAM_URL has it; the policy is made when it is read."""
    settings.STREAM_URL = site.url.replace("127.0.0.1", "localhost")
    allowed = {**middleware._STRICT, "connect-src": f"'self' {settings.STREAM_URL}"}
    monkeypatch.setattr(middleware, "STRICT_POLICY", middleware._policy(allowed))
    make_user("anna", "advisor")
    make_published_summary()


def ask_on_the_stock_page(page: Page, question: str) -> None:
    sign_in(page, "anna", "/stocks/ACME/")
    page.get_by_label("Ask about ACME").fill(question)
    page.get_by_label("Ask about ACME").press("Enter")


def test_an_answer_comes_is_proven_and_gone_on_with(page: Page, complaints: list[str]) -> None:
    expect.set_options(timeout=SOON)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask_on_the_stock_page(page, "Wait, what was revenue?")
    first = page.locator("#q1")
    expect(first.locator("[data-text] .live-not_checkable")).to_have_text(handlers.FIRST)
    expect(first.locator(".steps .done")).to_have_text("Looking for the figure")
    assert overflow(page) == 0
    handlers.open_gate()
    expect(first.locator(".said-line-supported")).to_contain_text("reported 1,234,000,000 USD.")
    expect(page.locator("[data-announce]")).to_have_text("The answer is there.")

    cite = first.locator(".answer-text a.cite")
    cite.click()
    expect(page.locator("#evidence mark.quote")).to_contain_text("1,234,000,000 USD")
    expect(page.locator("#evidence")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#evidence mark.quote")).to_have_count(0)
    expect(cite).to_be_focused()

    first.get_by_role("button", name="Copy with sources").click()
    expect(first.get_by_role("button", name="Copied")).to_be_visible()
    assert "USD. [1]\n\n[1] 10-K" in page.evaluate("navigator.clipboard.readText()")
    first.locator(".feedback summary").click()
    first.get_by_label("Yes").check()
    first.get_by_role("button", name="Send").press("Enter")
    expect(first.get_by_text("Thank you, kept.")).to_be_visible()
    assert Feedback.objects.get().is_accurate

    page.get_by_label("Go on").fill("And the year before?")
    page.get_by_label("Go on").press("Control+Enter")
    expect(page.locator("#q2 .answer-text").last).to_contain_text("Wait, what was revenue?")
    assert page.url.endswith("#q2")
    assert overflow(page) == 0
    assert complaints == []


def test_stopped_it_ends_and_can_be_asked_again(page: Page, complaints: list[str]) -> None:
    expect.set_options(timeout=SOON)
    ask_on_the_stock_page(page, "Wait, what was revenue?")
    answer = page.locator("#q1")
    expect(answer.locator("[data-text]")).to_have_text(handlers.FIRST)
    answer.get_by_role("button", name="Stop").click()
    expect(answer.locator(".notice")).to_contain_text("It was stopped.")
    expect(answer.locator(".answer-text")).to_have_text(handlers.FIRST)
    handlers.open_gate()
    answer.get_by_role("button", name="Ask it again").click()
    expect(answer.locator(".said-line-supported")).to_contain_text("1,234,000,000 USD.")
    assert overflow(page) == 0
    assert complaints == []


def test_without_javascript_the_page_looks_again_by_itself(
    browser: Browser, live_server: LiveServer
) -> None:
    expect.set_options(timeout=SOON)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    ask_on_the_stock_page(page, "Wait, what was revenue?")
    expect(page.locator("#q1 .steps")).to_have_text("Waiting for its turn")
    handlers.open_gate()
    expect(page.locator("#q1 .said-line-supported")).to_contain_text("1,234,000,000 USD.")
    page.locator("#q1 .answer-text a.cite").click()
    expect(page.locator("mark.quote")).to_contain_text("1,234,000,000 USD")
    context.close()
