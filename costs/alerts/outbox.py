"""Alerts on their way out: claimed, sent outside any transaction, and recorded.

A sender that dies in between leaves its claim, which runs out: then the alert is sent once
more, and PagerDuty knows it by its key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from costs.alerts.channels import NotSent, channel_for
from costs.alerts.wording import Message, message
from costs.budgets.history import history
from costs.budgets.standing import standing_of
from costs.budgets.stopping import resume_batch
from costs.budgets.thresholds import raise_due
from costs.models import BudgetAlert

log = structlog.get_logger(__name__)

Delivery = BudgetAlert.Delivery
SECONDS = 10.0  # for each step of a message to a channel
CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Round:
    """How many alerts were sent, put off, failed for good, or had no channel."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    not_set_up: int = 0

    def __str__(self) -> str:
        return (
            f"{self.sent} sent, {self.put_off} put off, {self.failed} failed, "
            f"{self.not_set_up} without a channel"
        )


def deliver_due(now: datetime | None = None, *, seconds: float = SECONDS) -> Round:
    """Raise what is due, switch the batch on again where its time has come, and send alerts.

    To be called every few seconds, by any number of processes, outside a transaction.
    ``seconds``: how long a channel may say nothing.
    """
    now = now or timezone.now()
    raise_due(now)
    resume_batch(now)
    done = Round()
    for alert in _claimed(now):
        outcome = _deliver(alert, now, seconds)
        done = replace(done, **{outcome: getattr(done, outcome) + 1})
    return done


def send_again(alerts: QuerySet[BudgetAlert]) -> int:
    """Put alerts that failed, or had no channel, back to be sent; how many."""
    return alerts.filter(delivery__in=(Delivery.FAILED, Delivery.NOT_SET_UP)).update(
        delivery=Delivery.PENDING, attempts=0, next_attempt_at=None, problem=""
    )


def _claimed(now: datetime) -> Iterator[BudgetAlert]:
    due = BudgetAlert.objects.filter(
        Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now), delivery=Delivery.PENDING
    )
    for alert in due.select_related("period__budget__team", "period__user").order_by("pk"):
        # Each claim counts an attempt: only who finds the row as it was read has it.
        mine = BudgetAlert.objects.filter(
            pk=alert.pk, delivery=Delivery.PENDING, attempts=alert.attempts
        )
        if mine.update(attempts=F("attempts") + 1, next_attempt_at=now + CLAIM) == 1:
            alert.attempts += 1
            yield alert


def _deliver(alert: BudgetAlert, now: datetime, seconds: float) -> str:
    channel = channel_for(alert.threshold)
    told = _message(alert, now)
    if not channel.is_set_up():
        return _record(alert, Delivery.NOT_SET_UP, problem=f"Set {channel.needs}.")
    try:
        channel.send(told, seconds)
    except NotSent as error:
        if error.is_permanent or alert.attempts >= MOST_ATTEMPTS:
            return _record(alert, Delivery.FAILED, problem=error.reason)
        again = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (alert.attempts - 1))
        return _record(alert, Delivery.PENDING, problem=error.reason, next_attempt_at=again)
    return _record(alert, Delivery.SENT, delivered_at=timezone.now())


def _record(
    alert: BudgetAlert, delivery: str, *, problem: str = "",
    next_attempt_at: datetime | None = None, delivered_at: datetime | None = None,
) -> str:  # fmt: skip
    BudgetAlert.objects.filter(pk=alert.pk).update(
        delivery=delivery, problem=problem[:200], next_attempt_at=next_attempt_at,
        delivered_at=delivered_at, forecast_usd=alert.forecast_usd,
    )  # fmt: skip
    log.info(
        "budget_alert", period=alert.period_id, threshold=alert.threshold, delivery=delivery,
        attempts=alert.attempts, problem=problem,
    )  # fmt: skip
    return "put_off" if delivery == Delivery.PENDING else delivery


def _message(alert: BudgetAlert, now: datetime) -> Message:
    period, budget = alert.period, alert.period.budget
    at = min(now, period.ends_at - _MOMENT)
    standing = standing_of(period, budget, history([budget], at), at)
    alert.forecast_usd = standing.forecast_usd
    path = reverse("admin:costs_budgetperiod_change", args=[period.pk])
    return message(
        standing,
        threshold=alert.threshold,
        key=f"fa-budget-{period.pk}-{period.starts_at:%Y%m%d}-{alert.threshold}",
        raised_at=alert.raised_at,
        link=f"{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL else "",
    )
