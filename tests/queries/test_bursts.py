"""Nothing that was added is lost, doubled or out of order, however it is sent."""

from __future__ import annotations

import threading

from queries.bursts import Burst
from tests.batch.site import until


def test_the_first_goes_at_once_and_the_rest_together() -> None:
    sent: list[list[int]] = []
    burst = Burst(sent.append)
    burst.add(0)
    assert sent == [[0]]
    for one in (1, 2, 3):
        burst.add(one)
    burst.add(4, now=True)
    assert [one for some in sent for one in some] == [0, 1, 2, 3, 4]


def test_what_is_left_of_a_burst_goes_by_itself() -> None:
    sent: list[list[int]] = []
    burst = Burst(sent.append)
    for one in range(3):
        burst.add(one)
    until(lambda: sum(map(len, sent)) == 3, 20, "all is sent")
    assert [one for some in sent for one in some] == [0, 1, 2]


def test_what_is_taken_is_not_sent_too() -> None:
    sent: list[list[int]] = []
    burst = Burst(sent.append)
    for one in range(3):
        burst.add(one)
    left = burst.taken()
    burst.flush()
    assert [one for some in sent for one in some] + left == [0, 1, 2]


def test_many_threads_at_once() -> None:
    sent: list[list[int]] = []
    bursts = [Burst(sent.append) for _ in range(4)]

    def work(burst: Burst[int]) -> None:
        for one in range(200):
            burst.add(one, now=one % 50 == 49)

    threads = [threading.Thread(target=work, args=(one,)) for one in bursts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    until(lambda: sum(map(len, sent)) == 800, 20, "all is sent")
    assert sorted(one for some in sent for one in some) == sorted([*range(200)] * 4)
