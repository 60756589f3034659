"""Prompt caches: what is written, what is read, when it is gone, and that usage and bill agree."""

from __future__ import annotations

import threading
from typing import Any

from tests.vendors import Line, ModelSite
from tests.vendors.conftest import Anthropics, OpenAIs

RULES = "Write one sentence for each line, with its quote. " * 400  # 4,400 words
LESS = "Write one sentence for each line, with its quote. " * 20


def body(question: str, rules: str = RULES, ttl: str | None = None, **more: Any) -> dict[str, Any]:
    control: dict[str, Any] = {"type": "ephemeral"} | ({"ttl": ttl} if ttl else {})
    return {
        "model": "claude-sonnet-5-5",
        "max_tokens": 50,
        "system": [{"type": "text", "text": rules, "cache_control": control}],
        "messages": [{"role": "user", "content": question}],
        **more,
    }


def classes(line: Line) -> tuple[int, int, int]:
    return line.cache_write_5m_tokens, line.cache_write_1h_tokens, line.cache_read_tokens


def test_first_call_writes_and_later_ones_read(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)
    whole = client.messages.count_tokens(
        **{name: value for name, value in body("One?").items() if name != "max_tokens"}
    ).input_tokens
    first = client.messages.create(**body("One?")).usage
    second = client.messages.create(**body("Two?")).usage
    written = first.cache_creation_input_tokens
    assert written is not None
    assert written > 4_400
    assert first.cache_creation is not None
    assert first.cache_creation.ephemeral_5m_input_tokens == written
    assert first.input_tokens + written == whole
    assert (second.cache_creation_input_tokens, second.cache_read_input_tokens) == (0, written)
    assert second.input_tokens == first.input_tokens
    assert [classes(line) for line in site.invoice.lines] == [(written, 0, 0), (0, 0, written)]
    assert [line.prompt_tokens for line in site.invoice.lines] == [whole, whole]


def test_short_prefix_is_silently_not_kept(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)
    for _ in range(2):
        client.messages.create(**body("One?", LESS))
    assert [classes(line) for line in site.invoice.lines] == [(0, 0, 0)] * 2


def test_entry_lives_five_minutes_from_its_last_use(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)
    for _ in range(3):
        client.messages.create(**body("One?"))
        site.clock.advance(200)
    site.clock.advance(101)
    client.messages.create(**body("One?"))
    reads = [line.cache_read_tokens > 0 for line in site.invoice.lines]
    assert reads == [False, True, True, False]


def test_entry_of_an_hour(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)
    first = client.messages.create(**body("One?", ttl="1h")).usage
    assert first.cache_creation is not None
    assert first.cache_creation.ephemeral_1h_input_tokens == first.cache_creation_input_tokens
    site.clock.advance(3500)
    assert client.messages.create(**body("Two?", ttl="1h")).usage.cache_read_input_tokens
    site.clock.advance(3601)
    assert not client.messages.create(**body("Two?", ttl="1h")).usage.cache_read_input_tokens


def test_two_breakpoints_with_two_lives(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)

    def ask(evidence: str) -> Line:
        marked = {"type": "text", "text": evidence, "cache_control": {"type": "ephemeral"}}
        client.messages.create(
            **body("", ttl="1h") | {"messages": [{"role": "user", "content": [marked]}]}
        )
        return site.invoice.lines[-1]

    first, other, again = (
        ask("Apple grew. " * 900),
        ask("Intel shrank. " * 900),
        ask("Apple grew. " * 900),
    )
    assert first.cache_write_1h_tokens > 0
    assert first.cache_write_5m_tokens > 0
    assert classes(other)[1:] == (0, first.cache_write_1h_tokens)
    assert other.cache_write_5m_tokens > 0
    assert classes(again) == (0, 0, first.cache_write_1h_tokens + first.cache_write_5m_tokens)


def test_another_prefix_model_or_format_is_another_entry(
    site: ModelSite, claude: Anthropics
) -> None:
    client = claude(site.anthropic_url)
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    shaped: dict[str, Any] = {
        "output_config": {"format": {"type": "json_schema", "schema": schema}}
    }
    client.messages.create(**body("One?"))
    client.messages.create(**body("One?", "Anew. " + RULES))
    client.messages.create(**body("One?", model="claude-sonnet-4-6"))
    client.messages.create(**body("One?", **shaped))
    assert [line.cache_read_tokens for line in site.invoice.lines] == [0, 0, 0, 0]


