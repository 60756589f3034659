"""Every address of the site, with arguments for each route. A route nobody filled is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver

from queries.models import Conversation, Query
from summaries.models import Citation, Claim, Fact, Filing
from tests.licences.world import CANARIES, Licensed, Site

ASKED = ("", *(f"?q={quote(word)}" for word in CANARIES.values()), "?q=ACME", "?q=revenue")


NOBODYS = "00000000-0000-0000-0000-000000000000"


class Unfilled(AssertionError):
    """A new route: say here what to ask it for, so that no trace of a licence stays unseen."""


def routes() -> Iterator[tuple[str, URLPattern]]:
    yield from _under(get_resolver().url_patterns, "")


def _under(
    patterns: list[URLPattern | URLResolver], before: str
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _under(pattern.url_patterns, route)


def addresses(site: Site, licensed: Licensed, *, crafted: bool = True) -> list[str]:
    """Of every route: free rows and licensed ones, plain and with all that it can be asked.

    ``crafted``: the admin's lists also with lookups that no link of theirs offers."""
    found: list[str] = []
    for route, pattern in routes():
        if route.startswith("admin/"):
            found += _admin(route, pattern, site, licensed, crafted=crafted)
            continue
        try:
            paths = _PATHS[route](site, licensed)
        except KeyError:
            raise Unfilled(f"Say in tests/licences/addresses.py what to ask {route} for.") from None
        found += paths
    return list(dict.fromkeys(f"/{path}" for path in found))


def _ids(model: Any) -> list[int]:
    return list(model.objects.values_list("pk", flat=True))


def _each(path: str, ids: list[Any], *queries: str) -> list[str]:
    return [path.format(one) + query for one in ids for query in queries or ("",)]


def _of(model: Any, path: str) -> Any:
    """Of each row, and of one that nobody has."""
    return lambda site, licensed: [
        path.replace("<uuid:pk>", str(one)) for one in (*_ids(model), NOBODYS)
    ]


def _summaries(site: Site, licensed: Licensed) -> list[int]:
    return [one.pk for one in (*site.rows["summary"], *licensed.summaries)]


def _documents(site: Site, licensed: Licensed) -> list[int]:
    notes = [one.document_id or 0 for one in licensed.notes]
    return [*(one.pk for one in site.rows["document"]), *notes]


def _tickers(path: str, *queries: str) -> Any:
    return lambda site, licensed: _each(path, [site.stock.ticker, site.other.ticker], *queries)


def _fixed(path: str, *queries: str) -> Any:
    return lambda site, licensed: _each(path, [""], *queries)


def _search(path: str) -> Any:
    """All words plainly; what a search is narrowed by matters to the first few alike."""
    more = [f"&stock={one}" for one in ("ACME", "OTHER")] + ["&kind=research", "&as_of=2030-01-01"]
    words = ["margins held better", "revenue", *CANARIES.values(), "outlook for the year"]
    return _fixed(
        path, "", *(f"?q={quote(word)}" for word in words),
        *(f"?q={quote(word)}{extra}" for word in words[:4] for extra in more),
    )  # fmt: skip


