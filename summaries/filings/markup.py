"""HTML as a stream of elements to lines and inline facts. No tree is built, and nothing recurses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from .decoding import Markup, Source
from .grids import GridCell, lines_of
from .inline import Declarations, Gathered, fact
from .lines import Line, Mark, clean
from .printing import Printer
from .reading import UnreadableFiling
from .styles import BLOCKS, BOLD, UNREAD, look

# Real filings nest some 60 deep; unclosed tags of old ones reach hundreds.
_MOST_DEPTH = 5000
_STEP = 1 << 20
# A number or a line of the cover comes in few pieces; a note that continues isn't kept whole.
_MOST_PARTS = 50

_IX = re.compile(r"http://www\.xbrl\.org/20\d\d/inlineXBRL")
_RESOURCES = frozenset(
    "context unit instant startdate enddate measure unitdenominator explicitmember typedmember".split()
)

# What closing an element must undo.
_HIDES, _BOLDS, _BLOCK, _BREAKS, _LINK, _CENTERS, _PRE = (1 << bit for bit in range(7))


class Stream(Printer):
    """The target of lxml's parser: keeps only the lines and facts made so far, and the open elements."""

    def __init__(self, gathered: Gathered, *, preformatted: bool) -> None:
        super().__init__(preformatted=preformatted)
        self.gathered = gathered
        self.prefixes: dict[str, str] = {}
        self.declarations = Declarations(gathered, self.prefixes)
        # Open tables: the lines around each, whether those stand between cells, and its rows.
        self.tables: list[tuple[list[Line], bool, list[list[GridCell]]]] = []
        self.stray = False  # whether self.lines stand in a table, but in none of its cells
        self.tables_seen = 0
        self.names: dict[str, tuple[str, bool]] = {}
        self.undo: list[int] = []
        self.hidden = 0
        self.excluded = 0

    # What the parser calls.

    def start_ns(self, prefix: str, uri: str) -> None:
        self.prefixes.setdefault(prefix, uri)

    def _name(self, tag: str) -> tuple[str, bool]:
        """Local name in lower case, and whether it is of inline XBRL."""
        if tag.startswith("{"):
            uri, _, local = tag[1:].partition("}")
            found = (local.lower(), bool(_IX.match(uri)))
        else:
            prefix, _, local = tag.lower().rpartition(":")
            uri = self.prefixes.get(prefix, "")
            found = (local, bool(_IX.match(uri)) or (prefix == "ix" and not uri))
        if len(self.names) < 10_000:
            self.names[tag] = found
        return found

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, is_ix = self.names.get(tag) or self._name(tag)
        if len(self.undo) >= _MOST_DEPTH:
            raise UnreadableFiling(f"The document nests its tags more than {_MOST_DEPTH:,} deep.")
        if name == "html":
            for key, value in attributes.items():
                if key.startswith("xmlns:"):
                    self.prefixes.setdefault(key[6:], value)
        undo = 0
        if is_ix:
            undo = self._start_inline(name, attributes)
        elif self.hidden:
            if name in _RESOURCES:
                self.declarations.start(name, lowered(attributes))
        elif name in UNREAD:
            undo = _HIDES
        else:
            undo = self._start_element(name, attributes)
        if undo & _HIDES:
            self.hidden += 1
        self.undo.append(undo)

    def _start_element(self, name: str, attributes: Mapping[str, str]) -> int:
        style = look(attributes.get("style"))
        if style.hidden:
            return _HIDES
        undo = 0
        if name in BLOCKS and not style.inline:
            undo |= _BLOCK
            self._end_line()
            undo |= self._start_block(name, attributes, style.center)
        elif name == "br":
            self._end_line()
        elif name == "sup" or style.raised:
            self.raised = True
        elif name == "a":
            undo |= self._start_link(attributes)
        if style.bold is not None or name in BOLD:
            undo |= _BOLDS
            self.bold.append(name in BOLD if style.bold is None else style.bold)
        if style.breaks_before:
            self.breaks = True
        if style.breaks_after:
            undo |= _BREAKS
        if name == "pre" or style.preformatted:
            undo |= _PRE
            self.pre += 1
        anchor = attributes.get("id")
        if anchor and len(self.ids) < 100:
            self.ids.append(anchor)
        return undo

    def _start_link(self, attributes: Mapping[str, str]) -> int:
        anchor, target = attributes.get("name"), attributes.get("href", "")
        if anchor and len(self.ids) < 100:
            self.ids.append(anchor)
        if not target.startswith("#") or len(target) < 2:
            return 0
        self.links.append(target[1:])
        self.line_links.append(target[1:])
        return _LINK

    def _start_block(self, name: str, attributes: Mapping[str, str], center: bool | None) -> int:
        if name == "table":
            self.tables.append((self.lines, self.stray, []))
            self.lines, self.stray = [], True
        elif name == "tr" and self.tables:
            self.tables[-1][2].append([])
        elif name in {"td", "th"} and self.tables:
            self._start_cell(name, attributes)
        elif name == "hr":
            self.rule = True
        elif name == "page":
            self.breaks = True
        elif name == "li":
            self._print("• ")
        align = attributes.get("align", "").lower()
        if center is None:
            center = align == "center" or None if align or name != "center" else True
        if center is None:
            return 0
        self.center.append(center)
        return _CENTERS

    def _start_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        rows = self.tables[-1][2]
        if not rows:
            rows.append([])
        if self.stray and self.lines:
            rows.insert(-1, [GridCell(self.lines)])
        self.lines, self.stray = [], False
        rows[-1].append(
            GridCell(
                self.lines,
                _spanned(attributes.get("colspan")),
                _spanned(attributes.get("rowspan")),
                name == "th",
            )
        )

    def _start_inline(self, name: str, attributes: Mapping[str, str]) -> int:
        if name in {"header", "hidden"}:
            return _HIDES
        if name == "exclude":
            self.excluded += 1
        elif name in {"nonfraction", "nonnumeric", "continuation"}:
            self._start_fact(name, lowered(attributes))
        elif name == "fraction":
            self.gathered.fault("a value printed as a fraction")
        return 0

    def _start_fact(self, name: str, attributes: Mapping[str, str]) -> None:
        found = fact(attributes, self.prefixes)
        mark = None
        kept = True
        if name == "nonfraction":
            if not self.hidden:
                mark = Mark(len(self.gathered.numeric))
                self.marks.append(mark)
            self.gathered.numeric.append(found)
        elif name == "continuation":
            self.gathered.continuations[attributes.get("id", "")] = found
        elif found.concept.startswith("dei:"):
            self.gathered.stated.append(found)
        else:
            kept = False  # whole notes are facts too
        self.facts.append((found if kept else None, mark))

    def end(self, tag: str) -> None:
        name, is_ix = self.names.get(tag) or self._name(tag)
        undo = self.undo.pop()
        if is_ix:
            self._end_inline(name)
        elif self.hidden and name in _RESOURCES:
            self.declarations.end(name)
        if undo & _BLOCK:
            self._end_line()
            if name == "table":
                self._end_table()
            elif name in {"td", "th"}:
                self._end_cell()
        if undo & _HIDES:
            self.hidden -= 1
        if undo & _BOLDS:
            self.bold.pop()
        if undo & _LINK:
            self.links.pop()
        if undo & _CENTERS:
            self.center.pop()
        if undo & _PRE:
            self.pre -= 1
        if undo & _BREAKS:
            self.breaks = True

    def _end_inline(self, name: str) -> None:
        if name == "exclude":
            self.excluded -= 1
        elif name in {"nonfraction", "nonnumeric", "continuation"} and self.facts:
            _, mark = self.facts.pop()
            if mark is not None and mark.start >= 0 and mark.end < 0:
                mark.end = self.length

    def _end_cell(self) -> None:
        if self.tables and not self.stray:
            self.lines, self.stray = [], True

    def _end_table(self) -> None:
        if not self.tables:
            return
        left = self.lines if self.stray else []
        self.lines, self.stray, rows = self.tables.pop()
        if left:
            rows.append([GridCell(left)])
        self.tables_seen += 1
        self.lines.extend(lines_of(rows, self.tables_seen))

    def data(self, text: str) -> None:
        if self.facts and not self.excluded:
            for found, _ in self.facts:
                if found is not None and len(found.parts) < _MOST_PARTS:
                    found.parts.append(text)
        if self.hidden:
            self.declarations.data(text)
        elif self.pre:
            self._print_as_is(clean(text))
        else:
            self._print(clean(text))

    def comment(self, text: str) -> None:
        if text.strip().upper() == "PAGEBREAK":
            self.breaks = True

    def close(self) -> list[Line]:
        while self.tables:
            self._end_line()
            self._end_table()
        self._end_line()
        return self.lines


