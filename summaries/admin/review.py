"""The review queue in the admin: held texts, one of them with its proof, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from summaries.actions import (
    IllegalTransition,
    NotDone,
    NotPublishable,
    approvals_needed,
    approve,
    ask_rewrite,
    mark_false_alarm,
    reject,
)
from summaries.batches import NoStocks, start_run
from summaries.models import BatchRun, Finding, Summary
from summaries.pages import review
from summaries.pages.rights import REVIEW_SUMMARIES

VIEW = tuple(f"summaries.view_{one}" for one in ("summary", "claim", "citation", "finding"))
WRITE_NOW = "summaries.add_batchrun"

may_read = permission_required(VIEW, raise_exception=True)
may_review = permission_required((*VIEW, REVIEW_SUMMARIES), raise_exception=True)


@admin.site.admin_view
@may_read
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    order = request.GET.get("order", "oldest")
    order = order if order in review.ORDERS else "oldest"
    page, rows = review.queue(_user(request), order, request.GET.get("page", "1"))
    context = {
        "title": "Texts to review",
        "page": page,
        "rows": rows,
        "order": order,
        "orders": list(review.ORDERS),
        "needed": approvals_needed(),
        "today": timezone.localdate(),
    }
    return render(request, "review/queue.html", {**admin.site.each_context(request), **context})


@admin.site.admin_view
@may_read
@require_safe
def text(request: HttpRequest, pk: int) -> HttpResponse:
    summary = _found(request, pk)
    context = {
        "title": f"{summary.stock.ticker} v{summary.version}",
        "text": review.text(summary, _user(request)),
        "stock": summary.stock,
        "may_review": _user(request).has_perm(REVIEW_SUMMARIES),
        "today": timezone.localdate(),
    }
    return render(request, "review/text.html", {**admin.site.each_context(request), **context})


@admin.site.admin_view
@may_review
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Does what one of the page's forms asks for, or says why not, and leads back."""
    summary, decision = _found(request, pk), request.POST.get("decision", "")
    do = _DECISIONS.get(decision)
    if do is None:
        messages.error(request, "Nothing was done: the form didn’t say what to do.")
        return redirect("review_text", pk=pk)
    try:
        told = do(request, summary)
    except NotPublishable as refused:
        messages.error(request, f"Not published. {refused}")
    except (NotDone, IllegalTransition) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
        if decision != "false_alarm":
            return redirect("review_queue")
    return redirect("review_text", pk=pk)


def _approve(request: HttpRequest, summary: Summary) -> str:
    is_out = approve(
        summary=summary, by=_user(request), reason=_reason(request), seen=_seen(request)
    )
    if is_out:
        return f"{summary} is published."
    return f"You have approved {summary}. It goes out when a second person approves it."


def _reject(request: HttpRequest, summary: Summary) -> str:
    reject(summary=summary, by=_user(request), reason=_reason(request), seen=_seen(request))
    return f"{summary} is rejected. It is written again when the facts change."


def _rewrite(request: HttpRequest, summary: Summary) -> str:
    user = _user(request)
    ask_rewrite(summary=summary, by=user, reason=_reason(request), seen=_seen(request))
    if not user.has_perm(WRITE_NOW):
        return f"{summary} was sent back: the next batch writes it anew."
    try:
        start_run(
            stocks=[summary.stock], trigger=BatchRun.Trigger.API, requested_by=user, concurrency=1
        )
    except NoStocks as error:
        return f"{summary} was sent back. {error}"
    return (
        f"{summary} was sent back. The workers write it anew while run_schedule runs, "
        "else the next batch does."
    )


def _false_alarm(request: HttpRequest, summary: Summary) -> str:
    given = request.POST.get("finding", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0
    finding = get_object_or_404(
        Finding.objects.select_related("claim__summary"), pk=number, claim__summary=summary
    )
    mark_false_alarm(
        finding=finding, by=_user(request), reason=_reason(request), seen=_seen(request)
    )
    return (
        "Marked as a false alarm and kept as a labelled case. The text stays held: the verifier "
        "decides what may go out."
    )


_DECISIONS: dict[str, Callable[[HttpRequest, Summary], str]] = {
    "approve": _approve,
    "reject": _reject,
    "rewrite": _rewrite,
    "false_alarm": _false_alarm,
}


def _found(request: HttpRequest, pk: int) -> Summary:
    readable = Summary.objects.readable_by(request.user).select_related("stock")
    found: Summary = get_object_or_404(readable, pk=pk)
    return found


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _seen(request: HttpRequest) -> str:
    """What the reviewer was shown; a form that doesn't say it is out of date."""
    return request.POST.get("seen", "")
