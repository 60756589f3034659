"""What an owner does with a conversation, and compliance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from costs.models import Team
from queries.actions.audit import note
from queries.actions.errors import NotAskable, NotThere, NotYours
from queries.eventlog.codec import cleaned
from queries.models import OVERSEE, Conversation

LONGEST_TITLE = 120


@transaction.atomic
def rename(*, conversation: UUID, title: str, by: User) -> Conversation:
    """Raises NotThere, NotYours, NotAskable."""
    talk = _own(conversation, by)
    line = " ".join(cleaned(title).split())
    if not line or len(line) > LONGEST_TITLE:
        raise NotAskable(f"A title has 1 to {LONGEST_TITLE} characters.")
    return _changed(talk, title=line)


@transaction.atomic
def share(*, conversation: UUID, team: int, by: User) -> Conversation:
    """With one of the owner's own teams, in place of any other. Raises NotThere, NotYours."""
    talk = _own(conversation, by)
    found = Team.objects.filter(pk=team, members=by).first()
    if found is None:
        raise NotThere(f"You are in no team {team}. Share with a team that you are in.")
    note("share a conversation", talk, by, team=found.pk)
    return _changed(talk, team=found)


@transaction.atomic
def unshare(*, conversation: UUID, by: User) -> Conversation:
    """Raises NotThere, NotYours."""
    talk = _own(conversation, by)
    if talk.team_id is not None:
        note("unshare a conversation", talk, by, team=talk.team_id)
    return _changed(talk, team=None)


@transaction.atomic
def delete(*, conversation: UUID, by: User) -> None:
    """Nobody but compliance sees it any more; gone for good when it is purged. Raises NotThere,
    NotYours."""
    talk = _own(conversation, by)
    note("delete a conversation", talk, by)
    _changed(talk, deleted_at=timezone.now(), team=None)


@transaction.atomic
def hold(*, conversation: UUID, reason: str, by: User) -> Conversation:
    """Keep it from being purged, deleted or not. Raises NotThere, NotAskable."""
    talk = _overseen(conversation, by)
    line = " ".join(cleaned(reason).split())
    if not line or len(line) > 200:
        raise NotAskable("Say why it is held, in at most 200 characters.")
    note("hold a conversation", talk, by, reason=line)
    return _changed(talk, held_at=timezone.now(), held_by=by, hold_reason=line)


@transaction.atomic
def release(*, conversation: UUID, by: User) -> Conversation:
    """End the hold. Raises NotThere."""
    talk = _overseen(conversation, by)
    if talk.held_at is not None:
        note("release a conversation", talk, by, reason=talk.hold_reason)
    return _changed(talk, held_at=None, held_by=None, hold_reason="")


def overseen(by: User) -> QuerySet[Conversation]:
    """All conversations, deleted ones included, for who oversees; none for others."""
    rows = Conversation.objects.all()
    return rows if by.is_active and by.has_perm(OVERSEE) else rows.none()


def _own(conversation: UUID, by: User) -> Conversation:
    rows = Conversation.objects.visible_to(by).select_for_update(of=("self",))
    talk = rows.filter(pk=conversation).first()
    if talk is None:
        raise NotThere(f"There is no conversation {conversation}.")
    if talk.owner_id != by.pk:
        raise NotYours("Only who began this conversation may change it.")
    return talk


def _overseen(conversation: UUID, by: User) -> Conversation:
    talk = overseen(by).select_for_update(of=("self",)).filter(pk=conversation).first()
    if talk is None:
        raise NotThere(f"There is no conversation {conversation}.")
    return talk


def _changed(talk: Conversation, **values: Any) -> Conversation:
    for name, value in values.items():
        setattr(talk, name, value)
    talk.save(update_fields=list(values))
    return talk
