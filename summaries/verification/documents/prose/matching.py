"""Whether a sentence's fact is the one that a claim states; if not, what differs."""

from __future__ import annotations

from dataclasses import dataclass

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.prose import lexicon
from summaries.verification.documents.prose.facts import Fact, Role
from summaries.verification.documents.prose.mentions import Basis
from summaries.verification.documents.prose.periods import Period, agree, around, period_of
from summaries.verification.documents.prose.reading import read
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Source
from summaries.verification.documents.spells import Kind, Spell


@dataclass(frozen=True)
class Place:
    """Where a fact stands: in which sentence of which source, and whether of the future."""

    source: Source
    at: int
    is_outlook: bool


def same_value(claimed: Figure, said: Figure) -> bool:
    """The same amount in the same unit, or the claim's correct rounding of it."""
    if not _same_unit(claimed, said):
        return False
    if claimed.value == said.value or -claimed.value == said.value:
        return True
    return claimed.place > said.place and claimed.shows(abs(said.value))


def _same_unit(claimed: Figure, said: Figure) -> bool:
    if claimed.unit is said.unit:
        return not (claimed.currency and said.currency) or claimed.currency == said.currency
    if claimed.unit is Unit.MONEY and said.unit is Unit.PLAIN:
        return said.is_scaled or said.place < 1
    return False


def difference(claimed: Fact, said: Fact, place: Place) -> Reason | None:
    """The first thing in which a fact isn't the claim's; None where nothing is."""
    checks = (
        _tense,
        _measure,
        _loss,
        _role,
        _direction,
        _range,
        _basis,
        _narrowing,
        _period,
        _versus,
    )
    for check in checks:
        if found := check(claimed, said, place):
            code, text = found
            return Reason(code, text, claimed.figure.start, claimed.figure.end)
    return None


# Names too weak to tell that a figure is of nothing else.
_COMMON = frozenset({"volume", "price", "count", "cash", "costs", "expenses", "orders", "income"})
Found = tuple[str, str] | None


def _tense(claimed: Fact, said: Fact, place: Place) -> Found:
    """What is expected doesn't prove what was, nor what was what is expected."""
    sentences = place.source.sentences
    text = sentences[place.at].lowered
    if place.is_outlook:
        near = sentences[max(0, place.at - 3) : place.at]
        if lexicon.OUTLOOK.search(text) or (
            any(lexicon.OUTLOOK.search(one.lowered) for one in near)
            and not lexicon.DONE.search(text)
        ):
            return None
        return "period", "The source doesn't say it of the future."
    lead = text[: said.figure.start]
    if lexicon.FORWARD.search(lead) or (
        lexicon.PLANNED.search(lead) and not lexicon.DONE.search(text)
    ):
        return "period", "The source says it of the future."
    return None


def _measure(claimed: Fact, said: Fact, place: Place) -> Found:
    if claimed.measure is None:
        if said.measure is None or said.measure.name in _COMMON:
            return None
        return "measure", f"In the source {said.figure.text} is of {said.measure.text}."
    if said.measure is None:
        return "measure", f"The source doesn't say what {said.figure.text} is of."
    if claimed.measure.name != said.measure.name:
        return "measure", f"In the source {said.figure.text} is of {said.measure.text}."
    if claimed.is_per_share != said.is_per_share:
        which = "per share" if said.is_per_share else "no amount per share"
        return "measure", f"In the source {said.figure.text} is {which}."
    return None


def _loss(claimed: Fact, said: Fact, place: Place) -> Found:
    if claimed.measure is None or claimed.measure.name not in lexicon.SIGNED:
        return None
    if claimed.role is Role.CHANGE and said.measure is not None:
        # A net loss that rose by 5 percent isn't a net income that did.
        is_same = claimed.measure.is_loss == said.measure.is_loss
    else:
        is_same = claimed.is_loss == said.is_loss
    if is_same:
        return None
    which = "a loss" if said.is_loss else "no loss"
    return "sign", f"In the source {said.figure.text} is {which}."


def _role(claimed: Fact, said: Fact, place: Place) -> Found:
    if claimed.role is said.role:
        return None
    what = {Role.LEVEL: "the level", Role.CHANGE: "the change", Role.PRIOR: "the earlier value"}
    return "measure", f"In the source {said.figure.text} is {what[said.role]}."


