"""Who may see a conversation and do what with it, and what compliance has of it for good."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from queries.actions import (
    ask,
    delete,
    export,
    give_feedback,
    hold,
    note_reads,
    purge_expired,
    release,
    rename,
    resume,
    share,
    stop,
    unshare,
)
from queries.actions.errors import NotAskable, NotNow, NotThere, NotYours
from queries.chained_lines import verified
from queries.models import Conversation, Query, Read, UsagePlan, UserPlan
from queries.models.plans import FALLBACK
from queries.running import run
from summaries.models import AuditEvent
from tests.factories import make_plan, make_published_summary
from tests.queries.talks.people import make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]


@pytest.fixture
def query(anna: User) -> Query:
    make_published_summary()
    asked, _ = ask(user=anna, question="What was revenue?", stocks=["ACME"])
    assert run(asked.pk)
    return Query.objects.get(pk=asked.pk)


def visible(user: User) -> list[Conversation]:
    return list(Conversation.objects.visible_to(user))


def test_shared_with_a_team_it_is_read_by_it_alone(query: Query, anna: User, ben: User) -> None:
    talk, team = query.conversation, make_team(anna, ben)
    assert (visible(anna), visible(ben)) == ([talk], [])
    share(conversation=talk.pk, team=team.pk, by=anna)
    assert visible(ben) == [talk]
    for act in (lambda: rename(conversation=talk.pk, title="Mine", by=ben),
                lambda: delete(conversation=talk.pk, by=ben),
                lambda: unshare(conversation=talk.pk, by=ben)):  # fmt: skip
        with pytest.raises(NotYours):
            act()
    unshare(conversation=talk.pk, by=anna)
    assert visible(ben) == []
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "share a conversation", "unshare a conversation",
    ]  # fmt: skip


def test_whoever_left_the_team_or_the_firm_sees_nothing(
    query: Query, anna: User, ben: User
) -> None:
    team = make_team(anna, ben)
    share(conversation=query.conversation_id, team=team.pk, by=anna)
    ben.is_active = False
    assert visible(ben) == []
    ben.is_active = True
    team.members.remove(ben)
    assert visible(ben) == []


def test_nobody_shares_with_a_team_that_is_not_theirs(query: Query, anna: User, ben: User) -> None:
    with pytest.raises(NotThere, match="You are in no team"):
        share(conversation=query.conversation_id, team=make_team(ben).pk, by=anna)


@pytest.mark.parametrize(
    "act",
    [
        lambda query, by: rename(conversation=query.conversation_id, title="x", by=by),
        lambda query, by: share(conversation=query.conversation_id, team=1, by=by),
        lambda query, by: unshare(conversation=query.conversation_id, by=by),
        lambda query, by: delete(conversation=query.conversation_id, by=by),
        lambda query, by: hold(conversation=query.conversation_id, reason="x", by=by),
        lambda query, by: release(conversation=query.conversation_id, by=by),
        lambda query, by: export(conversation=query.conversation_id, by=by),
        lambda query, by: stop(query=query.pk, by=by),
        lambda query, by: resume(query=query.pk, by=by),
        lambda query, by: give_feedback(query=query.pk, by=by, is_accurate=True),
    ],
)
def test_for_a_stranger_there_is_nothing(
    query: Query, ben: User, act: Callable[[Query, User], Any]
) -> None:
    with pytest.raises(NotThere):
        act(query, ben)


def test_deleted_it_is_there_for_compliance_alone_until_it_is_purged(
    query: Query, anna: User, carla: User, settings: Any
) -> None:
    talk = query.conversation
    delete(conversation=talk.pk, by=anna)
    assert visible(anna) == []
    with pytest.raises(NotThere):
        give_feedback(query=query.pk, by=anna, is_accurate=True)
    assert len(export(conversation=talk.pk, by=carla)) > 3
    assert purge_expired() == 0
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    hold(conversation=talk.pk, reason="Matter 7", by=carla)
    assert purge_expired() == 0
    release(conversation=talk.pk, by=carla)
    reads = Read.objects.count()
    assert purge_expired() == 1
    assert (Conversation.objects.count(), Query.objects.count()) == (0, 0)
    assert Read.objects.count() == reads == 1
    trail = list(AuditEvent.objects.order_by("pk").values_list("action", "actor__username"))
    assert trail == [
        ("delete a conversation", "anna"), ("export a conversation", "carla"),
        ("hold a conversation", "carla"), ("release a conversation", "carla"),
        ("purge a conversation", None),
    ]  # fmt: skip
    assert "revenue" not in json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("idle", "most", "plan", "purged"),
    [
        (300, 0, "", 0), (400, 0, "", 1), (300, 200, "", 1), (100, 200, "", 0),
        (400, 0, "enterprise", 0), (100, 0, "free", 1),
    ],
)  # fmt: skip
def test_idle_conversations_go_when_the_plan_or_the_firm_says(
    query: Query, settings: Any, idle: int, most: int, plan: str, purged: int
) -> None:
    if plan:
        days = {"enterprise": 2_555, "free": 30}[plan]
        own, _ = UsagePlan.objects.update_or_create(
            name=plan, defaults={**FALLBACK, "name": plan, "conversation_days": days}
        )
        UserPlan.objects.create(user=query.user, plan=own)
    Conversation.objects.update(updated_at=timezone.now() - timedelta(days=idle))
    settings.CONVERSATION_DAYS = most
    assert purge_expired() == purged


def test_who_read_what_is_written_once(query: Query, ben: User) -> None:
    note_reads(queries=[query], by=ben, way=Read.Way.PAGE)
    row = Read.objects.get()
    fact = query.citations.get()
    assert (row.user, row.query, row.conversation) == (ben, query.pk, query.conversation_id)
    assert (row.facts, row.documents) == ([fact.fact_id], [fact.document_id])
    for act in (lambda: Read.objects.update(way="api"), row.delete):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            act()


def test_an_export_tells_all_and_proves_itself(
    query: Query, anna: User, ben: User, carla: User, tmp_path: Path
) -> None:
    share(conversation=query.conversation_id, team=make_team(anna, ben).pk, by=anna)
    note_reads(queries=[query], by=ben, way=Read.Way.STREAM)
    give_feedback(query=query.pk, by=ben, is_accurate=False, comment="Off.")
    file = tmp_path / "export.jsonl"
    call_command("export_conversation", query.conversation_id, "--as", "carla", "--output", file)
    lines = [json.loads(one) for one in file.read_text().splitlines()]
    assert [one["kind"] for one in lines] == [
        "begin", "conversation", "query", "feedback", "read", "event", "end",
    ]  # fmt: skip
    told = lines[2]
    assert (told["question"], told["asked_by"], told["state"]) == (
        "What was revenue?", "anna", "answered",
    )  # fmt: skip
    [source] = told["sources"]
    document = query.citations.get().document
    assert document
    assert (source["document"], source["document_sha256"]) == (document.pk, document.sha256)
    assert (lines[4]["by"], lines[4]["way"], lines[4]["answer_sha256"]) == (
        "ben", "stream", told["answer_sha256"],
    )  # fmt: skip
    call_command("verify_export", file)
    assert Read.objects.filter(user=carla, way="export").count() == 1


def test_an_export_that_was_written_anew_is_found_out(
    query: Query, carla: User, tmp_path: Path
) -> None:
    from queries.chained_lines import chained

    file = tmp_path / "export.jsonl"
    made = export(conversation=query.conversation_id, by=carla)
    file.write_text("\n".join(made).replace("What was", "What is"))
    with pytest.raises(CommandError, match="Line 2 was changed"):
        call_command("verify_export", file)
    lines = [json.loads(one) for one in made[:-1]]
    for one in lines:
        del one["hash"], one["previous"]
    file.write_text("\n".join(chained(lines[:-1])))
    verified(file.read_text().splitlines())
    with pytest.raises(CommandError, match="no export that ended so is on the audit trail"):
        call_command("verify_export", file)


def test_what_the_exporter_has_no_licence_for_is_withheld(query: Query, carla: User) -> None:
    plan = make_plan()
    query.plans.add(plan)
    lines = [json.loads(one) for one in export(conversation=query.conversation_id, by=carla)]
    told = next(one for one in lines if one["kind"] == "query")
    assert "withheld" in told
    assert "question" not in told
    assert "Acme Corp reported" not in json.dumps(lines)
    assert not Read.objects.exists()
    plan.members.add(carla)
    lines = [json.loads(one) for one in export(conversation=query.conversation_id, by=carla)]
    assert "Acme Corp reported" in json.dumps(lines)


def test_a_title_is_one_line(query: Query, anna: User) -> None:
    talk = rename(conversation=query.conversation_id, title=" Two \n lines ", by=anna)
    assert talk.title == "Two lines"
    for wrong in (" ", "x" * 121):
        with pytest.raises(NotAskable):
            rename(conversation=query.conversation_id, title=wrong, by=anna)


def test_feedback_is_one_word_each_and_may_change(query: Query, anna: User) -> None:
    give_feedback(query=query.pk, by=anna, is_accurate=True, comment="Good.")
    give_feedback(query=query.pk, by=anna, is_accurate=False)
    [said] = query.feedback.values_list("user__username", "is_accurate", "comment")
    assert said == ("anna", False, "")
    with pytest.raises(NotAskable):
        give_feedback(query=query.pk, by=anna, comment=" ")
    open_one, _ = ask(user=anna, question="And?")
    with pytest.raises(NotNow):
        give_feedback(query=open_one.pk, by=anna, is_accurate=True)
