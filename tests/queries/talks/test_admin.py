"""Conversations in the admin: for who oversees, within the own licences, and for nobody else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from queries.actions import ask
from queries.models import Conversation, Query, Read
from queries.running import run
from tests.factories import make_plan, make_published_summary, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]
LISTS = ("conversation", "query", "read", "feedback")


@pytest.fixture
def query(anna: User) -> Query:
    make_published_summary()
    asked, _ = ask(user=anna, question="What was revenue?", stocks=["ACME"])
    assert run(asked.pk)
    return asked


def signed_in(name: str, group: str) -> Client:
    client = Client()
    client.force_login(make_user(name, group, is_staff=True))
    return client


@pytest.mark.parametrize("model", LISTS)
def test_for_compliance_and_not_for_operators(query: Query, model: str) -> None:
    url = f"/admin/queries/{model}/"
    assert signed_in("carla", "compliance").get(url).status_code == 200
    assert signed_in("otto", "ops").get(url).status_code == 403


def test_reading_an_answer_there_is_on_record(query: Query) -> None:
    client = signed_in("carla", "compliance")
    page = client.get(f"/admin/queries/query/{query.pk}/change/")
    assert b"Acme Corp reported 1,234,000,000 USD." in page.content
    assert list(Read.objects.values_list("user__username", "query", "way")) == [
        ("carla", query.pk, "page")
    ]


def test_what_stands_on_a_licence_is_not_there(query: Query) -> None:
    query.plans.add(make_plan())
    client = signed_in("carla", "compliance")
    assert str(query.pk).encode() not in client.get("/admin/queries/query/").content
    assert client.get(f"/admin/queries/query/{query.pk}/change/").status_code == 302
    assert not Read.objects.exists()


def test_held_and_released(query: Query) -> None:
    client = signed_in("carla", "compliance")
    for action, held in (("hold_them", True), ("release_them", False)):
        client.post(
            "/admin/queries/conversation/",
            {"action": action, "_selected_action": [str(query.conversation_id)]},
        )
        assert (Conversation.objects.get().held_at is not None) is held