def test_warming_costs_the_write_and_no_output(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)
    warmed = client.messages.create(**body("One?", max_tokens=0))
    assert (warmed.content, warmed.usage.output_tokens) == ([], 0)
    assert client.messages.create(**body("Two?")).usage.cache_read_input_tokens
    assert site.invoice.lines[0].output_tokens == 0
    assert site.invoice.lines[0].cache_write_5m_tokens > 0


def test_calls_side_by_side_all_write(site: ModelSite, claude: Anthropics) -> None:
    """An entry can be read from when the reply that wrote it began."""
    site.change(latency=0.3)
    client = claude(site.anthropic_url)
    threads = [
        threading.Thread(target=client.messages.create, kwargs=body(f"{number}?"))
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.messages.create(**body("And now?"))
    reads = [line.cache_read_tokens > 0 for line in site.invoice.lines]
    assert reads == [False, False, False, True]


def test_conversation_is_found_up_to_twenty_blocks_back(
    site: ModelSite, claude: Anthropics
) -> None:
    client = claude(site.anthropic_url)

    def turn(blocks: int) -> int:
        texts: list[dict[str, Any]] = [
            {"type": "text", "text": f"Line {n}."} for n in range(blocks)
        ]
        texts[-1]["cache_control"] = {"type": "ephemeral"}
        asked = body("") | {"system": RULES, "messages": [{"role": "user", "content": texts}]}
        return client.messages.create(**asked).usage.cache_read_input_tokens or 0

    assert turn(1) == 0
    assert turn(15) > 4_400
    assert turn(15 + 25) == 0


def test_openai_reads_by_steps_of_128(site: ModelSite, gpt: OpenAIs) -> None:
    client = gpt(site.openai_url)

    def ask(question: str, **more: Any) -> Any:
        asked = {"model": "gpt-6-luna", "instructions": RULES, "input": question, **more}
        return client.responses.create(**asked).usage

    first, second = ask("One?"), ask("Two other words?")
    assert first.input_tokens_details.cached_tokens == 0
    cached = second.input_tokens_details.cached_tokens
    assert cached >= 4_352
    assert cached % 128 == 0
    assert second.input_tokens - cached < 128 + 20
    assert second.input_tokens_details.cache_write_tokens == 0
    assert ask("Two?", prompt_cache_key="other").input_tokens_details.cached_tokens == 0
    lines = site.invoice.lines
    assert [line.cache_read_tokens for line in lines] == [0, cached, 0]
    assert lines[1].prompt_tokens == second.input_tokens


def test_openai_below_1024_tokens_keeps_nothing(site: ModelSite, gpt: OpenAIs) -> None:
    for _ in range(2):
        gpt(site.openai_url).responses.create(model="gpt-6-luna", instructions=LESS, input="One?")
    assert [line.cache_read_tokens for line in site.invoice.lines] == [0, 0]


def test_openai_explicit_breakpoint_is_written_and_read(site: ModelSite, gpt: OpenAIs) -> None:
    client = gpt(site.openai_url)

    def ask(question: str) -> Any:
        marked = {
            "type": "input_text",
            "text": RULES,
            "prompt_cache_breakpoint": {"mode": "explicit"},
        }
        asked: Any = {
            "input": [
                {"role": "user", "content": [marked, {"type": "input_text", "text": question}]}
            ],
            "prompt_cache_options": {"mode": "explicit", "ttl": "12h"},
        }
        told = client.responses.create(model="gpt-6-luna", **asked).usage
        assert told is not None
        return told.input_tokens_details

    first, second = ask("One?"), ask("Two?")
    assert first.cache_write_tokens > 4_400
    assert first.cache_write_tokens_details.ttl_12h_tokens == first.cache_write_tokens
    assert (second.cache_write_tokens, second.cached_tokens) == (0, first.cache_write_tokens)
    assert site.invoice.lines[0].cache_write_1h_tokens == first.cache_write_tokens
