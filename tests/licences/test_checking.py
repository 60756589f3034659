"""A text that is checked says nothing of research to who lacks its licence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from summaries.models import AuditEvent
from tests.factories import make_note
from tests.licences.walking import _CHANCE
from tests.licences.world import CANARIES, add_research, build_site, people

pytestmark = pytest.mark.django_db
SAID = "The quokkaword of the northern division stands at $98,765.43 for 2024."
TEXTS = (
    SAID,
    f"Acme Corp took in $1.2bn in 2024. {SAID}",
    " ".join(f"We read of {word} in 2024." for word in CANARIES.values()),
    "Margins held better than we had written. Numbatclaim: it stands at 98765.43 in 2024.",
)


def answers(client: Client, ticker: str) -> list[tuple[int, bytes]]:
    found = []
    for text in TEXTS:
        sent = {"stock": ticker, "text": text}
        page = client.post("/check/", sent)
        api = client.post("/api/v1/checks/", json.dumps(sent), content_type="application/json")
        found += [(one.status_code, _CHANCE.sub(b"", one.content)) for one in (page, api)]
    return found


def signed_in(user: Any) -> Client:
    cache.clear()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", ["api", "advisor", "superuser"])
def test_without_the_licence_the_answer_is_as_if_there_were_no_research(role: str) -> None:
    site = build_site()
    client = signed_in(people()[role])
    before = answers(client, "ACME")
    with transaction.atomic():
        add_research(site)
        make_note(site.stock, site.plan, text=SAID, source_id="said")
        assert answers(client, "ACME") == before
    # The audit trail tells an operator as little.
    assert {
        tuple(sorted(one.detail)) for one in AuditEvent.objects.filter(action="check a text")
    } == {("characters", "sentences", "sha256", "stock")}


def test_with_the_licence_it_is_found() -> None:
    site = build_site()
    add_research(site)
    make_note(site.stock, site.plan, text=SAID, source_id="said")
    client = signed_in(people(plan=site.plan)["advisor"])
    sent = json.dumps({"stock": "ACME", "text": SAID})
    [claim] = client.post("/api/v1/checks/", sent, content_type="application/json").json()["claims"]
    assert claim["verdict"] == "supported"
    assert "quokkaword" in claim["evidence"][0]["quote"]
