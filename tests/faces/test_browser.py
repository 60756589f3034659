"""An advisor's five seconds, in a real browser: find a stock, see the proof of a figure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from summaries.models import Citation, Document, Finding, Summary
from tests.factories import (
    PASSWORD,
    filing_html,
    make_claim,
    make_filing_document,
    make_note,
    make_plan,
    make_published_summary,
    make_stock,
    make_summary,
    make_user,
    printed_value,
)

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
WIDTHS = {"desktop": 1280, "phone": 390}

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="No Chromium on PATH: install chromium to run the browser tests."
    ),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django takes it for an async caller.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console had to complain of, CSP violations among it."""
    return []


@pytest.fixture(params=sorted(WIDTHS))
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, complaints: list[str]
) -> Iterator[Page]:
    size = {"width": WIDTHS[request.param], "height": 800}
    context = browser.new_context(viewport=size, base_url=live_server.url)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda message: _note(message, complaints))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in {"error", "warning"}:
        complaints.append(message.text)


@pytest.fixture
def summary() -> Summary:
    make_user("anna", "advisor")
    make_user("otto", "ops", is_staff=True)
    for number in range(3):
        make_stock(f"OTHER{number}", name="A company with a name that is long enough to wrap")
    return make_published_summary(make_stock(name="Acme Holdings International Corporation"))


@pytest.fixture
def filed(summary: Summary) -> Document:
    """The filing that the summary rests on, as it prints itself: a wide table far down."""
    filing = summary.stock.filings.get()
    fact = filing.facts.get()
    prose = "<p>" + "What we depend on may fail us in many ways, and often did. " * 12 + "</p>"
    number = printed_value(fact.concept, "1,234")
    years = "".join(f"<td>$</td><td>{1000 + place},000</td>" for place in range(8))
    table = (
        "<table><tr><td>In millions</td>"
        + "".join(f'<td colspan="2">Year {2024 - place}</td>' for place in range(9))
        + f"</tr><tr><td>Revenue</td><td>$</td><td>{number}</td>{years}</tr>"
        + f"<tr><td>Cost of what was sold to customers</td><td></td><td>800</td>{years}</tr></table>"
    )
    body = (
        "<p>Annual report of the company on its business and its risks in the year</p>"
        f"<p><b>Item 1A. Risk Factors</b></p>{prose * 6}"
        f"<p><b>Item 8. Financial Statements</b></p>{prose * 12}{table}{prose * 12}"
    )
    return make_filing_document(filing, filing_html(body))


def sign_in(page: Page, name: str, path: str = "/") -> None:
    page.goto(path)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    # What is typed before the scripts are there starts no search.
    page.wait_for_url(lambda url: "/sign-in/" not in url, wait_until="load")


def overflow(page: Page) -> int:
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def test_an_advisor_finds_a_stock_and_sees_the_proof(
    page: Page, summary: Summary, complaints: list[str]
) -> None:
    sign_in(page, "anna")
    page.get_by_label("Ticker or company").fill("acme")
    expect(page.locator(".count")).to_have_text("1 stock for “acme”")
    assert "q=acme" in page.url
    page.get_by_role("link", name="ACME").click()
    expect(page.locator(".hook")).to_contain_text("took in $1.2bn in 2024.", use_inner_text=True)

    figure = page.locator("#medium .figure")
    figure.focus()
    expect(page.locator("#medium .slip")).to_contain_text("1,234,000,000 USD")

    figure.click()
    expect(page.locator("#evidence mark.quote")).to_contain_text("1,234,000,000 USD")
    expect(page.locator("#evidence")).to_contain_text("10-K, filed 14 Feb 2025")
    assert overflow(page) == 0

    page.keyboard.press("Escape")
    expect(page.locator("#evidence mark.quote")).to_have_count(0)
    expect(figure).to_be_focused()
    assert complaints == []


def test_without_javascript_the_proof_is_a_page(
    browser: Browser, live_server: LiveServer, summary: Summary
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in(page, "anna")
    page.get_by_label("Ticker or company").fill("acme")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="ACME").click()
    page.locator("details#expanded summary").click()
    page.locator("#expanded .figure").click()
    expect(page.locator("mark.quote")).to_contain_text("1,234,000,000 USD")
    page.locator(".proof-title a").click()
    expect(page.locator("mark.quote")).to_be_in_viewport()
    context.close()


def test_without_javascript_the_number_is_found_where_the_filing_prints_it(
    browser: Browser, live_server: LiveServer, filed: Document
) -> None:
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    sign_in(page, "anna", f"/citations/{Citation.objects.all()[0].pk}/")
    expect(page.locator(".proof table mark")).to_have_text("1,234")
    page.locator("a.printed-link").first.click()
    expect(page.locator("td mark#quote")).to_have_text("1,234")
    expect(page.locator("td mark#quote")).to_be_in_viewport()
    page.get_by_role("link", name="Item 1A").click()
    expect(page.locator(".part-head")).to_contain_text("Risk Factors")
    page.goto("/search/")
    page.get_by_label("Words or a question").fill("what may fail us")
    page.get_by_role("button", name="Search").click()
    page.locator(".result-head a").first.click()
    expect(page.locator("mark#quote")).to_be_in_viewport()
    context.close()


