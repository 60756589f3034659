"""Teams for tests."""

from __future__ import annotations

from django.contrib.auth.models import User

from costs.models import Team


def make_team(*members: User, name: str = "East") -> Team:
    team = Team.objects.create(name=name)
    team.members.add(*members)
    return team
