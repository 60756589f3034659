"""How much personal data the masking finds, and how often it hides what is none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from llm.masking import Vault
from queries.chain.masking import hide
from queries.chain.masking_cases import Planted, clean, planted
from queries.values import Asked


@dataclass(frozen=True)
class Measured:
    """``found`` of ``of``, by kind; ``missed`` and ``falsely``: the questions it went wrong in."""

    found: Counter[str]
    of: Counter[str]
    clean: int
    missed: tuple[str, ...]
    falsely: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found.total() / self.of.total()

    def recall_of(self, kind: str) -> float:
        return self.found[kind] / self.of[kind]

    @property
    def false_share(self) -> float:
        """Of the questions without personal data those in which something was hidden."""
        return len(self.falsely) / self.clean


def measure(companies: frozenset[str]) -> Measured:
    """``companies``: names that may leave, as the middleware passes them."""
    cases, questions = list(planted()), clean()
    missed = [case for case in cases if not _is_hidden(case, companies)]
    of = Counter(case.kind for case in cases)
    return Measured(
        found=of - Counter(case.kind for case in missed),
        of=of,
        clean=len(questions),
        missed=tuple(case.text for case in missed),
        falsely=tuple(one for one in questions if _hidden(one, companies) != one),
    )


def _is_hidden(case: Planted, companies: frozenset[str]) -> bool:
    hidden = _hidden(case.text, companies)
    return not any(value in hidden for value in case.values)


def _hidden(text: str, companies: frozenset[str]) -> str:
    return hide(Asked("", text, 0), Vault(), companies).question
