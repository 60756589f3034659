"""Everything FactSet, or what is between us, may answer instead of data."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from summaries.sources.errors import Blocked, Malformed, Refused, SourceError, Unavailable
from summaries.sources.factset.requests import HOPELESS, MOST_ASKS
from summaries.sources.factset.rows import Answer, Fundamental, Price, Problem
from tests.loopback import Answer as Said
from tests.sources.factset_site import (
    KEY,
    FactSetSite,
    client_of,
    company_id,
    dumps,
    factset_site,
    shape_1,
    shape_2,
    shape_3,
)

DAY = date(2025, 1, 6)
GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@pytest.fixture
def site() -> Iterator[FactSetSite]:
    with factset_site() as site:
        yield site


def prices(site: FactSetSite, ids: list[str] | None = None, **given: Any) -> Answer[Price]:
    with client_of(site, **given) as factset:
        return factset.prices(ids or ["AAPL-US"], start=DAY, end=DAY)


def fundamentals(site: FactSetSite, ids: list[str]) -> Answer[Fundamental]:
    with client_of(site) as factset:
        return factset.fundamentals(
            ids, ["FF_SALES"], periodicity="QTR", start=date(2025, 1, 1), end=date(2025, 3, 31)
        )


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (shape_1(400, "badRequest", "ids is wrong"), Refused, "FactSet says: ids is wrong (req"),
        (
            shape_2(400, "Bad Request", "Invalid", "currency", "No such currency", ["XXX"]),
            Refused,
            "FactSet says: Invalid: No such currency (request key dd-1)",
        ),
        (
            shape_3(400, "badRequest", "Invalid", "limit is at most 500"),
            Refused,
            "FactSet says: Invalid: limit is at most 500",
        ),
        (shape_1(401, "unauthorized", "Who?"), Refused, "FA_FACTSET_KEY, or FA_FACTSET_OAUTH"),
        (shape_2(403, "Forbidden", "Not licensed"), Refused, "IP range and that the licence"),
        (Said(403, GATEWAY, "text/html"), Refused, "FactSet answered 403 (request key dd-1). C"),
        (Said(404, b"{}"), Refused, "check FA_FACTSET_URL"),
        (shape_2(415, "Unsupported", "Not JSON"), Refused, "Not JSON (request key dd-1) (415)"),
        (shape_2(500, "Internal Server Error", "Oops"), Unavailable, "Oops"),
        (Said(502, GATEWAY, "text/html"), Unavailable, "FactSet answered 502"),
        (shape_1(503, "serviceUnavailable", "Busy"), Unavailable, "Busy"),
        (Said(504, b""), Unavailable, "504"),
        (Said(200, GATEWAY, "text/html"), Unavailable, "A web page came"),
        (Said(200, b""), Unavailable, "empty reply"),
        (Said(200, b"  \n"), Unavailable, "empty reply"),
        (Said(200, b'{"data": []}', "application/octet-stream"), Malformed, "octet-stream, not"),
        (Said(200, b"\xff\xfe\x00garbage"), Malformed, "isn't JSON"),
        (Said(200, b"not json at all, in no way"), Malformed, "isn't JSON"),
        (Said(200, b"[1, 2]"), Malformed, "isn't an object"),
        (Said(200, b'{"data": ' + b"[" * 100_000), Malformed, "nested too deeply"),
        (Said(200, b'{"data": [{"price": NaN, "x": "........"}]}'), Malformed, "NaN as a number"),
        (Said(200, b'{"data": [{"price": 1e999999999}]}'), Malformed, "the number 1e999999999"),
        (Said(200, b'{"data": [{"price": %s}]}' % (b"9" * 5000)), Malformed, "of 5000 characters"),
        (Said(204, b""), Malformed, "status 204"),
        (Said(304, b""), Malformed, "status 304"),
    ],
)
def test_each_answer_that_is_no_data_has_its_error(
    site: FactSetSite, said: Said, kind: type[SourceError], words: str
) -> None:
    site.faults.extend([said] * 3)
    with pytest.raises(kind) as caught:
        prices(site)
    assert words in str(caught.value)
    assert caught.value.source == "factset"
    assert type(caught.value).permanent == issubclass(kind, (Refused, Malformed))


def test_words_of_an_error_are_cut_to_a_line(site: FactSetSite) -> None:
    site.faults.append(shape_1(400, "x", "long\n\x1b[31m" + "z" * 5000))
    with pytest.raises(Refused) as caught:
        prices(site)
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


def test_what_may_work_later_is_asked_again(site: FactSetSite) -> None:
    site.faults.extend([Said(503, b""), Said(502, GATEWAY, "text/html")])
    assert len(prices(site).rows) == 1
    assert len(site.loopback.asked) == 3


@pytest.mark.parametrize(
    "said",
    [
        Said(200, b"x" * 5000, cut=100),
        Said(200, b"x" * 50_000, pause=0.02),
        Said(200, b"{}", hang=3),
        Said(200, b"not gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["cut off", "slow drip", "silent", "wrong encoding"],
)
def test_broken_connection_is_unavailable_in_time(site: FactSetSite, said: Said) -> None:
    site.faults.extend([said] * 2)
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        prices(site, seconds=0.3, attempts=2)
    assert time.monotonic() - begun < 12
    assert len(site.loopback.asked) == 2


def test_reply_cut_anywhere_is_no_data(site: FactSetSite) -> None:
    whole = dumps({"data": [{"requestId": "AAPL-US", "fsymId": "MH33D6-R", "date": "2025-01-06",
                             "currency": "USD", "price": 1.25, "done": True}]})  # fmt: skip
    with client_of(site, attempts=1) as factset:
        for length in range(len(whole)):
            # Closing sends the reply at once; a kept connection would wait for 40 ms.
            site.faults.append(Said(200, whole[:length], headers={"Connection": "close"}))
            with pytest.raises(Unavailable, match=r"cut off|empty"):
                factset.prices(["AAPL-US"], start=DAY, end=DAY)


def test_server_that_is_away_is_unavailable() -> None:
    with factset_site() as site:
        base = site.base
    with pytest.raises(Unavailable, match="didn't answer"):
        prices(site, attempts=2)
    assert base.startswith("http://127.0.0.1")


def test_overload_that_says_no_time_is_waited_for(site: FactSetSite) -> None:
    site.faults.append(shape_2(429, "Too Many Requests", "slow down"))
    with pytest.raises(Blocked) as caught:
        prices(site, patience=1)
    assert caught.value.retry_after == 5


@pytest.mark.parametrize("unknown", ["named", "unnamed"])
@pytest.mark.parametrize("place", [0, 124, 249])
def test_one_bad_id_does_not_lose_the_others(site: FactSetSite, unknown: str, place: int) -> None:
    ids = [company_id(one) for one in range(249)]
    site.companies, site.unknown = dict.fromkeys(ids, "B00000-R"), unknown
    asked = [*ids[:place], "BAD-US", *ids[place:]]
    for answer, ending in (
        (prices(site, asked), "/prices"),
        (fundamentals(site, asked), "/fundamentals"),
    ):
        assert {row.request_id for row in answer.rows} == set(ids)
        assert len(answer.rows) == 249
        assert [(one.ids, one.code) for one in answer.problems] == [(("BAD-US",), "rejected")]
        assert "FactSet says: Invalid" in answer.problems[0].message
        assert answer.missing == ()
        assert len(site.asked(ending)) <= (2 if unknown == "named" else 17)


def test_several_bad_ids_are_found(site: FactSetSite) -> None:
    ids = [company_id(one) for one in range(200)]
    bad = ["BAD1-US", "BAD2-US", "BAD3-US"]
    site.companies, site.unknown = dict.fromkeys(ids, "B00000-R"), "unnamed"
    answer = prices(site, [*ids[:90], *bad[:2], *ids[90:], bad[2]])
    assert {row.request_id for row in answer.rows} == set(ids)
    assert sorted(one for problem in answer.problems for one in problem.ids) == bad


def test_all_bad_ids_named_are_problems_and_unnamed_are_a_refusal(site: FactSetSite) -> None:
    bad = [f"BAD{place}-US" for place in range(200)]
    site.unknown = "named"
    assert prices(site, bad).problems[0].ids == tuple(bad)
    assert len(site.asked("/prices")) == 1
    site.unknown = "unnamed"
    with pytest.raises(Refused, match="FactSet says: Invalid"):
        prices(site, bad)
    assert len(site.asked("/prices")) == 1 + HOPELESS


def test_search_for_bad_ids_ends(site: FactSetSite) -> None:
    good = [company_id(place) for place in range(250)]
    mixed = [one for place, name in enumerate(good) for one in (name, f"BAD{place}-US")]
    site.companies, site.unknown = dict.fromkeys(good, "B00000-R"), "unnamed"
    half = [*good[:125], *mixed[-250:]]
    answer = prices(site, half)
    assert len(site.asked("/prices")) <= MOST_ASKS
    told = {one for problem in answer.problems for one in problem.ids}
    assert {row.request_id for row in answer.rows} | told == set(half)
    assert any("Not looked into further" in problem.message for problem in answer.problems)


def test_request_that_is_wrong_itself_is_refused_at_once(site: FactSetSite) -> None:
    said = shape_2(400, "Bad Request", "Invalid", "currency", "No such currency", ["XXX"])
    site.faults.extend([said] * 5)
    with pytest.raises(Refused, match="No such currency"):
        prices(site, ["AAPL-US", "MSFT-US"])
    assert len(site.loopback.asked) == 1


def test_id_that_is_a_word_is_not_found_in_a_sentence(site: FactSetSite) -> None:
    site.companies = {"ALL": "B00001-R", "IT": "B00002-R"}
    site.faults.append(shape_1(400, "badRequest", "Not all is well, it is said"))
    answer = prices(site, ["ALL", "IT"])
    assert (len(answer.rows), answer.problems) == (2, ())


def test_later_request_of_bad_ids_alone_keeps_what_came_before(site: FactSetSite) -> None:
    good = [company_id(place) for place in range(500)]
    site.companies, site.unknown = dict.fromkeys(good, "B00000-R"), "unnamed"
    answer = prices(site, [*good, "BAD1-US", "BAD2-US"])
    assert len(answer.rows) == 500
    assert sorted(one for problem in answer.problems for one in problem.ids) == [
        "BAD1-US", "BAD2-US",
    ]  # fmt: skip


def test_errors_among_the_data_are_problems(site: FactSetSite) -> None:
    whole = {"id": "1", "code": "partial", "title": "Some are late", "detail": f"not {KEY}"}
    one = {"code": "notFound", "title": "No prices"}
    row = {"requestId": "MSFT-US", "fsymId": None, "date": None, "price": None, "error": one}
    site.edit = lambda body: {"data": [body["data"][0], row], "errors": [whole, 7]}
    ids = ("AAPL-US", "MSFT-US")
    answer = prices(site, list(ids))
    assert [row.request_id for row in answer.rows] == ["AAPL-US"]
    assert answer.missing == ("MSFT-US",)
    assert answer.problems == (
        Problem(ids, "partial", "FactSet says: Some are late: not [hidden]"),
        Problem(("MSFT-US",), "notFound", "FactSet says: No prices"),
    )
    site.edit = lambda body: {"errors": [whole]}
    answer = prices(site, list(ids))
    assert (answer.missing, [one.code for one in answer.problems]) == (ids, ["partial"])


def test_rejected_values_in_one_text_are_read(site: FactSetSite) -> None:
    said = shape_2(400, "Bad Request", "Invalid", "ids", "bad", ["[BAD-US, WORSE-US]"])
    site.faults.append(said)
    answer = prices(site, ["AAPL-US", "BAD-US", "WORSE-US"])
    assert [one.ids for one in answer.problems] == [("BAD-US", "WORSE-US")]
    assert json.loads(site.asked("/prices")[1].body)["ids"] == ["AAPL-US"]
