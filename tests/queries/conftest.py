from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from llm import shared
from queries import answerer
from tests.factories import make_user
from tests.queries.talks import handlers


@pytest.fixture
def depths() -> Iterator[None]:
    """The small depth of the tests in place of all; Valkey knows nothing of earlier questions."""
    before, around = dict(answerer.HANDLERS), list(answerer.AROUND)
    handlers.register()
    _forget()
    try:
        yield
    finally:
        _forget()
        answerer.HANDLERS.clear()
        answerer.HANDLERS.update(before)
        answerer.AROUND[:] = around


def _forget() -> None:
    handlers.forget()
    client = shared.client()
    if names := list(client.scan_iter(shared.key("queries", "*"))):
        client.delete(*names)


@pytest.fixture
def anna(db: None) -> User:
    return make_user("anna", "advisor")


@pytest.fixture
def ben(db: None) -> User:
    return make_user("ben", "advisor")


@pytest.fixture
def carla(db: None) -> User:
    return make_user("carla", "compliance")
