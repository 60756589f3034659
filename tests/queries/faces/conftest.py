from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

# The browser of the other pages' tests.
from tests.faces.test_browser import browser, complaints, page

__all__ = ["advisor", "browser", "complaints", "page"]


@pytest.fixture
def advisor(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client
