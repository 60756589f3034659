"""How often what was written did not hold, where, and whether that gets better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from costs.reports.window import Window
from summaries.models import AuditEvent, Claim, Finding, LabelledCase, Summary
from summaries.models.texts import Verdict

State = Summary.State
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Line:
    """``count`` of ``of``, in the window and in the one before it, which is as long.

    ``section``: verdict, finding, stock, writer, outcome, offered, refused or review; of a stock
    and a writer, ``count`` are the claims that are not supported.
    """

    section: str
    name: str
    count: int
    of: int
    count_before: int
    of_before: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.count, self.of) if self.of else None

    @property
    def share_before(self) -> Fraction | None:
        return Fraction(self.count_before, self.of_before) if self.of_before else None


@dataclass(frozen=True)
class Analysis:
    """``texts`` and ``claims``: written and checked in the window."""

    window: Window
    before: Window
    texts: int
    claims: int
    lines: tuple[Line, ...]

    def of(self, section: str) -> list[Line]:
        return [line for line in self.lines if line.section == section]


@dataclass(frozen=True)
class _Counts:
    """By (section, name): a count, and what it is a count of."""

    texts: int
    claims: int
    counts: Counter[tuple[str, str]]
    whole: Counter[tuple[str, str]]


SECTIONS = (
    "verdict", "finding", "stock", "writer", "outcome", "offered", "refused", "review",
)  # fmt: skip


def analysis(window: Window) -> Analysis:
    """Of the texts written in the window, beside those of the window before."""
    before = Window(
        window.start - (window.end - window.start), window.start, f"before {window.label}"
    )
    now, then = _counted(window), _counted(before)
    keys = sorted(
        now.whole.keys() | then.whole.keys(),
        key=lambda key: (SECTIONS.index(key[0]), -now.counts[key], -then.counts[key], key[1]),
    )
    lines = (
        Line(*key, now.counts[key], now.whole[key], then.counts[key], then.whole[key])
        for key in keys
    )
    return Analysis(window, before, now.texts, now.claims, tuple(lines))


def _counted(window: Window) -> _Counts:
    texts = Summary.objects.filter(created_at__gte=window.start, created_at__lt=window.end)
    rows = list(texts.values_list("pk", "stock__ticker", "writer", "state", "published_at"))
    sent_back = set(texts.filter(rewrite__isnull=False).values_list("pk", flat=True))
    claims = Claim.objects.filter(summary__in=texts)
    written = {
        event.subject_id: event.detail
        for event in AuditEvent.objects.filter(
            action="write", subject_type="summary", subject_id__in=[str(row[0]) for row in rows]
        )
    }
    verdicts: dict[int, Counter[str]] = {}
    for pk, verdict in claims.values_list("summary", "verdict"):
        verdicts.setdefault(pk, Counter())[verdict] += 1
    counts: Counter[tuple[str, str]] = Counter()
    whole: Counter[tuple[str, str]] = Counter()
    n_claims = sum(one.total() for one in verdicts.values())

    def add(section: str, name: str, count: int, of: int) -> None:
        counts[section, name] += count
        whole[section, name] += of

    for verdict in Verdict:
        add("verdict", verdict.label, sum(v[verdict] for v in verdicts.values()), n_claims)
    for outcome in OUTCOMES:
        add("outcome", outcome, 0, len(rows))
    for pk, ticker, writer, state, published_at in rows:
        mine = verdicts.get(pk, Counter())
        failing = mine.total() - mine[Verdict.SUPPORTED]
        add("stock", ticker, failing, mine.total())
        detail = written.get(str(pk))
        prompts = f", prompts {detail.get('prompts') or NOT_RECORDED}" if detail else ""
        add("writer", f"{writer}{prompts}", failing, mine.total())
        counts["outcome", _outcome(state, published_at is not None, pk in sent_back)] += 1
    codes = Counter(Finding.objects.filter(claim__in=claims).values_list("code", flat=True))
    for code, count in codes.items():
        add("finding", code, count, n_claims)
    for section, name, count, of in _offered(list(written.values())):
        add(section, name, count, of)
    marked = LabelledCase.objects.filter(
        at__gte=window.start, at__lt=window.end, label=LabelledCase.Label.SUPPORTED
    )
    add("review", "false alarms marked", marked.count(), codes.total())
    return _Counts(len(rows), n_claims, counts, whole)


# What became of a text: each has one.
PUBLISHED, HELD, REJECTED = "published", "held", "rejected"
SENT_BACK, REPLACED = "sent back for a rewrite", "replaced before it was decided"
OUTCOMES = (PUBLISHED, HELD, REJECTED, SENT_BACK, REPLACED)


def _outcome(state: str, was_published: bool, was_sent_back: bool) -> str:
    if was_published:
        return PUBLISHED
    if was_sent_back:
        return SENT_BACK
    return {State.HELD: HELD, State.REJECTED: REJECTED}.get(State(state), REPLACED)


def _offered(details: list[dict[str, object]]) -> Iterator[tuple[str, str, int, int]]:
    """Of what models offered, before a text was made of it: what had a citation, what was proven,
    and why the others were refused."""
    sums: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for detail in details:
        for name in ("claims_offered", "claims_cited", "claims_supported"):
            value = detail.get(name)
            sums[name] += value if isinstance(value, int) else 0
        findings = detail.get("findings")
        refused.update(findings if isinstance(findings, dict) else {})
    offered = sums["claims_offered"]
    if offered:
        yield "offered", "cited exactly", sums["claims_cited"], offered
        yield "offered", "proven", sums["claims_supported"], offered
    for code, count in refused.items():
        yield "refused", code, count, offered
