"""What `make run` does: from an empty folder to summaries that can be read."""

from __future__ import annotations

import io
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.urls import get_resolver

from fa_site import garbage, services
from fa_site.broker import Crew
from fa_site.broker import connection as valkey
from fa_site.processes import Child, end_with_parent, end_with_starter, log_path, log_tail, stop_all
from queries.readying import ready
from summaries.batches import NoStocks, Report, report, start_run
from summaries.batches.choosing import chosen, concurrency
from summaries.batches.driving import OUTAGES
from summaries.batches.interruption import Interruption, interruptible
from summaries.batches.screen import Screen
from summaries.management.commands.run_batch import see_through
from summaries.models import BatchRun

# Most of them wait for a model, without a connection to the database.
WEB_THREADS = 48
PORTS_TRIED = 50
UP_SECONDS = 120.0
LOOK_SECONDS = 1.0
# A thread that comes back from the database waits at most so long for one that computes. Python's
# own 5 ms, at each of some twenty round trips of an answer, would be the most of its time.
SWITCH_SECONDS = 0.0005
HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Prepare the database, summarise the bundled stocks, print the report, serve the site."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--web", type=int, metavar="PORT", help="only serve the site, here")
        parser.add_argument("--streams", type=int, metavar="PORT", help="only serve streams, here")

    def handle(self, *args: Any, web: int | None, streams: int | None, **options: Any) -> None:
        if web is not None:
            return _serve(web)
        if streams is not None:
            return _serve_streams(streams)
        if settings.PRODUCTION:
            raise CommandError(
                "start is for one machine. In production run migrate, work, run_schedule and a "
                "WSGI server as services of their own; docs/runbook.md shows how."
            )
        try:
            self._prepare()
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run the same command again to go on.")
            sys.exit(130)
        crew = Crew(concurrency())
        with interruptible() as interruption:
            try:
                result = self._batch(crew, interruption)
                if os.environ.get("SERVE") == "0":
                    crew.stop(0)  # nothing is in work, so nothing needs time to end
                    sys.exit(self._judge(result))
                self._keep_serving(crew, interruption)
            finally:
                crew.stop()
        return None

    def _prepare(self) -> None:
        self._step("Preparing the database", lambda: call_command("migrate", verbosity=0))
        self._step(
            "Loading the bundled facts", lambda: call_command("load_bundle", stdout=self.stdout)
        )
        call_command("load_prices", stdout=self.stdout)
        call_command("ensure_budgets", stdout=self.stdout)
        call_command("ensure_users", stdout=self.stdout)

    def _step(self, name: str, do: Callable[[], object]) -> None:
        self.stdout.write(f"{name}…")
        self.stdout.flush()
        do()

    def _batch(self, crew: Crew, interruption: Interruption) -> Report:
        try:
            run, _ = start_run(
                stocks=chosen(None), trigger=BatchRun.Trigger.COMMAND, concurrency=concurrency()
            )
        except NoStocks as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Summarising and verifying {run.items.count()} stocks…")
        if not see_through(run, concurrency(), Screen(self.stdout), interruption, crew):
            self.stderr.write("Stopped. Run the same command again to go on.")
            sys.exit(interruption.exit_code)
        result = report(run)
        for line in result.table():
            self.stdout.write(line)
        for one in result.troubled:
            self.stderr.write(f"{one.ticker} {one.state.replace('_', ' ')}: {one.message}")
        return result

    def _judge(self, result: Report) -> int:
        """0 only if every summary is whole and what is published holds when read again."""
        try:
            call_command("verify_published", stdout=self.stdout, stderr=self.stderr)
        except SystemExit as end:
            return int(end.code or 0) or int(not result.well)
        return int(not result.well)

    def _keep_serving(self, crew: Crew, interruption: Interruption) -> None:
        port, logins = _free_port(), io.StringIO()
        streams_port = _free_port(port + 1)
        call_command("ensure_users", show=True, stdout=logins)
        there = {"FA_STREAM_URL": f"http://{HOST}:{streams_port}"}
        web = Child("web", ["start", "--web", str(port)], there)
        streams = Child(
            "streams", ["start", "--streams", str(streams_port)],
            {"FA_SITE_URL": f"http://{HOST}:{port}"},
        )  # fmt: skip
        children = [web, streams, Child("schedule", ["run_schedule"])]
        try:
            for child in children:
                child.start()
            self._wait_for(web, port, interruption)
            self._wait_for(streams, streams_port, interruption)
            self.stdout.write(f"\nFA AI System: http://{HOST}:{port}/   (Ctrl-C stops it)")
            self.stdout.write(logins.getvalue())
            self.stdout.flush()
            _supervise(children, crew, interruption)
        finally:
            stop_all(children)
            self.stdout.write("Stopped. The database and Valkey go on; make stop ends them.")

    def _wait_for(self, child: Child, port: int, interruption: Interruption) -> None:
        until = time.monotonic() + UP_SECONDS
        while not _answers(port) and not interruption.is_set():
            if not child.running or time.monotonic() > until:
                raise CommandError(
                    f"The site didn't start. {log_path(child.name)} ends:\n{log_tail(child.name)}"
                )
            interruption.wait(0.1)


def _supervise(children: list[Child], crew: Crew, interruption: Interruption) -> None:
    """Restart what dies, servers first, until interrupted."""
    while not interruption.wait(LOOK_SECONDS):
        try:
            _ping()
            crew.keep()
        except OUTAGES:
            connections.close_all()
            _revive()
        for child in children:
            child.keep()


def _ping() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    valkey().ping()


def _revive() -> None:
    try:
        services.revive()
    except services.ServicesError as error:
        sys.stderr.write(f"{error}\n")


def _free_port(after: int | None = None) -> int:
    wanted = str(after or os.environ.get("PORT") or "8000")
    if not wanted.isdigit() or not 1 <= int(wanted) <= 65_535:
        raise CommandError(
            f"PORT is {wanted!r}; it must be a number from 1 to 65535.", returncode=2
        )
    first = int(wanted)
    for port in range(first, min(first + PORTS_TRIED, 65_536)):
        if _is_free(port):
            return port
    raise CommandError(f"No free port from {first} on. Name another with PORT.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _serve(port: int) -> None:
    """The site alone, in this process and one fork of it."""
    _granian("fa_site.wsgi", port, interface="wsgi", blocking_threads=WEB_THREADS)


def _serve_streams(port: int) -> None:
    """The streams alone, and the desk where questions are answered."""
    _granian("fa_site.asgi", port, interface="asgi")


def _granian(module: str, port: int, interface: str, **more: Any) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    end_with_starter()
    Granian(
        module, address=HOST, port=port, interface=Interfaces(interface),
        respawn_failed_workers=True, websockets=False, **more,
    ).serve(target_loader=_application)  # fmt: skip


def _application(module: str) -> Any:
    end_with_parent(signal.SIGKILL)
    application = import_module(module).application
    get_resolver().url_patterns  # noqa: B018 - read now, not by the first request
    ready()
    garbage.search_seldom()
    sys.setswitchinterval(SWITCH_SECONDS)
    return application
