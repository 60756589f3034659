"""Company names as people write them, from the registers' capitals."""

from __future__ import annotations

import re

_STATE = re.compile(r"\s*/[A-Za-z ]{2,6}/?\s*$")
_CLASS = re.compile(r"\s*\((?:Class|The)[^)]*\)\s*$", re.IGNORECASE)
_FORM = re.compile(
    r"[,\s]+(?:inc|incorporated|corp|corporation|company|companies|co|ltd|limited|plc|llc|l\.?p|"
    r"n\.?v|s\.?a|ag|se|trust|group|holdings?|bancorp(?:oration)?)\.?$",
    re.IGNORECASE,
)
# What follows from the legal form alone; "Group" or "Holdings" are part of what people say.
_LEGAL = re.compile(
    r"[,\s]+(?:inc|incorporated|corp|corporation|company|co|ltd|limited|plc|llc|l\.?p|n\.?v|"
    r"s\.?a|ag|se)\.?$",
    re.IGNORECASE,
)
_SMALL = {"of", "and", "the", "de", "for", "in", "at", "on"}
_KEPT = {"II", "III", "IV", "USA", "US", "UK", "AT&T", "IBM", "HP", "PPL", "CVS", "CME", "MSCI"}


def display_name(registered: str) -> str:
    """ "BOEING CO /DE/" -> "Boeing Co"; names in mixed case are kept."""
    name = _CLASS.sub("", _STATE.sub("", registered.strip())).strip()
    if any(character.islower() for character in _FORM.sub("", _FORM.sub("", name))):
        return name
    return " ".join(_word(word, place) for place, word in enumerate(name.split()))


def _word(word: str, place: int) -> str:
    bare = word.strip(",.")
    if not bare.isupper() or bare in _KEPT or len(bare) <= 1 or any(c.isdigit() for c in bare):
        return word
    if word.lower() in _SMALL and place:
        return word.lower()
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))


def short_name(name: str) -> str:
    """The name without its legal form: "Tesla, Inc." -> "Tesla"."""
    short = display_name(name)
    while (shorter := _LEGAL.sub("", short).rstrip(" ,&")) and shorter != short:
        short = shorter
    return short


def aliases(name: str) -> tuple[str, ...]:
    """Forms under which a text may name the company, longest first."""
    full = display_name(name)
    shortest = _FORM.sub("", short_name(name)).rstrip(" ,&")
    forms = {full, full.rstrip("."), short_name(name)}
    if " " in shortest or len(shortest) > 3:
        forms.add(shortest)
    return tuple(sorted(filter(None, forms), key=len, reverse=True))
