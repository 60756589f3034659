"""Our one query gives what Django's two give, for whoever it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission, User

from fa_site.permissions import OneQuery
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def held(backend: ModelBackend, user: User) -> set[str]:
    return set(backend.get_all_permissions(User.objects.get(pk=user.pk)))


@pytest.mark.parametrize(
    ("groups", "fields"),
    [((), {}), (("advisor",), {}), (("advisor", "ops"), {}), (("ops",), {"is_active": False}),
     ((), {"is_superuser": True})],
)  # fmt: skip
def test_the_same_as_djangos(groups: tuple[str, ...], fields: dict[str, Any]) -> None:
    user = make_user("anna", *groups, **fields)
    user.user_permissions.add(Permission.objects.get(codename="change_route"))
    assert held(OneQuery(), user) == held(ModelBackend(), user)


def test_nothing_of_nobody_and_of_single_rows() -> None:
    user = make_user("anna", "ops")
    assert OneQuery().get_all_permissions(AnonymousUser()) == set()
    assert OneQuery().get_all_permissions(user, obj=user) == set()


def test_one_query_and_then_none(django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=make_user("anna", "ops").pk)
    with django_assert_num_queries(1):
        assert user.has_perm("llm.change_route")
        assert not user.has_perm("auth.delete_user")
