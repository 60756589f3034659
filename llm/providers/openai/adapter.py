"""One attempt at OpenAI, or at a server that speaks as it does: whole, streamed, counted.

Responses are asked for first. A server that has none (404) is asked for chat completions, and
once it has answered those, for nothing else as long as the process lives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import httpx2

from llm.errors import CallFailed
from llm.providers import asking
from llm.providers.clients import endpoint, openai_client
from llm.providers.faults import calling, read, read_count, request_id
from llm.providers.openai.answers import NAME, answer_of, chat_answer_of
from llm.providers.openai.batches import FileBatches
from llm.providers.openai.bodies import chat_body, prompt_body, response_body
from llm.providers.openai.streams import ChatReader, ResponseReader
from llm.providers.streaming import Streamed
from llm.providers.wire import Json
from llm.values import Answer, Request

Given = TypeVar("Given")

RESPONSES, CHAT = "/responses", "/chat/completions"
NOT_THERE = (404, 405, 501)


class OpenAI(FileBatches):
    """The adapter. See llm.providers.Provider."""

    name = NAME

    def __init__(self) -> None:
        self._speaks_chat: set[str] = set()  # addresses

    def send(self, request: Request) -> Answer:
        return self._either(lambda: _response(request), lambda: _completion(request))

    def stream(self, request: Request) -> Streamed:
        def by_responses() -> Streamed:
            body = {**response_body(request), "stream": True}
            events = _events(RESPONSES, body, request)
            return Streamed(events, ResponseReader(request), request, NAME)

        def by_chat() -> Streamed:
            events = _events(CHAT, chat_body(request, stream=True), request)
            return Streamed(events, ChatReader(request), request, NAME)

        return self._either(by_responses, by_chat)

    def count(self, request: Request) -> int:
        path = f"{RESPONSES}/input_tokens"
        response = _post(path, prompt_body(request), request, may_bill=False)
        return read_count(response, NAME, request.model)

    def _either(self, by_responses: Callable[[], Given], by_chat: Callable[[], Given]) -> Given:
        url = endpoint(NAME).url
        if url in self._speaks_chat:
            return by_chat()
        try:
            return by_responses()
        except CallFailed as failure:
            if failure.status not in NOT_THERE:
                raise
            missing = failure
        try:
            given = by_chat()
        except CallFailed as failure:
            if failure.status in NOT_THERE:  # then it was the model that isn't there
                raise missing from None
            raise
        self._speaks_chat.add(url)
        return given


def _response(request: Request) -> Answer:
    response = _post(RESPONSES, response_body(request), request)
    return answer_of(
        read(response, NAME, request.model),
        request.model,
        request_id(response),
        most_tokens=request.max_output_tokens,
    )


def _completion(request: Request) -> Answer:
    response = _post(CHAT, chat_body(request, stream=False), request)
    return chat_answer_of(read(response, NAME, request.model), request.model, request_id(response))


def _events(path: str, body: Json, request: Request) -> Any:
    def asked() -> Any:
        from openai import Stream

        return asking.events(openai_client(), path, body, request.seconds, Stream[object])

    return calling(asked, NAME, request.model)


def _post(path: str, body: Json, request: Request, *, may_bill: bool = True) -> httpx2.Response:
    return calling(
        lambda: asking.post(openai_client(), path, body, request.seconds),
        NAME,
        request.model,
        may_bill=may_bill,
    )