_LISTED = ("", "?page_size=200", "?page=2")
_STATES = ("published", "held", "superseded", "withdrawn", "rejected", "draft")
# Not this month: its end moves on. PUBLISHED_AT's, and all time.
_MONTHS = ("?window=2025-11", "?window=2020-01-01..2030-12-31")
_TOLD = ("model", "stock", "run", "user", "query")
_PATHS: dict[str, Any] = {
    **{
        f"api/v1/queries/{rest}": _of(Query, f"api/v1/queries/{rest}")
        for rest in ("", *(f"<uuid:pk>/{one}" for one in ("", "stop/", "resume/", "feedback/")))
    },
    **{
        f"api/v1/conversations/{rest}": _of(Conversation, f"api/v1/conversations/{rest}")
        for rest in (
            "", "all/",
            *(f"<uuid:pk>/{one}" for one in ("", "queries/", "share/", "hold/", "export/")),
        )
    },
    "ask/": _fixed("ask/", "ask/?stocks=ACME"),
    "ask/<uuid:pk>/": _of(Conversation, "ask/<uuid:pk>/"),
    "ask/<uuid:pk>/delete/": _of(Conversation, "ask/<uuid:pk>/delete/"),
    **{
        f"ask/answers/<uuid:pk>/{rest}": _of(Query, f"ask/answers/<uuid:pk>/{rest}")
        for rest in ("", "stop/", "again/", "feedback/")
    },
    "sign-in/": _fixed("sign-in/"),
    "sign-out/": _fixed("sign-out/"),
    "health": _fixed("health"),
    "ready": _fixed("ready"),
    "metrics": _fixed("metrics"),
    "api/v1/stocks/": _fixed(
        "api/v1/stocks/", *_LISTED, "?has_summary=true", "?has_summary=false", "?search=acme"
    ),
    "api/v1/stocks/<str:ticker>/": _tickers("api/v1/stocks/{}/"),
    "api/v1/stocks/<str:ticker>/summary/": _tickers("api/v1/stocks/{}/summary/"),
    "api/v1/stocks/<str:ticker>/filings/": _tickers("api/v1/stocks/{}/filings/", *_LISTED),
    "api/v1/stocks/<str:ticker>/research/": _tickers(
        "api/v1/stocks/{}/research/", *_LISTED, "?publisher=Kowari", "?since=2020-01-01"
    ),
    "api/v1/stocks/<str:ticker>/prices/": _tickers("api/v1/stocks/{}/prices/", *_LISTED),
    "api/v1/stocks/<str:ticker>/estimates/": _tickers("api/v1/stocks/{}/estimates/", *_LISTED),
    "api/v1/stocks/<str:ticker>/fundamentals/": _tickers(
        "api/v1/stocks/{}/fundamentals/", *_LISTED
    ),
    "api/v1/summaries/": _fixed(
        "api/v1/summaries/", *_LISTED, "?ticker=ACME", *(f"?state={one}" for one in _STATES),
        "?published_since=2020-01-01T00:00:00Z", "?ordering=published_at",
    ),
    "api/v1/summaries/<int:pk>/": lambda s, n: _each("api/v1/summaries/{}/", _summaries(s, n)),
    "api/v1/citations/": lambda s, n: [
        *_each("api/v1/citations/", [""], *_LISTED),
        *_each("api/v1/citations/?summary={}", _summaries(s, n)),
        *_each("api/v1/citations/?claim={}", _ids(Claim)),
    ],
    "api/v1/citations/<int:pk>/": lambda s, n: _each("api/v1/citations/{}/", _ids(Citation)),
    "api/v1/facts/<int:pk>/": lambda s, n: _each("api/v1/facts/{}/", _ids(Fact)),
    "api/v1/documents/": _fixed(
        "api/v1/documents/", *_LISTED, "?kind=research", "?ticker=ACME", "?current=true",
        "?current=false", "?ordering=public_at", "?since=2020-01-01",
    ),
    "api/v1/documents/<int:pk>/": lambda s, n: _each(
        "api/v1/documents/{}/", _documents(s, n), "", "?start=0&end=60"
    ),
    "api/v1/search/": _search("api/v1/search/"),
    # What a text is answered with is walked by tests/licences/test_checking.py.
    "api/v1/checks/": _fixed("api/v1/checks/"),
    "api/v1/batch-runs/": _fixed("api/v1/batch-runs/", *_LISTED),
    "api/v1/batch-runs/<int:pk>/": lambda s, n: _each(
        "api/v1/batch-runs/{}/", [one.pk for one in s.rows["batchrun"]]
    ),
    "api/v1/batch-runs/<int:pk>/items/": lambda s, n: _each(
        "api/v1/batch-runs/{}/items/", [one.pk for one in s.rows["batchrun"]], "", "?state=held"
    ),
    **{
        f"api/v1/costs/{name}/": _fixed(f"api/v1/costs/{name}/", "", *_MONTHS)
        for name in ("savings", "series", "units", "export")
    },
    "api/v1/costs/spending/": _fixed(
        "api/v1/costs/spending/", "", *(f"{month}&by={one}" for month in _MONTHS for one in _TOLD)
    ),
    "api/v1/costs/budgets/": _fixed("api/v1/costs/budgets/"),
    "api/v1/costs/ledger/": _fixed("api/v1/costs/ledger/", *_LISTED, "?stock=ACME"),
    "api/v1/experiments/": _fixed("api/v1/experiments/", *_LISTED),
    **{
        f"api/v1/experiments/<slug:key>/{rest}": _fixed(f"api/v1/experiments/summary_tone/{rest}")
        for rest in ("", "compare/", "traffic/")
    },
    "api/v1/schema/": _fixed("api/v1/schema/"),
    "": _fixed("", *ASKED, "?sector=Industrials"),
    "stocks/<str:ticker>/": _tickers("stocks/{}/"),
    "stocks/<str:ticker>/history/": _tickers("stocks/{}/history/"),
    "stocks/<str:ticker>/history/<int:version>/": lambda s, n: [
        f"stocks/{ticker}/history/{version}/"
        for ticker in ("ACME", "OTHER") for version in (1, 5, 9)
    ],
    "citations/<int:pk>/": lambda s, n: _each("citations/{}/", _ids(Citation)),
    "facts/<int:pk>/": lambda s, n: _each("facts/{}/", _ids(Fact)),
    "search/": _search("search/"),
    "check/": _fixed("check/", "", "?stock=ACME"),
    "documents/<int:pk>/": lambda s, n: _each(
        "documents/{}/", _documents(s, n), "", "?start=18&end=30", "?at=5"
    ),
}  # fmt: skip

