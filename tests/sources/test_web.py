"""What a source's connection may do to us, on a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from fa_site.broker import connection
from fa_site.pace import Pace, TurnTooFar
from summaries.sources.errors import Blocked, Malformed, SourceError, Unavailable
from summaries.sources.web import Reply, Web
from tests.loopback import Answer, Asked, serving


def _statuses(reply: Reply) -> None:
    if reply.status == 503:
        raise Unavailable("busy", retry_after=reply.retry_after)
    if reply.status == 403:
        raise Blocked("stop", retry_after=30)


def _web(**given: object) -> Web:
    web = Web("edgar", _statuses, first_pause=0.01, **given)  # type: ignore[arg-type]
    _OPEN.append(web)
    return web


_OPEN: list[Web] = []


@pytest.fixture(autouse=True)
def _closed_afterwards() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().client.close()


@pytest.fixture
def pace() -> Pace:
    connection().delete("fa:pace:test:turn", "fa:pace:test:hold")
    return Pace("test", per_second=20, longest_wait=2)


def test_whole_reply_is_read() -> None:
    with serving(lambda _: Answer(body=b"x" * 5000, zipped=True)) as site:
        reply = _web().get(f"{site.url}/file")
    assert (reply.status, len(reply.content), reply.content_type) == (200, 5000, "application/json")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"x" * 5000, cut=100),
        Answer(body=b"x" * 5000, cut=10, zipped=True),
        Answer(body=b"x" * 100_000, pause=0.01),
        Answer(hang=5),
        Answer(body=b"not gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["cut off", "cut off zipped", "slow drip", "silent", "wrong encoding"],
)
def test_broken_connection_is_unavailable_in_time(answer: Answer) -> None:
    with serving(lambda _: answer) as site:
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            _web(seconds=0.4, attempts=2).get(site.url)
        assert time.monotonic() - begun < 4
        assert len(site.asked) == 2


def test_too_large_is_malformed_however_it_is_packed() -> None:
    with serving(lambda _: Answer(body=b"0" * 3_000_000, zipped=True)) as site:
        with pytest.raises(Malformed, match="more than 1 MB"):
            _web(most_bytes=1_000_000).get(site.url)
        assert len(site.asked) == 1


def test_temporary_fault_is_asked_again_and_retry_after_is_kept() -> None:
    def answer(asked: Asked) -> Answer:
        first = len(site.asked) == 1
        return Answer(503, headers={"Retry-After": "1"}) if first else Answer(body=b"[]")

    with serving(answer) as site:
        assert _web().get(site.url).content == b"[]"
        assert site.asked[1].at - site.asked[0].at >= 1


def test_retry_after_beyond_our_patience_is_not_slept_out() -> None:
    with serving(lambda _: Answer(503, headers={"Retry-After": "900"})) as site:
        with pytest.raises(Unavailable) as caught:
            _web().get(site.url)
        assert caught.value.retry_after == 900
        assert len(site.asked) == 1


def test_nobody_listening_is_unavailable_and_names_no_address() -> None:
    with serving(lambda _: Answer()) as site:
        url = f"{site.url}/?password=secret"
    with pytest.raises(Unavailable) as caught:
        _web(attempts=1).get(url)
    assert "secret" not in str(caught.value)


def test_block_stops_all_workers_at_once(pace: Pace) -> None:
    with serving(lambda _: Answer(403)) as site:
        with pytest.raises(Blocked):
            _web(pace=pace).get(site.url)
        with pytest.raises(Blocked) as caught:
            _web(pace=pace).get(site.url)
        assert len(site.asked) == 1
    assert 28 < (caught.value.retry_after or 0) <= 30


def test_pace_is_one_for_all_clients(pace: Pace) -> None:
    with serving(lambda _: Answer()) as site:
        webs = [_web(pace=pace) for _ in range(3)]
        for place in range(12):
            webs[place % 3].get(site.url)
        times = [asked.at for asked in site.asked]
    assert times[-1] - times[0] >= 11 / 20 - 0.02


def test_turn_that_would_come_too_late_is_not_taken(pace: Pace) -> None:
    waits = []

    def take_turns() -> None:
        for _ in range(100):
            waits.append(pace.turn())

    with pytest.raises(TurnTooFar):
        take_turns()
    assert 40 <= len(waits) < 60  # time goes on meanwhile
    assert waits == sorted(waits)


def test_burst_lets_so_many_go_at_once() -> None:
    connection().delete("fa:pace:burst:turn")
    pace = Pace("burst", per_second=1, burst=3)
    assert [round(pace.turn()) for _ in range(5)] == [0, 0, 0, 1, 2]


def test_turn_far_in_the_future_is_a_clock_set_back(pace: Pace) -> None:
    connection().set("fa:pace:test:turn", int((time.time() + 86_400) * 1_000_000))
    assert pace.turn() == 0


def test_shorter_hold_does_not_cut_a_longer_one(pace: Pace) -> None:
    pace.hold(30)
    pace.hold(1)
    with pytest.raises(TurnTooFar) as caught:
        pace.turn()
    assert caught.value.seconds > 25


def test_errors_say_whether_they_are_permanent() -> None:
    kinds = {kind.__name__: kind.permanent for kind in SourceError.__subclasses__()}
    assert kinds == {
        "Unavailable": False,
        "Blocked": False,
        "Missing": True,
        "Refused": True,
        "Malformed": True,
    }
