from __future__ import annotations

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from tests.factories import make_token, make_user


@pytest.fixture
def api(db: None) -> APIClient:
    cache.clear()  # throttles count there
    token = make_token(make_user("machine", "api"))
    return APIClient(headers={"authorization": f"Token {token}"})


@pytest.fixture
def ops_api(db: None) -> APIClient:
    token = make_token(make_user("otto", "ops", is_staff=True))
    return APIClient(headers={"authorization": f"Token {token}"})
