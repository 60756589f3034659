"""Whether a question tries to change the rules that it is answered by. Pure.

Conservative: an order needs a verb, and something of ours that it is about ("your prompt", "the
previous instructions"). "Should I ignore goodwill?", "which operating system" and "what were the
previous instructions of management" are questions.
"""

from __future__ import annotations

import re
import unicodedata

_OURS = (
    r"(?:(?:all|any|every|each|of|the|my|your|these|those|this|our|its)\s+){0,4}"
    r"(?:(?:previous|prior|above|earlier|preceding|foregoing|initial|original|system|safety|hidden|secret|existing"
    r"|current|developer|internal|given|past|former)\s+){1,3}"
    r"(?:instructions?|prompts?|rules?|guidelines?|directives?|messages?|context|constraints?|restrictions?|commands?|programming|policies)\b"
)
_YOURS = (
    r"(?:all\s+(?:of\s+)?)?your\s+(?:\w+\s+){0,2}"
    r"(?:instructions?|prompts?|rules?|guidelines?|directives?|constraints?|restrictions?|programming|guardrails?|safeguards?|filters?|training)\b"
)
_DROP = (
    r"(?:ignore|disregard|forget|override|bypass|overrule|discard|neglect|skip|drop|circumvent"
    r"|do\s+not\s+(?:follow|obey|apply)|don't\s+(?:follow|obey|apply)|stop\s+(?:following|obeying))"
)
_SHOW = (
    r"(?:reveal|show|print|repeat|display|output|tell\s+(?:me|us)|give\s+(?:me|us)|list|share|expose|leak|recite|dump|write\s+out|copy|translate|summari[sz]e"
    r"|what\s+(?:is|are|was|were)|what's)"
)
_PROMPT = (
    r"(?:your\s+(?:\w+\s+){0,2}|the\s+(?:hidden|secret|developer|initial|original)\s+)"
    r"(?:system\s+)?(?:prompts?|instructions)\b|(?:the|your)\s+system\s+(?:prompt|message|instructions)\b"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\b{_DROP}\s+{_OURS}",
        rf"\b{_DROP}\s+{_YOURS}",
        rf"\b{_DROP}\s+(?:everything|anything|all)\s+(?:that\s+)?(?:(?:was|is|were)\s+)?(?:said\s+|written\s+|you\s+were\s+told\s+|told\s+)?(?:above|before\s+this|so\s+far)\b",
        rf"\b{_DROP}\s+(?:everything|what)\s+you\s+(?:were|have\s+been|'ve\s+been)\s+(?:told|instructed|taught)\b",
        rf"\b{_SHOW}\s+(?:me\s+|us\s+)?(?:verbatim\s+|all\s+of\s+|exactly\s+)?(?:{_PROMPT})",
        r"\brepeat\s+(?:everything|all(?:\s+the)?\s+(?:text|words)|the\s+(?:text|words))\s+above\b",
        r"\byou\s+are\s+(?:now|no\s+longer)\s+(?:an?\s+|in\s+|bound\s+|restricted\s+|my\s+)?(?:\w+\s+){0,3}?(?:ai|assistant|model|chatbot|bot|dan|mode|unrestricted|unfiltered|jailbroken|restricted|bound|persona|pirate|hacker)\b",
        r"(?:^|[.!?,;:]\s*|\b(?:please|you|now|and|then)\s+)(?:pretend|act|behave|respond|answer)\s+(?:to\s+be|as\s+if|as\s+though|like)\s+(?:you\s+)?(?:\w+\s+){0,4}(?:no|without|had\s+no|have\s+no)\s+(?:rules|restrictions|guidelines|filters?|limits?|constraints)\b",
        r"\b(?:enable|enter|activate|switch\s+to|turn\s+on)\s+(?:\w+\s+)?(?:developer|debug|god|jailbreak|dan|admin|sudo)\s+mode\b",
        r"\b(?:new|updated|revised)\s+(?:system\s+)?instructions\s*(?:from\s+\w+\s*)?:",
        r"(?:<\|?\s*/?\s*(?:system|im_start|im_end|endoftext|assistant)\b[^>]{0,20}>|\[/?inst\]|<<\s*sys\s*>>|^\s*#{2,}\s*(?:system|instruction)s?\s*:?|^\s*system\s*:\s*you\b)",
        r"\b(?:mark|label|report|treat)\s+(?:every|all|each|any)\s+(?:claims?|sentences?|answers?|numbers?)\s+(?:\w+\s+){0,3}as\s+(?:supported|verified|proven|true)\b",
        r"\b(?:do\s+not|don't|without|skip|disable|turn\s+off)\s+(?:the\s+|any\s+|your\s+)?(?:verif(?:y|ication|ying)|fact[- ]check(?:s|ing)?|cit(?:e|ations|ing)\s+(?:check|verification))\b(?=.{0,40}\b(?:answer|claims?|respond|just|anyway)\b)",
    )
)  # fmt: skip
_SPACES = re.compile(r"[^\S\n]+")
_UNSEEN = re.compile("[­​-‏⁠-⁤﻿]")


def is_order(text: str) -> bool:
    """Whether the text gives orders to who answers, in place of asking about companies."""
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().replace("’", "'")
    plain = _SPACES.sub(" ", plain)
    return any(any(form.search(line) for form in _FORMS) for line in _lines(plain))


def _lines(text: str) -> list[str]:
    """Each line, and all of them as one, for what is broken over lines."""
    return [*text.split("\n"), text.replace("\n", " ")] if "\n" in text else [text]
