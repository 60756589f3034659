"""Children end with their parent, whatever ends it, and come back when they die alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fa_site import processes
from fa_site.processes import Child
from tests.batch.site import PROJECT, is_living, kill, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")

# A command that stays: a process that ends with its starter and forks one that ends with it.
STAYING = """
import os, signal, sys, time
from fa_site.processes import end_with_parent, end_with_starter
end_with_starter()
here = os.getpid()
if os.fork() == 0:
    end_with_parent(signal.SIGKILL, parent=here)
    time.sleep(60)
print("up", flush=True)
time.sleep(60)
"""


class Staying(Child):
    """The child runs the code above in place of a command of manage.py."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", self.arguments[0]]


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(processes, "data_dir", lambda: tmp_path)
    return tmp_path / "logs"


def forks(child: Child) -> list[int]:
    assert child.process
    until(lambda: "up" in processes.log_tail(child.name), 60, "the child is up")
    held = Path(f"/proc/{child.process.pid}/task/{child.process.pid}/children").read_text()
    return [child.process.pid, *map(int, held.split())]


def test_stopping_ends_the_child_and_its_forks(logs: Path) -> None:
    child = Staying("staying", [STAYING])
    child.start()
    pids = forks(child)
    assert len(pids) == 2
    child.stop()
    until(lambda: not any(map(is_living, pids)), 60, "all are gone")
    assert not child.running


def test_child_that_ignores_the_request_is_ended_by_force(logs: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = Staying("deaf", [code])
    child.start()
    (pid,) = forks(child)
    child.stop(0.2)
    assert not is_living(pid)


def test_child_is_restarted_later_after_each_death(logs: Path) -> None:
    child = Staying("dying", ["raise SystemExit('ouch')"])
    child.keep()
    moments: list[float] = []
    while len(moments) < 3:
        if child.keep():
            moments.append(time.monotonic())
        time.sleep(0.01)
    child.stop()
    assert moments[2] - moments[1] > 1.4 * (moments[1] - moments[0])
    assert processes.log_tail("dying", 1) == "ouch"


def test_killed_parent_takes_its_children_and_their_forks_along(tmp_path: Path) -> None:
    starter = """
import time
from tests.batch.test_processes import STAYING, Staying, forks
child = Staying("staying", [STAYING])
child.start()
print(*forks(child), flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", starter],
        cwd=PROJECT,
        env={"FA_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert all(map(is_living, pids))
    kill(parent.pid)
    parent.communicate()
    until(lambda: not any(map(is_living, pids)), 60, "all are gone")


def test_child_of_a_parent_that_is_gone_already_ends_at_once() -> None:
    code = "from fa_site.processes import end_with_starter; end_with_starter(); print('still here')"
    # Process 1 did not start it.
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={processes.PARENT: "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "")


def test_log_is_put_aside_when_it_has_grown(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "KEPT_LOG_BYTES", 10)
    for word in ("first", "second"):
        child = Staying("telling", [f"print({word!r} * 3)"])
        child.start()
        assert child.process
        child.process.wait()
    assert (logs / "telling.log.1").read_text() == "firstfirstfirst\n"
    assert processes.log_tail("telling") == "secondsecondsecond"
