"""Lines that may open an item: each a candidate with a weight, none decided yet.

Three things speak: "Item 7A." in print, a link of the table of contents that leads here, and a heading
that has an item's usual title without its number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .forms import Item
from .lines import Line

_LONGEST = 250  # characters of a heading's line; more is a sentence about an item
_NUMBER = r"\d{1,2}(?:\s?\.\s?\d{2})?(?:\s?\.?\s?\(?[A-K]\)?(?![A-Za-z]))?"
_NUMBERED = re.compile(
    rf"\s*(?:part\s+(?P<part>i{{1,3}}|iv|1|2)\b[\s.,:;|–—-]*)?"
    rf"items?\s*(?:no\.?\s*)?(?P<first>{_NUMBER})"
    rf"(?P<more>(?:\s*(?:,|and|&|,\s*and)\s*(?:items?\s*)?(?:{_NUMBER}))*)"
    r"(?P<gap>(?:\s*\(\w{1,3}\)[\s,]*)*[\s.:;|)–—-]*)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_LETTERED = re.compile(
    r"\s*(?:\d{1,2}\s?\.?\s?)?\(?(?P<letter>[A-F])[.):]\s*(?:\|\s*)?(?P<title>\S.*)"
)
_REFERS = re.compile(
    r"\s*(?:,|\(?see\b|of\b|in\b|to\b|above\b|below\b|and\b|is\b|as\b|which\b|under\b|contains?\b|"
    r"for\b|does\b|we\b|herein|has\b|shall\b|may\b|was\b|includes?\b|that\b|or\b|on\b|by\b)",
    re.IGNORECASE,
)
_PAGE_END = re.compile(r"(?:\||\.{2,}|\s)\s*(?:[FS]-)?\d{1,3}(?:\s*[-–,]\s*\d{1,3})*\s*$")
_BARE_NUMBER = re.compile(r"\s*(?:[FS]-)?\d{1,3}\s*")
_GOES_ON = re.compile(
    r"\W*(?:\([^)]*\))?"
    r"|\W+(?:and\s+analysis|about|disclosures?|and\s+supplementary|and\s+qualitative)\b.*",
    re.IGNORECASE,
)
_REACH = 4  # lines from an anchor to the heading that it stands before
_CLUSTER = 12


@dataclass(frozen=True)
class Candidate:
    line: int
    item: Item
    weight: float
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Printed:
    """A line that prints an item's number."""

    part: str
    number: str
    more: tuple[str, ...]
    title: str
    refers: bool


def candidates(lines: Sequence[Line], items: Sequence[Item]) -> list[Candidate]:
    """Every line that may open an item, in order. A line may be there for several items."""
    printed = {at: what for at, line in enumerate(lines) if (what := _printed(line.text))}
    listed = {at for at in printed if _is_listed(lines, at)}
    targets = _targets(lines, items, printed)
    crowded = _crowded(sorted(printed), printed)
    wrapped = any(line.gap for line in lines)
    found: list[Candidate] = []
    for at, what in printed.items():
        if at not in listed:
            found += _numbered(lines, at, what, items, targets, at in crowded, wrapped)
    found += _linked(lines, targets, {(one.line, one.item.item) for one in found})
    taken = {one.line for one in found}
    found += _untitled(lines, [item for item in items if item.is_telling], taken | listed)
    return sorted(found, key=lambda one: one.line)


def _printed(text: str) -> _Printed | None:
    if len(text) > 4000:
        text = text[:400]
    match = _NUMBERED.match(text)
    if not match:
        return None
    more = tuple(_plain(number) for number in re.findall(_NUMBER, match["more"]))
    refers = bool(_REFERS.match(match["title"])) or (
        bool(match["title"]) and not match["gap"] and match["title"][0].isalnum()
    )
    return _Printed(
        (match["part"] or "").upper().replace("1", "I").replace("2", "II"),
        _plain(match["first"]),
        more,
        match["title"].strip(" |"),
        refers or match["gap"].strip() == ";",
    )


def _plain(number: str) -> str:
    """A number as the form prints it: "7A" for "7 (a)" and "7.A", "5.02" for "5.02(e)"."""
    number = re.sub(r"[\s()]|\.(?=\s?[A-Za-z(])", "", number).upper()
    return number.rstrip("ABCDEFGHIJK") if "." in number else number


def _is_listed(lines: Sequence[Line], at: int) -> bool:
    """Whether the line is an entry of a table of contents."""
    line = lines[at]
    if line.links and line.linked * 2 > len(line.text) and not line.ids:
        return True
    if _PAGE_END.search(line.text) and (line.table or "..." in line.text or line.links):
        return True
    following = lines[at + 1].text if at + 1 < len(lines) else ""
    return bool(_BARE_NUMBER.fullmatch(following)) and not lines[at + 1].breaks


def _crowded(places: Sequence[int], printed: dict[int, _Printed]) -> set[int]:
    """Lines among so many other items' that they are a list of contents."""
    found: set[int] = set()
    for position, at in enumerate(places):
        near = [
            other
            for other in places[max(0, position - 8) : position + 9]
            if abs(other - at) <= _CLUSTER
        ]
        if len({printed[other].number for other in near}) >= 6:
            found.add(at)
    return found


