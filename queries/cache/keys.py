"""Under which key an answer is kept: all that it may depend on but the corpus, hashed.

Entitlement is part of it, so that nobody is told what was read with another's licences. The
corpus version stands in the entry (entries.py): which stocks an answer rests on is known after it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import connection
from django.utils import timezone

from llm.masking.words import COMMON
from queries.values import Asked
from summaries.actions.drafting import RULES

_BLANKS = re.compile(r"\s+")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"'})
# Around a word they say nothing; within one ("1.5", "A.O.", "10-K", "AT&T") they are the word, and
# so are the signs before and after a number.
_EDGES = "?!.,;:'\"()[]{}…¿¡"
_LEADING = _EDGES.replace(".", "")  # ".5" is a half
LONGEST_TICKER = 5


@dataclass(frozen=True)
class Entitlement:
    """What decides what somebody may read: the licences held and the groups, by id."""

    plans: tuple[int, ...]
    groups: tuple[int, ...]


_ENTITLEMENT = """
SELECT u.is_active,
       ARRAY(SELECT m.plan_id FROM summaries_plan_members m WHERE m.user_id = u.id ORDER BY 1),
       ARRAY(SELECT g.group_id FROM auth_user_groups g WHERE g.user_id = u.id ORDER BY 1)
FROM auth_user u WHERE u.id = %s
"""


def entitlement(user: int) -> Entitlement:
    """One query. Who is unknown or no longer active holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTITLEMENT, [user])
        row = cursor.fetchone()
    if row is None or not row[0]:
        return Entitlement((), ())
    return Entitlement(tuple(row[1]), tuple(row[2]))


def key_of(asked: Asked, may: Entitlement, *, today: date | None = None) -> str:
    """The SHA-256 of question, stocks, as-of, conversation, depth, entitlement, firm's day and the
    rules that texts are read by. ``today``: "last year" means another one tomorrow."""
    told = [
        normalised(asked.question),
        [stock.upper() for stock in asked.stocks],
        asked.as_of.astimezone(timezone.get_default_timezone()).isoformat() if asked.as_of else "",
        [[normalised(one.question), one.answer, one.stocks] for one in asked.before],
        asked.depth or "",
        may.plans,
        may.groups,
        (today or timezone.localdate()).isoformat(),
        RULES,
    ]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def normalised(question: str) -> str:
    """Without what doesn't change its meaning: case, blanks, punctuation around words.

    A short common word in capitals keeps them: "ALL" is a ticker and "all" isn't.
    """
    text = unicodedata.normalize("NFKC", question).translate(_QUOTES)
    words = _BLANKS.split(_DASHES.sub("-", text))
    return " ".join(filter(None, map(_plain, words)))


def _plain(word: str) -> str:
    word = word.rstrip(_EDGES).lstrip(_LEADING)
    if word.startswith(".") and not word[1:2].isdigit():
        word = word.lstrip(_EDGES)
    small = word.casefold()
    is_ambiguous = word.isupper() and small in COMMON and 1 < len(word) <= LONGEST_TICKER
    return word if is_ambiguous else small
