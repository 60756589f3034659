"""Who lacks a licence finds nothing of what is under it: not a word, a figure, a count, a trace.

The whole site is walked twice as each kind of account: once with licensed research in it, once
without. Every answer must be the same, byte for byte.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from summaries.models import Document, Summary
from tests.licences.addresses import Unfilled, addresses, routes
from tests.licences.world import CANARIES, add_research, build_site, people

pytestmark = pytest.mark.django_db

# What differs between two answers to the same question, whatever the site holds.
_CHANCE = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"'
    rb'|"X-CSRFToken": "[^"]*"'
    rb"|in \d+\.\d+ seconds"
    rb"|(?m:^(?:# \w+ )?fa_(?:http|workers|queue)\S* .*\n?)"
)
_HEADERS = ("Content-Type", "Location", "Vary", "Link", "Allow", "Content-Disposition")
HTMX = {"HX-Request": "true"}

Answer = tuple[int, bytes, tuple[str | None, ...]]


class _Undone(Exception):
    """Takes back what was put into the site."""


@pytest.fixture(autouse=True)
def _walkable(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of requests: not throttled, and not each a line of the log."""
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(UserRateThrottle, "rate", "1000000/min", raising=False)


def walk(user: User | None, paths: Iterable[str]) -> dict[str, Answer]:
    cache.clear()
    # Not from this machine: loopback opens /metrics.
    client = Client(REMOTE_ADDR="192.0.2.7")
    if user:
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(last_login=None)
    found = {path: _answer(client, path) for path in paths}
    for path in found.copy():
        if not path.startswith(("/api/", "/admin/")):
            found[f"part of {path}"] = _answer(client, path, HTMX)
    return found


def _answer(client: Client, path: str, headers: dict[str, str] | None = None) -> Answer:
    response = client.get(path, headers=headers or {})
    if response.status_code >= 500:
        pytest.fail(f"{path} is broken: {response.status_code}")
    body = b"".join(response) if response.streaming else response.content
    etag = response.get("ETag") if path.startswith("/api/") else None
    return response.status_code, _CHANCE.sub(b"", body), (etag, *map(response.get, _HEADERS))


def carrying(answers: dict[str, Answer]) -> dict[str, list[str]]:
    """Where each canary stands, but for the answers that only repeat the question."""
    found: dict[str, list[str]] = {}
    for name, word in CANARIES.items():
        for path, (_, body, headers) in answers.items():
            whole = body + " ".join(filter(None, headers)).encode()
            if word.encode() in whole and word.split()[0].lower() not in path.lower():
                found.setdefault(name, []).append(path)
    return found


ROLES = ("nobody", "groupless", "api", "advisor", "ops", "superuser")


@pytest.mark.parametrize("role", ROLES)
def test_without_the_licence_the_site_is_as_if_there_were_no_research(role: str) -> None:
    site = build_site()
    user = people()[role]
    try:
        with transaction.atomic():
            licensed = add_research(site)
            paths = addresses(site, licensed)
            with_research = walk(user, paths)
            raise _Undone
    except _Undone:
        pass
    without = walk(user, paths)
    assert carrying(with_research) == {}
    different = [path for path in paths if with_research[path] != without[path]]
    assert different == [], _first_difference(with_research, without, different)
    assert with_research == without


def _first_difference(one: dict[str, Answer], other: dict[str, Answer], paths: list[str]) -> str:
    path = paths[0]
    if one[path][::2] != other[path][::2]:
        return f"{path}: {one[path][::2]} or {other[path][::2]}"
    lines = zip(one[path][1].splitlines(), other[path][1].splitlines(), strict=False)
    return f"{path}: " + next(
        (f"{a[:300]!r} or {b[:300]!r}" for a, b in lines if a != b), "one is longer"
    )


# Where each must be found by who holds the licence: otherwise the walk sees nothing at all.
SEEN_BY = {
    "advisor": {
        "text", "title", "figure", "claim", "analyst", "publisher", "note id", "synopsis",
        "disclosure",
    },
    "api": {"text", "title", "figure", "claim", "analyst", "publisher", "note id", "synopsis"},
    "ops": set(CANARIES),
    "superuser": set(CANARIES),
}  # fmt: skip


@pytest.mark.parametrize("role", sorted(SEEN_BY))
def test_with_the_licence_the_same_walk_finds_it(role: str) -> None:
    site = build_site()
    user = people(plan=site.plan)[role]
    found = walk(user, addresses(site, add_research(site)))
    assert SEEN_BY[role] - set(carrying(found)) == set()


def test_the_licence_alone_opens_nothing() -> None:
    site = build_site()
    user = people(plan=site.plan)["groupless"]
    assert carrying(walk(user, addresses(site, add_research(site)))) == {}


def test_an_account_made_inactive_holds_nothing() -> None:
    site = build_site()
    user = people(plan=site.plan)["advisor"]
    assert user
    add_research(site)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    assert not Document.objects.readable_by(user).filter(kind="research").exists()
    assert set(Summary.objects.readable_by(user).values_list("version", flat=True)) == {1}


def test_a_route_that_the_walk_does_not_know_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    site = build_site()
    licensed = add_research(site)
    (_, some), *_ = routes()
    monkeypatch.setattr("tests.licences.addresses.routes", lambda: iter([("new/<int:pk>/", some)]))
    with pytest.raises(Unfilled, match="new/<int:pk>/"):
        addresses(site, licensed)
