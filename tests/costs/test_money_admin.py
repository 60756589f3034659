"""Prices, the ledger and exports in the admin."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from costs import ledger
from costs.models import ExportLine, Price, UsageExport, UsageRecord
from costs.reconciling import import_export
from costs.tokens import Tokens
from tests.costs.entries import SONNET, entry, lost, settled
from tests.costs.test_requests_export import NOON, USED, export, line
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices", "default_budgets")]
LISTS = ("price", "usagerecord", "usageexport", "exportline")
NEW_PRICE = {
    "provider": "anthropic", "model": SONNET, "effective_from_0": "2026-11-20",
    "effective_from_1": "00:00:00", "above_tokens": "0", "input_usd": "1", "cache_write_usd": "1",
    "cache_write_1h_usd": "1", "cache_read_usd": "1", "output_usd": "5", "batch_factor": "0.5",
    "source": "a test",
}  # fmt: skip


@pytest.fixture
def boss(db: None) -> Client:
    client = Client()
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    return client


def make_rows(number: int) -> None:
    user = make_user(f"u{number}")
    settled(USED, NOON, request_id=f"req_{number}", user=user.pk)
    import_export(export(line(f"req_{number}")), name=f"{number}.csv", by=user.pk)


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", LISTS)
def test_list_queries_do_not_grow(boss: Client, name: str) -> None:
    path = f"/admin/costs/{name}/"
    make_rows(0)
    queries(boss, path)
    one = queries(boss, path)
    for number in (1, 2, 3):
        make_rows(number)
    assert queries(boss, path) == one


@pytest.mark.parametrize("name", LISTS)
def test_rows_are_opened_and_those_of_code_not_changed(boss: Client, name: str) -> None:
    make_rows(0)
    model = {"price": Price, "usagerecord": UsageRecord, "usageexport": UsageExport,
             "exportline": ExportLine}[name]  # fmt: skip
    row = UsageRecord.objects.get().price if model is Price else model._default_manager.all()[0]
    path = f"/admin/costs/{name}/{row.pk}/"
    assert boss.get(f"/admin/costs/{name}/?q=req_0").status_code == 200
    assert boss.get(path + "change/").status_code == 200
    assert boss.post(path + "change/", {}).status_code == 403
    assert boss.post(path + "delete/", {"post": "yes"}).status_code == 403


def test_the_ledger_is_found_by_what_a_call_was_for(boss: Client) -> None:
    settled(USED, stock="AAPL", agent="writer")
    ledger.fail(ledger.open_call(entry(stock="MSFT", agent="judge")).pk, "overloaded")
    lost(stock="IBM")

    def shown(words: str) -> list[str]:
        page = boss.get(f"/admin/costs/usagerecord/?{words}").content.decode()
        return [one for one in ("AAPL", "MSFT", "IBM") if f">{one}<" in page]

    assert shown("") == ["AAPL", "MSFT", "IBM"]
    assert shown("q=msft") == ["MSFT"]
    assert shown("q=judge") == ["MSFT"]
    assert shown("state__exact=unknown") == ["IBM"]
    assert shown(f"model={SONNET}") == ["AAPL", "MSFT", "IBM"]
    assert shown("model=gpt-6-sol") == []
    assert shown("is_estimate__exact=1") == ["IBM"]


def test_a_record_shows_its_exact_cost_and_why_it_changed(boss: Client) -> None:
    record = lost(NOON, Tokens(input=1))
    ledger.settle(record.pk, Tokens(input=1000, cache_read=1))
    page = boss.get(f"/admin/costs/usagerecord/{record.pk}/change/").content.decode()
    assert "0.0020001" in page
    assert "was unknown, now settled" in page


def test_an_unused_price_is_changed_and_a_used_one_is_not(boss: Client) -> None:
    used = settled(USED).price
    unused = Price.objects.get(model="claude-opus-5-5")
    form = {**NEW_PRICE, "model": "claude-opus-5-5", "effective_from_0": "2026-08-31",
            "effective_from_1": "20:00:00"}  # fmt: skip
    assert boss.post(f"/admin/costs/price/{unused.pk}/change/", form).status_code == 302
    unused.refresh_from_db()
    assert unused.output_usd == 5
    assert boss.post(f"/admin/costs/price/{used.pk}/change/", NEW_PRICE).status_code == 403
    assert boss.post(f"/admin/costs/price/{unused.pk}/delete/", {"post": "yes"}).status_code == 302
    page = boss.post(
        "/admin/costs/price/",
        {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"}, follow=True,
    )  # fmt: skip
    assert page.status_code == 200
    assert Price.objects.filter(pk=used.pk).exists()


def test_a_new_price_that_comes_late_says_what_to_run(boss: Client) -> None:
    settled(USED, datetime(2026, 11, 20, 12, tzinfo=UTC))
    page = boss.post("/admin/costs/price/add/", NEW_PRICE, follow=True).content.decode()
    assert f"manage.py reprice --model {SONNET} --from 2026-11-20" in page


def test_a_band_needs_its_base(boss: Client) -> None:
    band = {**NEW_PRICE, "above_tokens": "100000"}
    page = boss.post("/admin/costs/price/add/", band).content.decode()
    assert "A list begins with its base band" in page
    assert boss.post("/admin/costs/price/add/", NEW_PRICE).status_code == 302
    assert boss.post("/admin/costs/price/add/", band).status_code == 302


def upload(client: Client, content: bytes, **times: str) -> str:
    form = {"file": SimpleUploadedFile("november.csv", content), **times}
    answer = client.post("/admin/costs/usageexport/add/", form, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_export_is_uploaded_and_its_outcome_told(boss: Client) -> None:
    settled(USED, NOON, request_id="req_1")
    record = lost(NOON + timedelta(minutes=30))
    content = export(line("req_1"), line("req_2", input_tokens=10_000))
    assert (
        'enctype="multipart/form-data"'
        in boss.get("/admin/costs/usageexport/add/").content.decode()
    )
    page = upload(boss, content, from_at_0="2026-11-02", from_at_1="00:00:00",
                  until_at_0="2026-11-03", until_at_1="00:00:00")  # fmt: skip
    assert "1 missing, 1 same; 1 unknown calls weren&#x27;t billed; 0.021 USD differ" in page
    made = UsageExport.objects.get()
    record.refresh_from_db()
    assert (made.name, str(made.imported_by), record.state) == ("november.csv", "boss", "failed")
    assert (
        f"export__id__exact={made.pk}"
        in boss.get(f"/admin/costs/usageexport/{made.pk}/change/").content.decode()
    )
    lines = boss.get(f"/admin/costs/exportline/?export__id__exact={made.pk}&match__exact=missing")
    assert "req_2" in lines.content.decode()
    assert "req_1" not in lines.content.decode()
    assert "This file was imported on" in upload(boss, content)
    assert "Line 2 of the export" in upload(boss, content.replace(b"false", b"never"))
    assert UsageExport.objects.count() == 1


def test_who_may_only_look_uploads_nothing(db: None) -> None:
    viewer = make_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_usageexport"))
    client = Client()
    client.force_login(viewer)
    assert client.get("/admin/costs/usageexport/").status_code == 200
    answer = client.post(
        "/admin/costs/usageexport/add/", {"file": SimpleUploadedFile("a.csv", b"x")}
    )
    assert answer.status_code == 403


_COPIES = """
INSERT INTO costs_usagerecord ({columns})
SELECT {values} FROM costs_usagerecord, generate_series(1, 100000) AS number WHERE id = %s
"""


def copy_a_hundred_thousand_times(record: UsageRecord) -> None:
    new = {
        "call": "gen_random_uuid()",
        "stock": "'S' || mod(number, 1000)",
        "sent_at": "sent_at - number * interval '1 second'",
    }
    columns = [field.column for field in UsageRecord._meta.concrete_fields if field.column != "id"]
    values = [new.get(str(column), f'"{column}"') for column in columns]
    statement = _COPIES.format(
        columns=", ".join(f'"{column}"' for column in columns), values=", ".join(values)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [record.pk])
        cursor.execute("ANALYZE costs_usagerecord")


def test_the_list_is_quick_over_a_hundred_thousand_rows(boss: Client) -> None:
    """A page takes some 0.2 s on an idle machine; the bound leaves room for a busy one."""
    copy_a_hundred_thousand_times(settled(USED))
    for words in ("", "?state__exact=settled", "?q=S7", "?p=50"):
        began = time.monotonic()
        assert boss.get(f"/admin/costs/usagerecord/{words}").status_code == 200
        assert time.monotonic() - began < 12
