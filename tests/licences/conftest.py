from __future__ import annotations

import logging

import pytest
from rest_framework.throttling import UserRateThrottle


@pytest.fixture(autouse=True)
def _walkable(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of requests: not throttled, and not each a line of the log."""
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(UserRateThrottle, "rate", "1000000/min", raising=False)
