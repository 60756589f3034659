"""SEC's rules: who asks, how often, and what is never said aloud."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading

import pytest
from django.test import override_settings

from fa_site.broker import connection
from fa_site.pace import Pace
from summaries.sources.edgar import Edgar, edgar
from summaries.sources.errors import Blocked, Refused, SourceError
from tests.loopback import Answer, serving
from tests.sources.conftest import AGENT, RECORDED, needs_recordings
from tests.sources.edgar_site import EdgarSite, Fault, edgar_site

pytestmark = needs_recordings


@pytest.fixture
def pace() -> Pace:
    connection().delete("fa:pace:edgar-test:turn", "fa:pace:edgar-test:hold")
    return Pace("edgar-test", per_second=8, longest_wait=5)


@pytest.mark.parametrize(
    "agent", ["", "python-httpx/1", "Sample Company", "admin@example.com", "Bad\nName a@b.com"]
)
def test_nobody_asks_without_saying_who(agent: str) -> None:
    with serving(lambda _: Answer()) as other, pytest.raises(Refused) as caught:
        Edgar(user_agent=agent, www=other.url, data=other.url, pace=None)
    assert "set FA_EDGAR_USER_AGENT" in str(caught.value)
    assert other.asked == []


def test_settings_make_the_client_or_say_what_to_set(site: EdgarSite) -> None:
    places = {"EDGAR_WWW": site.url, "EDGAR_DATA": site.url}
    with override_settings(EDGAR_USER_AGENT="", **places), pytest.raises(Refused, match="set FA_"):
        edgar()
    with override_settings(EDGAR_USER_AGENT=AGENT, **places), edgar() as made:
        made.tickers()
    assert {asked.headers["user-agent"] for asked in site.asked} == {AGENT}
    assert {asked.headers["accept-encoding"] for asked in site.asked} == {"gzip, deflate"}


def test_rate_above_what_sec_allows_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 8"):
        Edgar(user_agent=AGENT, pace=Pace("edgar-test", per_second=9))
    with pytest.raises(ValueError, match="at a pace"):
        Edgar(user_agent=AGENT, pace=None)


def test_site_refuses_who_does_not_declare_itself_and_who_is_too_fast() -> None:
    """SEC's own rules, which the next tests lean on, hold on the loopback site."""
    with edgar_site(RECORDED) as site:
        with Edgar(user_agent=AGENT, www=site.url, data=site.url, pace=None) as client:
            with pytest.raises(Blocked, match="too fast"):
                _ask(client, 100)
            with pytest.raises(Blocked):  # to go on asking doesn't help
                _ask(client, 1)
        assert site.said.count(200) == 10


def test_threads_and_processes_together_keep_the_pace(pace: Pace) -> None:
    with edgar_site(RECORDED) as site:
        workers = [
            subprocess.Popen([sys.executable, "-c", _WORKER, site.url], env=dict(os.environ))
            for _ in range(2)
        ]
        with Edgar(user_agent=AGENT, www=site.url, data=site.url, pace=pace) as client:
            threads = [threading.Thread(target=_ask, args=(client, 8)) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert [worker.wait(60) for worker in workers] == [0, 0]
        times = [asked.at for asked in site.asked]
    assert site.said == [200] * 32
    rate = (len(times) - 1) / (times[-1] - times[0])
    busiest = max(sum(start <= at < start + 1 for at in times) for start in times)
    # Turns are an eighth of a second apart. What passes between a turn and its arrival on a busy
    # machine may move a request or two across a second's edge; SEC's limit of 10 leaves room.
    assert rate <= 8.4
    assert busiest <= 10


_WORKER = """
import sys, django
django.setup()
from fa_site.pace import Pace
from summaries.sources.edgar import Edgar
pace = Pace("edgar-test", per_second=8, longest_wait=5)
with Edgar(user_agent="Other Company other@example.com", www=sys.argv[1], data=sys.argv[1], pace=pace) as client:
    for _ in range(8):
        client.company_facts(1997711)
"""


def _ask(client: Edgar, times: int) -> None:
    for _ in range(times):
        client.company_facts(1997711)


def test_messages_and_logs_name_no_contact_and_no_host(
    site: EdgarSite, client: Edgar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    said = []
    for kind in ("missing", "away", "garbage", "block", "undeclared with 200", "cut", "too many"):
        site.faults[:] = [Fault(kind)]
        with pytest.raises(SourceError) as caught:
            client.company_facts(320193)
        said.append(str(caught.value))
    for text in said:
        assert "example.com" not in text
        assert "127.0.0.1" not in text
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    assert "example.com" not in caplog.text


def test_addresses_with_passwords_are_refused() -> None:
    with pytest.raises(ValueError, match="without a password"):
        Edgar(user_agent=AGENT, www="https://me:secret@gateway.example", pace=None)
