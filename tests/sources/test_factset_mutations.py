"""Whatever FactSet's JSON turns into: rows, problems or a SourceError, never another error."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summaries.sources.errors import SourceError
from summaries.sources.factset import FactSet
from summaries.sources.factset.access import OAuth2
from summaries.sources.factset.requests import Request
from summaries.sources.factset.rows import Answer as Rows
from tests.loopback import Answer, Asked
from tests.sources.factset_site import CLIENT, FactSetSite, client_of, factset_site

numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from([10**40, -(10**400), 1e308, 0, -0.0, 0.1])
)
texts = st.one_of(
    st.text(max_size=20), st.sampled_from(["2025-02-30", "AAPL-US", "0001-01-01", "null", "\x00"])
)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn, body: Any) -> Any:
    """``body`` with one to three places changed, dropped, doubled or renamed."""
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(body))
        if not places:
            return draw(values)
        holder, name = draw(st.sampled_from(places))
        match draw(st.sampled_from(["change", "drop", "double", "rename"])):
            case "drop":
                del holder[name]
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[name]))
            case "rename" if isinstance(holder, dict):
                holder[draw(st.text(max_size=10))] = holder.pop(name)
            case _:
                holder[name] = draw(values)
    return body


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    names = body.keys() if isinstance(body, dict) else range(len(body))
    for name in names:
        yield body, name
        if isinstance(body[name], dict | list):
            yield from _places(body[name])


@pytest.fixture(scope="module")
def site() -> Iterator[FactSetSite]:
    with factset_site(polls=0) as site:
        yield site


Ask = Callable[[FactSet], Rows[Any]]

IDS = ["AAPL-US", "MSFT-US", "NOPE-US"]
SPAN: dict[str, Any] = {"start": date(2025, 1, 3), "end": date(2025, 1, 6)}
BATCH = Request(
    "prices",
    tuple(IDS),
    {"startDate": "2025-01-03", "endDate": "2025-01-06", "frequency": "D"},
    batch=True,
)


def prices(factset: FactSet) -> Rows[Any]:
    return factset.prices(IDS, **SPAN)


def batch(factset: FactSet) -> Rows[Any]:
    return factset.finish(factset.start_batch(BATCH))


def fundamentals(factset: FactSet) -> Rows[Any]:
    return factset.fundamentals(IDS, ["FF_SALES", "FF_AUDITOR"], periodicity="QTR", **SPAN_OF_YEAR)


SPAN_OF_YEAR: dict[str, Any] = {"start": date(2024, 7, 1), "end": date(2024, 12, 31)}

# The replies that are changed, and the question that gets them.
REPLIES: dict[str, Ask] = {
    "/prices": prices,
    "/consensus-ratings": lambda factset: factset.ratings(IDS, **SPAN),
    "/rolling-consensus": lambda factset: factset.consensus(IDS, ["SALES", "EPS"], **SPAN),
    "/fundamentals": fundamentals,
    "/factset-fundamentals/v2/metrics": fundamentals,
    "/batch-status": batch,
    "/batch-result": batch,
    "/openid-configuration": prices,
    "/token.oauth2": prices,
}


SIGN_IN = ("/openid-configuration", "/token.oauth2")


@pytest.fixture(scope="module")
def factset(site: FactSetSite) -> Iterator[FactSet]:
    """One for many examples: it keeps nothing that a reply could spoil."""
    with hurried(site) as factset:
        yield factset


def hurried(site: FactSetSite, **given: Any) -> FactSet:
    return client_of(site, attempts=1, deadline=0.01, patience=0.1, **given)


def recorded(site: FactSetSite, ending: str) -> Answer:
    """The good reply of an address."""
    kept: list[Answer] = []

    def answer(asked: Asked) -> Answer:
        given = site.answer(asked)
        if asked.path.endswith(ending):
            kept.append(given)
        return given

    site.loopback.answer = answer
    with hurried(site, access=oauth(site)) as factset:
        assert REPLIES[ending](factset).rows
    return kept[0]


def asked_with(
    site: FactSetSite, factset: FactSet, reply: Answer, ending: str
) -> Rows[Any] | SourceError:
    """The question's outcome while one address answers with ``reply``."""
    # Closing sends the reply at once; a kept connection would wait for 40 ms.
    quick = replace(reply, headers={"Connection": "close"})
    site.loopback.answer = lambda asked: (
        quick if asked.path.endswith(ending) else site.answer(asked)
    )
    with ExitStack() as stack:
        if ending in SIGN_IN:
            factset = stack.enter_context(hurried(site, access=oauth(site)))
        elif ending.endswith("/metrics"):
            factset = stack.enter_context(hurried(site))
        try:
            return REPLIES[ending](factset)
        except SourceError as error:
            return error


def oauth(site: FactSetSite) -> OAuth2:
    return OAuth2(CLIENT, site.oauth_config["jwk"], site.oauth_config["wellKnownUri"])


def is_sound(outcome: Rows[Any] | SourceError) -> bool:
    if isinstance(outcome, SourceError):
        return outcome.source == "factset" and bool(str(outcome))
    ids = {row.request_id for row in outcome.rows}
    return ids <= set(IDS) and ids.isdisjoint(outcome.missing)


def examples(ending: str, count: int) -> settings:
    few = count // 4 if ending in SIGN_IN else count  # their keys are slow to make
    return settings(max_examples=few, deadline=None, database=None)


@pytest.mark.parametrize("ending", REPLIES)
def test_any_change_of_a_reply_is_rows_or_a_source_error(
    site: FactSetSite, factset: FactSet, ending: str
) -> None:
    good = recorded(site, ending)

    @examples(ending, 80)
    @given(body=mutated(json.loads(good.body)))
    def holds(body: Any) -> None:
        reply = replace(good, body=json.dumps(body).encode())
        assert is_sound(asked_with(site, factset, reply, ending))

    holds()


@pytest.mark.parametrize("ending", REPLIES)
def test_any_damage_to_bytes_or_status_is_rows_or_a_source_error(
    site: FactSetSite, factset: FactSet, ending: str
) -> None:
    good = recorded(site, ending)
    size = len(good.body)

    @examples(ending, 40)
    @given(
        st.integers(0, size), st.integers(0, 5), st.binary(max_size=5),
        st.sampled_from([good.status, 200, 201, 202, 400, 404, 418, 500]),
    )  # fmt: skip
    def holds(place: int, lost: int, found: bytes, status: int) -> None:
        body = good.body[:place] + found + good.body[place + lost :]
        reply = replace(good, status=status, body=body)
        assert is_sound(asked_with(site, factset, reply, ending))

    holds()