def lowered(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in attributes.items()}


def _spanned(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isdigit() and len(text) < 9 and int(text) else 1


def stream(source: Source, gathered: Gathered) -> list[Line]:
    """The document's lines; what it declares goes into gathered. Raises UnreadableFiling."""
    content = source.text.encode("utf-8", errors="replace")
    if source.markup is Markup.XHTML:
        attempt = Gathered()
        target = Stream(attempt, preformatted=False)
        try:
            lines = _fed(
                etree.XMLParser(
                    target=target, encoding="utf-8", huge_tree=True, resolve_entities=False
                ),
                content,
            )
        except etree.XMLSyntaxError:
            pass  # says it is XHTML and isn't: the tolerant parser reads it
        else:
            vars(gathered).update(vars(attempt))
            return lines
    target = Stream(gathered, preformatted=source.markup is Markup.PREFORMATTED)
    try:
        return _fed(etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True), content)
    except etree.LxmlError as error:
        raise UnreadableFiling(f"The document is no readable HTML: {error}"[:300]) from error


def _fed(parser: etree.XMLParser | etree.HTMLParser, content: bytes) -> list[Line]:
    for offset in range(0, len(content), _STEP):
        parser.feed(content[offset : offset + _STEP])
    lines: list[Line] = parser.close()
    return lines
