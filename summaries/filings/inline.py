"""Inline XBRL: contexts, units and facts gathered while a document streams by, tags made at its end.

Contexts may stand after the facts that use them, so nothing is resolved before the end. Inline XBRL 1.1,
https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/inlinexbrl-part1-rec-2013-11-18.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .transformations import UnknownTransformation, cover_value, number

# No filing states a value beyond these powers of ten; a garbage scale must not fill the memory.
_MOST_SCALE = 24
_MOST_DIGITS = 60

# Taxonomies that companyfacts names, whatever prefix the filer bound them to.
_TAXONOMY = re.compile(
    r"https?://(?:fasb\.org|xbrl\.sec\.gov|xbrl\.us|xbrl\.ifrs\.org/taxonomy/[\d-]+)/"
    r"(us-gaap|srt|dei|ecd|cyd|invest|country|currency|exch|naics|sic|stpr|ifrs-full)\b"
)


@dataclass(slots=True)
class Context:
    start: date | None = None
    end: date | None = None
    dimensions: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Unit:
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """ "USD/shares", as companyfacts names it."""
        above = "-".join(sorted(self.above)) or "pure"
        return f"{above}/{'-'.join(sorted(self.below))}" if self.below else above


@dataclass(slots=True)
class Fact:
    """One ix element as it stands: what it says of itself, and the text inside it."""

    concept: str
    context: str
    unit: str
    transformation: str | None
    scale: str
    sign: str
    decimals: str
    is_nil: bool
    continued_at: str
    parts: list[str] = field(default_factory=list)

    @property
    def printed(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True)
class Value:
    """A numeric fact resolved, before it is known where it is printed."""

    concept: str
    unit: str
    period_start: date | None
    period_end: date
    value: Decimal
    decimals: int | None
    dimensions: tuple[tuple[str, str], ...]


def fact(attributes: Mapping[str, str], prefixes: Mapping[str, str]) -> Fact:
    """A fact from an ix element's attributes, their names in lower case."""
    return Fact(
        concept=named(attributes.get("name", ""), prefixes),
        context=attributes.get("contextref", ""),
        unit=attributes.get("unitref", ""),
        transformation=attributes.get("format"),
        scale=attributes.get("scale", "0"),
        sign=attributes.get("sign", ""),
        decimals=attributes.get("decimals", ""),
        is_nil=any(
            name.rpartition("}")[2].rpartition(":")[2] == "nil" and value in {"true", "1"}
            for name, value in attributes.items()
        ),
        continued_at=attributes.get("continuedat", ""),
    )


def named(name: str, prefixes: Mapping[str, str]) -> str:
    """A concept under the prefix that companyfacts uses for its taxonomy."""
    prefix, colon, local = name.strip().rpartition(":")
    taxonomy = _TAXONOMY.match(prefixes.get(prefix, ""))
    return f"{taxonomy[1] if taxonomy else prefix}{colon}{local}"


class Gathered:
    """What a document declares; `values` and `cover` resolve it when the document has been read."""

    def __init__(self) -> None:
        self.contexts: dict[str, Context] = {}
        self.units: dict[str, Unit] = {}
        self.numeric: list[Fact] = []
        self.stated: list[Fact] = []  # dei facts that aren't numeric
        self.continuations: dict[str, Fact] = {}
        self._problems: Counter[str] = Counter()

    def fault(self, problem: str) -> None:
        self._problems[problem] += 1

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(f"{count} × {problem}" for problem, count in sorted(self._problems.items()))

    def value(self, fact: Fact) -> Value | None:
        """The fact resolved; None where it is nil, or where a fault was noted."""
        if fact.is_nil:
            return None
        context = self.contexts.get(fact.context)
        if context is None or context.end is None:
            self.fault("a value whose context is missing or has no dates")
            return None
        unit = self.units.get(fact.unit)
        if unit is None:
            self.fault("a value whose unit is missing")
            return None
        value = self._amount(fact)
        if value is None:
            return None
        return Value(
            concept=fact.concept,
            unit=unit.name,
            period_start=context.start,
            period_end=context.end,
            value=value,
            decimals=_decimals(fact.decimals),
            dimensions=tuple(sorted(context.dimensions)),
        )

    def _amount(self, fact: Fact) -> Decimal | None:
        try:
            return scaled(number(fact.printed, fact.transformation), fact.scale, fact.sign)
        except UnknownTransformation as unknown:
            self.fault(f"a value with the unknown transformation {str(unknown)[:60]}")
        except (ValueError, ArithmeticError):
            self.fault(f"a value that isn't of its format {(fact.transformation or 'none')[:60]}")
        return None

    def cover(self) -> dict[str, str]:
        """dei facts by concept; the one for the whole company speaks before those by class or entity."""
        said: dict[str, str] = {}
        facts = [*self.stated, *(one for one in self.numeric if one.concept.startswith("dei:"))]
        for one in sorted(facts, key=self._is_dimensional):
            if not one.is_nil:
                text = cover_value(self._continued(one), one.transformation)
                said.setdefault(one.concept, text)
        return said

    def _is_dimensional(self, fact: Fact) -> bool:
        context = self.contexts.get(fact.context)
        return context is not None and bool(context.dimensions)

    def _continued(self, fact: Fact) -> str:
        """The printed text with its continuations. A chain that bites its tail ends there."""
        parts, seen = [fact.printed], set[str]()
        while fact.continued_at and fact.continued_at not in seen:
            seen.add(fact.continued_at)
            following = self.continuations.get(fact.continued_at)
            if following is None:
                break
            parts.append(following.printed)
            fact = following
        return " ".join(parts)


