"""Real servers in temporary folders. Each test stops what it started."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from fa_site import embedded
from fa_site.embedded import EmbeddedError, Services
from tests.batch.site import until

PROJECT = Path(__file__).resolve().parents[2]
ENSURE = "import sys; from pathlib import Path; from fa_site import embedded; "
ENSURE += "found = embedded.ensure(Path(sys.argv[1])); print(found.database_url, found.redis_url)"


@pytest.fixture
def new_data_dir(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    used: list[Path] = []

    def make(name: str) -> Path:
        used.append(tmp_path / name)
        return used[-1]

    yield make
    for data_dir in used:
        embedded.stop(data_dir)


@pytest.fixture
def data_dir(new_data_dir: Callable[[str], Path]) -> Path:
    return new_data_dir("data with a space")


def start_ensuring(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ENSURE, str(data_dir)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def postgres_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres/cluster/postmaster.pid").read_text().split()[0])


def valkey_pid(data_dir: Path) -> int:
    return int((data_dir / "valkey/valkey.pid").read_text())


def server_processes(data_dir: Path) -> dict[int, str]:
    """The processes that work in the folder, children too, and the programs they run."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if Path(os.readlink(process / "cwd")).is_relative_to(data_dir):
                found[int(process.name)] = (process / "cmdline").read_text().split("\0")[0]
    return found


def main_programs(data_dir: Path) -> list[str]:
    # PostgreSQL's children call themselves "postgres: …"; one that has just ended has no name.
    programs = server_processes(data_dir).values()
    return sorted(Path(program).name for program in programs if program.startswith("/"))


@contextmanager
def other_process(folder: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"], cwd=folder) as process:
        yield process
        assert process.poll() is None, "a process that isn't ours was ended"
        process.kill()


def connect(services: Services) -> psycopg.Connection:
    return psycopg.connect(services.database_url, autocommit=True)


def valkey(services: Services) -> redis.Redis:
    return redis.Redis.from_url(services.redis_url)


def port(url: str) -> int:
    return urlsplit(url).port or 0


def test_cold_start_gives_working_servers_with_durable_settings(data_dir: Path) -> None:
    services = embedded.ensure(data_dir)

    with closing(connect(services)) as database:
        assert database.info.server_version // 10_000 == 18
        names = ("fsync", "synchronous_commit", "server_encoding")
        shown = database.execute(
            "select current_setting(name) from unnest(%s::text[]) name", [list(names)]
        )
        assert shown.fetchall() == [("on",), ("on",), ("UTF8",)]
        database.execute("create extension vector")
        assert database.execute("select '[3,4]'::vector <-> '[0,0]'").fetchone() == (5.0,)
        assert database.execute("select lower('ÄΩ')").fetchone() == ("äω",)
        database.execute("create database test_fa")
    with closing(valkey(services)) as store:
        settings = ("appendonly", "appendfsync", "maxmemory-policy", "bind")
        assert store.config_get(*settings) == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "bind": "127.0.0.1",
        }


def test_passwords_are_needed_and_stay_private(data_dir: Path) -> None:
    services = embedded.ensure(data_dir)
    once = Retry(NoBackoff(), 0)
    passwords = [urlsplit(url).password or "" for url in vars(services).values()]

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(services.database_url.replace(passwords[0], "guess"))
    with (
        pytest.raises(redis.AuthenticationError),
        closing(redis.Redis(port=port(services.redis_url), retry=once)) as store,
    ):
        store.ping()

    shown = [repr(services), *map(str, embedded.status(data_dir))]
    shown += [log.read_text() for log in data_dir.rglob("*.log")]
    for pid in server_processes(data_dir):
        with suppress(OSError):  # A child of PostgreSQL may have ended since.
            shown.append(Path(f"/proc/{pid}/cmdline").read_text())
            shown.append(Path(f"/proc/{pid}/environ").read_text())
    assert not [text for text in shown for password in passwords if password in text]
    holding = [
        path
        for path in data_dir.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in passwords)
    ]
    assert sorted(path.name for path in holding) == ["server.json", "server.json", "valkey.conf"]
    assert {path.stat().st_mode & 0o777 for path in holding} == {0o600}


