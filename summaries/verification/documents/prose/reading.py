"""What a sentence says of each of its figures: of which measure, on which basis, level or change.

"Adjusted net income was $6 million or $0.40 per share, up 4 % from $5.8 million" says four
things: net income 6 million; the same per share; a rise by 4 %; and 5.8 million before.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.prose import lexicon, mentions, shapes
from summaries.verification.documents.prose.facts import Fact, Reading, Role
from summaries.verification.documents.prose.mentions import Basis, Measure
from summaries.verification.documents.spells import Kind, Spell
from summaries.verification.documents.wording import lower

_LONGEST = 3000


def read(text: str) -> Reading:
    """Nothing of what is too long for a sentence: a page without stops, a table in one line."""
    return _read(text) if len(text) <= _LONGEST else Reading(text, (), (), ())


@lru_cache(maxsize=4096)
def _read(text: str) -> Reading:
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = lower(text)
        self.spells = mentions.spells_in(text)
        self.figures = mentions.figures_in(text, self.spells)
        self.measures = mentions.measures_in(text)
        self.bases = mentions.bases_in(self.text)
        self.blank = mentions.blanked(self.text, self.spells)  # of its periods
        self.turned: list[int] = []
        self.roles: list[Role] = []

    def read(self) -> Reading:
        facts = tuple(self._fact(at) for at in range(len(self.figures)))
        return Reading(self.text, facts, self.measures, self.spells)

    def _fact(self, at: int) -> Fact:
        figure = self.figures[at]
        measure, follows = self._measure(at)
        per_share = lexicon.PER_SHARE.match(self.text, self._last(at).end) is not None
        if figure.unit is Unit.SHARES:
            per_share = False
        opens, closes = self._opening[at], at > 0 and self._opening[at - 1]
        role, direction = self._role(at, measure, closes)
        self.roles.append(role)
        self.turned.append(direction)
        is_level = role is not Role.CHANGE
        per_share = per_share or bool(
            measure
            and figure.unit is not Unit.PERCENT
            and (measure.is_per_share or (is_level and mentions.is_cents(figure, measure)))
        )
        if figure.unit is Unit.PERCENT and measure:
            per_share = measure.is_per_share
        return Fact(
            figure, measure, per_share, self._is_loss(at, measure), role, direction, opens, closes,
            self._basis(at, measure, follows), self._narrowed(at, measure), self._spell(at),
            self._loose(at), self._versus(at),
        )  # fmt: skip

    def _stretch(self, at: int) -> tuple[int, int]:
        """From the figure before to this one."""
        return (self.figures[at - 1].end if at else 0), self.figures[at].start

    def _after(self, at: int) -> tuple[int, int]:
        last = self.figures[at + 1].start if at + 1 < len(self.figures) else len(self.text)
        return self.figures[at].end, last

    def _measure(self, at: int) -> tuple[Measure | None, bool]:
        """Its measure, and whether it stands after the figure: "$3 million in sales"."""
        start, stop = self._after(at)
        if self._opening[at]:
            start, stop = self._after(at + 1)
        for one in self.measures:
            if start <= one.start < stop:
                between = self.blank[start : one.start]
                if shapes.OF_MEASURE.match(between):
                    is_share = self.figures[at].unit is Unit.PERCENT and shapes.OF.match(between)
                    return (None, False) if is_share else (one, True)
                break
        return self._measure_before(at), False

    def _respective(self, at: int) -> int | None:
        """Whether it's the first (0) or second (1) of a pair told apart by "respectively"."""
        last = shapes.RESPECTIVELY.search(self.text, self.figures[at].end)
        if last is None:
            return None
        before = [one for one, figure in enumerate(self.figures) if figure.end <= last.start()]
        if at not in before[-2:] or len(before) < 2:
            return None
        one, other = (self.figures[index] for index in before[-2:])
        if not re.fullmatch(r"\s*,?\s*and\s+", self.text[one.end : other.start]):
            return None
        return 0 if at == before[-2] else 1

    def _measure_before(self, at: int) -> Measure | None:
        figure = self.figures[at]
        which = self._respective(at)
        if which is not None:
            pair = [one for one in self.measures if one.end <= figure.start][-2:]
            if len(pair) == 2 and shapes.ONLY_AND.match(self.blank[pair[0].end : pair[1].start]):
                return pair[which]
        before = [one for one in self.measures if one.end <= figure.start]
        last = before[-1] if before else None
        if last and len(before) > 1 and self._is_aside(last, figure.start):
            last = before[-2]
        if last and shapes.NEW_SUBJECT.search(self.blank[last.end : figure.start]):
            last = None
        if last is None or last.name in shapes.NEVER_PER_SHARE:
            share = lexicon.PER_SHARE.match(self.text, self._last(at).end)
            if share:
                return Measure(share.start(), share.end(), "earnings", "net income", True, False)
        return last

    def _is_aside(self, measure: Measure, stop: int) -> bool:
        """ "Sales, driven by prices, were $3 million"."""
        if not shapes.AFTER_ASIDE.match(self.blank[measure.end : stop]):
            return False
        return (
            shapes.SUBORDINATE.search(self.blank[max(0, measure.start - 60) : measure.start])
            is not None
        )

    def _last(self, at: int) -> Figure:
        """The figure, or the end of the range that it opens."""
        return self.figures[at + 1 if self._opening[at] else at]

    @cached_property
    def _opening(self) -> list[bool]:
        """Of each figure whether it opens a range."""
        return [self._opens(at) for at in range(len(self.figures))]

    def _opens(self, at: int) -> bool:
        if at + 1 >= len(self.figures):
            return False
        one, other = self.figures[at], self.figures[at + 1]
        between = self.text[one.end : other.start]
        if (
            len(between) > 24
            or not mentions.same_kind(one, other)
            or not shapes.PLUS.match(between)
        ):
            return False
        if between.strip() in ("and", ",", ", and"):
            return (
                shapes.RANGE_LEAD.search(self.text[max(0, one.start - 80) : one.start]) is not None
            )
        lead = self.text[max(0, one.start - 40) : one.start]
        if one.unit is Unit.MONEY and lexicon.TURN_BEFORE.search(lead):
            return False  # "rose $4 million to $20 million"
        return not shapes.FROM.search(self.text[max(0, one.start - 16) : one.start])

    def _role(self, at: int, measure: Measure | None, closes: bool) -> tuple[Role, int]:
        if closes:
            return self.roles[-1], self.turned[-1]
        figure = self.figures[at]
        start, stop = self._stretch(at)
        before = self.text[start:stop]
        if self._is_prior(at, before):
            return Role.PRIOR, 0
        is_change = figure.unit in (Unit.PERCENT, Unit.POINTS)
        near = lexicon.TURN_BEFORE.search(before)
        if near:
            return Role.CHANGE, _sign(near)
        if of := lexicon.TURN_OF.search(before):
            return Role.CHANGE, _sign(of)
        after = self.text[self._last(at).end :][:90]
        share = lexicon.PER_SHARE.match(after)
        next_ = (lexicon.TURN_AFTER if is_change else lexicon.TURN_NEXT).match(
            after, share.end() if share else 0
        )
        if next_:
            return Role.CHANGE, _sign(next_)
        if not is_change and shapes.BY.search(before):
            turns = list(lexicon.TURN.finditer(before))
            return Role.CHANGE, _sign(turns[-1]) if turns else 0
        if not is_change and (self._is_of_past(at) or self._joins_prior(at, before)):
            return Role.PRIOR, 0
        if not is_change and (also := shapes.OR_CHANGE.match(after)):
            start, stop = self._stretch(at)
            if not any(start <= one.start < stop for one in self.measures):
                return Role.CHANGE, _sign(also)
        if not is_change or (measure and measure.name in lexicon.RATIOS and "growth" not in before):
            return Role.LEVEL, 0
        turns = list(lexicon.TURN.finditer(before))
        if turns:
            return Role.CHANGE, _sign(turns[-1])
        if self.turned and self.turned[-1] and len(before) < 60 and "," not in before[:-2].strip():
            return Role.CHANGE, self.turned[-1]
        return Role.LEVEL, 0

    def _is_of_past(self, at: int) -> bool:
        """ "Last year's earnings were $3", "$3 in the second quarter of last year"."""
        figure, end = self.figures[at], self._after(at)[1]
        start = self._stretch(at)[0]
        for one in self.spells:
            if one.kind not in (Kind.PRIOR_YEAR, Kind.PRIOR_QUARTER) or shapes.OVER_YEAR.search(
                one.text.lower()
            ):
                continue
            if figure.end <= one.start < end:
                return shapes.JOINED.match(self.blank[figure.end : one.start]) is not None
            if start <= one.start < figure.start:
                return (
                    not self._is_compared_with(one)
                    and shapes.LINK.search(self.blank[one.end : figure.start]) is not None
                    and not re.search(r"[,;]", self.blank[one.end : figure.start])
                )
        return False

    def _joins_prior(self, at: int, before: str) -> bool:
        """ "Compared to $21 million or $0.70 per share": the second goes with the first."""
        if not at or self.roles[-1] is not Role.PRIOR:
            return False
        return bool(shapes.OR.match(before) or shapes.AND.match(before))

    def _is_prior(self, at: int, before: str) -> bool:
        """Said after "from", "compared to", "than" with nothing new begun since; or a guidance
        that's no longer given."""
        if shapes.FORMER.search(before) and not shapes.KEPT.search(
            self.text[: self.figures[at].start]
        ):
            return True
        compared = list(lexicon.COMPARED.finditer(before))
        if not compared:
            return False
        found = compared[-1]
        start = self._stretch(at)[0] + found.end()
        rest = self.text[start : self.figures[at].start]
        if shapes.BREAK.search(rest) or shapes.OVER.search(rest):
            return False
        if found.group().startswith(("compar", "v", "relative")):
            return True
        if found.group() in ("over", "than") and not rest.strip():
            return False
        return not self._other_words(start, self.figures[at].start)

    def _other_words(self, start: int, stop: int) -> bool:
        """Whether anything but measures, periods and small words stands there."""
        text = self.blank
        for one in self.measures:
            if start <= one.start < stop:
                text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
        return shapes.SMALL.match(text[start:stop]) is None

    def _is_loss(self, at: int, measure: Measure | None) -> bool:
        figure = self.figures[at]
        if figure.value < 0:
            return True
        if measure is None:
            return False
        if measure.is_loss:
            return True
        between = self.text[max(measure.end, self._stretch(at)[0]) : figure.start]
        return shapes.LOST.search(between) is not None

    def _basis(self, at: int, measure: Measure | None, follows: bool) -> Basis:
        """That of the nearest word before, unless the next words say it."""
        figure = self.figures[at]
        start, stop = self._after(at + 1 if self._opening[at] else at)
        for one_start, _, basis in self.bases:
            if not start <= one_start < stop:
                continue
            between = self.blank[start:one_start]
            if (
                shapes.ON_BASIS.match(between)
                or (not between.strip() and shapes.LAST_WORD.match(self.text, one_start))
                or (
                    self.text[one_start : one_start + 2] in ("ex", "be")
                    and shapes.JOINED_BASIS.match(between)
                )
            ):
                return basis
        which = self._respective(at)
        if which is not None:
            pair = [one for one in self.bases if one[1] <= figure.start][-2:]
            if len(pair) == 2 and shapes.ONLY_AND.match(self.blank[pair[0][1] : pair[1][0]]):
                return pair[which][2]
        last = measure.end if measure and follows else figure.start
        before = [one for one in self.bases if one[1] <= last]
        if not before:
            return Basis.UNSAID
        near = [one for one in before if one[1] + 3 >= before[-1][0] or one[1] > before[-1][0] - 12]
        kinds = {one[2] for one in near}
        return before[-1][2] if len(kinds) == 1 else Basis.BOTH

    def _narrowed(self, at: int, measure: Measure | None) -> frozenset[str]:
        figure = self.figures[at]
        start = max(self._stretch(at)[0], (measure.start - 40) if measure else 0)
        said = self.text[max(0, min(start, figure.start)) : figure.start]
        found = [one.group() for one in lexicon.NARROWING.finditer(said)]
        for match in lexicon.NARROWING.finditer(self.text, figure.end, self._after(at)[1]):
            if shapes.BEFORE_NARROWING.match(self.blank[figure.end : match.start()]):
                found.append(match.group())
        return frozenset(one[:5] for one in found)

    @cached_property
    def _periods(self) -> list[Spell]:
        found: list[Spell] = []
        for one in self.spells:
            if not _is_period(one) or one in self._compared:
                continue
            if found and shapes.OF_YEAR.match(self.text[found[-1].end : one.start]):
                continue  # "the first half of the year" is the half
            found.append(one)
        return found

    def _spell(self, at: int) -> Spell | None:
        figure = self.figures[at]
        start, stop = self._last(at).end, self._after(at)[1]
        if self._opening[at]:
            stop = self._after(at + 1)[1]
        for one in self._periods:
            if start <= one.start < stop and one.start - start <= 45:
                between = self.blank[start : one.start]
                if shapes.IN.search(between) and not shapes.APART.search(between):
                    return one
        before = [one for one in self._periods if one.end <= figure.start]
        return before[-1] if before else None

    def _loose(self, at: int) -> Spell | None:
        end = self.figures[at].end
        for one in self._periods:
            if one.start >= end and not shapes.ASIDE.search(self.text[end : one.start]):
                return one
        return None

    def _versus(self, at: int) -> Spell | None:
        start, stop = self._after(at)
        for one in self._compared:
            if start <= one.start < stop:
                return one
        first, last = self._stretch(at)
        for one in self._compared:
            if first <= one.start < last:
                return one
        return None

    @cached_property
    def _compared(self) -> list[Spell]:
        return [one for one in self.spells if self._is_compared(one)]

    def _is_compared(self, spell: Spell) -> bool:
        if spell.kind in (Kind.PRIOR_YEAR, Kind.PRIOR_QUARTER):
            return True
        return self._is_compared_with(spell)

    def _is_compared_with(self, spell: Spell) -> bool:
        before = self.text[max(0, spell.start - 50) : spell.start]
        return lexicon.COMPARED_BEFORE.search(before) is not None


def _is_period(spell: Spell) -> bool:
    return spell.kind not in (Kind.DAY, Kind.MONTH)


def _sign(match: re.Match[str]) -> int:
    return 1 if match["up"] else -1
