"""What was evaluated, so that two runs can be told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from summaries import authoring, writing
from summaries.actions.drafting import RULES
from summaries.evaluation.cases import Suite

# What a text or a verdict can depend on.
_PACKAGES = ("summaries", "llm", "costs")
_KINDS = {".py", ".md", ".toml", ".lua"}


@dataclass(frozen=True)
class Versions:
    code: str
    suite: str
    writer: str
    prompts: str
    verifier: str

    @classmethod
    def of(cls, suite: Suite, *, by_models: bool, writers: Collection[str] = ()) -> Versions:
        """``writers``: the models that wrote."""
        return cls(
            code=code_version(),
            suite=suite.version,
            writer=", ".join(sorted(writers))[:80] if by_models else writing.VERSION,
            prompts=authoring.versions() if by_models else "",
            verifier=RULES,
        )


@cache
def code_version() -> str:
    """The hash of our own source files: the same wherever and however they were deployed."""
    return _digest(
        path
        for package in _PACKAGES
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*"))
        if path.suffix in _KINDS
    )


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:12]
