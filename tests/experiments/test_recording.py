"""From the door to the tables: once each, by whoever, and never in the caller's way."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

import experiments
from experiments import running
from experiments.assigning import Subject
from experiments.models import Exposure, Outcome
from experiments.recording import Seen, flush, telling, waiting
from experiments.recording.entries import dumped, loaded
from experiments.recording.writing import write
from experiments.tasks import write_experiments
from tests.costs.budgets_threads import at_once
from tests.experiments.rows import make_metric, make_running

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
TONE = "summary_tone"


def wait_for(rows: type[Exposure] | type[Outcome], count: int) -> None:
    until = time.monotonic() + 30
    while rows.objects.count() < count and time.monotonic() < until:
        time.sleep(0.02)
    assert rows.objects.count() == count


def test_an_exposure_is_logged_when_it_happens_and_once() -> None:
    make_running()
    assigned = experiments.variant_of(TONE, Subject(user=7))
    time.sleep(0.3)
    assert Exposure.objects.count() == 0  # looking exposes nobody
    before = datetime.now(UTC)
    for _ in range(3):
        experiments.expose(assigned)
    wait_for(Exposure, 1)
    (row,) = Exposure.objects.all()
    assert (row.unit, row.variant.key, row.phase_id) == ("7", assigned.variant, assigned.phase)
    assert abs((row.at - before).total_seconds()) < 5


EXPOSE = """
import django, os, sys
django.setup()
import experiments
for number in range(50):
    experiments.expose(experiments.variant_of("summary_tone", experiments.Subject(user=number)))
experiments.record("verified_share", experiments.Subject(user=1, stock="ACME"), 0.5, key="once")
if sys.argv[1] == "killed":
    os.kill(os.getpid(), 9)
"""


def process(how: str) -> subprocess.Popen[bytes]:
    database = connections["default"].settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    import os

    return subprocess.Popen(
        [sys.executable, "-c", EXPOSE, how], cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL,
             "DJANGO_SETTINGS_MODULE": "fa_site.settings"},
    )  # fmt: skip


def test_two_processes_log_one_exposure_and_a_killed_one_loses_none() -> None:
    make_running()
    ended = [one.wait(60) for one in [process("killed"), process("normally")]]
    assert ended == [-9, 0]
    flush()
    assert Exposure.objects.count() == 50
    assert sorted(Exposure.objects.values_list("unit", flat=True)) == sorted(map(str, range(50)))
    (outcome,) = Outcome.objects.all()
    assert (outcome.user, outcome.firm, outcome.stock, outcome.value) == ("1", "", "ACME", 0.5)


def test_many_writers_of_the_same_units() -> None:
    test = make_running()
    phase, variants = test.phases.get(), list(test.variants.all())

    def some(which: int) -> None:
        units = [str(n) for n in range(300)]
        if which % 2:
            units.reverse()
        for _ in range(5):
            write([Seen(phase.pk, variants[which % 2].pk, unit, time.time()) for unit in units])

    at_once(4, some)
    assert Exposure.objects.count() == 300


def test_what_a_dead_writer_took_aside_is_written() -> None:
    test = make_running()
    variant = test.variants.get(key="warm").pk
    waiting.push(dumped(Seen(test.phases.get().pk, variant, "9", time.time())))
    (name,) = list(waiting.taken())[:1]  # and dies
    flush()
    assert Exposure.objects.count() == 0
    waiting._client(settings.REDIS_URL).zadd(waiting._key("aside"), {name: time.time() - 100})
    flush()
    assert Exposure.objects.get().unit == "9"
    assert list(waiting.taken()) == []


def test_a_worker_writes_what_a_process_left() -> None:
    test = make_running()
    waiting.push(dumped(Seen(test.phases.get().pk, test.variants.get(key="warm").pk, "9", 0.0)))
    write_experiments()
    assert Exposure.objects.get().unit == "9"


def test_lines_that_make_no_row_keep_no_other_from_its_own() -> None:
    test = make_running()
    phase, variant = test.phases.get().pk, test.variants.get(key="warm").pk
    write([
        Seen(phase, variant, "1", time.time()),
        Seen(phase, variant, "x" * 200, time.time()),
        Seen(phase + 999, variant, "2", time.time()),
        Seen(phase, variant + 999, "3", time.time()),
        Seen(phase, variant, "4", time.time()),
    ])  # fmt: skip
    assert sorted(Exposure.objects.values_list("unit", flat=True)) == ["1", "4"]


@pytest.mark.parametrize("garbage", ["", "{", "7", "[]", "[1, 2]", '{"a": 1}', "null"])
def test_a_line_that_is_none_is_passed_over(garbage: str) -> None:
    seen = Seen(1, 2, "7", 3.0)
    assert loaded([garbage, dumped(seen)]) == [seen]


def test_outcomes_are_what_their_metric_takes() -> None:
    make_metric()
    make_metric("cost", kind="mean")
    one = Subject(user="1")
    experiments.record("verified_share", one, 0.5, key="a")
    experiments.record("verified_share", one, 0.9, key="a")
    experiments.record("verified_share", one, 1.5, key="b")
    experiments.record("cost", one, 1.5, key="b")
    experiments.record("cost", one, math.nan, key="c")
    experiments.record("cost", one, 1, key="d", denominator=0)
    experiments.record("cost", Subject(), 1, key="e")
    experiments.record("mood", one, 1, key="f")
    experiments.record("cost", Subject(user="\0" * 3, firm="f" * 90), 2, key="k" * 300)
    flush()
    found = Outcome.objects.order_by("pk").values_list("metric__key", "value")
    assert sorted(found) == [("cost", 1.5), ("cost", 2.0), ("verified_share", 0.5)]
    assert {len(one.firm) for one in Outcome.objects.all()} == {0, 32}


def test_without_valkey_lines_go_straight_to_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    make_running()
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    teller = telling.Teller()
    assigned = experiments.variant_of(TONE, Subject(user=3))
    teller.tell(Seen(assigned.phase, assigned.variant_id, "3", time.time()))
    wait_for(Exposure, 1)


def test_nothing_raises_where_the_database_refuses() -> None:
    make_running()
    assert experiments.variant_of(TONE, Subject(user=1)).is_in
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE experiments_abtest RENAME TO gone")
    try:
        running.known.refresh()
        assert experiments.variant_of(TONE, Subject(user=1)).is_in  # as known last
        running.known.forget()
        found = experiments.variant_of(TONE, Subject(user=1))
        assert (found.variant, found.parameters, found.is_in) == ("control", {}, False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO experiments_abtest")


def test_an_unknown_test_is_the_product_as_it_is() -> None:
    found = experiments.variant_of("nothing", Subject(user=1))
    assert (found.variant, found.parameters, found.is_in) == ("control", {}, False)
    experiments.expose(found)
    flush()
    assert Exposure.objects.count() == 0


def test_asking_again_asks_no_database() -> None:
    make_running()
    experiments.variant_of(TONE, Subject(user=1))
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        experiments.variant_of(TONE, Subject(user=2))
    assert len(caught) == 0
