"""The verifier: how fast it reads and proves, how much it catches, whom it accuses.

The peer is the check most products stop at: does every number string of the
claim stand somewhere in the source?
"""

from __future__ import annotations

import re
import time
from random import Random

from bench.figures import figure
from summaries.factbook import FactBook
from summaries.verification import Sources, Verdict, verify
from summaries.verification.corruptions import Corruption, corrupt
from tests.summaries.test_verification_templates import sources_and_sentences

SEED = 2025
WANTED_CAUGHT = 0.99
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
Claims = list[tuple[Sources, str]]


def supported(text: str, sources: Sources) -> bool:
    return all(check.verdict is Verdict.SUPPORTED for check in verify(text, sources))


def source_text(book: FactBook) -> str:
    """The facts as a filing's text prints them: in full, in millions and in billions."""
    values = [fact.value for fact in book.facts()]
    return " ".join(
        f"{value:,.2f} {value.scaleb(-6):,.1f} {value.scaleb(-9):,.1f}" for value in values
    )


def naive(text: str, source: str) -> bool:
    return all(number in source for number in _NUMBER.findall(text))


def per_second(claims: Claims) -> float:
    for sources, text in claims:
        verify(text, sources)  # a book's series are computed once
    start = time.perf_counter()
    for sources, text in claims:
        verify(text, sources)
    return len(claims) / (time.perf_counter() - start)


def naive_per_second(claims: Claims) -> float:
    texts = {id(sources): source_text(sources.book) for sources, _ in claims}
    start = time.perf_counter()
    for sources, text in claims:
        naive(text, texts[id(sources)])
    return len(claims) / (time.perf_counter() - start)


def caught(claims: Claims, kind: Corruption, rng: Random) -> tuple[int, int]:
    """(corruptions made, corruptions caught)"""
    made = [
        (sources, one.text)
        for sources, text in claims
        if (one := corrupt(text, kind, sources, rng))
    ]
    return len(made), sum(not supported(text, sources) for sources, text in made)


def main() -> None:
    claims = list(sources_and_sentences())
    figure("verify", "claims_per_second", per_second(claims), "1/s", naive_per_second(claims))
    rng, made, found = Random(SEED), 0, 0
    for kind in Corruption:
        of_kind, found_of_kind = caught(claims, kind, rng)
        made, found = made + of_kind, found + found_of_kind
        figure(
            "verify",
            f"caught_share_{kind.value}",
            found_of_kind / of_kind,
            "share",
            WANTED_CAUGHT,
        )
    figure("verify", "caught_share", found / made, "share", WANTED_CAUGHT)
    accused = sum(not supported(text, sources) for sources, text in claims)
    figure("verify", "accused_share", accused / len(claims), "share", 0)


if __name__ == "__main__":
    main()
