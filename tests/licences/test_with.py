"""Who holds the licence finds what is under it, and the licence alone opens nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from summaries.models import Document, Summary
from tests.licences.addresses import Unfilled, addresses, routes
from tests.licences.walking import carrying, walk
from tests.licences.world import CANARIES, add_research, build_site, people

pytestmark = pytest.mark.django_db

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
    paths = addresses(site, add_research(site), crafted=False)
    found = walk(user, [path for path in paths if "?" not in path or path.startswith("/api/")])
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
