"""What the tests of providers ask for, and who they ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.test import override_settings

from llm.errors import CallFailed
from llm.providers import Provider
from llm.providers.setup import provider
from llm.values import Answer, Part, Request, Turn

ANTHROPIC_KEY, OPENAI_KEY = "sk-ant-very-secret-1", "sk-very-secret-2"
SECRET = "Margaret Quillfeather"  # stands in every prompt, and may stand nowhere else
MODELS = {"anthropic": "claude-sonnet-5-5", "openai": "gpt-6-luna"}
SAID = "Revenue grew on higher volumes, and margins held. Cash flow covered the dividend."
WORDS = "Net sales rose 4.2% to $1,234.5 million in fiscal 2025. "


def request(name: str, **changes: Any) -> Request:
    """A small one for the provider's model."""
    small = Request(
        model=MODELS[name],
        system=(Part("You write for advisors.", is_stable=True),),
        turns=(Turn("user", (Part(f"{SECRET} asks how sales went."),)),),
        max_output_tokens=300,
        seconds=10.0,
    )
    return replace(small, **changes)


def cached(name: str, **changes: Any) -> Request:
    """One with a prefix long enough for the provider's cache, and a fresh end."""
    turn = Turn("user", (Part(WORDS * 150, is_stable=True), Part("How did sales go?")))
    return request(name, system=(Part(WORDS * 150, is_stable=True),), turns=(turn,), **changes)


@contextmanager
def asked_at(anthropic: str = "", openai: str = "") -> Iterator[None]:
    """The settings of a site that has those addresses."""
    with override_settings(
        ANTHROPIC_API_KEY=ANTHROPIC_KEY,
        OPENAI_API_KEY=OPENAI_KEY,
        ANTHROPIC_BASE_URL=anthropic,
        OPENAI_BASE_URL=openai,
    ):
        yield


def failure(name: str, **changes: Any) -> CallFailed:
    """How a whole answer fails."""
    try:
        answer = provider(name).send(request(name, **changes))
    except CallFailed as failed:
        return failed
    raise AssertionError(f"It answered: {answer}")


def broken(adapter: Provider, asked: Request) -> tuple[list[str], CallFailed]:
    """What a stream gave before it failed, and how it failed."""
    pieces: list[str] = []
    try:
        for piece in adapter.stream(asked):
            pieces.append(piece)
    except CallFailed as failed:
        return pieces, failed
    raise AssertionError(f"It ended well: {pieces}")


def read(adapter: Provider, asked: Request) -> tuple[str, Answer]:
    """A stream to its end: the pieces joined, and the answer."""
    stream = adapter.stream(asked)
    return "".join(stream), stream.answer()