def test_second_call_finds_the_same_servers_fast(data_dir: Path) -> None:
    first = embedded.ensure(data_dir)
    pids = postgres_pid(data_dir), valkey_pid(data_dir)

    times = []
    for _ in range(10):
        began = time.perf_counter()
        assert embedded.ensure(data_dir) == first
        times.append(time.perf_counter() - began)

    assert (postgres_pid(data_dir), valkey_pid(data_dir)) == pids
    assert min(times) < 0.020


def test_six_racing_processes_share_one_server_each(data_dir: Path) -> None:
    racers = [start_ensuring(data_dir) for _ in range(6)]
    outputs = [racer.communicate(timeout=60) for racer in racers]

    assert {racer.returncode for racer in racers} == {0}, outputs
    assert len({said for said, _ in outputs}) == 1
    # The starters have ended and the servers live on, in sessions of their own.
    assert main_programs(data_dir) == ["postgres", "valkey-server"]
    own_session = os.getsid(0)
    assert own_session not in {os.getsid(pid) for pid in server_processes(data_dir)}
    services = embedded.ensure(data_dir)
    assert outputs[0][0].split() == [services.database_url, services.redis_url]


def test_killed_postgres_comes_back_with_every_acknowledged_row(data_dir: Path) -> None:
    services = embedded.ensure(data_dir)
    acknowledged = 0
    with closing(connect(services)) as database, closing(connect(services)) as idle:
        idle.execute("select 1")
        database.execute("create table kept (number int)")
        threading.Timer(0.5, os.kill, (postgres_pid(data_dir), signal.SIGKILL)).start()
        with suppress(psycopg.OperationalError):
            while True:
                database.execute("insert into kept values (%s)", [acknowledged])
                acknowledged += 1

    assert embedded.ensure(data_dir) == services
    with closing(connect(services)) as database:
        row = database.execute("select count(*) from kept where number < %s", [acknowledged])
        assert row.fetchone() == (acknowledged,)
    assert acknowledged > 0
    assert main_programs(data_dir) == ["postgres", "valkey-server"]


def test_killed_valkey_comes_back_with_every_acknowledged_key(data_dir: Path) -> None:
    services = embedded.ensure(data_dir)
    acknowledged = 0
    with closing(valkey(services)) as store:
        threading.Timer(0.3, os.kill, (valkey_pid(data_dir), signal.SIGKILL)).start()
        with suppress(redis.ConnectionError):
            while True:
                store.rpush("kept", acknowledged)
                acknowledged += 1

    assert embedded.ensure(data_dir) == services
    with closing(valkey(services)) as store:
        kept = store.lrange("kept", 0, acknowledged - 1)
    assert acknowledged > 0
    assert kept == [str(number).encode() for number in range(acknowledged)]


def test_valkey_starts_from_a_truncated_append_only_file(data_dir: Path) -> None:
    url = embedded.ensure_valkey(data_dir)
    with closing(redis.Redis.from_url(url)) as store:
        store.set("whole", "1")
        store.set("cut", "2")
    (appended,) = data_dir.glob("valkey/appendonlydir/*.incr.aof")
    # Where the disk is slow, what was said to be set is written a second or two later.
    until(lambda: b"cut" in appended.read_bytes(), 30, "both are written")
    os.kill(valkey_pid(data_dir), signal.SIGKILL)
    os.truncate(appended, appended.stat().st_size - 5)

    with closing(redis.Redis.from_url(embedded.ensure_valkey(data_dir))) as store:
        assert store.mget("whole", "cut") == [b"1", None]


def test_stale_pid_files_with_a_reused_pid_fool_nobody(data_dir: Path) -> None:
    services = embedded.ensure(data_dir)
    pids = (postgres_pid(data_dir), valkey_pid(data_dir))
    pid_files = (data_dir / "postgres/cluster/postmaster.pid", data_dir / "valkey/valkey.pid")
    contents = [path.read_text() for path in pid_files]
    embedded.stop(data_dir)
    with other_process() as other:
        for path, content, pid in zip(pid_files, contents, pids, strict=True):
            path.write_text(content.replace(str(pid), str(other.pid), 1))

        assert [service.running for service in embedded.status(data_dir)] == [False, False]
        assert not embedded.stop(data_dir)
        assert embedded.ensure(data_dir) == services
        assert other.pid not in (postgres_pid(data_dir), valkey_pid(data_dir))