def scaled(printed: Decimal, scale: str, sign: str) -> Decimal:
    """The value that a printed number says, exact. Raises ValueError for a scale beyond reason."""
    power = int(scale or 0)
    _, digits, exponent = printed.as_tuple()
    if abs(power) > _MOST_SCALE or len(digits) > _MOST_DIGITS or not isinstance(exponent, int):
        raise ValueError(f"scale {scale!r} of {len(digits)} digits")
    negative = printed.is_signed() != (sign == "-")
    if not printed:
        return Decimal(0)
    value = Decimal((int(negative), digits, exponent + power))
    if value == value.to_integral_value():
        return Decimal(int(value))
    return value


def _decimals(text: str) -> int | None:
    """Decimal places a value is exact to; None for INF and for what isn't said."""
    return int(text) if re.fullmatch(r"[+-]?\d{1,3}", text.strip()) else None


_DATE = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(T00:00:00(?:\.0+)?Z?)?")


def day(text: str, *, is_end: bool) -> date | None:
    """A context's date. An end at midnight is the end of the day before (XBRL 2.1, 4.7.2)."""
    match = _DATE.match(text)
    if not match:
        return None
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
        return found - timedelta(days=1) if is_end and match[4] else found
    except (ValueError, OverflowError):
        return None


class Declarations:
    """Reads the elements of ix:resources: contexts and units."""

    def __init__(self, gathered: Gathered, prefixes: Mapping[str, str]) -> None:
        self.gathered = gathered
        self.prefixes = prefixes
        self.context: Context | None = None
        self.unit: Unit | None = None
        self.in_denominator = False
        self.axis: str | None = None
        self.typed = False
        self.text: list[str] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "context":
            self.context = self.gathered.contexts.setdefault(attributes.get("id", ""), Context())
        elif name == "unit":
            self.unit = self.gathered.units.setdefault(attributes.get("id", ""), Unit())
        elif name in {"instant", "startdate", "enddate", "measure"}:
            self.text = []
        elif name == "unitdenominator":
            self.in_denominator = True
        elif name in {"explicitmember", "typedmember"}:
            self.axis = named(attributes.get("dimension", ""), self.prefixes)
            self.typed = name == "typedmember"
            self.text = []

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, name: str) -> None:
        if name == "context":
            self.context = None
        elif name == "unit":
            self.unit = None
        elif name == "unitdenominator":
            self.in_denominator = False
        elif name == "startdate" and self.context is not None:
            self.context.start = day(self._taken(), is_end=False)
        elif name in {"instant", "enddate"} and self.context is not None:
            self.context.end = day(self._taken(), is_end=True)
        elif name == "measure" and self.unit is not None:
            measures = self.unit.below if self.in_denominator else self.unit.above
            measures.append(self._taken().rpartition(":")[2])
        elif name in {"explicitmember", "typedmember"} and self.context is not None:
            said = self._taken()
            member = said if self.typed else named(said, self.prefixes)
            self.context.dimensions.append((self.axis or "", member))

    def _taken(self) -> str:
        text, self.text = " ".join("".join(self.text or []).split()), None
        return text
