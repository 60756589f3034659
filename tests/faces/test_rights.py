"""Every route and every role: closed unless a line here opens it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from fa_site.access import GROUPS
from summaries.models import Citation, Document, Fact
from tests.factories import make_published_summary, make_run, make_stock, make_token, make_user

ROLES = ("nobody", "groupless", "api", "advisor", "ops")
OPEN = dict.fromkeys(ROLES, 200)
PAGE = {"nobody": 302, "groupless": 403, "api": 403, "advisor": 200, "ops": 200}
HELD_PAGE = {**PAGE, "advisor": 404}
API = {"nobody": 401, "groupless": 403, "api": 200, "advisor": 200, "ops": 200}
HELD_API = {**API, "api": 404, "advisor": 404}
BATCH_API = {**API, "advisor": 403}
MONEY_API = {"nobody": 401, "groupless": 403, "api": 403, "advisor": 403, "ops": 200}
NONE = "00000000-0000-0000-0000-000000000000"
UNKNOWN = {**API, "api": 404, "advisor": 404, "ops": 404}
NO_GET = {**API, "api": 405, "advisor": 405, "ops": 405}
NO_PAGE = {**PAGE, "advisor": 404, "ops": 404}
POSTED = {**dict.fromkeys(ROLES, 405), "nobody": 302}
OVERSEEN_API = {**dict.fromkeys(ROLES, 403), "nobody": 401}
ADMIN = {"nobody": 302, "groupless": 302, "api": 302, "advisor": 302, "ops": 200}

# A route of the URL configuration -> the paths asked for, and what each role gets.
EXPECTED: dict[str, list[tuple[str, dict[str, int]]]] = {
    "sign-in/": [("/sign-in/", {**dict.fromkeys(ROLES, 302), "nobody": 200})],
    "sign-out/": [("/sign-out/", {**dict.fromkeys(ROLES, 405), "nobody": 302})],
    "health": [("/health", OPEN)],
    "ready": [("/ready", OPEN)],
    "metrics": [
        ("/metrics", {"nobody": 403, "groupless": 403, "api": 200, "advisor": 403, "ops": 200})
    ],
    "admin/login/": [
        (
            "/admin/login/",
            {"nobody": 302, "groupless": 403, "api": 403, "advisor": 403, "ops": 302},
        )
    ],
    "admin/costs/spending/": [("/admin/costs/spending/", ADMIN)],
    "admin/summaries/review/": [("/admin/summaries/review/", ADMIN)],
    "admin/summaries/review/<int:pk>/": [
        ("/admin/summaries/review/{held}/", ADMIN),
        ("/admin/summaries/review/{published}/", ADMIN),
    ],
    "admin/summaries/review/<int:pk>/decide/": [
        ("/admin/summaries/review/{held}/decide/", {**ADMIN, "ops": 405})
    ],
    "admin/": [("/admin/", ADMIN), ("/admin/summaries/summary/", ADMIN)],
    "api/v1/stocks/": [("/api/v1/stocks/", API)],
    "api/v1/stocks/<str:ticker>/": [("/api/v1/stocks/ACME/", API)],
    "api/v1/stocks/<str:ticker>/summary/": [("/api/v1/stocks/ACME/summary/", API)],
    "api/v1/stocks/<str:ticker>/filings/": [("/api/v1/stocks/ACME/filings/", API)],
    "api/v1/stocks/<str:ticker>/research/": [("/api/v1/stocks/ACME/research/", API)],
    "api/v1/stocks/<str:ticker>/prices/": [("/api/v1/stocks/ACME/prices/", API)],
    "api/v1/stocks/<str:ticker>/estimates/": [("/api/v1/stocks/ACME/estimates/", API)],
    "api/v1/stocks/<str:ticker>/fundamentals/": [("/api/v1/stocks/ACME/fundamentals/", API)],
    "api/v1/facts/<int:pk>/": [("/api/v1/facts/{fact}/", API)],
    "api/v1/documents/": [("/api/v1/documents/", API)],
    "api/v1/documents/<int:pk>/": [("/api/v1/documents/{document}/", API)],
    "api/v1/search/": [("/api/v1/search/?q=revenue", API)],
    "api/v1/checks/": [
        ("/api/v1/checks/", {**dict.fromkeys(ROLES, 405), "nobody": 401, "groupless": 403})
    ],
    "api/v1/summaries/": [("/api/v1/summaries/", API)],
    "api/v1/summaries/<int:pk>/": [
        ("/api/v1/summaries/{published}/", API),
        ("/api/v1/summaries/{held}/", HELD_API),
    ],
    "api/v1/citations/": [("/api/v1/citations/", API)],
    "api/v1/citations/<int:pk>/": [
        ("/api/v1/citations/{citation}/", API),
        ("/api/v1/citations/{held_citation}/", HELD_API),
    ],
    "api/v1/batch-runs/": [("/api/v1/batch-runs/", BATCH_API)],
    "api/v1/batch-runs/<int:pk>/": [("/api/v1/batch-runs/{run}/", BATCH_API)],
    "api/v1/batch-runs/<int:pk>/items/": [("/api/v1/batch-runs/{run}/items/", BATCH_API)],
    # Every way to ask these is tried in tests/queries/api/test_rights.py.
    "api/v1/conversations/": [("/api/v1/conversations/", API)],
    "api/v1/conversations/all/": [("/api/v1/conversations/all/", OVERSEEN_API)],
    **{
        f"api/v1/conversations/<uuid:pk>/{name}": [(f"/api/v1/conversations/{NONE}/{name}", shut)]
        for name, shut in (
            ("", UNKNOWN),
            ("queries/", UNKNOWN),
            ("share/", NO_GET),
            ("hold/", OVERSEEN_API),
            ("export/", OVERSEEN_API),
        )
    },
    "api/v1/queries/": [("/api/v1/queries/", NO_GET)],
    "api/v1/queries/<uuid:pk>/": [(f"/api/v1/queries/{NONE}/", UNKNOWN)],
    **{
        f"api/v1/queries/<uuid:pk>/{name}/": [(f"/api/v1/queries/{NONE}/{name}/", NO_GET)]
        for name in ("stop", "resume", "feedback")
    },
    **{
        f"api/v1/costs/{name}/": [(f"/api/v1/costs/{name}/", MONEY_API)]
        for name in ("spending", "series", "savings", "units", "budgets", "export", "ledger")
    },
    "api/v1/experiments/": [("/api/v1/experiments/", MONEY_API)],
    **{
        f"api/v1/experiments/<slug:key>/{name}": [
            (f"/api/v1/experiments/nothing/{name}", {**MONEY_API, "ops": 404})
        ]
        for name in ("", "compare/", "traffic/")
    },
    "api/v1/schema/": [("/api/v1/schema/", API)],
    "ask/": [("/ask/", PAGE)],
    "ask/<uuid:pk>/": [(f"/ask/{NONE}/", NO_PAGE)],
    "ask/<uuid:pk>/delete/": [(f"/ask/{NONE}/delete/", POSTED)],
    "ask/answers/<uuid:pk>/": [(f"/ask/answers/{NONE}/", NO_PAGE)],
    **{
        f"ask/answers/<uuid:pk>/{name}/": [(f"/ask/answers/{NONE}/{name}/", POSTED)]
        for name in ("stop", "again", "feedback")
    },
    "": [("/", PAGE)],
    "stocks/<str:ticker>/": [("/stocks/ACME/", PAGE)],
    "stocks/<str:ticker>/history/": [("/stocks/ACME/history/", PAGE)],
    "stocks/<str:ticker>/history/<int:version>/": [
        ("/stocks/ACME/history/1/", PAGE),
        ("/stocks/ACME/history/2/", HELD_PAGE),
    ],
    "citations/<int:pk>/": [
        ("/citations/{citation}/", PAGE),
        ("/citations/{held_citation}/", HELD_PAGE),
    ],
    "facts/<int:pk>/": [("/facts/{fact}/", PAGE)],
    "search/": [("/search/?q=revenue", PAGE)],
    "check/": [("/check/?stock=ACME", PAGE)],
    "documents/<int:pk>/": [("/documents/{document}/", PAGE)],
}
CASES = [
    (path, role, status)
    for cases in EXPECTED.values()
    for path, statuses in cases
    for role, status in statuses.items()
]


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif pattern.app_name == "admin":
            yield route  # its own routes are Django's; two of them are asked for above
        else:
            yield from _routes(pattern.url_patterns, route)


def test_every_route_has_its_line() -> None:
    assert set(_routes(get_resolver().url_patterns)) == set(EXPECTED)


@pytest.fixture
def places(db: None) -> dict[str, int]:
    stock = make_stock()
    published = make_published_summary(stock, version=1)
    held = make_published_summary(stock, version=2, state="held")
    return {
        "published": published.pk,
        "held": held.pk,
        "citation": Citation.objects.filter(claim__summary=published).values_list("pk", flat=True)[
            0
        ],
        "held_citation": Citation.objects.filter(claim__summary=held).values_list("pk", flat=True)[
            0
        ],
        "fact": Fact.objects.values_list("pk", flat=True)[0],
        "document": Document.objects.values_list("pk", flat=True)[0],
        "run": make_run("failed").pk,
    }


def _client(role: str) -> Client:
    # Not from this machine: loopback opens /metrics.
    client = Client(REMOTE_ADDR="192.0.2.7")
    if role == "groupless":
        client.force_login(make_user("gina"))
    elif role != "nobody":
        client.force_login(make_user(role, role, is_staff=role == "ops"))
    return client


@pytest.mark.parametrize(("path", "role", "status"), CASES)
def test_route_for_role(places: dict[str, int], path: str, role: str, status: int) -> None:
    response = _client(role).get(path.format(**places))
    assert response.status_code == status


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        (path, role, status)
        for path, role, status in CASES
        if path.startswith("/api/") and role in ("api", "ops")
    ],
)
def test_api_takes_a_token(places: dict[str, int], path: str, role: str, status: int) -> None:
    token = make_token(make_user("machine", role))
    client = APIClient(headers={"authorization": f"Token {token}"})
    assert client.get(path.format(**places)).status_code == status


def test_batch_api_does_not_ask_for_a_word_of_an_advisors_token(places: dict[str, int]) -> None:
    client = APIClient(headers={"authorization": f"Token {make_token(make_user('a', 'advisor'))}"})
    assert client.get("/api/v1/batch-runs/").status_code == 403


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_group_may_exactly_what_the_code_says(db: None, name: str) -> None:
    group = Group.objects.get(name=name)
    held = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
    assert held == GROUPS[name]


def test_a_migration_puts_groups_right_again(db: None) -> None:
    Group.objects.get(name="advisor").permissions.clear()
    call_command("migrate", verbosity=0)
    user = User.objects.get(pk=make_user("anna", "advisor").pk)
    assert user.has_perms(GROUPS["advisor"])


def test_no_group_may_change_accounts_or_read_tokens() -> None:
    every = set().union(*GROUPS.values())
    assert not {p for p in every if p.startswith("authtoken.")}
    assert {p for p in every if p.startswith("auth.")} == {"auth.view_user", "auth.view_group"}
