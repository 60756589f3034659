"""A FactSet on loopback: its addresses, limits, shapes of replies and errors, batches, sign-in.

Usable without pytest: ``with factset_site() as site: FactSet(base=site.base, access=...)``.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeyParameters, RSAKey

from summaries.sources.factset import FactSet
from summaries.sources.factset.access import Basic
from tests.loopback import Answer, Asked, Loopback, serving

USER, KEY = "ACME-1234567", "Kq9vR2sT7wX4zB1nM8pL"
CLIENT = "0123456789abcdef0123456789abcdef"

# FactSet's own ids are made up here; the shape is XXXXXX-R.
COMPANIES = {"AAPL-US": "MH33D6-R", "MSFT-US": "P8R3C2-R", "JPM-US": "L01YZZ-R"}

METRICS = [
    ("FF_SALES", 1000000, "floatArray"),
    ("FF_EPS_DIL", 1, "floatArray"),
    ("FF_EMPLOYEES", 1000, "floatArray"),
    ("FF_ROE", None, "floatArray"),
    ("FF_AUDITOR", None, "stringArray"),
]
ESTIMATES = [("SALES", 1000000), ("EPS", 1)]


def dumps(body: Any) -> bytes:
    """JSON with Decimals written by their own digits."""
    text = json.dumps(body, default=lambda value: f"@@{value}@@")
    return re.sub(r'"@@([^"]*)@@"', r"\1", text).encode()


def company_id(place: int) -> str:
    return f"CO{place:04d}-US"


@dataclass
class FactSetSite:
    """``unknown``: what happens to ids it doesn't know: ``null`` rows, ``named`` or ``unnamed``
    rejection. ``faults``: answers given before any other, in order. ``polls``: looks at a batch
    before it is done. ``most_at_once``: requests that were under way together."""

    companies: dict[str, str] = field(default_factory=lambda: dict(COMPANIES))
    unknown: str = "null"
    polls: int = 2
    batch_error: dict[str, Any] | str | None = None
    batch_failed_status: int = 200
    batches_licensed: bool = True
    token_seconds: float = 900
    per_second: int = 0  # 0: no limit
    hold: float = 0.0  # seconds that each reply takes
    headers: dict[str, str] = field(default_factory=dict)
    faults: deque[Answer] = field(default_factory=deque)
    edit: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body
    key: RSAKey = field(default_factory=lambda: signing_key())
    tokens: dict[str, float] = field(default_factory=dict)
    assertions: list[dict[str, Any]] = field(default_factory=list)
    batches: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    most_at_once: int = 0
    loopback: Loopback = field(init=False)
    _now: int = 0
    _times: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        return f"{self.loopback.url}/content"

    @property
    def issuer(self) -> str:
        return f"{self.loopback.url}/auth"

    @property
    def oauth_config(self) -> dict[str, Any]:
        """As the developer portal gives it."""
        return {
            "name": "fa", "clientId": CLIENT, "clientAuthType": "Confidential", "owners": [USER],
            "wellKnownUri": f"{self.issuer}/.well-known/openid-configuration",
            "jwk": self.key.as_dict(private=True),
        }  # fmt: skip

    def asked(self, ending: str) -> list[Asked]:
        return [one for one in self.loopback.asked if one.path.endswith(ending)]

    def bodies(self, ending: str) -> list[dict[str, Any]]:
        return [json.loads(one.body) for one in self.asked(ending)]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            time.sleep(self.hold)
            given = self._answer(asked)
        finally:
            with self._lock:
                self._now -= 1
        keys = {"X-DataDirect-Request-Key": f"dd-{len(self.loopback.asked)}"}
        given.headers.update({**keys, **self.headers, **given.headers})
        return given

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/auth/"):
            return self._sign_in(asked)
        with self._lock:
            if self.faults:
                return self.faults.popleft()
        if self._is_too_fast():
            limit = {"X-FactSet-Api-RateLimit-Remaining": "0", "X-FactSet-Api-RateLimit-Reset": "1"}
            return shape_2(429, "Too Many Requests", "rate limit", headers=limit)
        if not self._is_known(asked.headers.get("authorization", "")):
            return shape_1(401, "unauthorized", "Not authenticated")
        endpoint = asked.path.removeprefix("/content")
        if asked.method == "POST" and "json" not in asked.headers.get("content-type", ""):
            return shape_1(415, "unsupportedMediaType", "Unsupported")
        play = _PLAYS.get(endpoint)
        if play is None:
            return shape_1(404, "notFound", "No such endpoint")
        return play(self, asked)

    def _is_too_fast(self) -> bool:
        if not self.per_second:
            return False
        with self._lock:
            now = time.monotonic()
            while self._times and self._times[0] < now - 1:
                self._times.popleft()
            if len(self._times) >= self.per_second:
                return True
            self._times.append(now)
            return False

    def _is_known(self, authorization: str) -> bool:
        if authorization == "Basic " + base64.b64encode(f"{USER}:{KEY}".encode()).decode():
            return True
        return self.tokens.get(authorization.removeprefix("Bearer "), 0) > time.time()

    def _sign_in(self, asked: Asked) -> Answer:
        if asked.path.endswith("/.well-known/openid-configuration"):
            return ok({"issuer": self.issuer, "token_endpoint": f"{self.issuer}/as/token.oauth2"})
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        try:
            self._check(form, asked)
        except (AssertionError, ValueError, KeyError, JoseError) as error:
            said = {"error": "invalid_client", "error_description": f"{error} {form}"}
            return Answer(401, dumps(said))
        token = uuid.uuid4().hex
        self.tokens[token] = time.time() + self.token_seconds
        return ok({"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds})

    def _check(self, form: dict[str, str], asked: Asked) -> None:
        assert asked.path == "/auth/as/token.oauth2"
        assert form["grant_type"] == "client_credentials"
        assert (
            form["client_assertion_type"]
            == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        )
        public = RSAKey.import_key(self.key.as_dict(private=False))
        read = jwt.decode(form["client_assertion"], public)  # raises for a wrong signature
        claims, now = read.claims, time.time()
        assert read.header["alg"] == "RS256"
        assert read.header["kid"] == self.key.kid
        assert claims["iss"] == claims["sub"] == CLIENT
        assert claims["aud"] == [self.issuer]
        assert claims["nbf"] <= now < claims["exp"] <= now + 300
        assert claims["jti"] not in {one["jti"] for one in self.assertions}
        self.assertions.append(claims)

    def fundamentals(self, asked: Asked) -> Answer:
        body = json.loads(asked.body)["data"]
        most = 5000 if body.get("batch") == "Y" else 250
        if len(body["ids"]) > most:
            return shape_1(400, "badRequest", f"at most {most} ids")
        kinds = {kind for name, _, kind in METRICS if name in body["metrics"]}
        if len(kinds) != 1 or not set(body["metrics"]) <= {name for name, *_ in METRICS}:
            return shape_1(400, "badRequest", "metrics of one known data type")
        if (bad := self._strangers(body["ids"])) and self.unknown != "null":
            named = f"Invalid ids: {', '.join(bad)}." if self.unknown == "named" else "Invalid"
            return shape_1(400, "badRequest", named)
        rows = [
            row
            for one in body["ids"]
            for metric in body["metrics"]
            for row in self._fundamentals_of(one, metric, body)
        ]
        return self._given(rows, body)

    def _fundamentals_of(
        self, one: str, metric: str, body: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        fsym = self.companies.get(one)
        nothing = dict.fromkeys(
            ("fsymId", "fiscalPeriod", "fiscalYear", "fiscalPeriodLength", "fiscalEndDate",
             "reportDate", "epsReportDate", "updateType", "currency", "value")
        )  # fmt: skip
        if fsym is None:
            empty = {"metric": metric, "periodicity": body["periodicity"]}
            yield {"requestId": one, **nothing, **empty}
            return
        span = body["fiscalPeriod"]
        for end in quarter_ends(date.fromisoformat(span["start"]), date.fromisoformat(span["end"])):
            yield {
                "requestId": one, "fsymId": fsym, "metric": metric,
                "periodicity": body["periodicity"], "fiscalPeriod": (end.month - 1) // 3 + 1,
                "fiscalYear": end.year, "fiscalPeriodLength": 91,
                "fiscalEndDate": end.isoformat(),
                "reportDate": (end + timedelta(days=30)).isoformat(),
                "epsReportDate": (end + timedelta(days=29)).isoformat(),
                "updateType": "Final", "currency": "USD", "value": value_of(one, metric, end),
            }  # fmt: skip

    def prices(self, asked: Asked) -> Answer:
        body = json.loads(asked.body)
        single = body["startDate"] == body.get("endDate", body["startDate"])
        most = (2000 if body.get("batch") == "Y" else 500) if single else 50
        if len(body["ids"]) > most:
            said = f"ids: at most {most}"
            return shape_2(400, "Bad Request", said, "ids", said, body["ids"])
        if (bad := self._strangers(body["ids"])) and self.unknown != "null":
            return self._stranger_shape_2(bad, "getSecurityPricesForList")
        start, end = date.fromisoformat(body["startDate"]), date.fromisoformat(body["endDate"])
        rows: list[dict[str, Any]] = []
        for one in body["ids"]:
            fsym = self.companies.get(one)
            if fsym is None:
                nothing = {"date": None, "currency": None, "price": None, "volume": None}
                rows.append({"requestId": one, "fsymId": None, **nothing})
                continue
            for day in weekdays(start, end):
                rows.append({
                    "requestId": one, "fsymId": fsym, "date": day.isoformat(), "currency": "USD",
                    "price": Decimal("189.71000671"), "priceOpen": Decimal("188.5"),
                    "priceHigh": Decimal("190.321"), "priceLow": Decimal("187"),
                    "volume": Decimal("48794.363"), "turnover": None, "tradeCount": 512000,
                    "vwap": Decimal("189.1"),
                })  # fmt: skip
        return self._given(rows, body)

    def rolling(self, asked: Asked) -> Answer:
        body = json.loads(asked.body)
        if len(body["ids"]) > 3000:
            return shape_2(400, "Bad Request", "ids", "ids", "at most 3000", body["ids"])
        if (bad := self._strangers(body["ids"])) and self.unknown != "null":
            return self._stranger_shape_2(bad, "getRollingConsensusForList")
        first, last = body.get("relativeFiscalStart", 0), body.get("relativeFiscalEnd", 0)
        rows = [
            {
                "requestId": one, "fsymId": self.companies.get(one), "metric": metric,
                "periodicity": body["periodicity"], "fiscalPeriod": 1, "fiscalYear": 2025 + place,
                "fiscalEndDate": f"{2025 + place}-12-31", "relativePeriod": place,
                "estimateDate": body["endDate"], "currency": "USD", "estimateCurrency": "USD",
                "mean": Decimal("7.2153"), "median": Decimal("7.2"),
                "standardDeviation": Decimal("0.0801"), "high": Decimal("7.5"),
                "low": Decimal("6.9"), "estimateCount": 38, "up": 12, "down": 3,
            }
            for one in body["ids"]
            if one in self.companies
            for metric in body["metrics"]
            for place in range(first, last + 1)
        ]  # fmt: skip
        return self._given(rows, {})

    def ratings(self, asked: Asked) -> Answer:
        body = json.loads(asked.body)
        rows: list[dict[str, Any]] = []
        for one in body["ids"]:
            filled = one in self.companies
            counts = (24, 5, 10, 1, 2, 42, Decimal("1.43"), "Overweight")
            rows.append({
                "fsymId": self.companies.get(one), "requestId": one,
                "estimateDate": body["endDate"] if filled else None,
                **dict(zip(
                    ("buyCount", "overweightCount", "holdCount", "underweightCount", "sellCount",
                     "ratingsNestTotal", "ratingsNote", "ratingsNoteText"),
                    counts if filled else (None,) * 8, strict=True,
                )),
            })  # fmt: skip
        return self._given(rows, {})

    def metrics(self, asked: Asked) -> Answer:
        return ok({
            "data": [
                {
                    "metric": name, "name": name.title(), "category": "INCOME_STATEMENT",
                    "subcategory": None, "isPIT": True, "isNonPIT": True, "oaPageId": "D10585",
                    "factor": factor, "sdfPackage": "BASIC", "dataType": kind,
                }
                for name, factor, kind in METRICS
            ]
        })  # fmt: skip

    def estimate_metrics(self, asked: Asked) -> Answer:
        rows = [
            {"metric": name, "name": name, "category": "FINANCIAL_STATEMENT",
             "subcategory": "INCOME_STATEMENT", "OAurl": None, "factor": Decimal(f"{factor}.0")}
            for name, factor in ESTIMATES
        ]  # fmt: skip
        return ok({"data": rows})

    def batch_status(self, asked: Asked) -> Answer:
        name = asked.query["id"][0]
        if name not in self.batches:
            return shape_1(404, "notFound", "Batch not found")
        left, body = self.batches[name]
        if self.batch_error is not None and left <= 0:
            failed = {"id": name, "status": "failed", "error": self.batch_error}
            return Answer(self.batch_failed_status, dumps({"data": failed}))
        if left <= 0:
            return Answer(201, _batch(name, "created"))
        self.batches[name] = left - 1, body
        return Answer(202, _batch(name, "queued" if left > 1 else "executing"))

    def batch_result(self, asked: Asked) -> Answer:
        name = asked.query["id"][0]
        if name not in self.batches:
            return shape_1(404, "notFound", "Batch not found")
        left, body = self.batches[name]
        return Answer(202, _batch(name, "executing")) if left > 0 else Answer(200, body)

    def _strangers(self, ids: list[str]) -> list[str]:
        return [one for one in ids if one not in self.companies]

    def _stranger_shape_2(self, bad: list[str], operation: str) -> Answer:
        named = bad if self.unknown == "named" else None
        return shape_2(400, "Bad Request", "Invalid identifier", "ids", operation, named)

    def _given(self, rows: list[dict[str, Any]], body: dict[str, Any]) -> Answer:
        if body.get("batch") != "Y":
            return ok(self.edit({"data": rows}))
        if not self.batches_licensed:
            return shape_1(403, "forbidden", "Batch isn't in your package")
        name = str(uuid.uuid4())
        self.batches[name] = self.polls, dumps(self.edit({"data": rows}))
        return Answer(202, _batch(name, "queued"))


_PLAYS: dict[str, Callable[[FactSetSite, Asked], Answer]] = {
    "/factset-fundamentals/v2/fundamentals": FactSetSite.fundamentals,
    "/factset-fundamentals/v2/metrics": FactSetSite.metrics,
    "/factset-fundamentals/v2/batch-status": FactSetSite.batch_status,
    "/factset-fundamentals/v2/batch-result": FactSetSite.batch_result,
    "/factset-global-prices/v1/prices": FactSetSite.prices,
    "/factset-global-prices/v1/batch-status": FactSetSite.batch_status,
    "/factset-global-prices/v1/batch-result": FactSetSite.batch_result,
    "/factset-estimates/v2/rolling-consensus": FactSetSite.rolling,
    "/factset-estimates/v2/fixed-consensus": FactSetSite.rolling,
    "/factset-estimates/v2/consensus-ratings": FactSetSite.ratings,
    "/factset-estimates/v2/metrics": FactSetSite.estimate_metrics,
}


@contextmanager
def factset_site(**given: Any) -> Iterator[FactSetSite]:
    """A FactSet for as long as the block lasts."""
    site = FactSetSite(**given)
    with serving(site.answer) as loopback:
        site.loopback = loopback
        yield site


def signing_key() -> RSAKey:
    given: KeyParameters = {"alg": "RS256", "use": "sig", "kid": "fa-1"}
    return RSAKey.generate_key(2048, given, private=True)


def ok(body: Any) -> Answer:
    return Answer(200, dumps(body), "application/json;charset=UTF-8")


def shape_1(status: int, code: str, title: str) -> Answer:
    """Fundamentals and batches."""
    error = {"id": str(uuid.uuid4()), "code": code, "title": title, "links": {"about": None}}
    return Answer(status, dumps({"errors": [error]}))


def shape_2(
    status: int, name: str, message: str, where: str = "", said: str = "",
    rejected: list[str] | None = None, headers: dict[str, str] | None = None,
) -> Answer:  # fmt: skip
    """Prices and Estimates."""
    body: dict[str, Any] = {
        "status": name, "timestamp": "2025-01-06 10:00:00.000", "path": "/", "message": message,
    }  # fmt: skip
    if where:
        body["subErrors"] = {
            "object": "list", "field": where, "message": said, "rejectedValue": rejected,
        }  # fmt: skip
    return Answer(status, dumps(body), headers=headers or {})


def shape_3(status: int, code: str, title: str, detail: str) -> Answer:
    """Calendars and company reports."""
    return Answer(
        status, dumps({"errors": [{"id": "1", "code": code, "title": title, "detail": detail}]})
    )


def _batch(name: str, status: str) -> bytes:
    return dumps({
        "data": {
            "id": name, "startTime": "2025-01-06T10:00:00.000", "endTime": None,
            "status": status, "error": None,
        }
    })  # fmt: skip


def value_of(one: str, metric: str, end: date) -> Decimal | str:
    """What the site reports, before the metric's factor."""
    if metric == "FF_AUDITOR":
        return "Ernst & Young LLP"
    return Decimal(f"{sum(one.encode()) * 100 + end.month}.123456789012345")


def quarter_ends(start: date, end: date) -> list[date]:
    ends = [
        date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        for year in range(start.year, end.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return [one for one in ends if start <= one <= end]


def weekdays(start: date, end: date) -> list[date]:
    days = [start + timedelta(days=place) for place in range((end - start).days + 1)]
    return [day for day in days if day.weekday() < 5]


def client_of(site: FactSetSite, **given: Any) -> FactSet:
    """A client with the site's key, that hurries and shares no count with others."""
    quick = {
        "access": Basic(USER, KEY), "pace": None, "seats": None, "poll_seconds": 0.01,
        "first_pause": 0.01, "seconds": 5.0,
    }  # fmt: skip
    return FactSet(base=site.base, **{**quick, **given})
