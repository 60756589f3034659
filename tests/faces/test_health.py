from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import redis
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from fa_site import broker, health, middleware
from tests.factories import make_run, make_token, make_user

pytestmark = pytest.mark.django_db
OUTSIDE: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.7"}


def body(client: Client, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
    response = client.get(path, **more)
    return response.status_code, json.loads(response.content)


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "live_workers", list)


def test_health_asks_nothing_of_anybody(client: Client) -> None:
    assert body(client, "/health", **OUTSIDE) == (200, {"alive": True})


@pytest.mark.usefixtures("no_workers")
def test_ready_without_workers_says_so_and_serves(client: Client) -> None:
    status, answer = body(client, "/ready")
    assert status == 200
    assert answer["ready"] is True
    assert answer["checks"]["workers"] == {
        "ok": False,
        "detail": "NotReady: no worker was seen in the last seconds; batch runs wait",
    }
    assert answer["checks"]["migrations"] == {"ok": True, "detail": "all applied"}


def test_ready_tells_strangers_no_details(client: Client) -> None:
    _, answer = body(client, "/ready", **OUTSIDE)
    assert answer["checks"]["database"] == {"ok": True}
    assert {"detail"} & {key for check in answer["checks"].values() for key in check} == set()


def test_not_ready_without_valkey(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = redis.Redis(port=1, socket_connect_timeout=1)
    monkeypatch.setattr(broker, "connection", lambda: nobody)
    status, answer = body(client, "/ready")
    assert status == 503
    assert answer["ready"] is False
    assert answer["checks"]["valkey"]["ok"] is False
    assert answer["checks"]["database"]["ok"] is True


def test_loopback_counts_for_nothing_behind_a_proxy(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 403


def test_loopback_counts_for_nothing_where_a_proxy_is_set(client: Client, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/metrics").status_code == 403


def test_metrics_take_the_api_token(client: Client) -> None:
    token = make_token(make_user("machine", "api"))
    assert (
        client.get("/metrics", headers={"authorization": f"Token {token}"}, **OUTSIDE).status_code
        == 200
    )
    assert (
        client.get("/metrics", headers={"authorization": "Token x"}, **OUTSIDE).status_code == 403
    )


def metrics(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_count_requests_by_route(client: Client) -> None:
    key = (
        "fa_http_requests_total",
        (("method", "GET"), ("route", "stocks/<str:ticker>/"), ("status", "302")),
    )
    before = metrics(client).get(key, 0)
    client.get("/stocks/ACME/")
    client.get("/stocks/OTHER/")
    assert metrics(client)[key] - before == 2


@pytest.mark.usefixtures("no_workers")
def test_metrics_tell_batches_texts_queues_and_workers(client: Client) -> None:
    make_run("published", "failed", "failed")
    found = metrics(client)
    assert found["fa_batch_items", (("state", "failed"),)] == 2
    assert found["fa_batch_items", (("state", "pending"),)] == 0
    assert found["fa_summaries", (("state", "published"),)] == 1
    assert found["fa_workers", ()] == 0
    assert found["fa_queue_messages", (("queue", "batch"),)] == 0


def test_metrics_without_valkey_leave_it_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "connection", lambda: redis.Redis(port=1, socket_connect_timeout=1))
    found = metrics(client)
    assert ("fa_workers", ()) not in found
    assert ("fa_summaries", (("state", "held"),)) in found


def test_unknown_methods_and_paths_make_no_new_series(client: Client) -> None:
    client.generic("BREW", "/x/1/")
    client.generic("BREW", "/x/2/")
    keys = [labels for name, labels in metrics(client) if name == "fa_http_requests_total"]
    mine = [dict(labels) for labels in keys if dict(labels)["method"] == "other"]
    assert mine == [{"method": "other", "route": "unmatched", "status": "404"}]


def test_pages_have_the_strict_policy_and_the_admin_its_own(client: Client) -> None:
    page = client.get("/sign-in/")
    assert page["Content-Security-Policy"] == middleware.STRICT_POLICY
    assert "unsafe" not in middleware.STRICT_POLICY
    assert client.get("/admin/")["Content-Security-Policy"] == middleware.ADMIN_POLICY
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a-request-id-1", True), ("short", False), ("x" * 65, False), ("a b\nc d e f", False)],
)
def test_request_id(client: Client, given: str, kept: bool) -> None:
    answered = client.get("/health", headers={"x-request-id": given})["X-Request-ID"]
    assert (answered == given) is kept
    assert len(answered) >= 8


def test_log_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    user = make_user("anna", "advisor")
    client.force_login(user)
    with caplog.at_level(logging.INFO, logger="fa_site.request"):
        client.get("/stocks/ACME/?q=not-in-the-log")
    (line,) = [one.msg for one in caplog.records if one.name == "fa_site.request"]
    assert isinstance(line, dict)
    told = {name: line[name] for name in ("method", "path", "route", "status", "user")}
    assert told == {
        "method": "GET", "path": "/stocks/ACME/", "route": "stocks/<str:ticker>/", "status": 404,
        "user": user.pk,
    }  # fmt: skip
    assert "not-in-the-log" not in str(line)


def test_every_check_is_told() -> None:
    assert set(health.CHECKS) == {"database", "migrations", "valkey", "workers"}
