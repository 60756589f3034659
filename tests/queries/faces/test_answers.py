"""Every kind of answer as it is read."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from llm import shared
from queries.actions import delete, share
from queries.actions.asking import waiting_key
from queries.models import Query, Read
from queries.values import Chart, Citation, Claim, Kind, Point, Series
from summaries.pages.moments import moment
from summaries.verification.verdicts import Verdict
from tests.faces.selecting import select, words
from tests.factories import make_note, make_plan, make_stock, make_user
from tests.queries.faces.rows import an_answer, answered, page_of, part_of, refused
from tests.queries.talks.people import make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depths")]

FILED = Citation("filing", "10-K, filed 14 Feb 2025", "/facts/5/", "1,234,000,000", "2024")
SAID = Citation(
    "filing", "10-K, Item 1A", "/documents/7/?start=10&end=20#quote", "may <fail>",
    document=None, start=10, end=20,
)  # fmt: skip
QUOTED = Citation("FactSet", "FactSet prices", "", "12.5 USD", "31 Oct 2025")
REPORT = Citation("filing", "8-K", "/documents/9/", "Results")
PROVEN = Claim("Revenue was $1.2bn & rose.", Verdict.SUPPORTED, (FILED, SAID, FILED))
WRONG = Claim("Margins fell.", Verdict.CONTRADICTED, (SAID,), "direction", "They rose to 12%.")
UNKNOWN = Claim("It is loved.", Verdict.NOT_FOUND, (), "No source says it.")
REMARK = Claim("Prices are of the last close.", Verdict.NOT_CHECKABLE)
WHOLE = an_answer(PROVEN, WRONG, UNKNOWN, REMARK, Claim("It cost 12.5.", Verdict.SUPPORTED, (QUOTED,)))  # fmt: skip


def numbers(element: html.HtmlElement) -> list[str]:
    return [words(one).removeprefix("source ") for one in select(element, "a.cite")]


def test_each_sentence_has_its_verdict_and_each_source_one_number(
    advisor: Client, anna: User
) -> None:
    page = page_of(advisor, answered(anna, WHOLE))
    lines = select(page, ".answer-text .said-line")
    assert [one.get("class").rpartition("-")[2] for one in lines] == [
        "supported", "contradicted", "not_found", "not_checkable", "supported",
    ]  # fmt: skip
    assert [numbers(one) for one in lines] == [["1", "2"], ["2"], [], [], ["3"]]
    assert [words(one) for one in select(page, "del")] == ["Margins fell."]
    assert [words(one) for one in select(page, "ins")] == ["They rose to 12%."]
    assert [words(one) for one in select(page, ".answer-text .verdict")] == [
        "contradicted", "not found",
    ]  # fmt: skip
    assert "No source says it." in words(lines[2])
    listed = select(page, ".answer-sources li")
    assert [(one.get("value"), words(select(one, "q")[0])) for one in listed] == [
        ("1", "1,234,000,000"), ("2", "may <fail>"), ("3", "12.5 USD"),
    ]  # fmt: skip


def test_a_source_opens_beside_the_text_where_it_has_a_place(advisor: Client, anna: User) -> None:
    query = answered(
        anna, an_answer(Claim("So.", Verdict.SUPPORTED, (FILED, SAID, QUOTED, REPORT)))
    )
    page = page_of(advisor, query)
    told = [(one.get("href"), one.get("hx-get")) for one in select(page, "a.cite")]
    assert told == [
        ("/facts/5/", "/facts/5/"),
        ("/documents/7/?start=10&end=20#quote", "/documents/7/?start=10&end=20"),
        ("#q1-source-3", None),
        ("/documents/9/", None),
    ]
    assert select(page, "#q1-source-3")
    links = [one.get("href") for one in select(page, ".answer-sources li a")]
    assert links == ["/facts/5/", "/documents/7/?start=10&end=20#quote", "/documents/9/"]


def test_what_is_copied_is_what_holds_with_its_sources(advisor: Client, anna: User) -> None:
    (copied,) = select(page_of(advisor, answered(anna, WHOLE)), "#copied-1")
    assert copied.get("hidden") is not None  # nobody hears it twice
    assert copied.text == (
        "What was revenue?\n\nRevenue was $1.2bn & rose. [1][2]\nIt is loved. (not verified)\n"
        "Prices are of the last close.\nIt cost 12.5. [3]\n\n[1] 10-K, filed 14 Feb 2025, 2024\n"
        "[2] 10-K, Item 1A\n[3] FactSet prices, 31 Oct 2025"
    )


def test_what_the_sources_do_not_say(advisor: Client, anna: User) -> None:
    unsaid = Claim("The sources don’t say.", Verdict.NOT_CHECKABLE)
    answer = an_answer(unsaid, kind=Kind.UNSAID, close=(PROVEN,))
    page = page_of(advisor, answered(anna, answer))
    assert [words(one) for one in select(page, ".answer-kind")] == ["The sources don’t say"]
    assert not select(page, ".answer-text")
    (close,) = select(page, ".answer-close li")
    assert "Revenue was $1.2bn" in words(close)
    assert numbers(close) == ["1", "2"]


def test_advice_is_declined_and_turned_to_questions(advisor: Client, anna: User) -> None:
    day = moment("2025-10-31")
    lead = Claim("That is for you to weigh.", Verdict.NOT_CHECKABLE)
    answer = an_answer(lead, kind=Kind.DECLINED, suggestions=("What was <net> income?", "Debt?"))
    page = page_of(advisor, answered(anna, answer, as_of=day))
    assert words(select(page, ".answer-text")[0]) == "That is for you to weigh."
    assert not select(page, ".answer-text .verdict")
    forms = select(page, ".answer-next form")
    assert [words(one) for one in forms] == ["What was <net> income?", "Debt?"]
    fields = {one.get("name"): one.get("value") for one in select(forms[0], "input")}
    fields["question"] = "What was <net> income?"
    make_stock()
    for _ in range(2):  # pressed twice
        assert advisor.post("/ask/", fields).status_code == 302
    asked = Query.objects.get(number=2)
    assert (asked.question, asked.stocks, asked.as_of) == ("What was <net> income?", ["ACME"], day)
    assert Query.objects.count() == 2


@pytest.mark.parametrize(
    ("code", "again"),
    [("over_budget", True), ("failed", True), ("stopped", True), ("too_long", False)],
)
def test_what_was_refused_says_why(advisor: Client, anna: User, code: str, again: bool) -> None:
    query = refused(anna, code)
    page = page_of(advisor, query)
    (notice,) = select(page, ".notice")
    assert "It was not taken." in words(notice)
    buttons = select(notice, "button")
    assert [words(one) for one in buttons] == (["Ask it again"] if again else [])
    assert not select(page, ".feedback")
    response = advisor.post(f"/ask/answers/{query.pk}/again/")
    assert response["Location"] == f"/ask/{query.conversation_id}/#q1"
    query.refresh_from_db()
    assert query.is_open is again
    assert shared.client().llen(waiting_key()) == int(again)


def test_a_stopped_answer_keeps_what_was_told(advisor: Client, anna: User) -> None:
    query = answered(anna, an_answer(PROVEN), state="stopped", code="stopped", message="Stopped.")
    page = page_of(advisor, query)
    assert "Stopped." in words(select(page, ".notice")[0])
    assert numbers(page) == ["1", "2"]


def test_an_answer_of_another_version_is_no_empty_place(advisor: Client, anna: User) -> None:
    page = page_of(advisor, answered(anna, WHOLE, answer={"version": 0}))
    assert "earlier version" in words(select(page, ".answer .notice")[0])


def test_a_chart_has_its_table_with_sources(advisor: Client, anna: User) -> None:
    points = (Point("FY2023", Decimal("-5"), FILED), Point("FY2024", Decimal("10.25")))
    none = (Point("FY2023", None), Point("FY2024", Decimal("1"), QUOTED))
    chart = Chart("Margin", "%", (Series("ACME", points), Series("OTHER", none)))
    page = page_of(advisor, answered(anna, an_answer(PROVEN, charts=(chart,))))
    (drawn,) = select(page, ".answer-chart svg")
    assert drawn.get("aria-label") == "ACME: FY2023 −5.0%; FY2024 10.3%"
    assert len(select(drawn, "rect")) == 2
    rows = [[words(cell) for cell in row] for row in select(page, ".answer-chart table tr")]
    assert rows == [["", "ACME", "OTHER"], ["FY2023", "−5.0%", "–"], ["FY2024", "10.3%", "1.0%"]]
    links = [(words(one), one.get("hx-get")) for one in select(page, ".answer-chart td a")]
    assert links == [("−5.0%", "/facts/5/")]


def test_what_it_cost_is_for_who_may_see_the_ledger(advisor: Client, anna: User) -> None:
    query = answered(anna, an_answer(PROVEN), is_cached=True)
    told = words(select(page_of(advisor, query), ".answer-foot")[0])
    assert "Quick · 40 ms · asked before" in told
    assert "USD ·" not in told
    assert "0.0033" not in told
    anna.groups.add(*make_user("otto", "ops").groups.all())
    assert "0.0033 USD" in words(select(page_of(advisor, query), ".answer-foot")[0])


def test_of_others_there_is_nothing_until_shared_and_then_to_read(
    advisor: Client, anna: User, ben: User
) -> None:
    query = answered(ben, an_answer(PROVEN, suggestions=("Debt?",)))
    talk, paths = query.conversation_id, ("", "stop/", "again/", "feedback/")
    assert advisor.get(f"/ask/{talk}/").status_code == 404
    assert [advisor.post(f"/ask/answers/{query.pk}/{path}").status_code for path in paths[1:]] == [404] * 3  # fmt: skip
    assert advisor.get(f"/ask/answers/{query.pk}/").status_code == 404
    assert advisor.get(f"/ask/{uuid4()}/").status_code == 404

    share(conversation=talk, team=make_team(anna, ben).pk, by=ben)
    page = page_of(advisor, query)
    assert numbers(page) == ["1", "2"]
    actions = {one.get("action") for one in select(page, "main form")}
    assert actions == {f"/ask/answers/{query.pk}/feedback/"}
    assert advisor.post(f"/ask/{talk}/delete/").status_code == 404
    assert advisor.post(f"/ask/answers/{query.pk}/stop/").status_code == 404

    delete(conversation=talk, by=ben)
    assert advisor.get(f"/ask/{talk}/").status_code == 404


def test_deleted_by_its_owner_it_is_gone(advisor: Client, anna: User) -> None:
    query = answered(anna, an_answer(PROVEN))
    assert advisor.post(f"/ask/{query.conversation_id}/delete/")["Location"] == "/ask/"
    assert advisor.get(f"/ask/{query.conversation_id}/").status_code == 404
    assert advisor.get(f"/ask/answers/{query.pk}/").status_code == 404


def test_who_lost_the_licence_reads_nothing_of_it(advisor: Client, anna: User) -> None:
    plan = make_plan(anna)
    note = make_note(make_stock(), plan)
    cited = Citation(
        "research", "Example Securities", f"/documents/{note.document_id}/?start=0&end=7#quote",
        "Margins", document=note.document_id, start=0, end=7,
    )  # fmt: skip
    query = answered(anna, an_answer(Claim("Margins held.", Verdict.SUPPORTED, (cited,))))
    assert "Margins held." in words(page_of(advisor, query))
    plan.members.remove(anna)
    page = page_of(advisor, query)
    assert "Margins held" not in words(page)
    assert "no licence" in words(select(page, ".none")[0])
    assert advisor.get(f"/ask/answers/{query.pk}/").status_code == 404
    assert advisor.post(f"/ask/answers/{query.pk}/feedback/", {"accurate": "yes"}).status_code == 404  # fmt: skip
    assert Read.objects.count() == 1


def test_reads_are_noted(advisor: Client, anna: User) -> None:
    query = answered(anna, an_answer(PROVEN))
    refused(anna, "too_long")
    page_of(advisor, query)
    part_of(advisor, f"/ask/answers/{query.pk}/")
    advisor.get(f"/ask/answers/{query.pk}/")  # a redirect shows nothing
    assert [(one.user, one.query, one.way) for one in Read.objects.all()] == [
        (anna, query.pk, "page")
    ] * 2


def test_an_answer_is_a_part_for_htmx_and_a_place_for_others(advisor: Client, anna: User) -> None:
    query = answered(anna, an_answer(PROVEN))
    part = part_of(advisor, f"/ask/answers/{query.pk}/")
    assert (part.tag, part.get("id"), part.get("data-stream")) == ("section", "q1", None)
    response = advisor.get(f"/ask/answers/{query.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/ask/{query.conversation_id}/#q1")  # fmt: skip


def test_open_it_says_where_it_streams_and_can_be_stopped(advisor: Client, anna: User) -> None:
    advisor.post("/ask/", {"question": "What was revenue?"})
    query = Query.objects.get()
    response = advisor.get(f"/ask/{query.conversation_id}/")
    again = b'<noscript><meta http-equiv="refresh" content="3; url=?look=%d#q1"></noscript>'
    assert again % 1 in response.content
    assert again % 8 in advisor.get(f"/ask/{query.conversation_id}/?look=7").content
    (section,) = select(html.fromstring(response.content.decode()), ".answer")
    assert section.get("data-stream") == f"/stream/queries/{query.pk}/"
    assert section.get("data-part") == f"/ask/answers/{query.pk}/"
    stopped = part_of(advisor, f"/ask/answers/{query.pk}/stop/", x="")
    assert stopped.get("data-stream") is None
    assert "It was stopped." in words(stopped)
    query.refresh_from_db()
    assert (query.state, query.code) == ("stopped", "stopped")


def test_one_that_is_being_stopped_says_so(advisor: Client, anna: User) -> None:
    advisor.post("/ask/", {"question": "What was revenue?"})
    Query.objects.update(stop_asked_at=moment("2025-10-31"))
    page = page_of(advisor, Query.objects.get())
    assert [words(one) for one in select(page, ".steps li")] == ["Stopping"]
    assert not [one for one in select(page, "form") if "stop" in one.get("action")]


def test_a_long_conversation_takes_no_more_statements(advisor: Client, anna: User) -> None:
    first = answered(anna, WHOLE)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            page_of(advisor, first)
        return len(taken)

    one = statements()
    for _ in range(2):
        answered(anna, WHOLE, talk=first.conversation)
    assert statements() == one
