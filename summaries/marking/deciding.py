"""From what the sources say of a claim to its mark. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from summaries.marking.values import Disagreement, Evidence, Kind, Marked, MarkedClaim, Reason
from summaries.verification import ClaimCheck, Finding, Scale, Verdict
from summaries.verification.documents.spells import spells_of
from summaries.verification.documents.uncertainty import Doubt, doubt
from summaries.verification.recency import is_guidance, speaks_of_the_future
from summaries.verification.verifier import verdict_of

# Words about a figure that no figure proves or refutes.
_JUDGEMENTS = frozenset(
    "strong robust healthy solid impressive disappointing resilient soft weak significant"
    " significantly sharply slightly modestly dramatically substantially".split()
)
_JUDGED = Decimal("0.4")  # how doubtful one of them makes a claim whose figures are proven
_NONE, _WHOLE = Decimal(0), Decimal(1)
# What holds whatever the words mean that were not understood.
_OF_WORDS = ("unread", "entity", "guidance", "stale")
_SUBJECT = 20  # characters before a name that leave it the subject of its sentence


@dataclass(frozen=True)
class Said:
    """What one source says of a claim. ``doubt``: how likely it is wrong all the same, 0 to 1."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Reason, ...] = ()
    doubt: Decimal = _NONE
    history: Decimal = _NONE
    certainty: Decimal = _NONE

    @property
    def is_decided(self) -> bool:
        return self.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED)


def by_facts(check: ClaimCheck, evidence: tuple[Evidence, ...], others: frozenset[str]) -> Said:
    """``evidence``: the facts behind what is proven, or behind what is refuted where anything is.
    ``others``: names of other companies. What stands in no list may be a product: then the
    figures are perhaps not the company's own, and nothing is decided."""
    foreign = [one for one in check.findings if _is_foreign(check, one, others)]
    if foreign:
        return Said(Verdict.CONTRADICTED, (), _reasons(check, foreign), history=check.history)
    judged = [one for one in check.findings if _is_judgement(check, one)]
    rest = [one for one in check.findings if one not in judged]
    if any(one.code in ("unread", "entity") for one in rest):
        told = [one for one in rest if one.code in _OF_WORDS]
        return Said(Verdict.NOT_FOUND, (), _reasons(check, told), history=check.history)
    verdict = verdict_of(check.proofs, rest) if judged else check.verdict
    reasons = _reasons(check, rest)
    if verdict is not Verdict.SUPPORTED:
        told_by = evidence if verdict is Verdict.CONTRADICTED else ()
        return Said(verdict, told_by, reasons, history=check.history)
    certainty = doubt(check.text)
    return Said(
        verdict,
        evidence,
        (*reasons, *(_judgement(check, one) for one in judged), *_doubts(check, certainty)),
        history=check.history,
        certainty=max(Decimal(str(certainty.score)), _JUDGED if judged else _NONE),
    )


def _is_foreign(check: ClaimCheck, finding: Finding, others: frozenset[str]) -> bool:
    """Another company where the sentence has its subject."""
    leads = finding.start - check.start <= _SUBJECT
    return finding.code == "entity" and leads and _name(check, finding) in others


def _name(check: ClaimCheck, finding: Finding) -> str:
    return check.text[finding.start - check.start : finding.end - check.start]


def _is_judgement(check: ClaimCheck, finding: Finding) -> bool:
    return finding.code == "unread" and _name(check, finding).lower() in _JUDGEMENTS


def _judgement(check: ClaimCheck, finding: Finding) -> Reason:
    words = f"“{_name(check, finding)}” is a judgement; what it is said of is proven"
    return Reason("judgement", words, finding.start, finding.end)


def _reasons(check: ClaimCheck, findings: Sequence[Finding]) -> tuple[Reason, ...]:
    """Words that were not understood as one reason."""
    unread = [one for one in findings if one.code == "unread"]
    reasons = [_reason(one) for one in findings if one.code != "unread"]
    if unread:
        words = ", ".join(f"“{one}”" for one in dict.fromkeys(_name(check, one) for one in unread))
        first = unread[0]
        text = f"Not all of it was understood: {words}"
        reasons.append(Reason("unread", text, first.start, first.end))
    return tuple(reasons)


def _reason(finding: Finding) -> Reason:
    return Reason(finding.code, finding.reason, finding.start, finding.end)


def _doubts(check: ClaimCheck, certainty: Doubt) -> list[Reason]:
    return [
        Reason(
            one.code, one.text, check.start + one.start, check.start + (one.end or len(check.text))
        )
        for one in certainty.reasons
    ]


