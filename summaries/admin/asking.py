"""Asking for an ingest from a page: who asked is kept, and the answer says what happens next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest

from summaries.ingest import NothingToIngest, start_ingest
from summaries.ingest.connections import configured
from summaries.models import AuditEvent, IngestRun, Source, Stock


def ask(page: Any, request: HttpRequest, source: Source, stocks: Iterable[Stock]) -> None:
    """Start the source's run, or add to the one that is running."""
    if source not in configured():
        page.message_user(
            request,
            f"{source.label} isn't set up, so nothing was started: docs/settings.md says what it "
            "takes.",
            messages.ERROR,
        )
        return
    chosen = list(stocks)
    user = cast("User", request.user)
    try:
        run, is_new = start_ingest(
            source=source, stocks=chosen, trigger=IngestRun.Trigger.ADMIN, requested_by=user
        )
    except NothingToIngest as error:
        page.message_user(request, str(error), messages.ERROR)
        return
    if not is_new:
        AuditEvent.objects.create(
            actor=user, action="ingest more", subject_type="ingest", subject_id=str(run.pk),
            from_state=run.state, to_state=run.state,
            detail={"tickers": sorted(one.ticker for one in chosen)[:50]},
        )  # fmt: skip
    how = "was started" if is_new else "was running; what you chose was added to it"
    page.message_user(
        request,
        f"{run} {how}. The workers take it up while run_schedule runs; follow it under Ingest runs.",
        messages.SUCCESS,
    )
