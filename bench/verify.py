"""How fast the verifier reads, and how well: on the writer's sentences, whole and corrupted."""

from __future__ import annotations

import re
from random import Random
from time import perf_counter

from bench.figures import figure
from summaries.verification import Sources, Verdict, verify
from tests.summaries.bundled import drafts, sources
from tests.summaries.corrupting import corrupted, told

ROUNDS = 3
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def texts() -> list[tuple[str, Sources]]:
    return [
        (" ".join(sentence.text for sentence in tier), sources(one))
        for one, draft in drafts()
        for tier in draft.tiers.values()
    ]


def ours(material: list[tuple[str, Sources]]) -> float:
    """Claims a second."""
    start, claims = perf_counter(), 0
    for text, known in material:
        claims += len(verify(text, known))
    return claims / (perf_counter() - start)


def naive(material: list[tuple[str, Sources]]) -> float:
    """The peer: every number string of the claim occurs in the printed sources."""
    printed = {
        id(known): " ".join(f"{f.value:,f}" for f in known.book.facts()) for _, known in material
    }
    start, claims = perf_counter(), 0
    for text, known in material:
        for claim in re.split(r"(?<=\.) (?=[A-Z])", text):
            all(number in printed[id(known)] for number in NUMBER.findall(claim))
            claims += 1
    return claims / (perf_counter() - start)


def main() -> None:
    material = texts()
    ours(material)  # the caches of a process that has been at work
    speed = sorted(ours(material) for _ in range(ROUNDS))[ROUNDS // 2]
    peer = sorted(naive(material) for _ in range(ROUNDS))[ROUNDS // 2]
    figure("verify", "claims_per_second", speed, "claims/s", peer)

    rng, made, caught, true, accused = Random(20261121), 0, 0, 0, 0
    for one in told():
        true += 1
        accused += one.verdict() is not Verdict.SUPPORTED
        for wrong in corrupted(one, rng):
            made += 1
            caught += one.verdict(wrong.text) is not Verdict.SUPPORTED
    figure("verify", "caught_share", caught / made, "share", 0.99)
    figure("verify", "accused_share", accused / true, "share", 0)


if __name__ == "__main__":
    main()
