"""Answers that were paid for, kept for a while: a question asked again is answered from here.

Texts are kept as the provider gave them, personal data still masked; the key covers what the
placeholders stand for, so that an answer never comes back with another person's name.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone
from pydantic import BaseModel

from llm import outgoing
from llm.masking import Vault
from llm.models import KeptReply
from llm.routing import Rung
from llm.values import Ask, Reply, Stop

KEPT_FOR = timedelta(days=14)
_ANY = Rung("", "")


def key_of(ask: Ask, vault: Vault | None = None) -> str:
    """SHA-256 of the replay key and all that the answer depends on, but the model.

    ``vault``: the one of the Ask's request, where there is one already. Raises ValueError for an
    Ask without a replay key.
    """
    if not ask.replay:
        raise ValueError("Only an Ask with a replay key can be kept: set Ask.replay.")
    if vault is None:
        vault = outgoing.request(ask, _ANY)[1] if outgoing.has_private(ask) else Vault()
    told: list[Any] = [
        ask.replay,
        ask.prompt.name,
        ask.prompt.version,
        ask.prompt.text,
        ask.complexity,
        ask.max_output_tokens,
        _shape(ask.schema) if ask.schema else "",
        sorted(vault.as_dict().items()),
        [[turn.role, [part.text for part in turn.parts]] for turn in ask.turns],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def kept(key: str) -> Reply | None:
    """The answer under that key, as the provider gave it: masked, and without ``data``.

    Nothing was called and nothing costs: ``cost_usd`` is what the attempt that answered cost.
    """
    row = (
        KeptReply.objects.filter(key=key, expires_at__gt=timezone.now())
        .select_related("record")
        .first()
    )
    if row is None:
        return None
    record = row.record
    return Reply(
        text=row.text,
        data=None,
        stop=Stop(row.stop),
        provider=record.provider,
        model=record.model,
        tokens=record.tokens,
        cost_usd=record.cost_usd,
        record=record.pk,
        attempts=record.attempt,
        is_replay=True,
    )


def keep(key: str, *, record: int, text: str, stop: Stop) -> None:
    """Keep an answer, over one that is there; in the caller's transaction, with its settlement.

    ``text``: as the provider gave it, masked.
    """
    row = KeptReply(
        key=key, record_id=record, text=text, stop=stop, expires_at=timezone.now() + KEPT_FOR
    )
    KeptReply.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["record", "text", "stop", "expires_at"],
    )


def forget_expired() -> int:
    """Delete what is past its time; returns how many."""
    return KeptReply.objects.filter(expires_at__lte=timezone.now()).delete()[0]


@lru_cache(maxsize=256)
def _shape(schema: type[BaseModel]) -> str:
    return json.dumps([schema.__name__, schema.model_json_schema()], sort_keys=True)
