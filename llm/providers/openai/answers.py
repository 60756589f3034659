"""OpenAI's responses and chat completions read into Answers, whatever else stands in them."""

from __future__ import annotations

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers.faults import codes_of, kind_of
from llm.providers.wire import Json, count, identifier, mapping, objects, text
from llm.values import Answer, Stop

NAME = "openai"
INCOMPLETE = {"max_output_tokens": Stop.LENGTH, "content_filter": Stop.REFUSAL}
FINISHES = {"stop": Stop.END, "length": Stop.LENGTH, "content_filter": Stop.REFUSAL}


def answer_of(
    response: Json, model: str, request_id: str = "", *, most_tokens: int | None = None
) -> Answer:
    """Of a response. ``model``, ``most_tokens``: as they were asked for. Raises CallFailed."""
    tokens = tokens_of(response.get("usage"), "input", "output")
    parts = [
        part
        for item in objects(response.get("output"))
        if item.get("type") == "message"
        for part in objects(item.get("content"))
    ]
    said = "".join(text(part.get("text")) for part in parts if part.get("type") == "output_text")
    stop = _stop(response)
    if any(part.get("type") == "refusal" for part in parts):
        stop = Stop.REFUSAL
    if stop is Stop.END and most_tokens == 0:
        stop = Stop.LENGTH  # it warmed the cache, and had no room for an answer
    return _checked(said, stop, tokens, response, model, request_id)


def chat_answer_of(completion: Json, model: str, request_id: str = "") -> Answer:
    """Of a chat completion. Raises CallFailed."""
    tokens = tokens_of(completion.get("usage"), "prompt", "completion")
    choice = next(iter(objects(completion.get("choices"))), {})
    message = mapping(choice.get("message"))
    stop = FINISHES.get(text(choice.get("finish_reason")))
    if text(message.get("refusal")):
        stop = Stop.REFUSAL
    said = text(message.get("content"))
    return _checked(said, stop, tokens, completion, model, request_id)


def failure_of(error: object, response: Json, model: str, request_id: str = "") -> CallFailed:
    """Of an error that came in a reply with status 200. What has a usage was billed."""
    tokens = tokens_of(response.get("usage"), "input", "output")
    return CallFailed(
        kind_of(None, *codes_of(error)),
        provider=NAME,
        model=model,
        request_id=request_id,
        response_id=identifier(response.get("id")),
        is_billed=True if tokens else None,
        tokens=tokens,
    )


def tokens_of(usage: object, read: str, written: str) -> Tokens | None:
    """What it says it bills; None where that can't be: missing, negative, no numbers.

    ``read``, ``written``: what the API calls the two. What the cache held, and what was written
    into it, are parts of all that was read.
    """
    told = mapping(usage)
    details = mapping(told.get(f"{read}_tokens_details"))
    try:
        cached, kept = count(details, "cached_tokens"), count(details, "cache_write_tokens")
        tokens = Tokens(
            input=count(told, f"{read}_tokens") - cached - kept,
            cache_write=kept,
            cache_read=cached,
            output=count(told, f"{written}_tokens"),
            thinking=count(mapping(told.get(f"{written}_tokens_details")), "reasoning_tokens"),
        )
    except ValueError:
        return None
    return tokens if tokens.prompt else None  # no prompt is empty


def result_of(line: Json, model: str = "") -> Answer | CallFailed:
    """A line of a batch's output or of its errors. What didn't succeed isn't billed."""
    response = mapping(line.get("response"))
    request_id = identifier(response.get("request_id"))
    status = response.get("status_code")
    body = mapping(response.get("body"))
    if status == 200:
        try:
            return answer_of(body, model, request_id)
        except CallFailed as failure:
            return failure.with_traceback(None)
    if isinstance(status, int):
        kind = kind_of(status, *codes_of(body.get("error")))
        return CallFailed(kind, provider=NAME, model=model, status=status, request_id=request_id)
    codes = codes_of(line.get("error"))
    ended = {"batch_expired": Kind.TIMED_OUT, "batch_cancelled": Kind.BROKEN}
    kind = next((ended[code] for code in codes if code in ended), kind_of(None, *codes))
    return CallFailed(kind, provider=NAME, model=model, request_id=request_id)


def _stop(response: Json) -> Stop | None:
    """Raises CallFailed for a response that failed."""
    status = response.get("status")
    if status == "incomplete":
        reason = text(mapping(response.get("incomplete_details")).get("reason"))
        return INCOMPLETE.get(reason, Stop.LENGTH)
    return Stop.END if status == "completed" else None


def _checked(
    said: str,
    stop: Stop | None,
    tokens: Tokens | None,
    whole: Json,
    model: str,
    request_id: str,
) -> Answer:
    if whole.get("status") == "failed":
        raise failure_of(whole.get("error"), whole, model, request_id)
    if stop is None or (stop is Stop.END and not said):
        raise CallFailed(
            Kind.MALFORMED,
            provider=NAME,
            model=model,
            request_id=request_id,
            response_id=identifier(whole.get("id")),
            is_billed=True if tokens else None,
            tokens=tokens,
        )
    return Answer(
        text=said,
        stop=stop,
        tokens=tokens,
        model=identifier(whole.get("model")) or model,
        response_id=identifier(whole.get("id")),
        request_id=request_id,
    )
