"""Was it submitted? After a crash that is asked, and never guessed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from llm.errors import CallFailed, Kind
from llm.providers import CantTellYet, batching
from llm.providers.anthropic import batches as anthropic_batches
from llm.providers.openai import batches as openai_batches
from llm.providers.setup import provider
from tests.llm.providers.asks import request
from tests.vendors import Fault, ModelSite

BOTH = pytest.mark.parametrize("name", ["anthropic", "openai"])
LATER = batching.IN_FLIGHT + timedelta(seconds=1)


def submitted(name: str, marker: str, number: int = 2) -> str:
    entries = [(f"e{place}", request(name)) for place in range(number)]
    return provider(name).submit(entries, marker=marker)


def now() -> datetime:
    return datetime.now(UTC)


def found(name: str, marker: str, since: datetime, **more: Any) -> str | None:
    return provider(name).recent(marker, since, **more)


@BOTH
def test_one_that_ended_is_found_by_its_marker(site: ModelSite, name: str) -> None:
    since = now()
    first, second = submitted(name, "m1"), submitted(name, "m2")
    assert found(name, "m1", since) == first
    assert found(name, "m2", since) == second


@BOTH
def test_none_is_said_when_nothing_can_be_under_way(site: ModelSite, name: str) -> None:
    submitted(name, "m1")
    with pytest.raises(CantTellYet):
        found(name, "m2", now())
    assert found(name, "m2", now() - LATER) is None


@BOTH
def test_cant_tell_is_a_failure_that_passes(site: ModelSite, name: str) -> None:
    with pytest.raises(CallFailed) as raised:
        found(name, "m2", now())
    assert (raised.value.kind, raised.value.is_billed) == (Kind.UNREACHABLE, False)
    assert not raised.value.kind.is_permanent


@BOTH
def test_a_submission_that_nobody_answered_is_found(site: ModelSite, name: str) -> None:
    site.script.add(Fault("unknown_outcome", seconds=0.1, times=1))
    since = now()
    with pytest.raises(CallFailed) as raised:
        submitted(name, "m1")
    assert (raised.value.kind, raised.value.is_billed) == (Kind.BROKEN, None)
    batch_id = found(name, "m1", since)
    assert batch_id
    assert len(list(provider(name).results(batch_id))) == 2
    assert len(site.invoice.lines) == 2


@BOTH
def test_a_silent_provider_is_no_answer(site: ModelSite, name: str) -> None:
    site.script.add(Fault("status", status=503, endpoint="batches.list"))
    with pytest.raises(CallFailed) as raised:
        found(name, "m1", now() - LATER)
    assert (raised.value.kind, raised.value.status) == (Kind.SERVER, 503)


@BOTH
def test_older_pages_are_read(site: ModelSite, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = {"anthropic": anthropic_batches, "openai": openai_batches}[name]
    monkeypatch.setattr(module, "PAGE", 2)
    since = now()
    first = submitted(name, "m0")
    for place in range(1, 6):
        submitted(name, f"m{place}")
    assert found(name, "m0", since) == first


@BOTH
def test_pages_before_the_submission_are_left_alone(
    site: ModelSite, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = {"anthropic": anthropic_batches, "openai": openai_batches}[name]
    monkeypatch.setattr(module, "PAGE", 2)
    for place in range(5):
        submitted(name, f"m{place}")
    asked = len(site.asked)
    with pytest.raises(CantTellYet):
        found(name, "m9", now() + batching.SKEW + timedelta(minutes=1))
    assert len([each for each in site.asked if each.method == "GET"][asked:]) <= 1


def test_openai_finds_one_in_progress(site: ModelSite) -> None:
    site.change(batch_seconds=60)
    batch_id = submitted("openai", "m1")
    assert found("openai", "m1", now()) == batch_id


class TestInProgressAtAnthropic:
    """The wire shows when it was made and how many entries it has."""

    @pytest.fixture(autouse=True)
    def _slow(self, site: ModelSite) -> None:
        site.change(batch_seconds=600)
        # The vendor's batches were made when a submission of long ago was under way.
        site.clock.set(now() - LATER)

    def found(self, site: ModelSite, number: int | None = 2, **more: Any) -> str | None:
        return found("anthropic", "m1", now() - LATER, entries=number, **more)

    def test_the_only_one_that_fits_is_taken(self, site: ModelSite) -> None:
        batch_id = submitted("anthropic", "m1")
        assert self.found(site) == batch_id

    def test_not_while_another_may_be_under_way(self, site: ModelSite) -> None:
        submitted("anthropic", "m1")
        with pytest.raises(CantTellYet):
            found("anthropic", "m1", now() - LATER / 2, entries=2)

    def test_two_that_fit_cant_be_told_apart(self, site: ModelSite) -> None:
        submitted("anthropic", "m1")
        submitted("anthropic", "m2")
        with pytest.raises(CantTellYet):
            self.found(site)

    def test_one_that_is_accounted_for_is_no_candidate(self, site: ModelSite) -> None:
        first, second = submitted("anthropic", "m1"), submitted("anthropic", "m2")
        assert self.found(site, known={second}) == first
        assert self.found(site, known={first, second}) is None

    def test_one_of_another_size_is_no_candidate(self, site: ModelSite) -> None:
        submitted("anthropic", "m2", 3)
        assert self.found(site) is None
        first = submitted("anthropic", "m1")
        assert self.found(site) == first

    def test_without_a_number_it_waits(self, site: ModelSite) -> None:
        submitted("anthropic", "m1")
        with pytest.raises(CantTellYet):
            self.found(site, number=None)

    def test_one_of_another_time_is_no_candidate(self, site: ModelSite) -> None:
        site.clock.set(now() - LATER - batching.SKEW - timedelta(seconds=10))
        submitted("anthropic", "m1")
        site.clock.set(now() + batching.SKEW + timedelta(seconds=10))
        submitted("anthropic", "m1")
        assert self.found(site) is None


@BOTH
def test_a_crash_in_the_middle_leads_to_one_batch(site: ModelSite, name: str) -> None:
    """A submission on its way while another worker already asks for it."""
    site.script.add(Fault("unknown_outcome", seconds=0.3, times=1))
    since = now()

    def submit() -> None:
        with pytest.raises(CallFailed):
            submitted(name, "m1")

    thread = threading.Thread(target=submit)
    thread.start()
    seen: set[str] = set()
    while thread.is_alive() or not seen:
        try:
            batch_id = found(name, "m1", since)
        except CantTellYet:
            continue
        assert batch_id, "it would be submitted twice"
        seen.add(batch_id)
    thread.join()
    assert len(seen) == 1