def test_lock_file_of_a_killed_holder_blocks_nobody(data_dir: Path) -> None:
    embedded.ensure_valkey(data_dir)
    embedded.stop(data_dir)
    script = "import sys, time; from pathlib import Path; from fa_site.embedded import locks\n"
    script += (
        "with locks.exclusive(Path(sys.argv[1]), 5): print('held', flush=True); time.sleep(60)"
    )
    lock = str(data_dir / "valkey.lock")
    with subprocess.Popen(
        [sys.executable, "-c", script, lock], cwd=PROJECT, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()

    began = time.monotonic()
    embedded.ensure_valkey(data_dir)
    assert time.monotonic() - began < 5


def test_server_somebody_else_started_in_our_folder_is_refused_and_left(data_dir: Path) -> None:
    embedded.ensure_postgres(data_dir)
    embedded.stop(data_dir)
    cluster = data_dir / "postgres/cluster"
    with other_process(cluster) as other:
        (cluster / "postmaster.pid").write_text(f"{other.pid}\n{cluster}\n0\n1\n\n127.0.0.1\n")
        with pytest.raises(EmbeddedError, match=f"Process {other.pid} works in .* Stop it"):
            embedded.ensure_postgres(data_dir)
        assert not embedded.stop(data_dir)


def test_foreign_server_on_the_recorded_port_is_not_ours(
    new_data_dir: Callable[[str], Path],
) -> None:
    ours, theirs = new_data_dir("ours"), new_data_dir("theirs")
    before = embedded.ensure(ours)
    embedded.stop(ours)
    # The other checkout's servers come up on the ports of ours.
    embedded.ensure(theirs)
    embedded.stop(theirs)
    for kind, url in (("postgres", before.database_url), ("valkey", before.redis_url)):
        record = theirs / kind / "server.json"
        fields = record.read_text().split(",", 1)
        record.write_text(f'{{"port": {port(url)},{fields[1]}')
    foreign = embedded.ensure(theirs)
    assert port(foreign.database_url) == port(before.database_url)

    assert [service.running for service in embedded.status(ours)] == [False, False]
    after = embedded.ensure(ours)

    assert port(after.database_url) != port(before.database_url)
    assert port(after.redis_url) != port(before.redis_url)
    assert embedded.ensure(theirs) == foreign
    with closing(connect(after)) as database:
        assert database.execute("show data_directory").fetchone() == (
            str(ours / "postgres/cluster"),
        )


def test_two_data_folders_run_side_by_side(new_data_dir: Callable[[str], Path]) -> None:
    first, second = new_data_dir("first"), new_data_dir("second")
    urls = [*vars(embedded.ensure(first)).values(), *vars(embedded.ensure(second)).values()]
    assert len({port(url) for url in urls}) == 4
    assert len({urlsplit(url).password for url in urls}) == 4

    embedded.stop(first)
    assert server_processes(first) == {}
    assert [service.running for service in embedded.status(second)] == [True, True]


def test_start_killed_in_the_middle_of_initdb_leaves_nothing_behind(data_dir: Path) -> None:
    starter = start_ensuring(data_dir)
    deadline = time.monotonic() + 20
    while not list(data_dir.glob("postgres.new-*/cluster/PG_VERSION")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    starter.kill()
    starter.communicate()
    assert not (data_dir / "postgres").exists()

    with closing(connect(embedded.ensure(data_dir))) as database:
        assert database.execute("select current_database()").fetchone() == ("fa",)
    embedded.stop(data_dir)
    left = sorted(path.name for path in data_dir.iterdir() if ".new-" not in path.name)
    assert left == ["postgres", "postgres.lock", "valkey", "valkey.lock"]


def test_stop_is_idempotent_and_leaves_no_process(data_dir: Path) -> None:
    assert not embedded.stop(data_dir)
    assert not data_dir.exists()
    services = embedded.ensure(data_dir)
    with closing(connect(services)):  # a session doesn't keep the server up
        assert embedded.stop(data_dir)
    assert server_processes(data_dir) == {}
    assert not embedded.stop(data_dir)
    assert embedded.ensure(data_dir) == services
