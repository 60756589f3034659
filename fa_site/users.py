"""Local accounts, one a group, with random passwords kept beside the local data.

For trying the product on one machine. In production, accounts are made by
people: `manage.py createsuperuser`, then the admin.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from rest_framework.authtoken.models import Token

FILE_NAME = "logins.json"


class NotLocal(Exception):
    """Local accounts were asked for in production."""


@dataclass(frozen=True)
class Login:
    """``password`` is empty for the API's account, ``token`` for the others."""

    username: str
    password: str = ""
    token: str = ""


def file() -> Path:
    return Path(settings.DATA_DIR) / FILE_NAME


def ensure_local_users() -> list[Login]:
    """Make what is missing; passwords of earlier calls stay as they are. Raises NotLocal."""
    if settings.PRODUCTION:
        raise NotLocal(
            "Local accounts have no place in production. Run manage.py createsuperuser and "
            "make the others in the admin."
        )
    kept = _kept()
    with transaction.atomic():
        logins = [
            _person("advisor", kept, is_staff=False),
            _person("ops", kept, is_staff=True),
            _api_client("api"),
        ]
    _keep(logins)
    return logins


def _person(name: str, kept: dict[str, str], *, is_staff: bool) -> Login:
    password = kept.get(name) or secrets.token_urlsafe(12)
    user, created = User.objects.get_or_create(username=name, defaults={"is_staff": is_staff})
    if created or not user.check_password(password):
        user.set_password(password)
        user.is_staff = is_staff
        user.save()
    user.groups.set([Group.objects.get(name=name)])
    return Login(name, password=password)


def _api_client(name: str) -> Login:
    user, created = User.objects.get_or_create(username=name)
    if created or user.has_usable_password():
        user.set_unusable_password()
        user.save()
    user.groups.set([Group.objects.get(name=name)])
    token, _ = Token.objects.get_or_create(user=user)
    return Login(name, token=token.key)


def _kept() -> dict[str, str]:
    try:
        return {one["username"]: one["password"] for one in json.loads(file().read_text())}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # no file yet, or not one of ours: new passwords are made


def _keep(logins: list[Login]) -> None:
    """Written beside and moved into place, readable by its owner from the first byte."""
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump([asdict(login) for login in logins], out, indent=2)
    beside.replace(path)
