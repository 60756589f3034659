"""Permissions in one query, where Django takes two and builds a model for each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

_HELD = """
SELECT type.app_label || '.' || permission.codename
FROM auth_permission permission JOIN django_content_type type
    ON type.id = permission.content_type_id
WHERE permission.id IN (
    SELECT permission_id FROM auth_user_user_permissions WHERE user_id = %(user)s
    UNION
    SELECT held.permission_id FROM auth_group_permissions held
    JOIN auth_user_groups member ON member.group_id = held.group_id
    WHERE member.user_id = %(user)s
)
"""


class OneQuery(ModelBackend):
    """Of users who are no superusers; the others' are asked for as ever."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            with connection.cursor() as cursor:
                cursor.execute(_HELD, {"user": user_obj.pk})
                user_obj._perm_cache = {name for (name,) in cursor.fetchall()}
        held: set[str] = user_obj._perm_cache
        return held
