"""How questions about figures are put, and the thing that each of them asks for.

"What was the change in rent from 2018 to 2019?" asks for "the change in rent from 2018 to 2019";
"What percentage of revenue is rent?" for "the percentage of rent out of revenue".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BE = r"(?:is|was|were|are|will be)"
_SHARE = r"(?:percentage|percent|per cent|proportion|share|fraction|%)"
_RISE = r"(?:increase|rise|grow|growth)d?"
_FALL = r"(?:decrease|decline|drop|fall|reduce)d?"
_OUT = r"(?:account for|make up|represent|constitute|contribute(?: to)?|form)"
_WHEN = r"(?P<when>(?:,?\s*(?:from|at the end of|between|in|for|during|over|at|as of|on)\b.*)?)"


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\s*{pattern}\s*", re.IGNORECASE)


# Likelier and longer ones first; what is asked for, in the words of the question.
_FRAMES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (_shape(pattern), subject, verb)
    for pattern, subject, verb in (
        (rf"what\s+{_SHARE}\s+of\s+(?P<whole>.+?)\s+(?:does|do|did)\s+(?P<part>.+?)\s+{_OUT}{_WHEN}",
         "percentage of {part} out of {whole}{when}", "was"),
        (rf"what\s+{_SHARE}\s+of\s+(?P<whole>.+?)\s+{_BE}\s+(?P<part>.+)",
         "percentage of {part} out of {whole}", "was"),
        (rf"what\s+{_SHARE}\s+(?:does|do|did)\s+(?P<part>.+?)\s+{_OUT}\s+(?:of|in|to)\s+(?P<whole>.+)",
         "percentage of {part} out of {whole}", "was"),
        (rf"(?:by\s+)?(?:how\s+much|what\s+amount)\s+(?:has|have|did|does|do)\s+(?P<item>.+?)\s+"
         rf"(?:changed?|{_RISE})(?:\s+by)?{_WHEN}", "change in {item}{when}", "was"),
        (rf"(?:by\s+)?(?:how\s+much|what\s+amount)\s+(?:has|have|did|does|do)\s+(?P<item>.+?)\s+"
         rf"{_FALL}(?:\s+by)?{_WHEN}", "decrease in {item}{when}", "was"),
        (rf"by\s+what\s+{_SHARE}\s+(?:has|have|did|does|do)\s+(?P<item>.+?)\s+"
         rf"(?:changed?|{_RISE}){_WHEN}", "percentage change in {item}{when}", "was"),
        (rf"by\s+what\s+{_SHARE}\s+(?:has|have|did|does|do)\s+(?P<item>.+?)\s+{_FALL}{_WHEN}",
         "percentage decrease in {item}{when}", "was"),
        (rf"how\s+much\s+(?P<item>(?!of\b|more\b|less\b|difference\b).+?)\s+(?:did|does)\s+.+?\s+"
         rf"(?:have|report|record|recogni[sz]e|generate|earn|incur|spend|pay(?:\s+out)?){_WHEN}",
         "{item}{when}", "was"),
        (r"how\s+(?:does|did)\s+(?:the\s+)?(?P<item>(?:percentage\s+)?change\s+.+)", "{item}", "was"),
        (r"how\s+much\s+difference\s+(?:was\s+there\s+)?(?P<rest>in\s+.+)", "difference {rest}", "was"),
        (r"what\s+(?:did|does)\s+(?P<item>.+?)\s+(?:amount\s+to|total)(?P<when>.*)",
         "{item}{when}", "was"),
        (rf"(?:what|how\s+much)\s+(?P<be>{_BE})\s+(?:the\s+)?(?P<item>.+)", "{item}", "{be}"),
        (r"how\s+much\s+(?P<item>(?!of\b|more\b|less\b|higher\b|lower\b).+?)\s+"
         rf"(?P<be>{_BE})\s+(?P<rest>.+)", "{item} {rest}", "{be}"),
        (rf"how\s+many\s+(?P<item>.+?)\s+(?P<be>{_BE})\s+(?P<rest>(?!there\b).+)",
         "{item} {rest}", "{be}"),
    )
)  # fmt: skip
_OPENING = re.compile(
    r"\s*(?:(?:in|for|during|at|as of|as at|on|between|from)\s[^,?]*\d[^?]*?),\s*(?=what|how|by|which)",
    re.IGNORECASE,
)
_LONGEST = 500  # characters of a question for one figure
# "What is rent used for?" asks for no figure.
_DANGLING = re.compile(
    r"\b(?:to|by|for|of|from|in|on|with|attributed|due|driven|like|based|mean|called|named|about)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Framed:
    """``subject``: without its article; ``verb``: that a sentence about it takes. ``is_count``: of
    things and people."""

    subject: str
    verb: str
    is_count: bool = False

    def told(self, predicate: str) -> str:
        return f"The {spoken(self.subject)} {self.verb} {predicate}."


def spoken(subject: str) -> str:
    """As it stands within a sentence, after its article."""
    said = re.sub(r"^the\s", "", subject.strip(), flags=re.IGNORECASE)
    return said[:1].lower() + said[1:] if _is_plain(said) else said


def _is_plain(subject: str) -> bool:
    first = subject.split(maxsplit=1)[0] if subject.split() else ""
    return first[1:].islower()


def framed(question: str) -> Framed | None:
    """None where it isn't put as a question for a figure."""
    said = " ".join(question.split()).rstrip("?. ")
    if len(said) > _LONGEST:
        return None
    opening = _OPENING.match(said)
    if opening:
        when = opening.group().strip().rstrip(",")
        said = f"{said[opening.end() :]} {when[:1].lower()}{when[1:]}"
    for shape, subject, verb in _FRAMES:
        match = shape.fullmatch(said)
        if match:
            parts = {name: (part or "").strip() for name, part in match.groupdict().items()}
            parts["when"] = f" {parts['when']}" if parts.get("when") else ""
            made = " ".join(subject.format(**parts).split()).strip(" ,")
            if _DANGLING.search(made):
                return None
            is_count = said.lower().startswith("how many") or " number of " in f" {made.lower()}"
            return Framed(
                re.sub(r"^the\s", "", made, flags=re.I), verb.format(**parts).lower(), is_count
            )
    return None
