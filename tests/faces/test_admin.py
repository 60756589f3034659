from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from summaries.actions import mark_false_alarm
from summaries.models import (
    AuditEvent,
    Finding,
    IngestRun,
    SectorSnapshot,
    Summary,
    TaggedValue,
)
from tests.factories import (
    PUBLISHED_AT,
    make_claim,
    make_estimate,
    make_filing,
    make_filing_document,
    make_fundamental,
    make_ingest,
    make_note,
    make_plan,
    make_price,
    make_published_summary,
    make_regression,
    make_run,
    make_source_item,
    make_stock,
    make_summary,
    make_text_document,
    make_user,
)

pytestmark = pytest.mark.django_db
LISTS = sorted(
    m._meta.model_name or "" for m in admin.site._registry if m._meta.app_label == "summaries"
)


def make_rows(number: int) -> None:
    """One of everything."""
    stock = make_stock(f"S{number}")
    summary = make_published_summary(stock)
    claim = make_claim(summary, "Something.", tier="medium", position=1, verdict="not_found")
    finding = Finding.objects.create(
        claim=claim, code="value", reason="No source says it.", start=0, end=3
    )
    mark_false_alarm(finding=finding, reason="It is.", by=User.objects.get(username="otto"))
    AuditEvent.objects.create(action="publish", subject_type="summary", subject_id=str(summary.pk))
    make_run("published", "failed")
    make_price(stock, date(2025, 6, 2), "101.5", known_at=PUBLISHED_AT)
    make_estimate(stock, "7.1", known_at=PUBLISHED_AT)
    make_fundamental(stock, "1234", known_at=PUBLISHED_AT)
    make_note(
        stock, make_plan(*User.objects.filter(username="otto")), source_id=f"n{number}",
        text=f"Note {number}.", raw_sha256=f"{number}" * 64,
    )  # fmt: skip
    make_source_item("edgar", f"list {number}", stock=stock, kind="list")
    make_ingest("edgar", stock)
    make_regression(f"case-{number}")
    SectorSnapshot.objects.create(
        sector="Energy", document=make_text_document(f"{number}"), rows=[]
    )


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_every_table_has_a_list() -> None:
    assert LISTS == [
        "auditevent", "batchitem", "batchrun", "citation", "claim", "dailyprice", "document",
        "estimate", "fact", "filing", "finding", "fundamental", "ingestitem", "ingestrun",
        "labelledcase", "plan", "regressionresult", "regressionrun", "researchnote", "sectorsnapshot", "sourceitem", "stock", "summary",
    ]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_list_queries_do_not_grow(operator: Client, name: str) -> None:
    path = f"/admin/summaries/{name}/"
    make_rows(0)
    queries(operator, path)  # content types are cached by the first
    one = queries(operator, path)
    for number in (1, 2, 3):
        make_rows(number)
    assert queries(operator, path) == one


@pytest.mark.parametrize("name", LISTS)
def test_lists_can_be_searched_and_rows_opened_and_nothing_changed(
    operator: Client, name: str
) -> None:
    make_rows(0)
    make_rows(1)
    assert operator.get(f"/admin/summaries/{name}/?q=S0").status_code == 200
    model = next(m for m in admin.site._registry if m._meta.model_name == name)
    row = model._default_manager.all()[0]
    assert operator.get(f"/admin/summaries/{name}/{row.pk}/change/").status_code == 200
    if name == "plan":  # its name and members are the operators' to change
        return
    assert operator.post(f"/admin/summaries/{name}/{row.pk}/change/", {}).status_code == 403
    assert operator.get(f"/admin/summaries/{name}/add/").status_code == 403
    assert operator.post(f"/admin/summaries/{name}/{row.pk}/delete/").status_code == 403


def test_held_texts_come_first_with_why(operator: Client) -> None:
    make_summary(make_stock("OLD"), state="held")
    make_published_summary(make_stock("NEW"))
    page = operator.get("/admin/summaries/summary/").content.decode()
    assert page.index("OLD v1") < page.index("NEW v1")
    assert "medium sentence 1 is contradicted" in page


def test_claims_of_a_summary_stand_with_verdict_and_findings(operator: Client) -> None:
    make_rows(0)
    summary = Summary.objects.get(stock__ticker="S0")
    path = f"/admin/summaries/summary/{summary.pk}/change/"
    page = operator.get(path).content.decode()
    assert "No source says it." in page
    assert "not found" in page
    before = queries(operator, path)
    for place in range(2, 6):
        make_claim(summary, f"More {place}.", tier="medium", position=place)
    assert queries(operator, path) == before


