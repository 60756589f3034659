"""The pages of questions. They work without JavaScript: it only tells an answer as it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID, uuid4

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from queries import actions
from queries.actions.errors import NotThere, NotYours, QueryError
from queries.actions.feedback import readable
from queries.models import ASK, Conversation, Query, Read
from queries.pages import answers, asking, opinions
from queries.pages.opinions import NotAnAmount, Opinion
from queries.values import LONGEST_QUESTION
from summaries.pages.rights import READ_PAGES

askers_only = permission_required((READ_PAGES, ASK), raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@askers_only
def ask(request: HttpRequest) -> HttpResponse:
    """The form and one's conversations; by POST, a question in a new or a known conversation."""
    if request.method != "POST":
        form = asking.Form(stocks=request.GET.get("stocks", "")[:120])
        return _begin(request, form)
    form = asking.form_of(request.POST)
    if form.problems:
        return _begin(request, form, status=400)
    try:
        query, is_new = actions.ask(
            user=_reader(request), question=form.question, stocks=form.tickers,
            depth=form.chosen_depth, as_of=form.moment, conversation=form.conversation_id,
            key=asking.once(form, request.POST.get("key", "")),
        )  # fmt: skip
    except (NotThere, NotYours) as error:  # asked again, the question begins a new one
        form = replace(form, conversation="", problems=(str(error),))
        return _begin(request, form, status=400)
    except QueryError as error:
        return _begin(request, replace(form, problems=(str(error),)), status=400)
    if is_new:
        actions.hand_over(query)
    return _to(query)


@require_safe
@askers_only
def conversation(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _conversation(request, pk)


def _conversation(
    request: HttpRequest, pk: UUID, typed: Mapping[UUID, Opinion] | None = None, status: int = 200
) -> HttpResponse:
    reader = _reader(request)
    talk = Conversation.objects.visible_to(reader).filter(pk=pk).first()
    if talk is None:
        raise Http404
    queries = list(readable(reader).filter(conversation=talk).select_related("conversation"))
    actions.note_reads(queries=queries, by=reader, way=Read.Way.PAGE)
    told = answers.shown(queries, reader, typed)
    context = {
        "talk": talk,
        "answers": told,
        "look": _look(request, queries),
        "is_own": talk.owner_id == reader.pk,
        "form": _going_on(talk, queries),
        **_form_context(),
    }
    return _private(render(request, "queries/conversation.html", context, status=status))


def _look(request: HttpRequest, queries: Sequence[Query]) -> str:
    """Where to look again for what is open; empty where nothing is. Counted, for a browser that is
    sent to a place in the address where it is loads nothing."""
    waiting = next((one.number for one in queries if one.is_open), None)
    looks = request.GET.get("look", "")
    seen = int(looks) if looks.isdecimal() and looks.isascii() and len(looks) < 7 else 0
    return f"?look={seen + 1}#q{waiting}" if waiting else ""


def _going_on(talk: Conversation, queries: Sequence[Query]) -> asking.Form:
    """About what was chosen last; what else came up is understood from the questions."""
    if not queries:
        return asking.Form(conversation=str(talk.pk))
    last = queries[-1]
    chosen, day = ", ".join(last.stocks), asking.day_of(last.as_of)
    return asking.Form(stocks=chosen, as_of=day, conversation=str(talk.pk))


@require_safe
@askers_only
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One answer as a part of its conversation's page; alone, the page itself at its place."""
    query = _query(request, pk)
    if not getattr(request, "htmx", False):
        return _to(query)
    return _part(request, query)


@require_POST
@askers_only
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        query = actions.stop(query=pk, by=_reader(request))
    except NotThere as error:
        raise Http404 from error
    return _part(request, query) if getattr(request, "htmx", False) else _to(query)


@require_POST
@askers_only
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        query = actions.resume(query=pk, by=_reader(request))
    except NotThere as error:
        raise Http404 from error
    except QueryError:  # it has its answer by now
        query = _query(request, pk)
    return _to(query)


@require_POST
@askers_only
def feedback(request: HttpRequest, pk: UUID) -> HttpResponse:
    query, said = _query(request, pk), opinions.typed(request.POST)
    try:
        actions.give_feedback(
            query=pk, by=_reader(request), is_accurate=said.is_accurate,
            worth_usd=said.worth_usd, comment=said.comment,
        )  # fmt: skip
    except (QueryError, NotAnAmount) as error:
        said = replace(said, problem=str(error))
    else:
        said = replace(said, is_kept=True, is_just_given=True)
    if getattr(request, "htmx", False):
        (told,) = answers.shown([query], _reader(request), {pk: said})
        return _private(render(request, "queries/_feedback.html", {"one": told}))
    if said.problem:
        return _conversation(request, query.conversation_id, {pk: said}, status=400)
    return _to(query)


@require_POST
@askers_only
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        actions.delete(conversation=pk, by=_reader(request))
    except QueryError as error:
        raise Http404 from error
    return redirect("queries:ask")


def _begin(request: HttpRequest, form: asking.Form, status: int = 200) -> HttpResponse:
    context = {"form": form, "talks": answers.recent(_reader(request)), **_form_context()}
    return _private(render(request, "queries/ask.html", context, status=status))


def _form_context() -> dict[str, object]:
    """``key``: a page that is sent twice asks once."""
    return {"depths": asking.DEPTHS, "longest": LONGEST_QUESTION, "key": uuid4()}


def _part(request: HttpRequest, query: Query) -> HttpResponse:
    reader = _reader(request)
    actions.note_reads(queries=[query], by=reader, way=Read.Way.PAGE)
    (told,) = answers.shown([query], reader)
    return _private(render(request, "queries/_answer.html", {"one": told}))


def _to(query: Query) -> HttpResponseRedirect:
    page = reverse("queries:conversation", args=[query.conversation_id])
    return HttpResponseRedirect(f"{page}#q{query.number}")


def _query(request: HttpRequest, pk: UUID) -> Query:
    found: Query | None = readable(_reader(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _reader(request: HttpRequest) -> User:
    return cast("User", request.user)
