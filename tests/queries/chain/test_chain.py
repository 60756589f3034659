"""All six together, as a page and the API have them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.test import Client

from queries.chain import CHAIN, chain
from queries.models import UsagePlan, UserPlan
from queries.values import LONGEST_QUESTION, Event, Step
from summaries.models import AuditEvent
from tests import factories
from tests.llm.test_tracing import collector, spans
from tests.loopback import Loopback
from tests.queries.chain.talk import Teller, asked, finished, refusal, text_of, told

__all__ = ["collector"]
QUESTION = "My client Jane Roe asks: what was ACME's revenue?"


@pytest.fixture
def teller() -> Teller:
    return Teller(lambda question: told("For [PERSON_1]: revenue was $5 million."))


@pytest.mark.django_db(transaction=True)
def test_two_clients_names_share_an_answer_and_neither_sees_the_others(teller: Teller) -> None:
    factories.make_stock("ACME")
    ann, bob = factories.make_user("ann"), factories.make_user("bob")
    first = list(chain(teller)(asked(QUESTION, user=ann.pk)))
    again = list(chain(teller)(asked(QUESTION.replace("Jane Roe", "Max Braun"), user=bob.pk)))
    assert len(teller.asked) == 1
    assert "Jane" not in teller.asked[0].question
    assert text_of(first) == "For Jane Roe: revenue was $5 million."
    assert text_of(again) == "For Max Braun: revenue was $5 million."
    spent = [finished(events).spent for events in (first, again)]
    assert [one.is_cached for one in spent if one] == [False, True]


@pytest.mark.django_db
def test_a_question_that_is_too_long_counts_as_asked_and_goes_no_further(teller: Teller) -> None:
    ann = factories.make_user("ann")
    events = list(chain(teller)(asked("x " * LONGEST_QUESTION, user=ann.pk)))
    assert len(events) == 1
    assert refusal(events).code == "too_long"
    assert teller.asked == []


@pytest.mark.django_db
def test_closing_it_half_way_stops_the_work_at_once(teller: Teller) -> None:
    ann = factories.make_user("ann")
    stream: Iterator[Event] = chain(teller)(asked(user=ann.pk))
    assert next(stream) == Step("facts", "Reading the facts.")
    stream.close()  # type: ignore[attr-defined]
    assert teller.closed == [teller.asked[0].id]
    assert finished(list(chain(teller)(asked(user=ann.pk))))


@pytest.mark.django_db
@pytest.mark.enable_socket
def test_each_has_a_span_the_child_of_the_one_before(teller: Teller, collector: Loopback) -> None:
    ann = factories.make_user("ann")
    list(chain(teller)(asked(QUESTION, user=ann.pk)))
    told_of = {span.name: span for span in spans(collector)}
    names = [f"query.{one.__name__}" for one in CHAIN]
    assert set(told_of) == set(names)
    for outer, inner in pairwise(names):
        assert told_of[inner].parent_span_id == told_of[outer].span_id
    assert "Jane" not in str(list(told_of.values()))


@pytest.mark.usefixtures("plan_rows")
@pytest.mark.django_db
def test_operators_keep_plans_and_who_has_them(client: Client) -> None:
    ann, ops = factories.make_user("ann"), factories.make_user("ops", "ops", is_staff=True)
    for user, status in ((factories.make_user("adv", "advisor", is_staff=True), 403), (ops, 200)):
        client.force_login(user)
        assert client.get("/admin/queries/usageplan/").status_code == status
    page = client.get("/admin/queries/usageplan/").content.decode()
    assert "enterprise" in page
    bad = client.post("/admin/queries/usageplan/add/", {**_fields(), "depths": '["shallow"]'})
    assert "Depths are a list of at least one of quick, standard, deep" in bad.content.decode()
    assert client.post("/admin/queries/usageplan/add/", _fields()).status_code == 302
    plan = UsagePlan.objects.get(name="trial")
    given = {"user": ann.pk, "plan": plan.pk}
    assert client.post("/admin/queries/userplan/add/", given).status_code == 302
    assert UserPlan.objects.get().plan == plan
    noted = AuditEvent.objects.get(action="usage_plan")
    assert (noted.actor, noted.subject_id, noted.detail) == (ops, str(ann.pk), {"given": "trial"})
    kept = client.post(f"/admin/queries/usageplan/{plan.pk}/delete/", {"post": "yes"})
    assert kept.status_code == 403  # somebody has it


def _fields() -> dict[str, str | int]:
    return {
        "name": "trial", "requests_a_minute": 5, "requests_a_day": 20, "at_once": 1,
        "depths": '["quick"]', "conversation_days": 7,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_groups_have_the_permissions(client: Client) -> None:
    ops: User = factories.make_user("ops", "ops")
    mine = {
        one for one in ops.get_all_permissions() if "plan" in one and one.startswith("queries.")
    }
    verbs = ("add", "change", "delete", "view")
    assert mine == {f"queries.{verb}_{one}" for verb in verbs for one in ("usageplan", "userplan")}
