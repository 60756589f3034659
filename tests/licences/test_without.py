"""Who lacks a licence finds nothing of what is under it: not a word, a figure, a count, a trace.

The whole site is walked twice as each kind of account: once with licensed research in it, once
without. Every answer must be the same, byte for byte.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.licences.addresses import addresses
from tests.licences.walking import Answer, carrying, walk
from tests.licences.world import add_research, build_site, people

pytestmark = pytest.mark.django_db


class _Undone(Exception):
    """Takes back what was put into the site."""


ROLES = ("nobody", "groupless", "api", "advisor", "ops", "superuser")


@pytest.mark.parametrize("role", ROLES)
def test_without_the_licence_the_site_is_as_if_there_were_no_research(role: str) -> None:
    site = build_site()
    user = people()[role]
    try:
        with transaction.atomic():
            licensed = add_research(site)
            # Staff may open the same lists; who sees every one of them asks the strangest things.
            paths = addresses(site, licensed, crafted=role == "superuser")
            # The others must sign in first, whatever they ask of the admin.
            if role not in ("ops", "superuser"):
                paths = [path for path in paths if "?" not in path or "/admin/" not in path]
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
