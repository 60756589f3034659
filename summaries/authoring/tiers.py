"""A tier from verified claims: what a model wrote of them, read again by the verifier. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summaries.authoring.backing import backed
from summaries.authoring.checking import CheckedTier, Read, check_tier
from summaries.authoring.claims import Claim
from summaries.authoring.schemas import OfferedSentence, OfferedTier
from summaries.tiers import WORDS, Tier, count_words
from summaries.verification import Sources
from summaries.writing import Sentence


def rendered(
    tier: Tier, offered: OfferedTier, claims: Sequence[Claim], sources: Sources
) -> CheckedTier:
    """The tier's sentences, each with the facts of the claims that it renders, verified."""
    by_number = {claim.number: claim for claim in claims}
    sentences = [
        _sentence(one, by_number) for one in offered.sentences if " ".join(one.text.split())
    ]
    return check_tier(tier, sentences, sources, backed)


def _sentence(offered: OfferedSentence, claims: Mapping[int, Claim]) -> Sentence:
    told = [claims[number].sentence for number in offered.claims if number in claims]
    return Sentence(
        " ".join(offered.text.split()),
        tuple(dict.fromkeys(fact for one in told for fact in one.fact_ids)),
        any(one.cites_benchmark for one in told),
        " ".join(dict.fromkeys(one.topic for one in told)),
    )


def without_failing(tier: Tier, checked: CheckedTier, sources: Sources) -> CheckedTier:
    """The tier without the sentences that fail, where it then stands; else as it was.

    A sentence may have taken its period from one that is dropped: what is left is read again.
    """
    while checked.failing:
        left = [read.sentence for read in checked.reads if read not in checked.failing]
        least, most = WORDS[tier]
        if not least <= count_words(" ".join(one.text for one in left)) <= most:
            return checked
        again = check_tier(tier, left, sources, backed)
        if again.is_sound or len(again.reads) == len(checked.reads):
            return again
        checked = again
    return checked


def findings_in_words(checked: CheckedTier) -> list[str]:
    """What is wrong, for whoever rewrites it."""
    told = [f"Sentence {read.position + 1}: {reason}" for read in checked.failing
            for reason in _reasons(read)]  # fmt: skip
    return [*told, *checked.length_problems]


def _reasons(read: Read) -> list[str]:
    reasons = list(dict.fromkeys(finding.reason for finding in read.findings))
    return reasons[:3] or ["It says nothing that the claims prove."]
