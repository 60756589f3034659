from __future__ import annotations

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.authtoken.models import Token

from fa_site import users
from fa_site.views import FAILURES_ALLOWED
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_failures_before() -> None:
    cache.clear()


@pytest.fixture
def data_dir(tmp_path: Path, settings: object) -> Path:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    response = client.post("/sign-in/", {"username": name, "password": password, **more})
    return response.status_code, response.content.decode()


def test_an_advisor_comes_to_the_stocks(client: Client) -> None:
    make_user("anna", "advisor")
    response = client.post("/sign-in/", {"username": "anna", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_one_comes_back_to_where_one_wanted_to_go(client: Client) -> None:
    make_user("anna", "advisor")
    assert client.get("/stocks/ACME/")["Location"] == "/sign-in/?next=/stocks/ACME/"
    given = {"username": "anna", "password": PASSWORD, "next": "/stocks/ACME/"}
    assert client.post("/sign-in/", given)["Location"] == "/stocks/ACME/"


def test_one_is_not_sent_to_another_site(client: Client) -> None:
    make_user("anna", "advisor")
    given = {"username": "anna", "password": PASSWORD, "next": "https://example.com/"}
    assert client.post("/sign-in/", given)["Location"] == "/"


def test_wrong_password(client: Client) -> None:
    make_user("anna", "advisor")
    status, page = sign_in(client, "anna", "wrong")
    assert status == 200
    assert "Username and password don&#x27;t match." in page


def test_an_api_account_is_told_to_use_its_token(client: Client) -> None:
    make_user("machine", "api")
    assert "it is for the API, with its token" in sign_in(client, "machine")[1]


def test_a_name_tried_too_often_has_to_wait(client: Client) -> None:
    make_user("anna", "advisor")
    for _ in range(FAILURES_ALLOWED):
        sign_in(client, "Anna", "wrong")
    assert "Try again in 15 minutes." in sign_in(client, "anna")[1]


def test_success_forgets_earlier_failures(client: Client) -> None:
    make_user("anna", "advisor")
    for _ in range(FAILURES_ALLOWED - 1):
        sign_in(client, "anna", "wrong")
    assert sign_in(client, "anna")[0] == 302
    client.logout()
    sign_in(client, "anna", "wrong")
    assert sign_in(client, "anna")[0] == 302


def test_signing_out(client: Client) -> None:
    client.force_login(make_user("anna", "advisor"))
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_local_users_are_made_once(data_dir: Path) -> None:
    first = users.ensure_local_users()
    assert users.ensure_local_users() == first
    assert [login.username for login in first] == ["advisor", "ops", "api"]
    kept = data_dir / "logins.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [one["username"] for one in json.loads(kept.read_text())] == ["advisor", "ops", "api"]


def test_local_users_can_do_what_they_are_for(client: Client, data_dir: Path) -> None:
    advisor, ops, api = users.ensure_local_users()
    assert sign_in(client, "advisor", advisor.password)[0] == 302
    assert client.get("/").status_code == 200
    client.logout()
    assert sign_in(client, "ops", ops.password)[0] == 302
    assert client.get("/admin/").status_code == 200
    client.logout()
    assert not User.objects.get(username="api").has_usable_password()
    headers = {"authorization": f"Token {api.token}"}
    assert client.get("/api/v1/batch-runs/", headers=headers).status_code == 200


def test_a_changed_password_is_put_back_and_a_lost_file_made_anew(data_dir: Path) -> None:
    first = users.ensure_local_users()
    User.objects.get(username="advisor").set_password("other")
    (data_dir / "logins.json").unlink()
    second = users.ensure_local_users()
    assert second[0].password != first[0].password
    assert User.objects.get(username="advisor").check_password(second[0].password)
    assert Token.objects.get().key == second[2].token


def test_command_shows_logins_only_when_asked(data_dir: Path) -> None:
    out = StringIO()
    call_command("ensure_users", stdout=out)
    logins = users.ensure_local_users()
    assert logins[0].password not in out.getvalue()
    call_command("ensure_users", "--show", stdout=out)
    assert f"advisor  password {logins[0].password}\n" in out.getvalue()
    assert f"api      token    {logins[2].token}\n" in out.getvalue()


def test_command_refuses_in_production(data_dir: Path, settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("ensure_users")
    assert not User.objects.exists()
