"""Anthropic's events of a stream, put together into a message."""

from __future__ import annotations

from typing import Any

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.estimating import estimate_text, estimate_tokens
from llm.providers.anthropic.answers import NAME, answer_of, tokens_of
from llm.providers.wire import Json, identifier, mapping, text
from llm.values import Answer, Request


class MessageReader:
    """See llm.providers.streaming.Reader."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._pieces: list[str] = []
        self._thought: list[str] = []
        self._message: Json = {}
        self._usage: Json = {}
        self.has_begun = False
        self.is_whole = False
        self.response_id = ""
        self.model = request.model

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def take(self, event: Any) -> str:
        told = mapping(event)
        match told.get("type"):
            case "message_start":
                self._begin(mapping(told.get("message")))
            case "content_block_start":
                block = mapping(told.get("content_block"))
                return self._said(block.get("text")) if block.get("type") == "text" else ""
            case "content_block_delta":
                return self._delta(mapping(told.get("delta")))
            case "message_delta":
                self._message |= mapping(told.get("delta"))
                self._count(mapping(told.get("usage")))
            case "message_stop":
                self.is_whole = True
            case None:
                raise CallFailed(
                    Kind.MALFORMED, provider=NAME, model=self._request.model, is_billed=None
                )
        return ""

    def answer(self, request_id: str) -> Answer:
        content = [{"type": "text", "text": self.text}]
        whole = {**self._message, "content": content, "usage": self._usage}
        return answer_of(whole, self._request.model, request_id)

    def tokens(self) -> Tokens:
        model = self._request.model
        thinking = estimate_text("".join(self._thought), model)
        output = thinking + estimate_text(self.text, model)
        told = tokens_of(self._usage)
        if told is None:
            return Tokens(
                input=estimate_tokens(self._request), output=max(1, output), thinking=thinking
            )
        return Tokens(
            told.input, told.cache_write, told.cache_write_1h, told.cache_read,
            max(told.output, output), max(told.thinking, thinking),
        )  # fmt: skip

    def _begin(self, message: Json) -> None:
        self.has_begun = True
        self._message = message
        self._count(mapping(message.get("usage")))
        self.response_id = identifier(message.get("id"))
        self.model = identifier(message.get("model")) or self.model

    def _count(self, usage: Json) -> None:
        """Each count is of the whole so far: the newest that is told holds."""
        self._usage |= {name: value for name, value in usage.items() if value is not None}

    def _delta(self, delta: Json) -> str:
        if delta.get("type") == "thinking_delta":
            self._thought.append(text(delta.get("thinking")))
        return self._said(delta.get("text")) if delta.get("type") == "text_delta" else ""

    def _said(self, piece: Any) -> str:
        self._pieces.append(text(piece))
        return self._pieces[-1]
