"""A model that writes summaries: it reads the evidence in the prompt and says what stands there.

It knows no more of the product than a model does, which is the text it is shown: lines
`[F12] measure, period: figure | quote`, numbered claims, and what was wrong with its last text.
By its knobs it errs as models do, and corrects itself when it is told.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.vendors.author import Seen
from tests.vendors.author import answer as otherwise

_LINE = re.compile(r"^\[([FDB]\d+)\] (.*) \| (.*)$", re.MULTILINE)
_CLAIM = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_WANTED = re.compile(r"Write the (\w+) text: (\d+) to (\d+) words\.")
_CALLED = re.compile(r"^Company: .*\. Call it (.+) or (the [a-z ]+)\.$", re.MULTILINE)
_MAIN = re.compile(r"^Main period: (.*?)(?:, called (.*))?\.$", re.MULTILINE)
_PERIOD = re.compile(
    r",? (?:in|for) ((?:fiscal )?\d{4}|the (?:quarter|six months|nine months) ended \d+ \w+ \d{4})\b"
)
_NUMBER = re.compile(r"\d+(?=\.\d|bn|m\b|%)")
_CONTRARY = {
    "rose": "fell", "grew": "fell", "increased": "decreased", "climbed": "declined",
    "fell": "rose", "declined": "climbed", "decreased": "increased", "dropped": "rose",
    "widened": "narrowed", "narrowed": "widened", "above": "below", "below": "above",
    "highest": "lowest", "lowest": "highest", "risen": "fallen", "fallen": "risen",
}  # fmt: skip
_UP, _DOWN = ("rose", "increased", "climbed"), ("fell", "declined", "decreased")
# Most telling first; what is not listed comes last.
_WEIGHT = (
    "operating income", "operating loss", "net income", "net loss", "operating margin",
    "diluted earnings per share", "diluted loss per share", "net interest income",
    "non-interest income", "provision for credit losses", "premiums earned", "claims ratio",
    "rental income", "deposits", "investment property", "gross margin",
    "research and development expense", "free cash flow", "operating cash flow",
    "cash and equivalents", "long-term debt", "share buybacks", "dividends paid",
    "capital expenditure", "inventory", "return on equity", "efficiency ratio",
    "remaining performance obligations", "deferred revenue", "stock-based compensation",
    "shareholders' equity", "total assets", "dividend per share", "diluted shares",
)  # fmt: skip
_PLURAL = re.compile(
    r"(per share|shares|assets|liabilities|deposits|loans|receivables|obligations|earned|buybacks"
    r"|paid|investments|earnings|expenses|incurred|borrowings|equivalents)$"
)
_OPENING = ("revenue", "net income", "net loss", "operating income", "operating loss")
MOST_CLAIMS = 22
# Words that a text aims at, of the range it is given.
_AIM = {"hook": 44, "medium": 128, "expanded": 228}


@dataclass(frozen=True)
class Line:
    """A line of evidence: "net income", "fiscal 2025", "$112.0bn", and what to quote."""

    id: str
    name: str
    when: str
    said: str
    quote: str

    @property
    def at(self) -> str:
        return self.when if self.when.startswith("at ") else f"in {self.when}"


@dataclass(frozen=True)
class Told:
    """A claim in the making."""

    text: str
    lines: tuple[Line, ...]
    name: str
    topic: str = "growth"
    weight: float = 99.0


@dataclass
class Summariser:
    """Of its claims and sentences ``lie`` is the share with a wrong figure or direction, of its
    quotes ``misquote`` the share that no source says, of its texts ``too_short`` the share that
    breaks off. ``is_stubborn``: it makes the same mistakes again when it is told of them."""

    lie: float = 0.0
    misquote: float = 0.0
    too_short: float = 0.0
    is_stubborn: bool = False
    asked: list[str] = field(default_factory=list)  # what for: claims, hook, hook again…

    def __call__(self, seen: Seen) -> str:
        text = "\n".join(seen.texts)
        if wanted := _WANTED.search(text):
            return self._tier(text, wanted[1], int(wanted[2]), int(wanted[3]))
        if _LINE.search(text):
            return json.dumps({"claims": self._claims(text)})
        return otherwise(seen)

    def _claims(self, text: str) -> list[dict[str, object]]:
        evidence, again, standing = text.partition("Of your claims these stand:")
        self.asked.append("claims again" if again else "claims")
        told = [one for one in _chosen(evidence) if one.text not in standing.split("refused:")[0]]
        if again and not self.is_stubborn:
            return [Summariser()._claim(one) for one in told]
        return [self._claim(one) for one in told]

    def _claim(self, told: Told) -> dict[str, object]:
        evidence = [{"source": line.id, "quote": self._quote(line.quote)} for line in told.lines]
        return {"text": self._said(told.text), "evidence": evidence, "topic": told.topic}

    def _quote(self, quote: str) -> str:
        return _wrong(quote) if _chance("quote" + quote) < self.misquote else quote

    def _said(self, text: str) -> str:
        return _untrue(text) if _chance(text) < self.lie else text

    def _tier(self, text: str, tier: str, least: int, most: int) -> str:
        again = "\nWrong with it:" in text
        self.asked.append(f"{tier} again" if again else tier)
        listed, _, _ = text.partition("Write the ")
        claims = [(int(number), said) for number, said in _CLAIM.findall(listed)]
        chosen = _filled(claims, least, most, _AIM.get(tier, most))
        sentences = list(_flowing(chosen, least))
        if not again or self.is_stubborn:
            sentences = [(number, self._said("again " + said)[6:]) for number, said in sentences]
            if _chance(tier + text) < self.too_short:
                sentences = sentences[:1]
        told = [{"text": said, "claims": [number]} for number, said in sentences]
        return json.dumps({"sentences": told})


def _chance(text: str) -> float:
    """From 0 to 1, the same for the same text."""
    return zlib.crc32(text.encode()) / 2**32


def _untrue(text: str) -> str:
    """The contrary direction where there is one, or another figure."""
    if _chance("which" + text) < 0.5:
        for word in text.split():
            if word in _CONTRARY:
                return text.replace(f" {word} ", f" {_CONTRARY[word]} ", 1)
    found = list(_NUMBER.finditer(text))
    if not found:
        return text.replace(" ", " not ", 1)
    last = found[-1]
    return f"{text[: last.start()]}{int(last[0]) + 3}{text[last.end() :]}"


def _wrong(quote: str) -> str:
    return re.sub(r"\d", lambda found: str((int(found[0]) + 1) % 10), quote, count=1)


# -- claims -------------------------------------------------------------------------


def _chosen(text: str) -> list[Told]:
    """The opening, what tells most, and what is newest, in reading order."""
    called, main = _CALLED.search(text), _MAIN.search(text)
    if called is None or main is None:
        return []
    lines = [_line(*found) for found in _LINE.findall(text)]
    label = main[2] or main[1]
    opening = _opening(called[1], main[1], label, lines)
    told = [one for one in _told(lines, label, called[1]) if not _tells_again(one, opening)]
    by_weight = sorted(range(len(told)), key=lambda place: (told[place].weight, place))
    kept = sorted(by_weight[: MOST_CLAIMS - 1], key=lambda place: told[place].weight)
    return [opening, *(told[place] for place in kept)]


def _tells_again(one: Told, opening: Told) -> bool:
    return one.name == opening.name and one.lines[0].when == opening.lines[0].when


def _line(name: str, says: str, quote: str) -> Line:
    measure, _, said = says.partition(": ")
    what, _, when = measure.rpartition(", ")
    return Line(name, what or measure, when if what else "", said, quote)


def _opening(company: str, full: str, label: str, lines: list[Line]) -> Told:
    now = {line.name: line for line in lines if line.when == label and line.id[0] == "F"}
    change = next((line for line in lines if line.name == "change of revenue"), None)
    if "revenue" in now and change is not None and change.when == label:
        way, by = change.said.split(" ")[:2]
        text = f"{company} reported revenue of {now['revenue'].said} for {full}, {way} {by} from a year earlier."
        return Told(text, (now["revenue"], change), "revenue")
    name = next((one for one in _OPENING if one in now), "")
    if not name:
        line = next(iter(now.values()), lines[0])
        return Told(
            f"{_capital(line.name)} {_be(line.name)} {line.said} {line.at}.", (line,), line.name
        )
    article = "a " if name.startswith("net loss") else "an " if name.endswith("loss") else ""
    text = f"For {full}, {company} reported {article}{name} of {now[name].said}."
    return Told(text, (now[name],), name)


def _told(lines: list[Line], label: str, company: str) -> Iterator[Told]:
    facts = [line for line in lines if line.id[0] == "F"]
    changes = {
        (line.name.removeprefix("change of "), line.when): line
        for line in lines
        if line.name.startswith("change of ")
    }
    yield from _levels(facts, changes, label)
    for line in lines:
        if line.id[0] in "DB" and (made := _made(line, label, company)):
            yield made


def _levels(facts: list[Line], changes: dict[tuple[str, str], Line], label: str) -> Iterator[Told]:
    """Each measure of a period once: by its change, beside its level before, or alone."""
    seen: dict[str, Line] = {}
    previous: Line | None = None
    for line in facts:
        if (
            previous
            and previous.name == line.name
            and previous.id in {one.id for one in seen.values()}
        ):
            key = f"{line.name}/{previous.when}"
            if key in seen:
                yield _beside(previous, line, changes, label)
                del seen[key]
                previous = None
                continue
        if previous and f"{previous.name}/{previous.when}" in seen:
            yield _alone(seen.pop(f"{previous.name}/{previous.when}"), label)
        seen[f"{line.name}/{line.when}"] = line
        previous = line
    for line in seen.values():
        yield _alone(line, label)


def _beside(now: Line, then: Line, changes: dict[tuple[str, str], Line], label: str) -> Told:
    name, weight = now.name, _weight(now, label)
    change = changes.get((name, now.when))
    shape = int(_chance(name + now.said) * 3)
    if change is not None and shape < 2:
        way, by = change.said.split(" ")[:2]
        verbs = _UP if way == "up" else _DOWN
        text = f"{_capital(name)} {verbs[int(_chance(now.said) * 3)]} {by} to {now.said} {now.at}."
        return Told(text, (change,), name, _topic(name), weight)
    if now.said == then.said:
        return _alone(now, label)
    before = "a year earlier" if not now.when.startswith("at ") else then.when
    if not now.when.startswith("at ") and not then.when.startswith("the "):
        before = f"in {then.when}"
    joint = ("against", "compared with")[shape % 2]
    text = f"{_capital(name)} {_be(name)} {now.said} {now.at}, {joint} {then.said} {before}."
    return Told(text, (now, then), name, _topic(name), weight)


def _alone(line: Line, label: str) -> Told:
    text = f"{_capital(line.name)} {_be(line.name)} {line.said} {line.at}."
    return Told(text, (line,), line.name, _topic(line.name), _weight(line, label) + 3)


def _made(line: Line, label: str, company: str) -> Told | None:
    """What a derived line says, or one of the sector; None for what a level says better."""
    name, said, at = line.name, line.said, line.at
    if name.startswith("change of "):
        return None
    if name.startswith("compound change of revenue since"):
        verb, by = said.split(" ")[:2]
        since = name.removeprefix("compound change of revenue since ")
        text = f"Since {since} revenue has {verb} at a compound rate of {by} a year."
        return Told(text, (line,), name, "history", 21.5)
    if said.startswith(("risen", "fallen")):
        return Told(f"Revenue has {said}.", (line,), "streak", "history", 24.5)
    if " median of " in said:
        figure, _, rest = said.partition(", ")
        text = f"{_capital(name)} of {figure} {at} is {rest}."
        return Told(
            text, (line,), f"{name} sector", "sector", 15.5 if "operating" in name else 26.5
        )
    if "years on record here" in said or "five-year average" in said:
        figure, _, rest = said.partition(", ")
        text = f"{_capital(name)} of {figure} {at} was {rest}."
        weight = 17.5 if "record" in rest else 20.5
        return Told(text, (line,), f"{name} history", "history", weight)
    if said.endswith(" times"):
        text = f"{_capital(line.when)}, current assets were {said} current liabilities."
        return Told(text, (line,), name, "balance", 23.5)
    return _ratio(line, label)


def _ratio(line: Line, label: str) -> Told | None:
    """ "46.9%; fiscal 2024: 46.2%, up 70 bps", a bare "46.9%", or an amount."""
    name, weight = line.name, _weight(line, label)
    now, _, before = line.said.partition("; ")
    if " as a share of " in name:
        what, of = name.split(" as a share of ")
        text = f"{_capital(what)} {_be(what)} equal to {now} of {of} {line.at}."
        return Told(text, (line,), name, "costs", 25.5)
    if not before or before.endswith("unchanged"):
        return Told(
            f"{_capital(name)} {_be(name)} {now} {line.at}.", (line,), name, _topic(name), weight
        )
    since, _, rest = before.partition(": ")
    was, _, moved = rest.partition(", ")
    verb = "widened" if moved.startswith("up") else "narrowed"
    if not name.endswith("margin"):
        verb = "rose" if moved.startswith("up") else "fell"
    if _chance(name + line.said) < 0.5:
        text = f"{_capital(name)} {verb} {moved.split(' ', 1)[1]} to {now} {line.at}."
    else:
        since = since if since == "a year earlier" else f"in {since}"
        text = f"{_capital(name)} was {now} {line.at}, {moved.split(' ')[0]} from {was} {since}."
    return Told(text, (line,), name, "margins", weight)


def _weight(line: Line, label: str) -> float:
    """Of the newest quarter the first few are told, and after the year's."""
    place = _WEIGHT.index(line.name) if line.name in _WEIGHT else 60.0
    if line.when == label or line.when == f"at the end of {label}":
        return place
    if line.when.startswith("the "):
        return {"revenue": 18.1, "net income": 18.2, "operating margin": 18.3}.get(line.name, 90.0)
    return 70 + place / 10