_ASKED_OF_LISTS = (
    "ACME", *(CANARIES[one] for one in ("title", "claim", "finding", "message", "error", "note id"))
)  # fmt: skip
# The apps whose tables hold what a licence may cover, or lead to it: of these lists all is asked
# that they can be asked, and more. The others lead nowhere near it: the list, and one word in it.
_HOLDING = ("summaries", "queries")
_ADMIN_FIXED = {
    "admin/login/": ("admin/login/",),
    "admin/": ("admin/",),
    "admin/costs/spending/": tuple(
        f"admin/costs/spending/{one}{extra}"
        for one in ("?window=this", *_MONTHS) for extra in ("", "&every=month", "&as=csv")
    ),
    "admin/logout/": ("admin/logout/",),
    "admin/jsi18n/": ("admin/jsi18n/",),
    "admin/password_change/": ("admin/password_change/",),
    "admin/password_change/done/": ("admin/password_change/done/",),
    "admin/search/": tuple(
        f"admin/search/?s={quote(word)}{extra}"
        for word in ("note", *CANARIES.values()) for extra in ("", "&extended=1")
    ),
    "admin/autocomplete/": tuple(
        f"admin/autocomplete/?app_label={app}&model_name={model}&field_name={field}&term={term}"
        for app, model, field in (
            ("summaries", "plan", "members"), ("authtoken", "tokenproxy", "user"),
            ("summaries", "citation", "document"), ("summaries", "researchnote", "document"),
        )
        for term in ("", "quillback", "anna")
    ),
    "admin/summaries/review/": tuple(
        f"admin/summaries/review/{one}"
        for one in ("", "?order=riskiest", "?page=2", "?page=x", "?order=x")
    ),
    r"admin/(?P<url>.*)$": ("admin/nothing/",),
}  # fmt: skip
_REVIEW = "admin/summaries/review/<int:pk>/"


def _admin(
    route: str, pattern: URLPattern, site: Site, licensed: Licensed, *, crafted: bool
) -> list[str]:
    """The admin's own routes are Django's: of each table the list, a row, its history…"""
    if route in _ADMIN_FIXED:
        return list(_ADMIN_FIXED[route])
    if route.startswith("admin/^(?P<app_label>"):
        return [f"admin/{label}/" for label in {m._meta.app_label for m in admin.site._registry}]
    if route in (_REVIEW, f"{_REVIEW}decide/"):
        path = route.replace("<int:pk>", "{}")
        return _each(path, _summaries(site, licensed))
    if route == "admin/r/<path:content_type_id>/<path:object_id>/":
        return [
            f"admin/r/{ContentType.objects.get_for_model(type(one)).pk}/{one.pk}/"
            for one in (licensed.document, licensed.notes[0], licensed.summaries[0], site.stock)
        ]
    for model, page in admin.site._registry.items():
        table = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        if not route.startswith(table):
            continue
        rest = route.removeprefix(table)
        if rest == "":
            return [table + query for query in ("", *_list_queries(model, page, crafted=crafted))]
        if rest == "add/":
            return [f"{table}add/"]
        if rest.startswith(("<path:object_id>/", "<id>/password/")):
            keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
            if model in (Claim, Citation, Fact, Filing):
                keys = keys[:3] + keys[-3:]
            return [table + rest.replace("<path:object_id>", str(one)).replace("<id>", str(one))
                    for one in keys]  # fmt: skip
    raise Unfilled(f"Say in tests/licences/addresses.py what to ask {route} for.")


def _list_queries(model: Any, page: Any, *, crafted: bool) -> list[str]:
    """Pages, orders, facets; each filter's choices; and what the list doesn't offer at all."""
    if model._meta.app_label not in _HOLDING:
        return [
            "?_facets=True",
            *([f"?q={quote(_ASKED_OF_LISTS[1])}"] if page.search_fields else []),
        ]
    every_column = ".".join(f"-{one}" for one in range(1, len(page.list_display) + 1))
    queries = ["?_facets=True", "?p=2", f"?o={every_column}"]
    words = _ASKED_OF_LISTS if crafted else _ASKED_OF_LISTS[:2]
    if page.search_fields:
        queries += [f"?q={quote(one)}" for one in words]
    if not crafted:
        return queries
    states = ("published", "superseded", "held", "failed", "done", "stored")
    queries += [f"?state__exact={one}" for one in states]
    queries += ["?failure=failing", "?failure=permanent", "?source__exact=bluematrix"]
    queries += ["?kind__exact=research", "?is_current__exact=0", "?source=bluematrix"]
    # Over relations; a lookup of the table's own columns shows a part of the list that was walked.
    related = [one.name for one in model._meta.get_fields() if one.is_relation]
    own = [one.name for one in model._meta.concrete_fields if not one.is_relation]
    queries += [f"?{name}__isnull=False" for name in related]
    queries += [f"?{name}__contains=98765" for name in own[:3]]
    return queries
