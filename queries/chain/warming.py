"""What is asked for most is answered again when its sources changed, before somebody waits for it.

Quick answers alone, which cost nothing; in a thread of its own whose priority is low (nice) and
whose share of a core is bounded, so that readers and batches go first. Off unless FA_WARM_ANSWERS.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import dramatiq
import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from queries.cache import corpus, popular, valkey
from queries.cache.popular import Popular
from queries.chain import warming_chain
from queries.values import Asked, Depth, Finished, Handler
from summaries.models import Summary

log = structlog.get_logger(__name__)

QUEUE = "models"
NICENESS = 15
SHARE = 0.2  # of one core
QUESTIONS = 50  # asked again in one go
TEMPLATES = 5  # asked of each recent stock
STOCKS = 10
RECENT = timedelta(hours=24)
LIMIT_MS = 10 * 60 * 1000

# Gives the handler that answers as a user, without the chain.
HandlerOf = Callable[[User], Handler]


@dataclass(frozen=True)
class Warmed:
    """How many questions were asked, how many had to be worked out, and the CPU's seconds."""

    asked: int
    worked_out: int
    cpu_seconds: float


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=0,
    time_limit=LIMIT_MS,
    max_age=60_000,
    throws=(OperationalError, InterfaceError),
)
def warm_answers() -> None:
    """Nothing where it is off. Two at once do no harm: each question is worked out once."""
    corpus.forget_old_changes()
    if settings.WARM_ANSWERS:
        warm(import_string(settings.QUERY_HANDLER))


def warm(handler_of: HandlerOf, *, seconds: float = LIMIT_MS / 2000) -> Warmed:
    """Ask what is popular again, within so many seconds; stops where Valkey is away."""
    done = _Done()
    thread = threading.Thread(target=_in_background, args=(handler_of, seconds, done), name="warm")
    thread.start()
    thread.join()
    if done.error is not None:
        raise done.error
    log.info("answers.warmed", asked=done.asked, worked_out=done.worked_out, cpu=done.cpu)
    return Warmed(done.asked, done.worked_out, done.cpu)


@dataclass
class _Done:
    asked: int = 0
    worked_out: int = 0
    cpu: float = 0.0
    error: BaseException | None = field(default=None, repr=False)


def _in_background(handler_of: HandlerOf, seconds: float, done: _Done) -> None:
    """In a thread of its own: its niceness can't be taken back."""
    until = time.monotonic() + seconds
    try:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        for one in _wanted():
            if time.monotonic() > until:
                break
            began = time.thread_time()
            _ask(one, handler_of, done)
            used = time.thread_time() - began
            done.cpu += used
            time.sleep(min(used * (1 / SHARE - 1), max(0.0, until - time.monotonic())))
        popular.fade()
    except valkey.Away:
        log.warning("answers.not_warmed", why="Valkey is away")
    except BaseException as error:
        done.error = error
    finally:
        connection.close()


def _ask(one: Popular, handler_of: HandlerOf, done: _Done) -> None:
    user = User.objects.filter(pk=one.user, is_active=True).first()
    if user is None:
        return
    asked = Asked(str(uuid.uuid4()), one.question, user.pk, depth=Depth.QUICK, stocks=one.stocks)
    done.asked += 1
    for event in warming_chain(handler_of(user))(asked):
        if isinstance(event, Finished):
            done.worked_out += not (event.spent and event.spent.is_cached)


def _wanted() -> Iterator[Popular]:
    """The questions asked for most; then those among them that name no stock themselves, of the
    stocks that are asked about or written about now."""
    asked = popular.top_questions(QUESTIONS)
    seen = set()
    for one in [*asked, *_of_recent_stocks(asked)]:
        if (one.question, one.stocks) not in seen:
            seen.add((one.question, one.stocks))
            yield one


def _of_recent_stocks(asked: list[Popular]) -> Iterator[Popular]:
    templates = [one for one in asked if len(one.stocks) == 1 and _is_template(one)][:TEMPLATES]
    for ticker in dict.fromkeys([*popular.top_stocks(STOCKS), *_written_about()]):
        for one in templates:
            yield Popular(one.question, (ticker,), one.user)


def _is_template(one: Popular) -> bool:
    """Whether it can be asked of any stock: it has no word in capitals that may be a name."""
    return all(word[:1].islower() for word in one.question.split()[1:])


def _written_about() -> list[str]:
    recent = Summary.objects.published().filter(published_at__gt=timezone.now() - RECENT)
    newest = recent.order_by("-published_at").values_list("stock__ticker", flat=True)
    return list(newest[:STOCKS])
