"""A text that a reviewer sent back is written anew by the models, told what was wrong with it."""

from __future__ import annotations

import pytest

from summaries.actions import ask_rewrite, reject, summarise
from summaries.authoring import Fault, Feedback
from summaries.authoring.asking import Matter
from summaries.models import BatchItem, Stock, Summary
from tests.factories import make_user
from tests.vendors import ModelSite
from tests.vendors.summariser import Summariser

State = BatchItem.State
REASON = "Too short; ask jane.doe@example.com what clients want."


@pytest.fixture
def held(site: ModelSite, apple: Stock, model: Summariser) -> Summary:
    """A text that stays too short, however often the model is told."""
    model.too_short, model.is_stubborn = 1.0, True
    summary = summarise(stock=apple).summary
    assert summary
    assert summary.state == "held"
    model.too_short, model.is_stubborn = 0.0, False
    model.asked.clear()
    return summary


def asked(site: ModelSite) -> str:
    return "\n".join(one.body.decode() for one in site.asked)


def test_the_models_are_asked_anew_with_the_reviewers_words(
    site: ModelSite, apple: Stock, held: Summary, model: Summariser
) -> None:
    ask_rewrite(summary=held, reason=REASON, by=make_user("otto", "ops"))
    assert "A reviewer sent" not in asked(site)
    outcome = summarise(stock=apple)
    assert outcome.state == State.PUBLISHED
    assert model.asked == ["claims", "hook", "medium", "expanded"]
    told = asked(site)
    assert told.count("A reviewer sent an earlier text on this evidence back") == 4
    assert "Too short; ask " in told
    assert "jane.doe@example.com" not in told
    assert summarise(stock=apple).state == State.UNCHANGED


def test_what_was_only_rejected_is_not_asked_for_again(
    apple: Stock, held: Summary, model: Summariser
) -> None:
    reject(summary=held, reason=REASON)
    assert summarise(stock=apple).state == State.UNCHANGED
    assert model.asked == []


def test_feedback_names_each_sentence_and_why() -> None:
    fault = Fault("Revenue was $9bn.", ("it was $8bn", "no period", "third", "fourth"))
    told = Feedback(1, "Look again.", (fault,)).parts()
    assert [part.is_private for part in told] == [False, True, False]
    assert "".join(part.text for part in told) == (
        "\n\nA reviewer sent an earlier text on this evidence back, because:\nLook again.\n"
        "These sentences of it do not stand:\n- “Revenue was $9bn.” (it was $8bn; no period; "
        "third)\nDo not make these mistakes again.\n\n"
    )


def test_answers_from_before_are_not_replayed() -> None:
    keys = {
        Matter("ACME", "abc", "7", told).replay
        for told in (None, Feedback(1, "Again."), Feedback(2, "And again."))
    }
    assert len(keys) == 3
