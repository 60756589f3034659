from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token

from summaries.models import (
    AuditEvent,
    Finding,
    SectorSnapshot,
    Summary,
)
from tests.factories import (
    make_claim,
    make_published_summary,
    make_run,
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
    Finding.objects.create(claim=claim, code="value", reason="No source says it.", start=0, end=3)
    AuditEvent.objects.create(action="publish", subject_type="summary", subject_id=str(summary.pk))
    make_run("published", "failed")
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
        "auditevent", "batchitem", "batchrun", "citation", "claim", "document", "fact", "filing",
        "finding", "sectorsnapshot", "stock", "summary",
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
