"""Walking the site as somebody, and what was met on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests.licences.world import CANARIES

# What differs between two answers to the same question, whatever the site holds.
_CHANCE = re.compile(
    rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"'
    rb'|"X-CSRFToken": "[^"]*"'
    rb'| value="\d\d:\d\d:\d\d"'
    rb"|in \d+\.\d+ seconds"
    rb"|(?m:^(?:# \w+ )?fa_(?:http|workers|queue)\S* .*\n?)"
)
_HEADERS = ("Content-Type", "Location", "Vary", "Link", "Allow", "Content-Disposition")
HTMX = {"HX-Request": "true"}


class Walker(Client):
    """Without the test client's notes of all that was rendered, which take a fifth of the time."""

    def request(self, **asked: Any) -> Any:
        response = self.handler(self._base_environ(**asked))  # type: ignore[attr-defined]
        self.cookies.update(response.cookies)
        return response


Answer = tuple[int, bytes, tuple[str | None, ...]]


def walk(user: User | None, paths: Iterable[str]) -> dict[str, Answer]:
    cache.clear()
    # Not from this machine: loopback opens /metrics.
    client = Walker(REMOTE_ADDR="192.0.2.7")
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
