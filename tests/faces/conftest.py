from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_user


@pytest.fixture
def advisor(client: Client, db: None) -> Client:
    client.force_login(make_user("anna", "advisor"))
    return client


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(make_user("otto", "ops", is_staff=True))
    return client
