"""Export files read: our CSV of requests or of daily sums, and the providers' own JSON reports.

A file is read whole before anything is compared, so that a bad line undoes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from costs.plausible import MOST
from costs.reconciling.buckets import read_json
from costs.reconciling.lines import BilledRequest, BilledSum, Export, Malformed
from costs.tokens import Tokens

COUNTS = (
    "input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "cache_read_tokens",
    "output_tokens",
)  # fmt: skip
REQUEST = ("request_id", "response_id", "time", "provider", "model", "batch", *COUNTS)
DAILY = ("date", "provider", "model", "batch", "band", *COUNTS)
AMOUNT = "amount_usd"
_PLACES = 15
_WHOLE_DIGITS = 9
MOST_IN_SUM = 2**63 - 1


def read(content: bytes) -> Export:
    """Raises Malformed."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(None, "it isn't UTF-8 text.") from error
    export = read_json(text) if text.lstrip()[:1] in ("{", "[") else _read_csv(text)
    if not export.requests and not export.sums:
        raise Malformed(None, "it has no lines.")
    return export


def _read_csv(text: str) -> Export:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    columns = set(reader.fieldnames or ())
    try:
        if columns.issuperset(REQUEST):
            return Export(tuple(_request(n, row) for n, row in _rows(reader)), ())
        if columns.issuperset(DAILY):
            return Export((), tuple(_sum(n, row) for n, row in _rows(reader)))
    except csv.Error as error:
        raise Malformed(reader.line_num, f"{error}.") from error
    raise Malformed(
        None,
        f"its first line must name {', '.join(REQUEST)} and {AMOUNT} for a row a request, or "
        f"{', '.join(DAILY)} and {AMOUNT} for sums a day; JSON is read as Anthropic's usage or "
        "cost report, or OpenAI's usage.",
    )


def _rows(reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for row in reader:
        if None in row or None in row.values():
            raise Malformed(reader.line_num, "it has another number of fields than the first line.")
        yield reader.line_num, {name: value.strip() for name, value in row.items()}


def _request(number: int, row: Mapping[str, str]) -> BilledRequest:
    if not (row["request_id"] or row["response_id"]):
        raise Malformed(number, "it has neither a request_id nor a response_id.")
    tokens = _tokens(number, row, MOST)
    return BilledRequest(
        number=number, provider=_word(number, row, "provider", 20),
        model=_word(number, row, "model", 80), is_batch=_flag(number, row["batch"]),
        at=_moment(number, row["time"]), tokens=tokens, billed_usd=_amount(number, row),
        request_id=row["request_id"], response_id=row["response_id"],
    )  # fmt: skip


def _sum(number: int, row: Mapping[str, str]) -> BilledSum:
    at = _day(number, row["date"])
    return BilledSum(
        number=number, provider=_word(number, row, "provider", 20),
        model=_word(number, row, "model", 80), is_batch=_flag(number, row["batch"]), at=at,
        until=at + timedelta(days=1), band=_count(number, "band", row["band"], MOST),
        tokens=_tokens(number, row, MOST_IN_SUM), billed_usd=_amount(number, row),
    )  # fmt: skip


def _tokens(number: int, row: Mapping[str, str], most: int) -> Tokens:
    counts = [_count(number, name, row[name], most) for name in COUNTS]
    return Tokens(*counts)


def _count(number: int, name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > most:
        raise Malformed(number, f"{name} is {text[:30]!r}, not a number of tokens.")
    return int(text)


def _amount(number: int, row: Mapping[str, str]) -> Decimal | None:
    if AMOUNT not in row:
        return None
    return usd(number, row[AMOUNT])


def usd(number: int, text: str) -> Decimal:
    """An exact amount. Raises Malformed for what the ledger's columns can't hold exactly."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or amount < 0 or amount >= 10**_WHOLE_DIGITS:
        raise Malformed(number, f"{AMOUNT} is {text[:30]!r}, not an amount in USD.")
    if amount != amount.quantize(Decimal(1).scaleb(-_PLACES)):
        raise Malformed(number, f"{AMOUNT} has more than {_PLACES} decimal places.")
    return amount


def _word(number: int, row: Mapping[str, str], name: str, most: int) -> str:
    if not 0 < len(row[name]) <= most:
        raise Malformed(number, f"{name} must have 1 to {most} characters.")
    return row[name]


def _flag(number: int, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise Malformed(number, f"batch is {text[:30]!r}, not true or false.")
    return text.lower() == "true"


def _moment(number: int, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(
            number, f"time is {text[:40]!r}, not a moment such as 2026-11-02T09:30:00Z."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(number: int, text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise Malformed(number, f"date is {text[:40]!r}, not a day such as 2026-11-02.") from error
