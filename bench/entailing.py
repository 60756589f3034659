"""Learns the weights of `summaries.verification.documents.entailing.weights` and prints them.

``python -m bench.entailing`` weighs every claim that no exact prover decides, of the companies of
half a, in the two sets that people and models wrote; one model for a claim of one sentence, one for
an answer of several. Logistic regression with a small ridge; a weight may not have the sign that
contradicts what its feature means, which is what keeps a few hundred claims from being learned by
heart. Then detection, false positives and the area under the curve on half b, which has no part in
it. ``--half b`` learns from the other half, to see how much that changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bench.truth import half, rows
from summaries.verification.documents.entailing.features import Features, weigh
from summaries.verification.documents.entailing.passages import index_of
from summaries.verification.documents.judging import PROVERS
from summaries.verification.documents.sources import Sentence, source_of
from summaries.verification.verdicts import Verdict

Numbers = NDArray[np.float64]
SETS = ("findver_dev", "llm_answers_dev")
SPEAKS_FOR = frozenset({"covered"})
FREE = frozenset({"has_figures"})
RIDGE = 3.0
STEPS = 4000
KEPT_OUT = 0.87  # of the false ones that the limit is to keep out: some more than wanted


@dataclass(frozen=True)
class Example:
    name: str
    half: str
    is_answer: bool
    is_true: bool
    values: tuple[float, ...]


@dataclass(frozen=True)
class Model:
    weights: Numbers  # of the features as they are
    intercept: float

    def likelihood(self, values: Numbers) -> Numbers:
        made: Numbers = 1 / (1 + np.exp(-(values @ self.weights + self.intercept)))
        return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("a", "b"), default="a")
    learned = parser.parse_args().half
    found = list(examples())
    for is_answer in (False, True):
        kind = [one for one in found if one.is_answer is is_answer]
        model = fit([one for one in kind if one.half == learned])
        limit = _limit(model, [one for one in kind if one.half == learned])
        print("ANSWER" if is_answer else "SENTENCE")
        for feature, weight in zip(fields(Features), model.weights, strict=True):
            print(f"    {feature.name}={weight:.3f},")
        print(f"intercept {model.intercept:.3f}, least {limit:.3f}")
        for name in SETS:
            for which in "ab":
                some = [one for one in kind if one.half == which and one.name == name]
                if len({one.is_true for one in some}) < 2:
                    continue
                print(name, which, "learned from" if which == learned else "held out", end=" ")
                print(_measured(model, limit, some))


def examples() -> list[Example]:
    made = []
    for name in SETS:
        for row in rows(name):
            claim = Sentence(0, row["claim"])
            source = source_of(row["source_text"], row["source_table"], meta=row["source_meta"])
            if any(prove(claim, source).verdict is not Verdict.NOT_FOUND for prove in PROVERS):
                continue
            weighed = weigh(claim, index_of(source))
            is_true = row["label"] == "supported"
            values = weighed.features.values
            made.append(Example(name, half(row), weighed.is_answer, is_true, values))
    return made


def fit(some: Sequence[Example]) -> Model:
    """By accelerated steps down the slope, back to the allowed side after each."""
    values, truth = _values(some), _truth(some)
    mean, spread = values.mean(0), values.std(0) + 1e-9
    scaled = np.c_[(values - mean) / spread, np.ones(len(values))]
    signs = np.array([_sign(field.name) for field in fields(Features)] + [0])
    ridge = np.r_[np.full(len(signs) - 1, RIDGE), 0]
    step = 1 / (np.linalg.eigvalsh(scaled.T @ scaled)[-1] / 4 + RIDGE)
    weights = ahead = np.zeros(len(signs))
    for number in range(STEPS):
        likelihood = 1 / (1 + np.exp(-scaled @ ahead))
        moved = ahead - step * (scaled.T @ (likelihood - truth) + ridge * ahead)
        moved[signs * moved < 0] = 0
        ahead = moved + number / (number + 3) * (moved - weights)
        weights = moved
    plain = weights[:-1] / spread
    return Model(plain, float(weights[-1] - plain @ mean))


def _sign(name: str) -> int:
    return 0 if name in FREE else 1 if name in SPEAKS_FOR else -1


def _limit(model: Model, some: Sequence[Example]) -> float:
    false = model.likelihood(_values([one for one in some if not one.is_true]))
    return float(np.quantile(false, KEPT_OUT))


def _measured(model: Model, limit: float, some: Sequence[Example]) -> str:
    likelihood, truth = model.likelihood(_values(some)), _truth(some)
    true, false = likelihood[truth == 1], likelihood[truth == 0]
    area = (true[:, None] > false).mean() + (true[:, None] == false).mean() / 2
    detection, positives = 100 * (false < limit).mean(), 100 * (true < limit).mean()
    return f"detected {detection:.1f} %, accused {positives:.1f} %, area {area:.3f}, of {len(some)}"


def _values(some: Sequence[Example]) -> Numbers:
    return np.array([one.values for one in some], dtype=float)


def _truth(some: Sequence[Example]) -> Numbers:
    return np.array([one.is_true for one in some], dtype=float)


if __name__ == "__main__":
    main()
