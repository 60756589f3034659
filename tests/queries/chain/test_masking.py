"""Names go in as placeholders and come out as they were, also in pieces."""

from __future__ import annotations

import pytest

from llm.masking import Vault
from queries.chain.masking import LEAST, hide, masking
from queries.chain.restoring import Restorer
from queries.values import (
    Answer,
    Asked,
    Citation,
    Claim,
    Depth,
    Event,
    Exchange,
    Finished,
    Kind,
    Marked,
    Refused,
    Step,
    Text,
    Voided,
    chained,
)
from summaries.verification.verdicts import Verdict
from tests import factories
from tests.queries.chain.talk import Teller, asked, text_of

pytestmark = pytest.mark.django_db
QUESTION = "My client Adaeze Obi-Wright (adaeze@obi.example) holds ACME; what was its revenue?"
HIDDEN = "My client [PERSON_1] ([EMAIL_1]) holds ACME; what was its revenue?"
SAID = "For [PERSON_1]: revenue was $5 million. Write to [EMAIL_1]."
OPEN = "For Adaeze Obi-Wright: revenue was $5 million. Write to adaeze@obi.example."
SECOND = "Write to [EMAIL_1]."


def telling(_: Asked, size: int = 7) -> list[Event]:
    claim = Claim(SAID[:38], Verdict.SUPPORTED, (Citation("filing", "10-K", "/d/1", "[PERSON_1]"),))
    mail = Claim(SECOND, Verdict.NOT_FOUND, reason="[EMAIL_1] is in no source.")
    return [
        Step("facts", "Reading for [PERSON_1]."),
        *[Text(SAID[at : at + size]) for at in range(0, len(SAID), size)],
        Marked(0, claim, 0, 38),
        Marked(1, mail, SAID.index(SECOND), len(SAID)),
        Finished(
            Answer(Kind.ANSWERED, Depth.QUICK, (claim, mail), suggestions=("And [PERSON_1]'s?",))
        ),
    ]


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_nobody_behind_it_sees_a_name_and_the_reader_does(size: int) -> None:
    teller = Teller(lambda question: telling(question, size))
    before = (Exchange("Is Adaeze Obi-Wright in?", "Obi-Wright is, by adaeze@obi.example."),)
    events = list(chained((masking,), teller)(asked(QUESTION, before=before)))
    seen = teller.asked[0]
    assert seen.question == HIDDEN
    assert "Obi" not in str(seen.before)
    assert "obi.example" not in str(seen.before)
    assert text_of(events) == OPEN
    assert events[0] == Step("facts", "Reading for Adaeze Obi-Wright.")
    first, second = (event for event in events if isinstance(event, Marked))
    assert OPEN[first.start : first.end] == first.claim.text
    assert OPEN[second.start : second.end] == second.claim.text == "Write to adaeze@obi.example."
    assert second.claim.reason == "adaeze@obi.example is in no source."
    assert first.claim.citations[0].quote == "[PERSON_1]"  # the source's own words
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.answer.claims == (first.claim, second.claim)
    assert last.answer.suggestions == ("And Adaeze Obi-Wright's?",)


def test_no_piece_shows_half_a_placeholder() -> None:
    teller = Teller(lambda question: telling(question, 1))
    for event in chained((masking,), teller)(asked(QUESTION)):
        assert not isinstance(event, Text) or "[" not in event.text


def test_text_that_is_void_or_breaks_off_is_told_to_its_end() -> None:
    def breaking(_: Asked) -> list[Event]:
        return [
            Text("For [PERS"),
            Voided("Again."),
            Text("[PERSON_1] [PER"),
            Refused("failed", "[PERSON_1]"),
        ]

    events = list(chained((masking,), Teller(breaking))(asked(QUESTION)))
    assert events[-4:] == [
        Voided("Again."), Text("Adaeze Obi-Wright "), Text("[PER"), Refused("failed", "Adaeze Obi-Wright"),
    ]  # fmt: skip


def test_below_its_confidence_it_leaves_a_name() -> None:
    factories.make_stock("ELI", name="Ann Taylor Holdings")
    for question in (
        "What did Tim Cook say about China?",
        "Compare Jane Fraser and Jamie Dimon on costs",
        "Revenue of Ann Taylor Holdings in 2024?",
        "How has the margin moved?",
    ):
        assert (
            hide(asked(question), Vault(), frozenset({"Ann Taylor Holdings"})).question == question
        )
    teller = Teller()
    list(chained((masking,), teller)(asked("Tell Jane Roe what Ann Taylor Holdings earned")))
    assert teller.asked[0].question == "Tell [PERSON_1] what Ann Taylor Holdings earned"
    assert 0.6 < LEAST <= 0.85


def test_a_place_between_placeholders_moves_by_those_before_it() -> None:
    vault = Vault()
    hide(asked(QUESTION), vault, frozenset())
    restorer = Restorer(vault)
    list(restorer.restored(Text("a [PERSON_1] b [PERSON_9] c")))
    (marked,) = restorer.restored(Marked(0, Claim("b", Verdict.SUPPORTED), 13, 14))
    assert marked == Marked(0, Claim("b", Verdict.SUPPORTED), 20, 21)
