"""The review queue: what a reviewer reads of a held text, and what he decides of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from summaries.actions import fingerprint
from summaries.models import (
    Approval,
    AuditEvent,
    BatchRun,
    Finding,
    LabelledCase,
    Rewrite,
    Stock,
    Summary,
)
from summaries.pages.highlights import Stretch, stretches
from tests.costs.budgets_threads import at_once
from tests.factories import (
    cite,
    make_claim,
    make_note,
    make_plan,
    make_published_summary,
    make_stock,
    make_user,
)

pytestmark = pytest.mark.django_db
QUEUE = "/admin/summaries/review/"


def make_held(ticker: str = "ACME", *, version: int = 2, **fields: Any) -> Summary:
    """Held for its length alone: every sentence of it is proven."""
    stock = Stock.objects.filter(ticker=ticker).first() or make_stock(ticker)
    held = make_published_summary(stock, version=version, state="held")
    proven, hook = held.claims.get(tier="medium"), held.claims.get(tier="hook")
    held.claims.filter(tier="hook").update(text=proven.text)
    start = proven.text.index("$1.2bn")
    hook.citations.update(claim_start=start, claim_end=start + len("$1.2bn"))
    Summary.objects.filter(pk=held.pk).update(
        **{"state_reason": "The medium text has 8 words.", **fields}
    )
    return Summary.objects.get(pk=held.pk)


def make_wrong(ticker: str = "ACME") -> Summary:
    """One sentence of it is contradicted, at its figure."""
    held = make_held(ticker)
    text = f"Revenue of {held.stock.name} was $9.2bn in 2024."
    held.claims.filter(tier="medium").update(text=text, verdict="contradicted")
    start = text.index("$9.2bn")
    Finding.objects.create(
        claim=held.claims.get(tier="medium"), code="value", start=start, end=start + 6,
        reason="revenue for fiscal 2024 was $1.23bn, the text says $9.2bn",
    )  # fmt: skip
    return held


def path_of(summary: Summary) -> str:
    return f"{QUEUE}{summary.pk}/"


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def decide(client: Client, summary: Summary, decision: str, **given: Any) -> HttpResponse:
    """As a form of the page does; ``seen`` is what the page shows now, unless it is given."""
    told = {"seen": fingerprint(Summary.objects.get(pk=summary.pk)), "reason": "", **given}
    return cast(
        "HttpResponse", client.post(f"{path_of(summary)}decide/", {"decision": decision, **told})
    )


def said(response: HttpResponse) -> str:
    request: Any = response.wsgi_request  # type: ignore[attr-defined]
    return " ".join(str(one) for one in get_messages(request))


def state(summary: Summary) -> str:
    return Summary.objects.values_list("state", flat=True).get(pk=summary.pk)


def trail(summary: Summary) -> list[tuple[str, str]]:
    events = AuditEvent.objects.filter(subject_type="summary", subject_id=str(summary.pk))
    return list(events.order_by("pk").values_list("action", "actor__username"))


@pytest.fixture
def second(db: None) -> Client:
    client = Client()
    client.force_login(make_user("sara", "ops", is_staff=True))
    return client


@pytest.fixture
def two_people(settings: Settings) -> None:
    settings.REVIEW_TWO_PEOPLE = True


# Reading


def test_queue_shows_what_a_reviewer_chooses_by(operator: Client) -> None:
    make_wrong("WRONG")
    risky = make_held("RISKY", risk="0.900")
    Approval.objects.create(summary=risky, by=make_user("sara"))
    make_published_summary(make_stock("FINE"))
    page = read(operator, QUEUE)
    assert re.findall(r"(\w+) <span class=\"review-version\">v2", page) == ["WRONG", "RISKY"]
    assert "2 texts wait." in page
    assert "FINE" not in page
    assert 'data-label="Findings">1<' in page
    assert 'data-label="Risk">0.900<' in page
    assert 'data-label="Age">today<' in page
    assert "Approval, by sara" in page
    page = read(operator, f"{QUEUE}?order=riskiest")
    assert re.findall(r"(\w+) <span class=\"review-version\">v2", page) == ["RISKY", "WRONG"]


def test_queue_has_pages_and_its_queries_do_not_grow(operator: Client) -> None:
    make_held("S0")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            read(operator, QUEUE)
        return len(caught)

    queries()
    one = queries()
    for number in range(1, 27):
        Approval.objects.create(
            summary=make_held(f"S{number}"), by=User.objects.get(username="otto")
        )
    assert queries() == one
    assert "Page 1 of 2" in read(operator, QUEUE)
    assert read(operator, f"{QUEUE}?page=2").count('class="review-version"') == 2


def test_empty_queue_says_so(operator: Client) -> None:
    assert "Nothing waits for review" in read(operator, QUEUE)


def test_a_text_is_marked_where_findings_point_and_has_its_evidence_beside_it(
    operator: Client,
) -> None:
    held = make_wrong()
    page = read(operator, path_of(held))
    assert (
        '<mark class="review-mark review-contradicted">$9.2bn<span class="review-word"> '
        'contradicted <a href="#finding-1" aria-label="finding 1">1</a></span></mark> in 2024.'
    ) in page
    assert 'id="finding-1"' in page
    assert "revenue for fiscal 2024 was $1.23bn" in page
    for tier in ("Hook", "Medium", "Expanded"):
        assert re.search(rf"<h3[^>]*>{tier} <small", page)
    citation = held.claims.get(tier="hook").citations.get()
    link = f"/documents/{citation.document_id}/?start={citation.start}&amp;end={citation.end}#quote"
    assert f'href="{link}"' in page
    assert citation.quote in page
    assert read(operator, link.replace("&amp;", "&").partition("#")[0]).count('id="quote"') == 1
    assert "<style" not in page.partition('<div class="review">')[2]
    assert " style=" not in page.partition('<div class="review">')[2]


def test_a_failing_sentence_without_a_finding_is_marked_whole(operator: Client) -> None:
    held = make_held()
    make_claim(held, "It looks strong.", tier="hook", position=1, verdict="not_checkable")
    page = read(operator, path_of(held))
    assert (
        '<mark class="review-mark review-not_checkable">It looks strong.'
        '<span class="review-word"> not checkable</span></mark>'
    ) in page
    assert "It cites nothing." in page


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [Stretch("abcdef")]),
        ([(1, 3)], [Stretch("a"), Stretch("bc", (0,), (0,)), Stretch("def")]),
        (
            [(1, 4), (2, 6)],
            [
                Stretch("a"), Stretch("b", (0,)), Stretch("cd", (0, 1), (0,)),
                Stretch("ef", (1,), (1,)),
            ],
        ),
        ([(2, 2)], [Stretch("abcdef", (0,), (0,))]),
        ([(4, 99)], [Stretch("abcd"), Stretch("ef", (0,), (0,))]),
        ([(50, 60)], [Stretch("abcdef", (0,), (0,))]),
    ],
)  # fmt: skip
def test_stretches_of_a_sentence(spans: list[tuple[int, int]], expected: list[Stretch]) -> None:
    assert stretches("abcdef", spans) == expected


def test_what_people_and_texts_say_is_never_markup(operator: Client) -> None:
    held = make_held()
    claim = make_claim(held, "<b>Bold</b> & wrong.", position=1, verdict="not_found")
    Finding.objects.create(claim=claim, code="unread", reason="<i>not read</i>", start=0, end=3)
    page = read(operator, path_of(held))
    assert "<b>Bold" not in page
    assert "<i>not" not in page


def test_a_text_that_is_decided_has_no_forms(operator: Client) -> None:
    held = make_held()
    decide(operator, held, "reject", reason="Too short.")
    page = read(operator, path_of(held))
    assert "There is nothing to decide: the text is rejected." in page
    assert 'value="approve"' not in page
    assert "<b>reject</b> by otto: Too short." in page


def test_the_dashboard_leads_here(operator: Client) -> None:
    held = make_held()
    page = read(operator, "/admin/")
    assert f'href="{QUEUE}"' in page
    assert f'href="{path_of(held)}"' in page


# Deciding


def test_approval_publishes_and_is_on_record(operator: Client) -> None:
    held = make_held()
    response = decide(operator, held, "approve", reason="Short but right.")
    assert (response.status_code, response["Location"]) == (302, QUEUE)
    assert said(response) == "ACME v2 is published."
    assert state(held) == "published"
    assert trail(held) == [("approve", "otto"), ("publish", "otto")]


def test_what_the_sources_contradict_is_not_published(operator: Client) -> None:
    held = make_wrong()
    assert "Nobody can publish it" in read(operator, path_of(held))
    response = decide(operator, held, "approve")
    assert said(response).startswith("Not published. 1 claim is not supported")
    assert (state(held), trail(held), Approval.objects.count()) == ("held", [], 0)


@pytest.mark.parametrize("decision", ["reject", "rewrite", "false_alarm"])
@pytest.mark.parametrize(
    ("reason", "told"), [(" \n ", "say why"), ("x" * 301, "the reason has 301 characters")]
)
def test_a_decision_against_a_text_says_why(
    operator: Client, decision: str, reason: str, told: str
) -> None:
    held = make_wrong()
    response = decide(operator, held, decision, reason=reason, finding=Finding.objects.get().pk)
    assert told in said(response)
    assert (state(held), AuditEvent.objects.count()) == ("held", 0)


def test_rejection_is_on_record(operator: Client) -> None:
    held = make_wrong()
    decide(operator, held, "reject", reason="Wrong.")
    held.refresh_from_db()
    assert (held.state, held.state_reason) == ("rejected", "Wrong.")
    assert trail(held) == [("reject", "otto")]
    assert not BatchRun.objects.exists()


def test_a_rewrite_is_marked_and_started(operator: Client) -> None:
    held = make_wrong()
    response = decide(operator, held, "rewrite", reason="The revenue is wrong.")
    assert "The workers write it anew" in said(response)
    assert (state(held), Rewrite.objects.get().reason) == ("rejected", "The revenue is wrong.")
    assert trail(held) == [("ask for a rewrite", "otto")]
    run = BatchRun.objects.get()
    assert (run.trigger, run.requested_by.username) == ("api", "otto")  # type: ignore[union-attr]
    assert [item.stock for item in run.items.all()] == [held.stock]


def test_who_may_start_no_batch_leaves_the_rewrite_to_the_next(client: Client) -> None:
    client.force_login(_reviewer())
    held = make_wrong()
    assert "the next batch writes it anew" in said(decide(client, held, "rewrite", reason="No."))
    assert Rewrite.objects.exists()
    assert not BatchRun.objects.exists()


def test_rewrites_end_with_a_clear_message(operator: Client, settings: Settings) -> None:
    settings.REWRITES_AT_MOST = 1
    first = make_wrong()
    decide(operator, first, "rewrite", reason="No.")
    again = make_published_summary(first.stock, version=3, state="held")
    make_claim(again, "It fails.", position=1, verdict="not_found")
    page = read(operator, path_of(again))
    assert "It was sent back 1 time, as often as may be." in page
    assert "Written anew because otto sent version 2 back: “No.”" in page
    assert "Rewrite, by otto" in read(operator, QUEUE)
    response = decide(operator, again, "rewrite", reason="Still no.")
    assert "FA_REWRITES_AT_MOST allows 1 rewrite from the same facts" in said(response)
    assert (state(again), Rewrite.objects.count()) == ("held", 1)


def test_a_false_alarm_becomes_a_case_and_publishes_nothing(operator: Client) -> None:
    held = make_wrong()
    finding = Finding.objects.get()
    response = decide(operator, held, "false_alarm", finding=finding.pk, reason="It is right.")
    assert response["Location"] == path_of(held)
    case = LabelledCase.objects.get()
    citation = finding.claim.citations.get()
    assert (case.claim, case.verdict, case.label) == (
        finding.claim.text, "contradicted", "supported",
    )  # fmt: skip
    assert (case.code, case.finding, case.reason) == ("value", finding.reason, "It is right.")
    assert (case.ticker, case.tier, case.by.username) == ("ACME", "medium", "otto")
    assert [(one["document"], one["quote"]) for one in case.evidence] == [
        (citation.document_id, citation.quote)
    ]
    assert (state(held), trail(held)) == ("held", [("mark a false alarm", "otto")])
    page = read(operator, path_of(held))
    assert "A false alarm, says otto: It is right." in page
    assert "Nobody can publish it" in page
    decide(operator, held, "approve")
    assert state(held) == "held"
    response = decide(operator, held, "false_alarm", finding=finding.pk, reason="Again.")
    assert "otto has marked this finding" in said(response)
    assert LabelledCase.objects.count() == 1
    held.delete()
    case.refresh_from_db()
    assert (case.summary, case.claim_row, case.finding_row) == (None, None, None)
    assert "no longer stored" in read(operator, f"/admin/summaries/labelledcase/{case.pk}/change/")


def test_a_finding_of_another_text_is_not_found(operator: Client) -> None:
    make_wrong("OTHER")
    response = decide(
        operator, make_held(), "false_alarm", finding=Finding.objects.get().pk, reason="No."
    )
    assert response.status_code == 404
    for nonsense in ("", "x", "9" * 30, "-1"):
        assert decide(operator, make_held("A" + str(len(nonsense))), "false_alarm",
                      finding=nonsense, reason="No.").status_code == 404  # fmt: skip


@pytest.mark.parametrize("decision", ["approve", "reject", "rewrite", "false_alarm"])
@pytest.mark.parametrize("how", ["decided", "rewritten", "no mark"])
def test_a_stale_page_changes_nothing(operator: Client, decision: str, how: str) -> None:
    held = make_wrong()
    seen = fingerprint(held)
    finding = Finding.objects.get().pk
    if how == "decided":
        Summary.objects.filter(pk=held.pk).update(state="superseded")
    elif how == "rewritten":
        held.claims.filter(tier="hook").update(text="Another text.")
    else:
        seen = ""
    before = state(held)
    response = decide(operator, held, decision, seen=seen, reason="No.", finding=finding)
    assert "ACME v2 has changed since you opened it" in said(response)
    assert response["Location"] == path_of(held)
    assert (state(held), AuditEvent.objects.count()) == (before, 0)
    assert not Approval.objects.exists()
    assert not LabelledCase.objects.exists()


def test_a_form_that_asks_for_nothing_known_does_nothing(operator: Client) -> None:
    held = make_held()
    assert "didn’t say what to do" in said(decide(operator, held, "publish"))
    assert state(held) == "held"


# Two people


@pytest.mark.usefixtures("two_people")
def test_two_different_people_publish_a_text(operator: Client, second: Client) -> None:
    held = make_held()
    assert "Each takes the approval of 2 people." in read(operator, QUEUE)
    response = decide(operator, held, "approve", reason="Right.")
    assert "It goes out when a second person approves it" in said(response)
    assert (state(held), trail(held)) == ("held", [("approve", "otto")])
    assert "You have approved it. Somebody else must approve it now." in read(
        operator, path_of(held)
    )
    page = read(second, path_of(held))
    assert re.search(r"otto approved it on [^<]*: Right\.", page)
    assert "1 more is needed: anybody who may review, but for otto." in page
    assert 'value="approve"' in page

    assert "You have approved ACME v2 already" in said(decide(operator, held, "approve"))
    assert (state(held), Approval.objects.count()) == ("held", 1)

    assert said(decide(second, held, "approve")) == "ACME v2 is published."
    assert state(held) == "published"
    assert trail(held) == [("approve", "otto"), ("approve", "sara"), ("publish", "sara")]


@pytest.mark.usefixtures("two_people")
def test_approvals_of_a_text_that_went_another_way_are_void(
    operator: Client, second: Client
) -> None:
    held = make_held()
    decide(operator, held, "approve")
    decide(second, held, "reject", reason="No.")
    assert "Approved by otto; void since the text is rejected." in read(operator, path_of(held))
    assert "is rejected; from there" in said(decide(second, held, "approve"))
    newer = make_held(version=3)
    decide(second, newer, "approve")
    assert state(newer) == "held"


def test_one_approval_is_enough_when_the_rule_is_switched_off(
    operator: Client, settings: Settings
) -> None:
    settings.REVIEW_TWO_PEOPLE = True
    held = make_held()
    decide(operator, held, "approve")
    assert state(held) == "held"
    settings.REVIEW_TWO_PEOPLE = False
    decide(operator, held, "approve")
    assert state(held) == "published"


# At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("both", [True, False])
def test_two_reviewers_who_approve_at_once(settings: Settings, both: bool) -> None:
    """With the rule both approvals count; without it one publishes, and the other is told."""
    settings.REVIEW_TWO_PEOPLE = both
    held = make_held()
    seen = fingerprint(held)
    clients = [_signed_in(make_user(name, "ops", is_staff=True)) for name in ("otto", "sara")]
    replies = at_once(2, lambda which: said(decide(clients[which], held, "approve", seen=seen)))
    assert state(held) == "published"
    assert "ACME v2 is published." in replies
    actions = [action for action, _ in trail(held)]
    if both:
        assert any("when a second person approves" in one for one in replies)
        assert actions == ["approve", "approve", "publish"]
    else:
        assert any("has changed since you opened it" in one for one in replies)
        assert actions == ["approve", "publish"]


@pytest.mark.django_db(transaction=True)
def test_one_person_who_clicks_twice_is_one_person(settings: Settings) -> None:
    settings.REVIEW_TWO_PEOPLE = True
    held = make_held()
    seen = fingerprint(held)
    otto = make_user("otto", "ops", is_staff=True)
    clients = [_signed_in(otto) for _ in range(4)]
    at_once(4, lambda which: decide(clients[which], held, "approve", seen=seen))
    assert (state(held), trail(held)) == ("held", [("approve", "otto")])


@pytest.mark.django_db(transaction=True)
def test_of_approval_and_rejection_at_once_one_is_done() -> None:
    held = make_held()
    seen = fingerprint(held)
    clients = [_signed_in(make_user(name, "ops", is_staff=True)) for name in ("otto", "sara")]
    asked = ("approve", "reject")
    replies = at_once(
        2, lambda which: said(decide(clients[which], held, asked[which], seen=seen, reason="So."))
    )
    assert len([one for one in replies if "has changed since" in one]) == 1
    assert state(held) in {"published", "rejected"}
    assert len(trail(held)) == (2 if state(held) == "published" else 1)


@pytest.mark.django_db(transaction=True)
def test_a_finding_is_marked_once_by_those_who_mark_it_at_once() -> None:
    held = make_wrong()
    finding = Finding.objects.get().pk
    seen = fingerprint(held)
    names = [f"user{number}" for number in range(4)]
    clients = [_signed_in(make_user(name, "ops", is_staff=True)) for name in names]
    at_once(
        4,
        lambda which: decide(
            clients[which], held, "false_alarm", seen=seen, finding=finding, reason="So."
        ),
    )
    assert LabelledCase.objects.count() == 1
    assert len(trail(held)) == 1


# Who may


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _granted(name: str, *codenames: str) -> User:
    user = make_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


READ = ("view_summary", "view_claim", "view_citation", "view_finding")


def _reviewer() -> User:
    return _granted("rita", *READ, "review_summaries")


def _root() -> User:
    return make_user("root", is_staff=True, is_superuser=True)


@pytest.mark.parametrize(
    ("who", "reads", "decides"),
    [
        (lambda: make_user("ada", "advisor"), 302, 302),
        (lambda: make_user("otto", "ops"), 302, 302),  # not staff: no admin at all
        (lambda: make_user("ada", "advisor", is_staff=True), 403, 403),
        (lambda: _granted("vera", *READ), 200, 403),
        (lambda: _granted("nora", "review_summaries"), 403, 403),
        (_reviewer, 200, 302),
        (_root, 200, 302),
    ],
)
def test_who_may_read_and_who_may_decide(who: Callable[[], User], reads: int, decides: int) -> None:
    held = make_held()
    client = _signed_in(who())
    assert client.get(QUEUE).status_code == reads
    assert client.get(path_of(held)).status_code == reads
    assert decide(client, held, "reject", reason="So.").status_code == decides
    done = decides == 302 and reads == 200
    assert state(held) == ("rejected" if done else "held")


def test_who_may_only_read_sees_no_form() -> None:
    client = _signed_in(_granted("vera", *READ))
    page = read(client, path_of(make_wrong()))
    assert "You may read this, but not decide it" in page
    assert (
        "<form"
        not in page.partition('<div class="review">')[2]
        .partition("</main>")[0]
        .split("What was done")[0]
    )


def test_a_decision_is_a_post_with_a_token(operator: Client) -> None:
    held = make_held()
    assert operator.get(f"{path_of(held)}decide/").status_code == 405
    assert operator.post(QUEUE).status_code == 405
    assert operator.post(path_of(held)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="otto"))
    assert decide(strict, held, "reject", reason="So.").status_code == 403
    assert state(held) == "held"


def test_a_text_beyond_the_licences_is_not_there(operator: Client) -> None:
    stock = make_stock()
    note = make_note(stock, make_plan())
    held = make_held()
    assert note.document
    cite(held.claims.get(tier="hook"), note.document, "Margins", "$1.2bn")
    finding = Finding.objects.create(
        claim=held.claims.get(tier="hook"), code="value", reason="No.", start=0, end=3
    )
    assert "Nothing waits for review" in read(operator, QUEUE)
    assert operator.get(path_of(held)).status_code == 404
    for decision in ("approve", "reject", "rewrite", "false_alarm"):
        response = decide(operator, held, decision, reason="So.", finding=finding.pk)
        assert response.status_code == 404
    assert (state(held), AuditEvent.objects.count()) == ("held", 0)

    licensed = _signed_in(make_user("lena", "ops", is_staff=True))
    make_plan(User.objects.get(username="lena"))
    decide(licensed, held, "false_alarm", reason="So.", finding=finding.pk)
    cases = reverse("admin:summaries_labelledcase_changelist")
    assert held.claims.get(tier="hook").text in read(licensed, cases)
    assert held.claims.get(tier="hook").text not in read(operator, cases)
    # Also when the text is gone.
    held.delete()
    assert LabelledCase.objects.readable_by(User.objects.get(username="otto")).count() == 0
    assert LabelledCase.objects.readable_by(User.objects.get(username="lena")).count() == 1


def test_waiting_is_told_in_days(operator: Client) -> None:
    held = make_held()
    Summary.objects.filter(pk=held.pk).update(created_at=timezone.now() - timedelta(days=3))
    assert 'data-label="Age">3 days<' in read(operator, QUEUE)