def test_dashboard_says_what_needs_the_operator(operator: Client) -> None:
    make_summary(make_stock("HELD"), state="held")
    make_summary(make_stock("STALE"), data_through=date(2020, 12, 31))
    make_stock("LITTLE", coverage="not_enough", coverage_reason="One quarter.")
    make_run("failed", "published")
    page = " ".join(operator.get("/admin/").content.decode().split())
    assert "<b>HELD</b> v1</a> medium sentence 1 is contradicted" in page
    assert "The database was away." in page
    assert "<b>STALE</b></a> as of 31 Dec 2020" in page
    assert "2 <small>stocks, finished</small>" in page
    assert "1 stock without enough data" in page


def test_dashboard_of_an_empty_house(operator: Client) -> None:
    page = operator.get("/admin/").content.decode()
    for words in ("Nothing waits for review.", "There was no run yet.", "Every published text"):
        assert words in page


def test_dashboard_queries_do_not_grow(operator: Client) -> None:
    make_summary(make_stock("H0"), state="held")
    make_run("failed")
    queries(operator, "/admin/")
    one = queries(operator, "/admin/")
    make_summary(make_stock("H1"), state="held")
    make_run("failed", "failed")
    assert queries(operator, "/admin/") == one


def test_only_a_superuser_manages_accounts(operator: Client) -> None:
    assert operator.get("/admin/auth/user/").status_code == 200
    assert operator.get("/admin/auth/user/add/").status_code == 403
    assert operator.get("/admin/authtoken/tokenproxy/").status_code == 403


def test_a_new_token_is_shown_once(client: Client) -> None:
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    machine = make_user("machine", "api")
    response = client.post("/admin/authtoken/tokenproxy/add/", {"user": machine.pk}, follow=True)
    key = Token.objects.get().key
    assert key in response.content.decode()
    page = client.get("/admin/authtoken/tokenproxy/").content.decode()
    assert f"…{key[-4:]}" in page
    assert f"<td>{key}" not in page
    assert ">" + key not in page


# Documents and sources


def test_a_document_shows_its_first_parts_and_never_thousands(operator: Client) -> None:
    document = make_filing_document(
        make_filing(make_stock()), b"<html><body><p>Item 1. Business</p><p>Words.</p></body></html>"
    )
    TaggedValue.objects.bulk_create(
        TaggedValue(
            document=document, start=place, end=place + 1, concept=f"us-gaap:Value{place:05}",
            unit="USD", period_end=date(2024, 12, 31), value=place,
        )
        for place in range(3000)
    )  # fmt: skip
    path = f"/admin/summaries/document/{document.pk}/change/"
    page = operator.get(path).content.decode()
    assert "us-gaap:Value00039" in page
    assert "us-gaap:Value00040" not in page
    assert f'href="/documents/{document.pk}/"' in page
    before = queries(operator, path)
    assert before < 25


@pytest.fixture
def _edgar_is_set_up(settings: Settings) -> None:
    settings.EDGAR_USER_AGENT = "Example Advisors ops@example.com"


