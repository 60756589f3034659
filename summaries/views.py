"""The advisors' pages. What they show is read in summaries.pages."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.request import Request

from fa_site.api import CheckRate
from summaries.models import Citation, Document, Fact, Stock, Summary
from summaries.models.texts import Tier
from summaries.pages import (
    changes,
    checking,
    documents,
    evidence,
    figures,
    filings,
    finding,
    reading,
    research,
    restated,
    sentences,
    stocks,
)
from summaries.pages.notation import derivation
from summaries.pages.rights import READ_PAGES, REVIEW_SUMMARIES
from summaries.pages.stock import Text, published_text, versions, waiting, with_proof

LINES_BESIDE = 6
readers_only = permission_required(READ_PAGES, raise_exception=True)


@require_safe
@readers_only
def stock_list(request: HttpRequest) -> HttpResponse:
    words, sector = request.GET.get("q", "").strip(), request.GET.get("sector", "")
    page = stocks.page_of(
        stocks.listed(words, sector, request.user), request.GET.get("page", "1"), request.user
    )
    context = {
        "q": words,
        "sector": sector,
        "sectors": stocks.sectors(),
        "page": page,
        "rows": stocks.rows(page),
        "today": timezone.localdate(),
    }
    return _page_or_part(request, "summaries/stock_list.html", "summaries/_stocks.html", context)


@require_safe
@readers_only
def stock(request: HttpRequest, ticker: str) -> HttpResponse:
    found = Stock.objects.filter(ticker=ticker.upper()).first()
    if found is None:
        return _unknown(request, ticker)
    if found.ticker != ticker:
        return redirect(found)
    today = timezone.localdate()
    text = published_text(found, today, request.user)
    table = figures.figures(found)
    context = {
        "stock": found,
        "text": text,
        "waiting": waiting(found, text.summary if text else None, request.user),
        "may_review": _reviews(request),
        "figures": table,
        "chart": figures.chart(table) if table else None,
        "notes": research.notes(found, request.user),
        "filings": filings.newest(found, request.user),
        "today": today,
    }
    return render(request, "summaries/stock.html", context)


def _unknown(request: HttpRequest, ticker: str) -> HttpResponse:
    context = {"ticker": ticker, "suggestions": stocks.like(ticker)}
    return render(request, "summaries/unknown_stock.html", context, status=404)


@require_safe
@readers_only
def history(request: HttpRequest, ticker: str) -> HttpResponse:
    found = get_object_or_404(Stock, ticker=ticker.upper())
    summaries = list(versions(found, request.user).prefetch_related("claims"))
    steps = [
        {
            "summary": newer,
            "changes": [
                (tier.label, changes.changes(older.tier_text(tier), newer.tier_text(tier)))
                for tier in Tier
            ]
            if older
            else None,
            "older": older,
        }
        for newer, older in pairwise([*summaries, None])
        if newer
    ]
    return render(request, "summaries/history.html", {"stock": found, "steps": steps})


@require_safe
@readers_only
def version(request: HttpRequest, ticker: str, version: int) -> HttpResponse:
    summary = get_object_or_404(
        with_proof(_readable(request)), stock__ticker=ticker.upper(), version=version
    )
    text = Text(summary, timezone.localdate())
    context = {"stock": summary.stock, "text": text, "today": text.today}
    return render(request, "summaries/version.html", context)


@require_safe
@readers_only
def citation(request: HttpRequest, pk: int) -> HttpResponse:
    cited = get_object_or_404(
        Citation.objects.select_related("claim__summary__stock").filter(
            claim__summary__in=_readable(request)
        ),
        pk=pk,
    )
    chosen = sentences.proving_together(cited)
    whole = cited.claim.citations.select_related("document__filing__stock", "fact__filing__stock")
    proofs = evidence.with_print([evidence.proof_of_citation(one) for one in whole], request.user)
    chosen_ids = {one.pk for one in chosen}
    formulas = dict.fromkeys(filter(None, (derivation(one.formula) for one in chosen)))
    own = {proof.citation.pk: proof for proof in proofs if proof.citation}
    context = {
        "stock": cited.claim.summary.stock,
        "claim": cited.claim,
        "parts": sentences.parts(cited.claim),
        "cited": cited,
        "formulas": list(formulas),
        "proofs": [own[one.pk] for one in chosen],
        # A derived figure rests on more than the fact that it is pinned to.
        "others": [one for pk, one in own.items() if formulas and pk not in chosen_ids],
    }
    return _page_or_part(request, "summaries/evidence.html", "summaries/_evidence.html", context)


@require_safe
@readers_only
def fact(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Fact.objects.select_related("stock", "filing__stock"), pk=pk)
    context = {
        "stock": found.stock,
        "fact": found,
        "proofs": evidence.with_print([evidence.proof_of_fact(found)], request.user),
        "said": restated.versions(found),
    }
    return _page_or_part(request, "summaries/evidence.html", "summaries/_evidence.html", context)


@require_safe
@readers_only
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the document: the one that ``start`` and ``end`` mark a span of, or with ``at``."""
    found = get_object_or_404(
        Document.objects.readable_by(request.user).select_related("stock", "filing__stock", "note"),
        pk=pk,
    )
    start, end = _span(request, len(found.text))
    if end and getattr(request, "htmx", False) and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return _beside(request, found, start, end)
    context: dict[str, object] = {
        "document": found,
        "stock": found.stock,
        "today": timezone.localdate(),
        "newer": documents.newer(found, request.user),
        "note": documents.note_of(found),
        "source_url": documents.source_url(found),
    }
    if found.kind in documents.LISTED:
        context["passage"] = evidence.whole(found, start, end)
    else:
        context["view"] = reading.view(found, at=_number(request, "at"), start=start, end=end)
    response = render(request, "summaries/document.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _beside(request: HttpRequest, document: Document, start: int, end: int) -> HttpResponse:
    """The span with the lines around it, for the evidence panel of another page."""
    passage = evidence.passage(document, start, end, lines=LINES_BESIDE)
    context = {
        "document": document,
        "passage": passage,
        "span": (start, end),
        "source_url": documents.source_url(document),
    }
    response = render(request, "summaries/_beside.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
@readers_only
def search(request: HttpRequest) -> HttpResponse:
    given = request.GET
    asked = finding.asked(*(given.get(name, "") for name in ("q", "stock", "kind", "as_of")))
    context = {
        "asked": asked,
        "kinds": finding.KINDS,
        "results": finding.results(asked, request.user),
    }
    return _page_or_part(request, "summaries/search.html", "summaries/_results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only
def check(request: HttpRequest) -> HttpResponse:
    """A text is sent by POST alone: an address is logged, kept and passed on."""
    given = request.POST if request.method == "POST" else request.GET
    asked = checking.asked(given.get("stock", ""), request.POST.get("text", ""))
    status, checked = 200, None
    if request.method == "POST":
        if not asked.problems and not CheckRate().allow_request(cast("Request", request), None):  # type: ignore[arg-type]
            asked, status = checking.too_many(asked), 429
        elif asked.problems:
            status = 400
        else:
            checked = checking.checked(asked, cast("User", request.user))
    context = {"asked": asked, "checked": checked, "most": settings.CHECK_CHARACTERS}
    response = render(request, "summaries/check.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _span(request: HttpRequest, length: int) -> tuple[int, int]:
    """The span asked for; an empty one where none or an impossible one is."""
    start, end = request.GET.get("start", ""), request.GET.get("end", "")
    low, high = _number(request, "start"), _number(request, "end")
    is_span = start.isdecimal() and end.isdecimal() and low < high <= length
    return (low, high) if is_span else (0, 0)


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 9 else 0


def _reviews(request: HttpRequest) -> bool:
    return cast("User", request.user).has_perm(REVIEW_SUMMARIES)


def _readable(request: HttpRequest) -> QuerySet[Summary]:
    """What is or was public, as far as the licences reach; who reviews reads the rest as well."""
    readable = Summary.objects.readable_by(request.user)
    return readable if _reviews(request) else readable.ever_public()


def _page_or_part(
    request: HttpRequest, page: str, part: str, context: dict[str, object]
) -> HttpResponse:
    """The part alone where htmx asks for it; caches keep the two apart."""
    is_part = bool(getattr(request, "htmx", False)) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(request, part if is_part else page, {**context, "is_part": is_part})
    patch_vary_headers(response, ("HX-Request",))
    return response
