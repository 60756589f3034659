"""Two rankings to one: reciprocal rank fusion, weighted by how well the words were found.

Words find what a question names, vectors what it means, and neither is better for all questions.
How much of the question's weight its best lexical passage bears tells which to trust.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from summaries.models import Document

# Items where answers stand, and those that hold lists and signatures.
SECTIONS: Mapping[str, float] = {
    "7": 0.03, "I.2": 0.03,  # management's discussion
    "8": 0.02, "I.1": 0.02,  # financial statements
    "1": 0.02, "1A": 0.02, "7A": 0.02, "I.3": 0.02, "II.1A": 0.02, "2.02": 0.02,
    "15": -0.05, "16": -0.05, "II.6": -0.05, "9.01": -0.05,  # exhibits and signatures
}  # fmt: skip


@dataclass(frozen=True)
class Ranking:
    """What passages are ranked by. The weights were chosen by cross-validation on labelled
    questions of two kinds (bench/retrieval.py); recency and sections are mild on purpose.

    Reciprocal rank fusion is of Cormack, Clarke and Büttcher (SIGIR 2009), with k = ``constant``.
    ``dense_least`` is the vectors' weight where the best passage bears ``share_most`` or more of
    the question's words, ``dense_most`` where it bears ``share_least`` or less; between them it
    is linear. ``depth``: passages that each arm contributes.
    ``recency``: what a passage gains by being as new as the newest found, halved with every
    ``half_life_days``. ``sections``: by item, what a passage gains; 0.02 is 2 %.
    """

    constant: float = 15.0
    dense_least: float = 0.15
    dense_most: float = 0.5
    share_least: float = 0.2
    share_most: float = 0.8
    depth: int = 50
    recency: float = 0.04
    half_life_days: float = 730.0
    sections: Mapping[str, float] = field(default_factory=lambda: SECTIONS)

    def dense_weight(self, share: float) -> float:
        """``share``: of the question's weight, what the best lexical passage bears."""
        known = (share - self.share_least) / (self.share_most - self.share_least)
        return self.dense_most + (self.dense_least - self.dense_most) * min(max(known, 0.0), 1.0)


PLAIN = Ranking(recency=0.0, sections={})


@dataclass(frozen=True)
class Found:
    """A passage that an arm found: its score there, higher is better."""

    chunk_id: int
    score: float


@dataclass(frozen=True)
class Fused:
    """Ranks count from 1; None where the arm didn't find the passage."""

    chunk_id: int
    score: float
    lexical_rank: int | None
    dense_rank: int | None


def ordered(found: Sequence[Found]) -> list[Found]:
    """Best first; ties by key, so that the same question has the same answer."""
    return sorted(found, key=lambda one: (-one.score, one.chunk_id))


def fuse(
    lexical: Sequence[Found], dense: Sequence[Found], *, share: float, ranking: Ranking
) -> list[Fused]:
    """All passages of both arms, best first; ``share`` as in Ranking."""
    weight = ranking.dense_weight(share) if dense else 0.0
    if not lexical:
        weight = 1.0
    words = {one.chunk_id: rank for rank, one in enumerate(ordered(lexical), start=1)}
    meaning = {one.chunk_id: rank for rank, one in enumerate(ordered(dense), start=1)}
    fused = []
    for chunk_id in words.keys() | meaning.keys():
        rank, other = words.get(chunk_id), meaning.get(chunk_id)
        score = (1 - weight) * _reciprocal(rank, ranking) + weight * _reciprocal(other, ranking)
        fused.append(Fused(chunk_id, score, rank, other))
    return sorted(fused, key=lambda one: (-one.score, one.chunk_id))


def _reciprocal(rank: int | None, ranking: Ranking) -> float:
    return 0.0 if rank is None else 1.0 / (ranking.constant + rank)


def prior(
    *, public_at: datetime, newest: datetime, item: str, kind: str, ranking: Ranking
) -> float:
    """What a passage gains by its time and place; 0.02 is 2 % of its score."""
    age_days = (newest - public_at).total_seconds() / 86_400
    recent: float = ranking.recency * 0.5 ** (age_days / ranking.half_life_days)
    # Research names its parts as it likes.
    is_filing = kind in (Document.Kind.FILING, Document.Kind.EXHIBIT)
    return recent + (ranking.sections.get(item, 0.0) if is_filing else 0.0)