def _direction(claimed: Fact, said: Fact, place: Place) -> Found:
    if not claimed.direction or claimed.direction == said.direction:
        return None
    which = {1: "a rise", -1: "a fall", 0: "no change"}[said.direction]
    return "direction", f"In the source {said.figure.text} is {which}."


def _range(claimed: Fact, said: Fact, place: Place) -> Found:
    if (claimed.opens, claimed.closes) == (said.opens, said.closes):
        return None
    if claimed.opens or claimed.closes:
        return None  # The order of both ends is held by who aligns them.
    return "value", f"In the source {said.figure.text} is one end of a range."


def _basis(claimed: Fact, said: Fact, place: Place) -> Found:
    if claimed.basis is Basis.UNSAID:
        return None
    if claimed.measure and said.measure and claimed.measure.name == "affo" == said.measure.name:
        return None
    basis = said.basis
    if basis is Basis.UNSAID:
        basis = _basis_before(said, place)
    if basis is claimed.basis:
        return None
    if basis is Basis.UNSAID:
        return "basis", f"The source doesn't call it {claimed.basis.value}."
    return "basis", f"In the source {said.figure.text} is {basis.value}."


def _basis_before(said: Fact, place: Place) -> Basis:
    """As the two sentences before say of the same or of no measure."""
    for one in reversed(place.source.sentences[max(0, place.at - 2) : place.at]):
        facts = read(one.text).facts
        bases = {fact.basis for fact in facts if fact.basis}
        if len(bases) == 1:
            return bases.pop()
        if bases:
            return Basis.UNSAID
    return Basis.UNSAID


def _narrowing(claimed: Fact, said: Fact, place: Place) -> Found:
    if said.narrowed <= claimed.narrowed:
        return None
    return "measure", "The source says it of a part or on another basis."


def _period(claimed: Fact, said: Fact, place: Place) -> Found:
    spell = claimed.spell or claimed.loose
    if spell is None:
        return None
    if claimed.role is Role.PRIOR:
        return _period_before(claimed, said, place)
    wanted = period_of(spell, place.source, is_outlook=place.is_outlook)
    given = _period_said(said, place)
    if agree(wanted, given, place.source, is_outlook=place.is_outlook):
        return None
    return "period", f"In the source {said.figure.text} is of {given}."


def _period_said(said: Fact, place: Place) -> Period:
    spell = said.spell or said.loose
    if spell is not None and not _is_stale(spell, said, place):
        return period_of(spell, place.source, is_outlook=place.is_outlook)
    if said.versus is not None and "quarter" in said.versus.text.lower() and not place.is_outlook:
        return Period("quarter", place.source.quarter, place.source.year)
    found = around(place.source, place.at, is_outlook=place.is_outlook)
    if found is not None:
        return found
    if place.is_outlook:
        return Period("year")
    return Period("quarter", place.source.quarter, place.source.year)


def _period_before(claimed: Fact, said: Fact, place: Place) -> Found:
    """Of an earlier value only a period said after it is its own."""
    if not (claimed.spell and said.spell):
        return None
    if claimed.spell.start < claimed.figure.end or said.spell.start < said.figure.end:
        return None
    wanted, given = (period_of(one, place.source) for one in (claimed.spell, said.spell))
    is_same = wanted.kind == given.kind and wanted.number == given.number
    if is_same and (wanted.year == given.year or not (wanted.year and given.year)):
        return None
    return "period", f"In the source {said.figure.text} is of {given}."


def _is_stale(spell: Spell, said: Fact, place: Place) -> bool:
    """A past year named after the figure is of what it's compared with."""
    return bool(spell.year) and spell.year < place.source.year and spell is not said.spell


def _is_sequential(spell: Spell | None, source: Source) -> bool:
    """Against the quarter before: "sequentially", or "from the second quarter" in the third."""
    if spell is None or spell.kind is Kind.PRIOR_QUARTER:
        return spell is not None
    if spell.kind is not Kind.QUARTER or not source.quarter:
        return False
    is_before = spell.number == (source.quarter - 2) % 4 + 1
    return is_before and spell.year in (0, source.year - (source.quarter == 1))


def _versus(claimed: Fact, said: Fact, place: Place) -> Found:
    """A rise over the quarter before isn't one over the year before."""
    if claimed.role is not Role.CHANGE:
        return None
    in_claim = _is_sequential(claimed.versus, place.source)
    in_source = _is_sequential(said.versus, place.source)
    if in_claim == in_source:
        return None
    which = "the quarter before" if in_source else "the year before"
    return "period", f"In the source {said.figure.text} is against {which}."
