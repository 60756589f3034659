"""What a batch costs this machine, beside the providers' work."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from costs.models import Budget, UsageRecord
from llm import outbox, routing
from tests.llm.outbox.asks import put, questions, spent
from tests.vendors.process import model_process

NUMBER = 1000


@contextmanager
def measured(what: str, most_cpu_ms: float, capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """``most_cpu_ms``: of this process, an entry."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    yield
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    wall = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{what}: {wall:.1f} s, CPU {cpu:.1f} s, {1000 * cpu / NUMBER:.1f} ms an entry")
    assert 1000 * cpu / NUMBER < most_cpu_ms


def test_thousand_entries_settle_in_a_few_seconds(
    site: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for scope, usd in (("firm", 2000), ("batch", 1200)):
        Budget.objects.update_or_create(scope=scope, defaults={"amount_usd": usd})
    with model_process() as provider:
        settings.ANTHROPIC_BASE_URL, settings.OPENAI_API_KEY = provider.anthropic_url, ""
        routing.forget()
        with measured("asked", 12, capsys):
            put(questions(NUMBER))
        with measured("submitted", 8, capsys):
            assert outbox.submit_due() == 1
        time.sleep(1)
        with measured("settled", 15, capsys):
            while not (ended := outbox.poll_due(pauses=outbox.Pauses(0, 0))):
                time.sleep(0.2)
        assert ended == NUMBER
        assert UsageRecord.objects.filter(state="settled").count() == NUMBER
        assert spent() == provider.invoice.total()
