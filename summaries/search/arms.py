"""The two ways a passage is found, by its words and by its meaning, in one statement.

Of few documents every passage is scored. Of all, candidates come from the indexes: passages with
the question's rarer words, and the neighbours that HNSW finds; both are then scored exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from summaries.passages.filling import halfvec
from summaries.passages.spaces import PARTS
from summaries.search.eligible import Eligible
from summaries.search.fusion import Found
from summaries.search.wording import CANDIDATES, Candidates, Wording

# Passages that are scored one and all before an index pays.
EXACT_MOST = 5000
EF_SEARCH = 100

_SETTINGS = (
    f"SELECT set_config('hnsw.ef_search', '{EF_SEARCH}', true),"
    " set_config('hnsw.iterative_scan', 'relaxed_order', true)"
)


@dataclass(frozen=True)
class Meant:
    """A question's vector, and the model in whose space it is."""

    model_id: int
    dimensions: int
    vector: Sequence[float]


@dataclass(frozen=True)
class Arms:
    lexical: list[Found]
    dense: list[Found]


def look(
    documents: Eligible, wording: Wording, meant: Meant | None, *, depth: int, narrow: bool
) -> Arms:
    """What each arm finds, at most ``depth`` passages. ``narrow``: the documents may be few."""
    exact = narrow and (documents.of_stocks or _chunks(documents) <= EXACT_MOST)
    arms = []
    parameters = {**documents.parameters, "depth": depth}
    if not wording.is_empty:
        arms.append(_exact_lexical() if exact else _lexical(documents, wording.candidates))
        parameters |= {"words": wording.sparse(), "candidates": wording.candidates.tsquery}
    if meant is not None:
        arms += [_exact_dense(meant)] if exact else _dense(documents, meant)
        parameters["vector"] = halfvec(meant.vector)
    if not arms:
        return Arms([], [])
    eligible = f"WITH eligible AS MATERIALIZED ({documents.documents()}) " if exact else ""
    statement = eligible + " UNION ALL ".join(f"({arm})" for arm in arms)
    return _sorted(_run(statement, parameters, exact=exact))


def _chunks(documents: Eligible) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(chunks), 0) FROM ({documents.documents()}) AS one",  # noqa: S608
            documents.parameters,
        )
        return int(cursor.fetchone()[0])


def _exact_lexical() -> str:
    return (
        "SELECT 'lexical' AS arm, terms.chunk_id,"
        " -(terms.weights <#> %(words)s::sparsevec) AS score"
        " FROM eligible JOIN summaries_termvector AS terms ON terms.document_id = eligible.id"
        " ORDER BY score DESC, terms.chunk_id LIMIT %(depth)s"
    )


def _lexical(documents: Eligible, candidates: Candidates) -> str:
    if candidates.is_too_many:
        return _some_lexical(documents)
    # All candidates are scored, and the documents of the best looked at until enough may be read.
    return (
        "SELECT 'lexical' AS arm, candidate.chunk_id, candidate.score FROM ("  # noqa: S608
        "SELECT terms.chunk_id, terms.document_id,"
        " -(terms.weights <#> %(words)s::sparsevec) AS score"
        " FROM summaries_termvector AS terms WHERE terms.tsv @@ %(candidates)s::tsquery"
        " ORDER BY score DESC, terms.chunk_id OFFSET 0) AS candidate"
        f" {documents.joined_to('candidate.document_id')} WHERE {documents.condition}"
        " ORDER BY candidate.score DESC, candidate.chunk_id LIMIT %(depth)s"
    )


def _some_lexical(documents: Eligible) -> str:
    """Of a single common word: some of the passages that may be read, so as not to score all."""
    return (
        "SELECT 'lexical' AS arm, seen.chunk_id,"  # noqa: S608
        " -(seen.weights <#> %(words)s::sparsevec) AS score FROM ("
        "SELECT terms.chunk_id, terms.weights FROM summaries_termvector AS terms"
        f" {documents.joined_to('terms.document_id')}"
        f" WHERE terms.tsv @@ %(candidates)s::tsquery AND {documents.condition}"
        f" LIMIT {CANDIDATES}) AS seen ORDER BY score DESC, seen.chunk_id LIMIT %(depth)s"
    )


def _exact_dense(meant: Meant) -> str:
    # Without the cast of the index's expression, so that HNSW can't be chosen.
    return (
        "SELECT 'dense' AS arm, made.chunk_id,"  # noqa: S608
        " 1 - (made.vector <=> %(vector)s::halfvec) AS score"
        " FROM eligible JOIN summaries_embedding AS made ON made.document_id = eligible.id"
        f" AND made.model_id = {meant.model_id} ORDER BY score DESC LIMIT %(depth)s"
    )


def _dense(documents: Eligible, meant: Meant) -> list[str]:
    """By HNSW: of free passages, and of licensed ones if the reader has a licence."""
    parts = ["free", "licensed"] if documents.parameters["plans"] else ["free"]
    size = f"halfvec({meant.dimensions})"
    return [
        "SELECT 'dense' AS arm, near.chunk_id, 1 - near.distance AS score FROM ("  # noqa: S608
        f"SELECT made.chunk_id, made.vector::{size} <=> %(vector)s::{size} AS distance"
        f" FROM summaries_embedding AS made {documents.joined_to('made.document_id')}"
        f" WHERE made.model_id = {meant.model_id} AND made.{PARTS[part]}"
        f" AND {documents.condition} ORDER BY distance LIMIT %(depth)s) AS near"
        for part in parts
    ]


def _run(statement: str, parameters: dict[str, Any], *, exact: bool) -> list[tuple[Any, ...]]:
    """In one round trip: statements that are sent together are one transaction, so that the
    settings of HNSW hold for the search alone."""
    with connection.cursor() as cursor:
        cursor.execute(statement if exact else f"{_SETTINGS}; {statement}", parameters)
        if not exact:
            cursor.nextset()
        return list(cursor.fetchall())


def _sorted(rows: Sequence[tuple[Any, ...]]) -> Arms:
    found: dict[str, list[Found]] = {"lexical": [], "dense": []}
    for arm, chunk_id, score in rows:
        if arm == "dense" or score > 0:  # else it has none of the words
            found[arm].append(Found(chunk_id, float(score)))
    return Arms(found["lexical"], found["dense"])
