"""A whole product of its own for a test: data folder, servers, and the real commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from fa_site import embedded
from fa_site.embedded.locks import exclusive
from fa_site.services import data_dir

PROJECT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 5
LOCK_SECONDS = 300.0

PUBLISHED = """
    SELECT stock.ticker, claim.tier, claim.position, claim.text, citation.quote,
           citation.claim_start, citation.claim_end, citation.formula
    FROM summaries_summary summary
    JOIN summaries_stock stock ON stock.id = summary.stock_id
    JOIN summaries_claim claim ON claim.summary_id = summary.id
    LEFT JOIN summaries_citation citation ON citation.claim_id = claim.id
    WHERE summary.state = 'published'
    ORDER BY stock.ticker, claim.tier, claim.position, citation.position
"""


@dataclass
class Site:
    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        ours = ("DATABASE_URL", "REDIS_URL", "FA_EMBEDDED_POSTGRES", "FA_EMBEDDED_VALKEY")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return {
            **kept,
            "FA_ENV": "local",
            "FA_DATA_DIR": str(self.data_dir),
            "FA_BATCH_LEASE_SECONDS": str(LEASE_SECONDS),
            "FA_EMBEDDER": "hashing-384",  # vectors that cost nothing: these are tests of the work
            **self.settings,
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.running.append(process)
        return process

    def manage(self, *arguments: str, timeout: float = 300) -> tuple[int, str]:
        """Exit code and all that was said."""
        process = self.start(*arguments)
        told, _ = process.communicate(timeout=timeout)
        return process.returncode, told

    def migrate(self) -> None:
        """Its tables, by a copy of the first product that was migrated in this run."""
        model = data_dir() / "migrated"
        with exclusive(model.with_suffix(".lock"), LOCK_SECONDS):
            if not model.exists():
                first = Site(model.with_suffix(".first"))
                first.command("migrate", "-v", "0")
                first.close()
                first.data_dir.rename(model)
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(model), str(self.data_dir)], check=True)

    def prepare(self, tickers: str = "") -> None:
        self.migrate()
        self.command("load_bundle", "--tickers", tickers)

    def command(self, *arguments: str) -> None:
        code, told = self.manage(*arguments)
        assert code == 0, told

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows; none while the database is away."""
        url = embedded.ensure_postgres(self.data_dir)
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=3) as held:
            return held.execute(sql.encode()).fetchall()
        return []

    def done(self) -> int:
        rows = self.ask(
            "SELECT count(*) FROM summaries_batchitem WHERE state NOT IN ('pending', 'claimed')"
        )
        return int(rows[0][0]) if rows else 0

    def postgres_pid(self) -> int:
        return int((self.data_dir / "postgres/cluster/postmaster.pid").read_text().split()[0])

    def valkey_pid(self) -> int:
        return int((self.data_dir / "valkey/valkey.pid").read_text())

    def close(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.communicate()
        embedded.stop(self.data_dir)


def until(true: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.02)


def below(pid: int) -> list[int]:
    """All living processes that descend from this one."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            rest = stat.read_text().rpartition(")")[2].split()
            if rest[0] != "Z":
                parents.setdefault(int(rest[1]), []).append(int(stat.parent.name))
    found, queue = [], [pid]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def is_living(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
