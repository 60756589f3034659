"""A stock's text from a model: claims, the three tiers, and rewriting what does not hold.

Nothing is stored here, and every question has a key under which its answer is kept. So the
whole is simply run again from the start: after a crash, or when a Message Batch has brought an
answer, what was paid for is given and not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from llm.errors import CallFailed, Kind, NoModel, Waiting
from llm.values import Ask, Reply, Stop
from summaries.authoring.asking import Matter, claims_ask, more_claims_ask, rewrite_ask, tier_ask
from summaries.authoring.checking import CheckedTier
from summaries.authoring.claims import Claim, Sifted, sift
from summaries.authoring.evidence import Pack
from summaries.authoring.schemas import OfferedClaims, OfferedTier
from summaries.authoring.tiers import rendered, without_failing
from summaries.tiers import WORDS, Tier
from summaries.verification import Sources

REWRITES = 2
# Claims of fewer words leave the longest text no choice.
WORDS_WANTED = 235
# Raises Waiting where the answer comes with a Message Batch.
Door = Callable[[Ask], Reply]
# Told before each question how many seconds it may take at most.
KeepAlive = Callable[[float], None]

Result = TypeVar("Result", bound=BaseModel)


class NotAuthored(Exception):
    """No model wrote it; ``why`` in a word: no_model, refused, no_answer, too_few_claims."""

    def __init__(self, why: str, sifted: Sifted | None = None) -> None:
        super().__init__(why)
        self.why, self.sifted = why, sifted

    @property
    def counts(self) -> dict[str, Any]:
        return counted(self.sifted) if self.sifted else {}


@dataclass(frozen=True)
class Authored:
    """``model``: who wrote the claims. A tier that is not sound holds the text back."""

    tiers: Mapping[Tier, CheckedTier]
    model: str
    sifted: Sifted
    rewrites: int

    @property
    def counts(self) -> dict[str, Any]:
        return counted(self.sifted) | {"rewrites": self.rewrites}


def counted(sifted: Sifted) -> dict[str, Any]:
    """How many claims there were on the way, and what was wrong with the others, for the log."""
    return {
        "claims_offered": sifted.offered,
        "claims_cited": sifted.cited,
        "claims_supported": sifted.supported,
        "findings": dict(sorted(sifted.findings.items())),
    }


@dataclass(frozen=True)
class Desk:
    """What all questions of one text share."""

    matter: Matter
    pack: Pack
    sources: Sources
    door: Door
    keep_alive: KeepAlive = lambda seconds: None

    def ask(self, ask: Ask, shape: type[Result]) -> tuple[Result, str]:
        """The answer and the model's id. Raises NotAuthored, Waiting, and what budgets raise."""
        self.keep_alive(ask.seconds)
        try:
            reply = self.door(ask)
        except NoModel as error:
            raise NotAuthored(_why(error.failures, "no_model")) from error
        except CallFailed as error:
            raise NotAuthored(_why((error,), "no_answer")) from error
        if not isinstance(reply.data, shape):
            raise NotAuthored("refused" if reply.stop is Stop.REFUSAL else "no_answer")
        return reply.data, reply.model

    def ask_all(self, asks: Mapping[Tier, Ask]) -> dict[Tier, OfferedTier]:
        """All are asked before the first that waits is told, so that one batch brings all."""
        answers: dict[Tier, OfferedTier] = {}
        waiting: Waiting | None = None
        for tier, ask in asks.items():
            try:
                answers[tier], _ = self.ask(ask, OfferedTier)
            except Waiting as error:
                waiting = waiting or error
        if waiting is not None:
            raise waiting
        return answers


def author(desk: Desk) -> Authored:
    """Raises NotAuthored, Waiting, and what the door raises where money is the matter."""
    sifted, model = _claims(desk)
    asks = {tier: tier_ask(desk.matter, tier, desk.pack, sifted.claims) for tier in Tier}
    tiers, rewrites = _written(desk, asks, sifted.claims)
    return Authored(tiers, model, sifted, rewrites)


def _claims(desk: Desk) -> tuple[Sifted, str]:
    """The claims that stand, and who wrote them; asked for more once where they are too few."""
    first = claims_ask(desk.matter, desk.pack)
    offered, model = desk.ask(first, OfferedClaims)
    sifted = sift(offered, desk.pack, desk.sources)
    if sifted.words < WORDS_WANTED and sifted.refused:
        more, _ = desk.ask(more_claims_ask(first, sifted, desk.matter), OfferedClaims)
        sifted = sift(more, desk.pack, desk.sources, before=sifted)
    if sifted.words < WORDS[Tier.EXPANDED][0]:
        raise NotAuthored("too_few_claims", sifted)
    return sifted, model


def _written(
    desk: Desk, asks: Mapping[Tier, Ask], claims: tuple[Claim, ...]
) -> tuple[dict[Tier, CheckedTier], int]:
    """The tiers, and how often one was rewritten; of a tier's versions the best is taken."""
    answers = desk.ask_all(asks)
    best = {tier: rendered(tier, answers[tier], claims, desk.sources) for tier in Tier}
    rewrites = 0
    for number in range(1, REWRITES + 1):
        again = {
            tier: rewrite_ask(asks[tier], checked, desk.matter, number)
            for tier, checked in best.items()
            if not checked.is_sound
        }
        for tier, answer in desk.ask_all(again).items():
            rewrites += 1
            checked = rendered(tier, answer, claims, desk.sources)
            best[tier] = min(best[tier], checked, key=_faults)
    return (
        {tier: without_failing(tier, checked, desk.sources) for tier, checked in best.items()},
        rewrites,
    )


def _faults(checked: CheckedTier) -> int:
    return len(checked.failing) + len(checked.length_problems)


def _why(failures: Sequence[CallFailed], otherwise: str) -> str:
    return "refused" if any(one.kind is Kind.REFUSED for one in failures) else otherwise
