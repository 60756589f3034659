"""A site, and what licensed research puts into it: everything that could show a trace of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from summaries.actions import mark_false_alarm
from summaries.actions.publication import supersede_published
from summaries.actions.states import move
from summaries.models import (
    Approval,
    BatchItem,
    Citation,
    Claim,
    Document,
    Finding,
    IngestItem,
    Plan,
    ResearchNote,
    Rewrite,
    SectorSnapshot,
    SourceItem,
    Stock,
    Summary,
)
from tests.factories import (
    cite,
    filing_html,
    make_claim,
    make_estimate,
    make_filing_document,
    make_fundamental,
    make_ingest,
    make_note,
    make_plan,
    make_price,
    make_published_summary,
    make_run,
    make_source_item,
    make_stock,
    make_summary,
    make_text_document,
    make_user,
    printed_value,
)

KNOWN = datetime(2025, 6, 1, tzinfo=UTC)

# Words, figures and names that stand nowhere but in licensed research.
CANARIES = {
    "text": "quokkaword",
    "title": "Quillback outlook",
    "figure": "98765.43",
    "claim": "Numbatclaim",
    "held claim": "Dugongclaim",
    "review": "Bilbyreview",
    "finding": "Wombatreason",
    "analyst": "Potoroo Bandicoot",
    "publisher": "Kowari Securities",
    "note id": "bilby-778899",
    "synopsis": "Bettongsynopsis",
    "disclosure": "Pademelondisclosure",
    "problem": "Antechinusproblem",
    "message": "Thylacinemessage",
    "ingest message": "Dunnartmessage",
    "error": "Mulgaraerror",
}


@dataclass(frozen=True)
class Site:
    """What everybody may know of."""

    stock: Stock
    other: Stock
    plan: Plan
    snapshot: SectorSnapshot
    rows: dict[str, list[Any]]


@dataclass(frozen=True)
class Licensed:
    """What only the plan's members may."""

    notes: list[ResearchNote]
    document: Document
    summaries: list[Summary]


def build_site() -> Site:
    """Two stocks: one with a published text, one without any."""
    stock, other = make_stock("ACME"), make_stock("OTHER")
    published = make_published_summary(stock, version=1)
    held = make_published_summary(other, version=1, state="held")
    finding = Finding.objects.create(
        claim=held.claims.all()[0], code="value", reason="No source says it.", start=0, end=3
    )
    reviewer = make_user("rita")
    mark_false_alarm(finding=finding, reason="One does.", by=reviewer)
    Approval.objects.create(summary=held, by=reviewer)
    filing = stock.filings.get()
    fact = filing.facts.get()
    table = (
        "<p>Item 8. Financial Statements</p><table>"
        "<tr><td></td><td>2024</td><td>2023</td></tr>"
        f"<tr><td>Revenue</td><td>{printed_value(fact.concept, '1,234')}</td><td>1,000</td></tr>"
        "<tr><td>Cost</td><td>200</td><td>190</td></tr></table>"
    )
    make_filing_document(filing, filing_html(table))
    run = make_run("failed")
    BatchItem.objects.create(run=run, stock=stock, state="held")
    make_price(stock, KNOWN.date(), "101.5", known_at=KNOWN)
    make_estimate(stock, "7.1", known_at=KNOWN)
    make_fundamental(stock, "1234", known_at=KNOWN)
    make_source_item("edgar", "list", stock=stock, kind="list")
    make_source_item("bluematrix", "folder", kind="feed")
    edgar, feed = make_ingest("edgar", stock), make_ingest("bluematrix", None)
    snapshot = SectorSnapshot.objects.create(
        sector="Energy", document=make_text_document("Sector."), rows=[]
    )
    plan = make_plan()
    rows: dict[str, list[Any]] = {
        "summary": [published, held], "claim": list(Claim.objects.all()),
        "citation": list(Citation.objects.all()), "document": list(Document.objects.all()),
        "fact": [fact], "filing": [filing], "stock": [stock, other], "batchrun": [run],
        "batchitem": list(run.items.all()), "plan": [plan], "ingestrun": [edgar, feed],
    }  # fmt: skip
    return Site(stock, other, plan, snapshot, rows)


