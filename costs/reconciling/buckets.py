"""The providers' own reports: Anthropic's usage and cost reports, OpenAI's usage, as their
admin APIs give them; a page, or several in a list.

They sum up stretches of time by model, and know nothing of our price bands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from costs.reconciling.lines import BilledSum, Export, Malformed
from costs.tokens import Tokens

_Bucket = Mapping[str, Any]
_CENTS = Decimal(100)


def read_json(text: str) -> Export:
    """Raises Malformed."""
    try:
        told = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Malformed(None, "it begins like JSON and isn't.") from error
    sums = []
    for number, (bucket, result) in enumerate(_results(told), start=1):
        try:
            sums.append(_reader(bucket, result)(number, bucket, result))
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            InvalidOperation,
            OverflowError,
        ) as error:
            named = f"{error} is missing" if isinstance(error, KeyError) else "a value is odd"
            raise Malformed(
                number,
                f"it isn't a result of Anthropic's usage or cost report, or of OpenAI's usage ({named}).",
            ) from error
    return Export((), tuple(_together(sums)))


def _results(told: Any) -> Iterator[tuple[_Bucket, _Bucket]]:
    for page in told if isinstance(told, list) else [told]:
        if not isinstance(page, dict) or not isinstance(page.get("data"), list):
            raise Malformed(None, "its JSON has no list `data`, as the providers' reports do.")
        for bucket in page["data"]:
            if not isinstance(bucket, dict) or not isinstance(bucket.get("results"), list):
                raise Malformed(None, "a part of `data` has no list `results`.")
            for result in bucket["results"]:
                if not isinstance(result, dict):
                    raise Malformed(None, "a part of `results` isn't an object.")
                yield bucket, result


def _reader(bucket: _Bucket, result: _Bucket) -> Callable[[int, _Bucket, _Bucket], BilledSum]:
    if "start_time" in bucket:
        return _openai_usage
    return _anthropic_cost if "amount" in result else _anthropic_usage


def _anthropic_usage(number: int, bucket: _Bucket, result: _Bucket) -> BilledSum:
    written = result.get("cache_creation") or {}
    return BilledSum(
        number=number, provider="anthropic",
        model=_grouped(number, result, "model"),
        is_batch=_grouped(number, result, "service_tier") == "batch",
        at=datetime.fromisoformat(bucket["starting_at"]),
        until=datetime.fromisoformat(bucket["ending_at"]),
        band=None, billed_usd=None,
        tokens=Tokens(
            input=_count(result["uncached_input_tokens"]),
            cache_write=_count(written.get("ephemeral_5m_input_tokens", 0)),
            cache_write_1h=_count(written.get("ephemeral_1h_input_tokens", 0)),
            cache_read=_count(result["cache_read_input_tokens"]),
            output=_count(result["output_tokens"]),
        ),
    )  # fmt: skip


def _anthropic_cost(number: int, bucket: _Bucket, result: _Bucket) -> BilledSum:
    """Amounts are cents, as text. What is no tokens' cost is named by its kind."""
    if result.get("currency", "USD") != "USD":
        raise Malformed(number, "its currency isn't USD.")
    amount = Decimal(result["amount"]) / _CENTS
    if not amount.is_finite() or amount < 0:
        raise ValueError
    kind = result.get("cost_type") or "tokens"
    is_tokens = kind == "tokens"
    return BilledSum(
        number=number, provider="anthropic",
        model=_grouped(number, result, "model") if is_tokens else str(kind)[:80],
        is_batch=is_tokens and _grouped(number, result, "service_tier") == "batch",
        at=datetime.fromisoformat(bucket["starting_at"]),
        until=datetime.fromisoformat(bucket["ending_at"]),
        band=None, tokens=None, billed_usd=amount,
    )  # fmt: skip


def _openai_usage(number: int, bucket: _Bucket, result: _Bucket) -> BilledSum:
    """Input tokens hold the cached ones, read and written."""
    read = _count(result.get("input_cached_tokens") or 0)
    written = _count(result.get("input_cache_write_tokens") or 0)
    whole = _count(result["input_tokens"])
    return BilledSum(
        number=number, provider="openai", model=_grouped(number, result, "model"),
        is_batch=_is_openai_batch(number, result),
        at=datetime.fromtimestamp(_count(bucket["start_time"]), UTC),
        until=datetime.fromtimestamp(_count(bucket["end_time"]), UTC),
        band=None, billed_usd=None,
        tokens=Tokens(
            input=_count(whole - read - written), cache_write=written, cache_read=read,
            output=_count(result.get("output_tokens") or 0),
        ),
    )  # fmt: skip


def _is_openai_batch(number: int, result: _Bucket) -> bool:
    if "embeddings" in str(result.get("object", "")):  # not told apart there
        return False
    if not isinstance(result.get("batch"), bool):
        raise Malformed(number, "it isn't grouped by batch: ask the provider for group_by=batch.")
    return bool(result["batch"])


def _grouped(number: int, result: _Bucket, name: str) -> str:
    value = result.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 80:
        raise Malformed(
            number, f"it isn't grouped by {name}: ask the provider for group_by={name}."
        )
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError
    return value


def _together(sums: list[BilledSum]) -> Iterator[BilledSum]:
    """Parts of one sum (by workspace, key, context length, class of token) as one line each."""
    merged: dict[tuple[object, ...], BilledSum] = {}
    for one in sums:
        if one.at.tzinfo is None or one.until <= one.at:
            raise Malformed(one.number, "its stretch of time has no length or no time zone.")
        key = (one.provider, one.model, one.is_batch, one.at, one.until, one.tokens is None)
        merged[key] = _plus(merged[key], one) if key in merged else one
    return iter(merged.values())


def _plus(one: BilledSum, other: BilledSum) -> BilledSum:
    amounts = [usd for usd in (one.billed_usd, other.billed_usd) if usd is not None]
    tokens = one.tokens + other.tokens if one.tokens and other.tokens else None
    return BilledSum(
        one.number, one.provider, one.model, one.is_batch, one.at, one.until, one.band,
        tokens, sum(amounts, Decimal(0)) if amounts else None,
    )  # fmt: skip