def _topic(name: str) -> str:
    for words, topic in (
        ("margin", "margins"), ("cash flow", "cash"), ("capital expenditure", "cash"),
        ("buybacks", "shareholders"), ("dividend", "shareholders"), ("shares", "shareholders"),
        ("debt", "balance"), ("equity", "balance"), ("assets", "balance"), ("cash", "balance"),
        ("inventory", "balance"), ("expense", "costs"), ("income", "profit"), ("loss", "profit"),
        ("earnings", "profit"),
    ):  # fmt: skip
        if words in name:
            return topic
    return "business"


def _be(name: str) -> str:
    return "were" if _PLURAL.search(name) and not name.startswith("loss") else "was"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- tiers --------------------------------------------------------------------------


def _filled(
    claims: list[tuple[int, str]], least: int, most: int, aim: int
) -> list[tuple[int, str]]:
    """The first claim, and of the others as early ones as make a text of the words aimed at."""
    if not claims:
        return []
    first, *rest = claims
    # words -> (how far down the list it had to go, what is chosen)
    best: dict[int, tuple[int, tuple[int, ...]]] = {len(first[1].split()): (0, ())}
    for place, (_, said) in enumerate(rest):
        size = len(said.split())
        for words, (cost, chosen) in sorted(best.items(), reverse=True):
            total = words + size
            if total <= most and (total not in best or best[total][0] > cost + place):
                best[total] = (cost + place, (*chosen, place))
    fitting = [words for words in best if least <= words]
    if not fitting:
        return claims
    nearest = min(fitting, key=lambda words: (abs(words - aim) > 6, best[words][0], words))
    return [first, *(rest[place] for place in best[nearest][1])]


def _flowing(chosen: list[tuple[int, str]], least: int) -> Iterator[tuple[int, str]]:
    """A period that the sentence before named is left out, every other time, where words are
    to spare."""
    spare = sum(len(said.split()) for _, said in chosen) - least
    before, left_out = "", False
    for number, said in chosen:
        found = _PERIOD.search(said)
        period = found[1] if found else ""
        size = len(found[0].split()) if found else 0
        if found and period == before and not left_out and said.count(period) == 1 and size < spare:
            left_out, spare = True, spare - size
            said = said[: found.start()] + said[found.end() :]
        else:
            left_out = False
        before = period or before
        yield number, said


# For `make fake-llm`.
by_hand = Summariser()
