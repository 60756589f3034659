"""Settings from the environment, with errors that say what to do."""

from __future__ import annotations

import os
import zoneinfo
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote, urlsplit

from cronsim import CronSim, CronSimError


class SettingError(Exception):
    """A variable is missing or unusable; the message names it and gives an example."""


def text(name: str, default: str | None = None, *, example: str = "") -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise SettingError(
            f"{name} is not set. Set it in the environment"
            + (f", for example {name}={example}" if example else "")
            + " (docs/settings.md lists every variable)."
        )
    return default


def flag(name: str, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise SettingError(f"{name} is {value!r}; it must be yes or no.")


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise SettingError(f"{name} is {value!r}; it must be a whole number of at least {least}.")
    return int(value)


def fractions(name: str, default: str, *, count: int) -> tuple[Decimal, ...]:
    """So many numbers from 0 to 1, separated by commas."""
    value = text(name, default)
    wrong = f"{name} is {value!r}; it must be {count} numbers from 0 to 1, such as {default}."
    try:
        found = tuple(Decimal(one) for one in words(name, default))
    except InvalidOperation as error:
        raise SettingError(wrong) from error
    if len(found) != count or not all(one.is_finite() and 0 <= one <= 1 for one in found):
        raise SettingError(wrong)
    return found


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def numbers(name: str, defaults: dict[str, float], *, most: float) -> dict[str, float]:
    """Named numbers above 0, such as ``first=80,second=75``; what isn't named keeps its default."""
    wanted = f"it must be like {','.join(f'{key}={value:g}' for key, value in defaults.items())}"
    told = dict(defaults)
    for pair in words(name):
        key, _, value = (part.strip() for part in pair.partition("="))
        try:
            told[key] = float(value) if key in defaults else 0
        except ValueError:
            told[key] = 0
        if not 0 < told[key] <= most:
            raise SettingError(f"{name} has {pair!r}; {wanted}, each at most {most:g}.")
    return told


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in options:
        raise SettingError(f"{name} is {value!r}; it must be one of {', '.join(options)}.")
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        raise SettingError(f"{name} is {value!r}; it must be a zone such as America/New_York.")
    return value


def schedule(name: str, default: str) -> str:
    """A cron expression of five fields."""
    value = text(name, default)
    try:
        CronSim(value, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise SettingError(f"{name} is {value!r}; it must be cron, such as {default}.") from error
    return value


def database(name: str) -> dict[str, object]:
    """A Django database from a URL: postgresql://user:password@host:port/name?sslmode=require."""
    example = "postgresql://user:password@host:5432/fa"
    url = urlsplit(text(name, example=example))
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise SettingError(f"{name} must be a PostgreSQL URL with a database, such as {example}.")
    try:
        port = url.port
    except ValueError as error:
        raise SettingError(f"{name} has a bad port; it should look like {example}.") from error
    options = dict(pair.partition("=")[::2] for pair in url.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": port or 5432,
        "OPTIONS": options,
    }
