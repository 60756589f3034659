"""A hundred advisors at once for two minutes, against 100,000 passages and models that take a second.

Each asks by the API, reads for some ten seconds (exponentially spread), and asks on: four in ten
ask what many ask, which is answered from the cache; a third ask for reported figures (quick); the
rest ask a question of their own at standard depth, with a search over their stock's passages and
one call of a model. The site's own processes (pages, streams and desk), PostgreSQL, Valkey, the
loopback models and the users share the machine. ``overhead`` is the time of an answer without what
the model's server took. Every tenth answer of a model is read as a stream, for the first text.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import numpy as np

from bench.companies import load_companies
from bench.figures import figure
from bench.pipeline import _below, _pss
from bench.scratch import scratch
from bench.search import STOCKS, World, filled
from tests.vendors import model_process

USERS = int(os.environ.get("FA_BENCH_USERS", "100"))
SECONDS = float(os.environ.get("FA_BENCH_SECONDS", "120"))
READING = 10.0  # seconds, the mean
LATENCY = 1.0
POPULAR_SHARE, QUICK_SHARE = 0.4, 0.33
STREAMED = 0.1  # of the answers of a model
COMPANIES = 40
LIMITS = {"errors": 0, "overhead_p95_ms": 150, "cache_hit_p95_ms": 30, "first_token_p95_ms": 3000}
POPULAR = (
    "What was revenue last year?", "How has the operating margin moved?", "Net income by year",
    "What was free cash flow last year?", "Diluted EPS over the last five years",
)  # fmt: skip
MEASURES = (
    "revenue", "net income", "operating income", "operating cash flow", "total assets",
    "diluted EPS", "cash", "long-term debt", "gross profit", "capital expenditure",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    kind: str  # popular, quick, standard
    text: str
    stock: str


@dataclass(frozen=True)
class Asking:
    """What is asked, and where. ``companies``: tickers with facts, the first that have passages."""

    site: str
    companies: list[str]
    world: World

    def popular(self) -> list[Question]:
        return [Question("popular", text, one) for one in self.companies[:8] for text in POPULAR]

    def question(self, rng: random.Random) -> Question:
        chance = rng.random()
        if chance < POPULAR_SHARE:
            return rng.choice(self.popular())
        if chance < POPULAR_SHARE + QUICK_SHARE:
            text = (
                f"{rng.choice(MEASURES)} and {rng.choice(MEASURES)}, last {rng.randint(2, 6)} years"
            )
            return Question("quick", text, rng.choice(self.companies))
        # Every other one of a company with facts beside its passages.
        stock = rng.randrange(len(self.companies) if rng.random() < 0.5 else STOCKS)
        own = self.world.vocabulary[5000 + stock * 30 :][:30]
        words = " ".join(rng.sample(own.tolist(), 3))
        ticker = self.companies[stock] if stock < len(self.companies) else f"B{stock:03}"
        return Question("standard", f"What do they say about {words}?", ticker)


@dataclass
class Tally:
    """Of each kind the query and the milliseconds until its answer; those until the first text;
    what went wrong by its words."""

    taken: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    first: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, query: str, milliseconds: float) -> None:
        with self.lock:
            self.taken.setdefault(kind, []).append((query, milliseconds))

    def fail(self, why: str) -> None:
        with self.lock:
            self.wrong[why] += 1


def main() -> None:
    port, streams = _free_port(), _free_port()
    with (
        model_process(
            tokens="approximate", latency=LATENCY, author="bench.authors:answerer"
        ) as models,
        scratch(
            ANTHROPIC_API_KEY="fake-key-for-bench",
            FA_ANTHROPIC_BASE_URL=models.anthropic_url,
            FA_LLM_CONCURRENCY="200",
            FA_LLM_REQUESTS_A_MINUTE="1000000",
            FA_LLM_TOKENS_A_MINUTE="1000000000",
            FA_LOG_LEVEL="WARNING",
            FA_EMBEDDER="hashing-384",
            FA_STREAM_URL=f"http://127.0.0.1:{streams}",
            FA_SITE_URL=f"http://127.0.0.1:{port}",
        ),
    ):
        world = World()
        tokens, companies = _prepared(world)
        asking = Asking(f"http://127.0.0.1:{port}", companies, world)
        with _site(port, streams) as pids:
            measure(asking, tokens, pids)


def _prepared(world: World) -> tuple[list[str], list[str]]:
    """Tokens of the users, and the companies with facts."""
    from django.core.management import call_command

    from costs.budgets import ensure_budgets
    from costs.models import Budget
    from summaries.models import Stock

    call_command("load_prices", verbosity=0)
    ensure_budgets()
    Budget.objects.update(amount_usd=1_000_000)
    load_companies(COMPANIES)
    companies = list(Stock.objects.covered().order_by("pk")[:COMPANIES])
    filled(world, "hashing-384", own=companies, as_filings=True)
    return _users(), [one.ticker for one in companies]


def _users() -> list[str]:
    from rest_framework.authtoken.models import Token

    from queries.models import UsagePlan, UserPlan
    from tests.factories import make_user

    plan = UsagePlan.objects.order_by("-requests_a_minute")[0]
    keys = []
    for number in range(USERS):
        user = make_user(f"user{number}", "advisor")
        UserPlan.objects.update_or_create(user=user, defaults={"plan": plan})
        keys.append(Token.objects.create(user=user).key)
    return keys


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def _site(port: int, streams: int) -> Iterator[list[int]]:
    commands = (["start", "--web", str(port)], ["start", "--streams", str(streams)])
    children = [subprocess.Popen([sys.executable, "manage.py", *one]) for one in commands]
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        _wait_for(f"http://127.0.0.1:{streams}/stream/queries/{'0' * 8}/")
        yield [one.pid for one in children]
    finally:
        for one in children:
            one.terminate()
        for one in children:
            one.wait(20)


def _wait_for(url: str, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            httpx2.get(url, timeout=5)
        except httpx2.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def measure(asking: Asking, tokens: list[str], pids: list[int]) -> None:
    tally = Tally()
    rng = random.Random(2026)
    with _client(tokens[0]) as client:
        for question in asking.popular():  # the cache of a site in use has them
            _ask(asking.site, client, question, Tally())
    until = time.monotonic() + SECONDS
    users = [
        threading.Thread(target=_user, args=(asking, key, until, rng.randrange(1 << 30), tally))
        for key in tokens
    ]
    for one in users:
        one.start()
    time.sleep(SECONDS / 3)  # by then all that is loaded once has been
    memory = _memory(pids)
    for one in users:
        one.join()
    _tell(tally, _memory(pids) - memory)


def _tell(tally: Tally, grown: float) -> None:
    taken = _overheads(tally)
    own = [*taken.get("quick", []), *taken.get("standard", [])]
    counts = {kind: len(found) for kind, found in taken.items()}
    print(json.dumps({"answers": counts, "wrong": dict(tally.wrong)}), file=sys.stderr)
    for kind, found in sorted(taken.items()):
        print(f"{kind:10} p50 {np.percentile(found, 50):7.1f} ms, p95 {np.percentile(found, 95):7.1f}",
              file=sys.stderr)  # fmt: skip
    figure("load", "errors", tally.wrong.total(), "", LIMITS["errors"])
    for name, found in (
        ("overhead_p95_ms", own),
        ("cache_hit_p95_ms", taken.get("popular", [])),
        ("first_token_p95_ms", tally.first),
    ):
        if found:
            figure("load", name, float(np.percentile(found, 95)), "ms", LIMITS[name])
    figure("load", "answers_per_second", sum(counts.values()) / SECONDS, "1/s", 0)
    figure("load", "memory_growth_mb", grown, "MB", 50)


def _overheads(tally: Tally) -> dict[str, list[float]]:
    """Milliseconds by kind, without the model's latency, as often as the ledger has a call."""
    from costs.models import UsageRecord

    asked = [query for found in tally.taken.values() for query, _ in found]
    calls = Counter(
        UsageRecord.objects.filter(query__in=asked)
        .exclude(operation="embed")
        .values_list("query", flat=True)
    )
    return {
        kind: [taken - calls[query] * LATENCY * 1000 for query, taken in found]
        for kind, found in tally.taken.items()
    }