def _matching(items: Sequence[Item], number: str, part: str) -> list[Item]:
    """The items of that number: two in a 10-Q unless its part is said."""
    return [
        item
        for item in items
        if item.item.rpartition(".")[2] == number
        and item.item.partition(".")[0] in {"I", "II"}
        and part in {"", item.item.partition(".")[0]}
    ] or [item for item in items if item.item == number]


def _numbered(
    lines: Sequence[Line],
    at: int,
    what: _Printed,
    items: Sequence[Item],
    targets: dict[int, dict[str, Item]],
    crowded: bool,
    wrapped: bool,
) -> list[Candidate]:
    line = lines[at]
    found = []
    for item in _matching(items, what.number, what.part):
        title = what.title or _next_title(lines, at)
        titled = bool(item.title.match(title)) or _any_matches(items, what.more, title)
        if (what.refers or len(line.text) > _LONGEST) and not (titled and len(what.title) > 0):
            continue
        if what.refers or (len(line.text) > _LONGEST and not line.is_bold and _reads_on(title)):
            continue
        weight = 1.0 + 3.0 * titled + _emphasis(line)
        if not what.title and (line.gap or not wrapped):
            weight += 0.8
        if item.item in targets.get(at, ()):
            weight += 3.0
        if crowded:
            weight -= 2.5
        also = tuple(one.item for number in what.more for one in _matching(items, number, "")[:1])
        heading = line.text if what.title else f"{line.text} {title}"
        found.append(Candidate(at, item, weight, heading[:200].strip(), also))
    return found


def _reads_on(title: str) -> bool:
    """Whether a title goes on as a sentence about the item."""
    return bool(
        re.search(r"\b(?:this|our) (?:annual |quarterly )?(?:report|form)\b", title[:200], re.I)
    )


def _any_matches(items: Sequence[Item], numbers: Sequence[str], title: str) -> bool:
    return any(
        item.title.match(title) for number in numbers for item in _matching(items, number, "")
    )


def _next_title(lines: Sequence[Line], at: int) -> str:
    for line in lines[at + 1 : at + 3]:
        text = line.text.strip()
        if text and not _BARE_NUMBER.fullmatch(text):
            return text if len(text) < 200 else ""
    return ""


def _emphasis(line: Line) -> float:
    text = line.text
    return 1.0 * line.is_bold + 0.5 * text.isupper() + 0.3 * line.center + 0.3 * line.breaks


def _targets(
    lines: Sequence[Line], items: Sequence[Item], printed: dict[int, _Printed]
) -> dict[int, dict[str, Item]]:
    """Items by the line that the table of contents links them to."""
    anchors = {anchor: at for at, line in enumerate(lines) for anchor in line.ids}
    found: dict[int, dict[str, Item]] = defaultdict(dict)
    for at, line in enumerate(lines):
        if not line.links:
            continue
        named = _entry(line, printed.get(at), items)
        for target in dict.fromkeys(line.links):
            place = anchors.get(target, -1)
            if place > at:
                for item in named:
                    found[_heading_at(lines, place, item, printed)][item.item] = item
    return found


def _entry(line: Line, printed: _Printed | None, items: Sequence[Item]) -> list[Item]:
    """The items that an entry of the contents names."""
    if len(line.text) > _LONGEST:
        return []
    if printed is not None:
        named = _matching(items, printed.number, printed.part)
        titled = [item for item in named if item.title.match(printed.title)]
        return titled or named[:1]
    text = line.text.strip()
    cells = [text, *(part.strip() for part in text.split("|"))]
    telling = (item for item in items if item.is_telling)
    return [item for item in telling if any(_is_title(item, cell) for cell in cells)][:1]


def _heading_at(lines: Sequence[Line], place: int, item: Item, printed: dict[int, _Printed]) -> int:
    """The line at or soon after an anchor that looks like the item's heading."""
    near = range(place, min(place + _REACH, len(lines)))
    for at in near:
        what = printed.get(at)
        if what is not None and what.number == item.item.rpartition(".")[2]:
            return at
    return next((at for at in near if item.title.match(lines[at].text)), place)


def _linked(
    lines: Sequence[Line], targets: dict[int, dict[str, Item]], known: set[tuple[int, str]]
) -> list[Candidate]:
    """Places that the contents lead to, whatever is printed there."""
    found = []
    for at, items in targets.items():
        for item in items.values():
            if (at, item.item) not in known:
                titled = item.title.match(lines[at].text) is not None
                weight = 2.5 + 1.5 * titled + _emphasis(lines[at])
                found.append(Candidate(at, item, weight, lines[at].text[:200].strip()))
    return found


def _is_title(item: Item, text: str) -> bool:
    """Whether the text is the item's title and little else."""
    match = item.title.match(text)
    return match is not None and len(text) < 140 and match.end() * 5 >= len(text)


def _untitled(lines: Sequence[Line], items: Sequence[Item], taken: set[int]) -> list[Candidate]:
    """Headings that have an item's title without its number."""
    found = []
    for at, line in enumerate(lines):
        text = line.text.strip()
        if at in taken or line.table or line.marks or len(text) > 140 or line.linked:
            continue
        if not (line.is_bold or text.isupper() or (line.center and text.istitle())):
            continue
        for item in items:
            match = item.title.match(text)
            if match and _GOES_ON.fullmatch(text[match.end() :]):
                found.append(Candidate(at, item, 0.5 + _emphasis(line), text))
    return found
