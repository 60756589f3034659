"""One attempt at Claude: whole, streamed, counted. Batches stand in their own module."""

from __future__ import annotations

from typing import Any

import httpx2

from llm.providers import asking
from llm.providers.anthropic.answers import NAME, answer_of
from llm.providers.anthropic.batches import MessageBatches
from llm.providers.anthropic.bodies import message_body, prompt_body
from llm.providers.anthropic.streams import MessageReader
from llm.providers.clients import anthropic_client
from llm.providers.faults import calling, read, read_count, request_id
from llm.providers.streaming import Streamed
from llm.providers.wire import Json
from llm.values import Answer, Request

# Longer answers take over ten minutes, and an idle connection may not live that long: they
# are streamed, and given whole all the same. The SDK refuses to send them otherwise.
MOST_TOKENS_AT_ONCE = 21_333
MESSAGES = "/v1/messages"


class Anthropic(MessageBatches):
    """The adapter. See llm.providers.Provider."""

    name = NAME

    def send(self, request: Request) -> Answer:
        if request.max_output_tokens > MOST_TOKENS_AT_ONCE:
            return self.stream(request).whole()
        response = _post(MESSAGES, message_body(request), request)
        whole = read(response, NAME, request.model)
        return answer_of(whole, request.model, request_id(response))

    def stream(self, request: Request) -> Streamed:
        body = {**message_body(request), "stream": True}

        def asked() -> Any:
            from anthropic import Stream

            return asking.events(
                anthropic_client(), MESSAGES, body, request.seconds, Stream[object]
            )

        events = calling(asked, NAME, request.model)
        return Streamed(events, MessageReader(request), request, NAME)

    def count(self, request: Request) -> int:
        path = f"{MESSAGES}/count_tokens"
        response = _post(path, prompt_body(request), request, may_bill=False)
        return read_count(response, NAME, request.model)


def _post(path: str, body: Json, request: Request, *, may_bill: bool = True) -> httpx2.Response:
    return calling(
        lambda: asking.post(anthropic_client(), path, body, request.seconds),
        NAME,
        request.model,
        may_bill=may_bill,
    )