def _user(asking: Asking, key: str, until: float, seed: int, tally: Tally) -> None:
    rng = random.Random(seed)
    with _client(key) as client:
        time.sleep(min(rng.expovariate(1 / READING), max(until - time.monotonic(), 0)))
        while time.monotonic() < until:
            question, streams = asking.question(rng), rng.random() < STREAMED
            _ask(asking.site, client, question, tally, streams=streams)
            time.sleep(rng.expovariate(1 / READING))


_TLS = ssl.create_default_context()  # one for all: each takes some 20 ms to make


def _client(key: str) -> httpx2.Client:
    return httpx2.Client(headers={"Authorization": f"Token {key}"}, timeout=90, verify=_TLS)


def _ask(
    site: str, client: httpx2.Client, question: Question, tally: Tally, *, streams: bool = False
) -> None:
    is_standard = question.kind == "standard"
    body = {
        "question": question.text, "stocks": [question.stock],
        "depth": "standard" if is_standard else "quick",
        "mode": "stream" if streams and is_standard else "sync",
    }  # fmt: skip
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    began = time.monotonic()
    try:
        told = _json(client.post(f"{site}/api/v1/queries/", json=body, headers=headers))
        if body["mode"] == "stream":
            _follow(client, told["stream_url"], began, tally)
            return
        while told["state"] in ("asked", "running"):
            time.sleep(0.5)  # half of what Retry-After says
            told = _json(client.get(f"{site}/api/v1/queries/{told['id']}/"))
    except (httpx2.HTTPError, ValueError, KeyError) as error:
        tally.fail(f"{question.kind}: {error!r}"[:200])
        return
    if told["state"] != "answered":
        tally.fail(f"{question.kind}: {told['state']} {told['refusal']}")
        return
    tally.add(question.kind, told["id"], (time.monotonic() - began) * 1000)


def _json(response: httpx2.Response) -> Any:
    response.raise_for_status()
    return response.json()


def _follow(client: httpx2.Client, url: str, began: float, tally: Tally) -> None:
    is_told = False
    with client.stream("GET", url) as stream:
        for line in stream.iter_lines():
            if line == "event: text" and not is_told:
                is_told = True
                with tally.lock:
                    tally.first.append((time.monotonic() - began) * 1000)
            if line == "event: finished":
                return
            if line == "event: refused":
                break
    tally.fail("stream: ended without an answer")


def _memory(pids: list[int]) -> float:
    """Of the site's processes, in MB (proportional set size)."""
    return sum(_pss(pid) for parent in pids for pid in (parent, *_below(parent)))


if __name__ == "__main__":
    main()
