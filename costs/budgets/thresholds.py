"""What a budget's period has passed: a row once a period and threshold, by whoever passes it.

Half, three quarters and nine tenths are of what was spent. The whole is reached by what was
spent and is held back, or by a call that found no room; then the batch is switched off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import redis
import structlog
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from costs.budgets.applying import SCOPE, Budgets, Key, Purpose, key
from costs.budgets.counters import Counter, Move, create_missing, existing
from costs.budgets.stopping import stop_batch
from costs.models import Budget, BudgetAlert, BudgetPeriod

log = structlog.get_logger(__name__)

ALERTING = frozenset(SCOPE) - {SCOPE.USER}
STOPPING = (SCOPE.FIRM, SCOPE.BATCH)
ALL = BudgetAlert.Threshold.ALL.value
NOBODY = Purpose(category="")
_REMEMBERED_SECONDS = 3_600


@dataclass(frozen=True)
class Level:
    """How full a period is, in USD."""

    spent: Decimal
    reserved: Decimal
    amount: Decimal

    def reached(self) -> set[int]:
        """In percent. Of a budget of nothing, the first cent passes all."""
        if self.spent + self.reserved <= 0:
            return set()
        return {
            threshold.value
            for threshold in BudgetAlert.Threshold
            if self.amount * threshold <= 100 * self._counted(threshold)
        }

    def _counted(self, threshold: int) -> Decimal:
        return self.spent + self.reserved if threshold == ALL else self.spent


def raise_passed(
    counters: Iterable[Counter], moves: Mapping[Key, Move], budgets: Budgets
) -> None:  # fmt: skip
    """Raise what these changes have passed, in their transaction."""
    by_pk = {budget.pk: budget for budget in budgets.rows}
    for counter in counters:
        budget, move = by_pk.get(counter.key.budget), moves[counter.key]
        if budget is None or not _alerts(budget):
            continue
        now = Level(counter.spent, counter.reserved, budget.amount_usd)
        before = Level(now.spent - move.spent, now.reserved - move.reserved, now.amount)
        if passed := now.reached() - before.reached():
            period = BudgetPeriod.objects.get(pk=counter.period)
            _raise(period, budget, passed)


def raise_due(now: datetime | None = None) -> int:
    """Raise what running periods have passed and nobody raised yet; how many.

    For what passes without spending: a lowered amount, or a refusal, whose own transaction
    rolled back, and which still stands.
    """
    now = now or timezone.now()
    budgets = Budgets(tuple(Budget.objects.enabled().filter(scope__in=ALERTING).order_by("pk")))
    running = {key(budget, NOBODY, now): budget for budget in budgets.rows}
    refused = _refused(running)
    create_missing(refused.keys() - existing(refused).keys(), budgets)
    raised = 0
    for one, period in existing(running).items():
        budget = running[one]
        level = Level(period.spent_usd, period.reserved_usd, budget.amount_usd)
        due = level.reached()
        if one in refused and level.spent + level.reserved + refused[one] > level.amount:
            due.add(ALL)
        have = set(period.alerts.values_list("threshold", flat=True)) if due else set()
        raised += _raise(period, budget, due - have)
    return raised


def note_refusal(one: Key, needed: Decimal) -> None:
    """Keep in mind that a period had no room; not in the database, where it would roll back."""
    try:
        cache.set(_noted(one), str(needed), _REMEMBERED_SECONDS)
    except redis.RedisError as error:
        # The refusal stands; the alert comes when the amount is reached.
        log.warning("refusal_not_noted", budget=one.budget, error=type(error).__name__)


def _alerts(budget: Budget) -> bool:
    return budget.is_enabled and budget.scope in ALERTING


@transaction.atomic
def _raise(period: BudgetPeriod, budget: Budget, thresholds: Iterable[int]) -> int:
    raised = 0
    for threshold in sorted(thresholds):
        _, is_new = BudgetAlert.objects.get_or_create(
            period=period,
            threshold=threshold,
            defaults={"spent_usd": period.spent_usd, "amount_usd": budget.amount_usd},
        )
        raised += is_new
        if is_new and threshold == ALL and budget.scope in STOPPING:
            stop_batch(period, budget)
    return raised


def _refused(keys: Iterable[Key]) -> dict[Key, Decimal]:
    """What was refused lately, and how much it had needed."""
    noted = {_noted(one): one for one in keys}
    try:
        return {noted[name]: Decimal(usd) for name, usd in cache.get_many(noted).items()}
    except redis.RedisError as error:
        log.warning("refusals_not_read", error=type(error).__name__)
        return {}


def _noted(one: Key) -> str:
    return f"costs.refused.{one.budget}.{one.starts_at:%Y%m%d%H%M}.{one.user}"
