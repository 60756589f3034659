"""Conversations whose time is over are gone for good, unless they are held."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from queries.actions.audit import note
from queries.models import Conversation
from queries.models.plans import all_plans

AT_ONCE = 500


def purge_expired() -> int:
    """Those deleted FA_DELETED_DAYS ago, and those that nothing was asked in for as many days as
    their owner's plan keeps them, or FA_CONVERSATION_DAYS where that is fewer (0: by the plans
    alone); how many. Who read what stays on record."""
    over = _over(timezone.now())
    purged = 0
    while due := list(
        Conversation.objects.filter(over, held_at__isnull=True).values_list("pk", flat=True)[
            :AT_ONCE
        ]
    ):
        gone = sum(_purge(one, over) for one in due)
        purged += gone
        if not gone:
            break
    return purged


def _over(now: datetime) -> Q:
    over = Q(deleted_at__lt=now - timedelta(days=settings.DELETED_DAYS))
    if settings.CONVERSATION_DAYS:
        over |= Q(updated_at__lt=now - timedelta(days=settings.CONVERSATION_DAYS))
    for plan in all_plans():
        idle = Q(updated_at__lt=now - timedelta(days=plan.conversation_days))
        if plan.pk:
            over |= idle & Q(owner__usage_plan__plan=plan)
        if plan.is_default:
            over |= idle & Q(owner__usage_plan__isnull=True)
    return over


@transaction.atomic
def _purge(conversation: UUID, over: Q) -> int:
    """Looked at again under a lock: it may have been held, or gone on with, meanwhile."""
    rows = Conversation.objects.select_for_update(of=("self",)).filter(
        over, pk=conversation, held_at__isnull=True
    )
    talk = rows.first()
    if talk is None:
        return 0
    note("purge a conversation", talk, None, queries=talk.queries.count(), owner=talk.owner_id)
    talk.delete()
    return 1