def test_search_finds_without_leaving_the_page(
    page: Page, filed: Document, complaints: list[str]
) -> None:
    sign_in(page, "anna", "/search/")
    page.get_by_label("Words or a question").fill("depend")
    page.keyboard.press("Enter")
    expect(page.locator(".result").first).to_be_visible()
    assert "q=depend" in page.url
    page.get_by_label("Documents").select_option("research")
    expect(page.locator(".empty")).to_contain_text("No passage found")
    assert overflow(page) == 0
    assert complaints == []


def test_no_page_is_wider_than_the_screen(
    page: Page, summary: Summary, filed: Document, complaints: list[str]
) -> None:
    stock = summary.stock
    plan = make_plan(User.objects.get(username="otto"))
    note = make_note(stock, plan, text="A long note that stands here for its width. " * 40)
    make_summary(stock, version=9, state="held")
    old = make_summary(stock, version=0, state="superseded")
    make_claim(old, "Something else stood here.")
    citation = Citation.objects.filter(claim__summary=summary)[0]
    sign_in(page, "otto")
    for path in (
        "/", "/?q=nothing-is-called-like-this", "/stocks/ACME/", "/stocks/OTHER1/",
        "/stocks/ACME/history/", "/stocks/ACME/history/0/", f"/citations/{citation.pk}/",
        f"/facts/{citation.fact_id}/", f"/documents/{citation.document_id}/",
        f"/documents/{filed.pk}/?at={filed.text.index('1,234')}", f"/documents/{note.document_id}/",
        "/search/", "/search/?q=depend", "/search/?q=x&stock=NONE",
    ):  # fmt: skip
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert overflow(page) == 0, path
    assert complaints == []


def test_the_admin_keeps_its_policy(page: Page, summary: Summary, complaints: list[str]) -> None:
    sign_in(page, "otto", "/admin/")
    expect(page.get_by_text("What needs me?")).to_be_visible()
    page.goto("/admin/summaries/summary/")
    page.goto(f"/admin/summaries/summary/{summary.pk}/change/")
    page.goto(f"/admin/summaries/document/{summary.stock.documents.all()[0].pk}/change/")
    page.goto(f"/admin/summaries/plan/{make_plan().pk}/change/")
    page.goto("/admin/summaries/sourceitem/")
    held = make_held()
    for path in ("/admin/summaries/review/", f"/admin/summaries/review/{held.pk}/"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert overflow(page) == 0, path
    assert complaints == []


def make_held() -> Summary:
    """Held for one word, which a finding points at."""
    held = make_published_summary(make_stock("HELD"), state="held")
    claim = make_claim(held, "It did remarkably well.", position=1, verdict="not_found")
    Finding.objects.create(
        claim=claim, code="unread", reason="“remarkably” was not understood", start=7, end=17
    )
    return held


def test_without_javascript_a_reviewer_decides_by_the_keyboard(
    browser: Browser, live_server: LiveServer, summary: Summary
) -> None:
    held = make_held()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in(page, "otto", "/admin/summaries/review/")
    page.get_by_role("link", name="HELD v1").press("Enter")
    expect(page.locator("mark.review-not_found")).to_have_text("remarkably not found 1")
    page.get_by_role("link", name="finding 1").press("Enter")
    expect(page.locator("#finding-1")).to_be_in_viewport()
    page.locator("#finding-1 summary").press("Enter")
    page.get_by_label("finding 1 wrong").fill("It did.")
    page.get_by_role("button", name="Mark as a false alarm").press("Enter")
    expect(page.get_by_text("kept as a labelled case")).to_be_visible()
    page.get_by_role("link", name="Go to the decision").press("Enter")
    page.locator("#reject-reason").fill("No adjectives.")
    page.get_by_role("button", name="Reject").press("Enter")
    expect(page.get_by_text("HELD v1 is rejected.")).to_be_visible()
    held.refresh_from_db()
    assert (held.state, held.state_reason) == ("rejected", "No adjectives.")
    context.close()


def test_search_waits_for_no_button(page: Page, summary: Summary) -> None:
    sign_in(page, "anna")
    page.get_by_label("Ticker or company").fill("zzz")
    expect(page.get_by_text("No stock matches “zzz”.")).to_be_visible()
    page.get_by_role("link", name="Show all stocks").click()
    expect(page.locator(".stock-row")).to_have_count(4)


def test_client_is_signed_out_by_the_button(page: Page, summary: Summary) -> None:
    sign_in(page, "anna")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_check_a_text_without_complaints(
    page: Page, summary: Summary, complaints: list[str]
) -> None:
    sign_in(page, "anna", "/check/?stock=ACME")
    page.get_by_label("Text, at most").fill(
        "Revenue was $1.2bn in 2024.\nRevenue was $1.3bn in 2024."
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wrong = page.locator(".said-contradicted")
    expect(wrong).to_have_count(1)
    wrong.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".claim-row:target .claim-reason")).to_contain_text("was $1.23bn")
    page.locator(".claim-row:target .claim-evidence a").first.click()
    expect(page.locator(".proof-value")).to_contain_text("1,234,000,000")
    page.goto("/check/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