def names_a_period(text: str) -> bool:
    """A passage of another year refutes nothing that doesn't say when."""
    return bool(spells_of(text))


def as_result(said: Said, check: ClaimCheck) -> Said:
    """Not supported, where a figure that the source expects is told as if it had happened."""
    if said.verdict is not Verdict.SUPPORTED or speaks_of_the_future(check.text):
        return said
    if not _has_figures(check) or not any(is_guidance(one.quote) for one in said.evidence):
        return said
    reason = Reason(
        "guidance", "The source gives this as an expectation, not as a result.",
        check.start, check.end,
    )  # fmt: skip
    return replace(said, verdict=Verdict.NOT_FOUND, reasons=(reason,), history=_WHOLE)


def decided(
    check: ClaimCheck, kind: Kind, told: Sequence[Said], scale: Scale, *, looked_up: bool
) -> MarkedClaim:
    """``told``: by source, the one that goes first in authority first. ``looked_up``: whether
    documents were searched for it."""
    first = next((one for one in told if one.is_decided), None)
    # Of those that leave it open, one that says what the history makes of it, or where to read.
    first = first or max(told, key=lambda one: (one.history, bool(one.evidence)), default=None)
    disagreements = tuple(_disagreements(told))
    verdict = first.verdict if first else Verdict.NOT_CHECKABLE
    if verdict is Verdict.NOT_FOUND and _is_uncheckable(check, kind):
        verdict = Verdict.NOT_CHECKABLE
    if kind is Kind.NONE and verdict is not Verdict.CONTRADICTED:
        return _marked(check, kind, Verdict.NOT_CHECKABLE, _NONE, scale, ())
    risk = _NONE
    if first is not None:
        risk = scale.risk(
            verdict, sources=first.doubt, history=first.history, certainty=first.certainty
        )
    else:
        risk = scale.risk(verdict)
    if disagreements:
        risk = max(risk, scale.review)
    reasons = first.reasons if first else ()
    evidence = first.evidence if first else ()
    if verdict is Verdict.NOT_CHECKABLE:
        reasons = (_unchecked(check, kind),)
    elif verdict is Verdict.NOT_FOUND:
        reasons = (*(() if evidence else (_unproven(check, looked_up=looked_up),)), *reasons)
    reasons += tuple(
        Reason("disagreement", one.text, check.start, check.end) for one in disagreements
    )
    marked = _marked(check, kind, verdict, risk, scale, reasons)
    return replace(marked, evidence=evidence, disagreements=disagreements)


def _is_uncheckable(check: ClaimCheck, kind: Kind) -> bool:
    return kind is Kind.OPINION or (kind is Kind.FORWARD and not _has_figures(check))


def _has_figures(check: ClaimCheck) -> bool:
    return any(character.isdigit() for character in check.text)


def _unchecked(check: ClaimCheck, kind: Kind) -> Reason:
    words = {
        Kind.OPINION: "An opinion: no source can prove it.",
        Kind.FORWARD: "It speaks of what is to come: no source can prove it yet.",
    }
    text = words.get(kind, "Nothing in it can be checked.")
    return Reason("unchecked", text, check.start, check.end)


def _unproven(check: ClaimCheck, *, looked_up: bool) -> Reason:
    words = (
        "Nothing that you may read says it."
        if looked_up
        else "The reported figures don’t prove it, and no document was there to be searched."
    )
    return Reason("unproven", words, check.start, check.end)


def _disagreements(told: Sequence[Said]) -> Iterable[Disagreement]:
    for_it = [one for one in told if one.verdict is Verdict.SUPPORTED and one.evidence]
    against = [one for one in told if one.verdict is Verdict.CONTRADICTED and one.evidence]
    if for_it:
        for one in against:
            yield Disagreement(for_it[0].evidence[0], one.evidence[0])


def _marked(
    check: ClaimCheck,
    kind: Kind,
    verdict: Verdict,
    risk: Decimal,
    scale: Scale,
    reasons: tuple[Reason, ...],
) -> MarkedClaim:
    level = scale.level(risk)
    return MarkedClaim(check.start, check.end, check.text, kind, verdict, risk, level, reasons)


_WORST = (Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.SUPPORTED)


def together(ticker: str, claims: Sequence[MarkedClaim], scale: Scale) -> Marked:
    """The whole text: the worst of what could be checked, the risk of all that claims something."""
    told = [one for one in claims if one.kind is not Kind.NONE]
    verdicts = {one.verdict for one in told}
    verdict = next((one for one in _WORST if one in verdicts), Verdict.NOT_CHECKABLE)
    risk = scale.together(one.risk for one in told)
    return Marked(ticker, verdict, risk, scale.level(risk), tuple(claims))
