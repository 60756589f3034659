"""OpenAI's events of a stream, of responses and of chat completions."""

from __future__ import annotations

from typing import Any

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.estimating import estimate_text, estimate_tokens
from llm.providers.openai.answers import NAME, answer_of, chat_answer_of, failure_of
from llm.providers.wire import Json, identifier, mapping, objects, text
from llm.values import Answer, Request

THOUGHTS = ("response.reasoning_summary_text.delta", "response.reasoning_text.delta")
LAST = ("response.completed", "response.incomplete")


class _Reader:
    """What both kinds of stream keep. Neither tells what it used before its end, so that a
    stream that breaks off is estimated whole."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._pieces: list[str] = []
        self._thought: list[str] = []
        self.has_begun = False
        self.is_whole = False
        self.response_id = ""
        self.model = request.model

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def tokens(self) -> Tokens:
        model = self._request.model
        thinking = estimate_text("".join(self._thought), model)
        output = max(1, thinking + estimate_text(self.text, model))
        return Tokens(input=estimate_tokens(self._request), output=output, thinking=thinking)

    def _begin(self, whole: Json) -> None:
        self.has_begun = True
        self.response_id = identifier(whole.get("id")) or self.response_id
        self.model = identifier(whole.get("model")) or self.model

    def _said(self, piece: Any) -> str:
        self._pieces.append(text(piece))
        return self._pieces[-1]


class ResponseReader(_Reader):
    """See llm.providers.streaming.Reader."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._response: Json = {}

    def take(self, event: Any) -> str:
        told = mapping(event)
        kind = text(told.get("type"))
        if not kind:
            raise _malformed(self._request)
        if kind == "response.output_text.delta":
            return self._said(told.get("delta"))
        if kind in THOUGHTS:
            self._thought.append(text(told.get("delta")))
        elif kind == "response.created":
            self._begin(mapping(told.get("response")))
        elif kind == "error":
            raise failure_of(told, {}, self._request.model)
        elif kind == "response.failed":
            failed = mapping(told.get("response"))
            raise failure_of(failed.get("error"), failed, self._request.model)
        elif kind in LAST:
            self._response = mapping(told.get("response"))
            self.is_whole = True
        return ""

    def answer(self, request_id: str) -> Answer:
        return answer_of(self._response, self._request.model, request_id)


class ChatReader(_Reader):
    """See llm.providers.streaming.Reader."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._refusal: list[str] = []
        self._finish = ""
        self._usage: Json = {}

    def take(self, event: Any) -> str:
        told = mapping(event)
        if "choices" not in told:
            raise _malformed(self._request)
        self._begin(told)
        self._usage = mapping(told.get("usage")) or self._usage
        for choice in objects(told.get("choices")):
            if choice.get("index", 0) != 0:
                continue
            self._finish = text(choice.get("finish_reason")) or self._finish
            self.is_whole = bool(self._finish)
            delta = mapping(choice.get("delta"))
            self._refusal.append(text(delta.get("refusal")))
            return self._said(delta.get("content"))
        return ""

    def answer(self, request_id: str) -> Answer:
        message = {"content": self.text, "refusal": "".join(self._refusal)}
        whole = {
            "id": self.response_id,
            "model": self.model,
            "choices": [{"message": message, "finish_reason": self._finish}],
            "usage": self._usage,
        }
        return chat_answer_of(whole, self._request.model, request_id)


def _malformed(request: Request) -> CallFailed:
    return CallFailed(Kind.MALFORMED, provider=NAME, model=request.model, is_billed=None)