def add_research(site: Site) -> Licensed:
    """Notes, a published and a held text that cite one, and all that ingest and batch say of it."""
    text = (
        "Quillback outlook\nThe quokkaword stands at 98765.43 for the year.\n"
        "Margins held better than we had written.\n"
    )
    told: dict[str, Any] = {
        "title": CANARIES["title"], "publisher": CANARIES["publisher"],
        "synopsis": CANARIES["synopsis"], "disclosures": CANARIES["disclosure"],
        "problems": [CANARIES["problem"]], "target_price": Decimal("98765.43"),
        "analysts": [{"name": CANARIES["analyst"], "title": "Analyst", "is_primary": True}],
    }  # fmt: skip
    note = make_note(site.stock, site.plan, text=text, source_id=CANARIES["note id"], **told)
    old = make_note(
        site.stock, site.plan, text=f"Before.\n{text}", source_id=CANARIES["note id"], version="0",
        is_current=False, **told,
    )  # fmt: skip
    elsewhere = make_note(site.other, site.plan, text=f"Also.\n{text}", source_id="bilby-2", **told)
    assert note.document
    summaries = [_published(site.stock, note.document), _published(site.other, note.document)]
    held = make_summary(site.stock, version=9, state="held", state_reason="Dugongclaim is wrong.")
    claim = make_claim(held, "Dugongclaim of 98765.43.", verdict="contradicted")
    cite(claim, note.document, "98765.43", "98765.43")
    finding = Finding.objects.create(
        claim=claim, code="value", reason=CANARIES["finding"], start=0, end=3
    )
    reviewer = User.objects.get(username="rita")
    mark_false_alarm(finding=finding, reason=CANARIES["review"], by=reviewer)
    Approval.objects.create(summary=held, by=reviewer, reason=CANARIES["review"])
    # A free text that came of one under the licence.
    before = make_summary(site.other, version=0, state="rejected")
    cite(make_claim(before, "Dugongclaim of 98765.43."), note.document, "98765.43", "98765.43")
    Rewrite.objects.create(summary=before, by=reviewer, reason=CANARIES["review"])
    run = site.rows["batchrun"][0]
    BatchItem.objects.filter(run=run, stock=site.stock).update(
        summary=held, message=CANARIES["message"]
    )
    SourceItem.objects.create(
        source="bluematrix", key=f"folder:{CANARIES['note id']}", kind="note", state="stored",
        about={"note": note.pk}, error=CANARIES["error"], checked_at=KNOWN,
    )  # fmt: skip
    SourceItem.objects.create(
        source="bluematrix", key="folder:bilby-broken", kind="note", state="failed",
        error=CANARIES["error"],
    )  # fmt: skip
    feed = site.rows["ingestrun"][1]
    IngestItem.objects.filter(run=feed).update(
        stored=3, failed=1, message=CANARIES["ingest message"]
    )
    return Licensed([note, old, elsewhere], note.document, [*summaries, held, before])


def _published(stock: Stock, document: Document) -> Summary:
    """Written from research, it takes the place of what was published."""
    summary = make_summary(stock, version=5, state="draft")
    for tier in ("hook", "medium", "expanded"):
        claim = make_claim(
            summary, f"Numbatclaim: it stands at 98765.43, says the {tier}.", tier=tier
        )
        cite(claim, document, "98765.43", "98765.43")
    supersede_published(summary=summary)
    move(summary=summary, to="published")
    return summary


def people(*, plan: Plan | None = None) -> dict[str, User | None]:
    """One of each kind; with a ``plan``, each holds it."""
    suffix = "-licensed" if plan else ""
    made: dict[str, User | None] = {
        "nobody": None,
        "groupless": make_user(f"gina{suffix}"),
        "api": make_user(f"machine{suffix}", "api"),
        "advisor": make_user(f"anna{suffix}", "advisor"),
        "ops": make_user(f"otto{suffix}", "ops", is_staff=True),
        "superuser": make_user(f"root{suffix}", is_staff=True, is_superuser=True),
    }
    if plan:
        plan.members.add(*(user for user in made.values() if user))
    return made