def act(client: Client, table: str, action: str, *keys: int) -> str:
    chosen = {"action": action, "_selected_action": keys}
    response = client.post(f"/admin/summaries/{table}/", chosen, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("_edgar_is_set_up")
def test_ingest_now_is_asked_for_on_the_list_of_stocks(operator: Client) -> None:
    stock, other = make_stock("AAA"), make_stock("BBB")
    assert "was started" in act(operator, "stock", "ingest_edgar", stock.pk)
    run = IngestRun.objects.get()
    assert (run.source, run.trigger, run.requested_by.username) == ("edgar", "admin", "otto")  # type: ignore[union-attr]
    assert "was running" in act(operator, "stock", "ingest_edgar", other.pk)
    assert {item.stock for item in run.items.all()} == {stock, other}
    told = AuditEvent.objects.filter(subject_type="ingest", subject_id=str(run.pk)).order_by("pk")
    assert [(event.action, event.actor.username) for event in told if event.actor] == [
        ("ingest", "otto"), ("ingest more", "otto"),
    ]  # fmt: skip


def test_a_source_that_is_not_set_up_says_so(operator: Client, settings: Settings) -> None:
    settings.EDGAR_USER_AGENT = ""
    assert "isn&#x27;t set up" in act(operator, "stock", "ingest_edgar", make_stock().pk)
    assert not IngestRun.objects.exists()


@pytest.mark.usefixtures("_edgar_is_set_up")
def test_ingest_takes_a_permission(client: Client) -> None:
    reader = make_user("rita", "advisor", is_staff=True)
    client.force_login(reader)
    stock = make_stock()
    client.post(
        "/admin/summaries/stock/", {"action": "ingest_edgar", "_selected_action": [stock.pk]}
    )
    assert not IngestRun.objects.exists()


def test_a_running_ingest_can_be_cancelled(operator: Client) -> None:
    run = make_ingest("edgar", make_stock(), state="running", finished_at=None)
    run.items.update(state="pending", finished_at=None)
    assert "What is stored stays." in act(operator, "ingestrun", "cancel", run.pk)
    run.refresh_from_db()
    assert (run.state, run.items.get().state) == ("cancelled", "cancelled")
    assert AuditEvent.objects.filter(action="cancel", subject_type="ingest").exists()
    assert "None of these was running." in act(operator, "ingestrun", "cancel", run.pk)


def test_ingest_runs_show_how_far_they_are(operator: Client) -> None:
    run = make_ingest("edgar", make_stock("AAA"), make_stock("BBB"))
    run.items.filter(stock__ticker="AAA").update(state="pending", stored=7, failed=2)
    page = " ".join(operator.get("/admin/summaries/ingestrun/").content.decode().split())
    assert "1 of 2" in page
    assert re.search(r">\s*7\s*<", page)


def test_failing_things_can_be_found(operator: Client) -> None:
    make_source_item("edgar", "whole", stock=make_stock("AAA"))
    make_source_item("edgar", "cut", state="failed", error="The reply was cut off.", attempts=2)
    make_source_item(
        "edgar", "gone", state="failed", error="There is no such file.", is_permanent=True
    )

    def keys(query: str) -> set[str]:
        page = operator.get(f"/admin/summaries/sourceitem/{query}").content.decode()
        return {key for key in ("whole", "cut", "gone") if f">{key}<" in page}

    assert keys("") == {"whole", "cut", "gone"}
    assert keys("?failure=failing") == {"cut", "gone"}
    assert keys("?failure=again") == {"cut"}
    assert keys("?failure=permanent") == {"gone"}


def test_licences_are_given_and_taken_on_record(operator: Client) -> None:
    anna, bert = make_user("anna", "advisor"), make_user("bert", "advisor")
    plan = make_plan(anna)
    path = f"/admin/summaries/plan/{plan.pk}/change/"
    operator.post(path, {"name": "Equities and credit", "members": [bert.pk]})
    plan.refresh_from_db()
    assert (plan.name, plan.code, list(plan.members.all())) == (
        "Equities and credit", "bluematrix:1", [bert],
    )  # fmt: skip
    event = AuditEvent.objects.get(subject_type="plan")
    assert (event.action, event.detail) == ("licence", {"given": ["bert"], "taken": ["anna"]})
    assert operator.post(f"/admin/summaries/plan/{plan.pk}/delete/").status_code == 403


@pytest.mark.usefixtures("_edgar_is_set_up")
def test_dashboard_says_which_source_is_behind(operator: Client) -> None:
    stock = make_stock("AAA")
    make_filing(stock)
    make_source_item("edgar", "list", stock=stock, kind="list", checked_at=None, state="found")
    make_source_item("edgar", "cut", state="failed", error="The reply was cut off.")
    page = " ".join(operator.get("/admin/").content.decode().split())
    assert "<b>EDGAR</b> covers 0.0% of the stocks; 100% is the aim" in page
    assert "AAA: list never ingested" in page
    assert 'source__exact=edgar&amp;failure=failing">1 failing</a>' in page


def test_lists_answer_only_what_they_offer(operator: Client) -> None:
    """Any other column could be asked for what a licence keeps."""
    make_rows(0)
    for asked in (
        "stock/?research__isnull=False", "stock/?summaries__state=held",
        "batchitem/?message__contains=x", "batchitem/?summary__isnull=False",
        "ingestitem/?stored__gt=0", "plan/?notes__isnull=False", "summary/?state_reason=x",
        "batchitem/?run__items__message__contains=x",
    ):  # fmt: skip
        assert operator.get(f"/admin/summaries/{asked}").status_code in {302, 400}, asked
    for offered in (
        "batchitem/?run__id__exact=1&state__exact=failed", "document/?withdrawn_at__isempty=1",
        "filing/?period_end__year=2024", "summary/?state__exact=held",
    ):  # fmt: skip
        assert operator.get(f"/admin/summaries/{offered}").status_code == 200, offered
