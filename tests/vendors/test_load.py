"""A hundred calls at once, each with a 20 kB prompt of its own."""

from __future__ import annotations

import asyncio
import json
import random
import time
from pathlib import Path

import pytest

from tests.vendors import model_process

CALLS = 100
LATENCY = 0.3
WORDS = Path(__file__).with_name("site.py").read_text().split()


def body(seed: int) -> bytes:
    dice = random.Random(seed)
    said = [
        dice.choice(WORDS) if dice.random() < 0.9 else f"${dice.randrange(10**6) / 10:,.1f}"
        for _ in range(4000)
    ]
    asked = {
        "model": "claude-haiku-5-5",
        "max_tokens": 500,
        "messages": [{"role": "user", "content": " ".join(said)[:20_000]}],
    }
    return json.dumps(asked).encode()


@pytest.mark.parametrize("tokens", ["approximate", "pieces"])
def test_hundred_at_once(tokens: str, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = [body(seed) for seed in range(2 * CALLS)]
    with model_process(latency=LATENCY, tokens=tokens) as process:
        asyncio.run(_all(process.url, bodies[:CALLS]))  # imports, and the words' pieces
        before = process.stats()["cpu_seconds"]
        began = time.monotonic()
        asyncio.run(_all(process.url, bodies[CALLS:]))
        wall = time.monotonic() - began
        stats = process.stats()
        cpu_ms = (stats["cpu_seconds"] - before) / CALLS * 1000
        assert stats["failures"] == []
        assert len(process.invoice.lines) == 2 * CALLS
    with capsys.disabled():
        print(f"\n{CALLS} calls, {tokens}: {wall:.2f} s, {cpu_ms:.2f} ms of the server's CPU each")
    assert wall < CALLS * LATENCY / 4  # together, not one after another


async def _all(url: str, bodies: list[bytes]) -> None:
    host, port = url.removeprefix("http://").split(":")
    await asyncio.gather(*[_one(host, int(port), each) for each in bodies])


async def _one(host: str, port: int, content: bytes) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    head = (
        "POST /a/v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer fake\r\n"
        f"anthropic-version: 2026-10-21\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()


def test_requests_one_after_another_on_one_connection() -> None:
    """Kept connections, bodies in pieces, and what is no HTTP at all."""

    async def talk(url: str) -> bytes:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        whole = b"GET /control/stats HTTP/1.1\r\nHost: x\r\n\r\n" * 2
        for place in range(0, len(whole), 7):
            writer.write(whole[place : place + 7])
            await writer.drain()
        writer.write(b"nonsense\r\n\r\n")
        answered = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answered

    with model_process() as process:
        answered = asyncio.run(talk(process.url))
    assert answered.count(b"HTTP/1.1 200") == 2
    assert answered.count(b"HTTP/1.1 400") == 1
