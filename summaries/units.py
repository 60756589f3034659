"""What summaries there were, for reports of what one cost."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from costs.reports.units import Unit, register
from costs.reports.window import Window


def _published(window: Window) -> int:
    """Of those that anybody may read: what is under a licence isn't to be told by a count."""
    from summaries.models import Summary

    free = Summary.objects.readable_by(AnonymousUser())
    return free.filter(published_at__gte=window.start, published_at__lt=window.end).count()


def register_units() -> None:
    register(Unit("verified summary", _published, Q(agent="summariser")))
