"""From what the sources say of a claim to its mark."""

from __future__ import annotations

from summaries.marking.deciding import Said, decided
from summaries.marking.marking import of_likelihood
from summaries.marking.values import Evidence, Kind, Reason
from summaries.verification import ClaimCheck, Level, Scale, Verdict

CHECK = ClaimCheck("Orders were weak.", 0, 17, Verdict.NOT_CHECKABLE)
PASSAGE = Evidence("10-K", "Orders for kilns dried up.", "/documents/1/", Verdict.NOT_FOUND)


def test_what_a_passage_only_bears_out_is_for_a_person_to_read() -> None:
    """Likelihood is no proof: the claim stays open, with the passage beside it."""
    told = [Said(Verdict.NOT_FOUND), of_likelihood(CHECK, (PASSAGE,), ())]

    marked = decided(CHECK, Kind.QUALITATIVE, told, Scale(), looked_up=True)

    assert marked.verdict is Verdict.NOT_FOUND
    assert marked.evidence == (PASSAGE,)
    assert [one.code for one in marked.reasons] == ["likely"]
    assert marked.level is Level.CRITICAL


def test_what_nothing_bears_out_says_so() -> None:
    marked = decided(CHECK, Kind.QUALITATIVE, [Said(Verdict.NOT_FOUND)], Scale(), looked_up=True)
    assert [one.code for one in marked.reasons] == ["unproven"]
    assert marked.evidence == ()


def test_reasons_of_a_likelihood_follow_it() -> None:
    doubt = Reason("direction", "It goes the other way.", 0, 6)
    assert [one.code for one in of_likelihood(CHECK, (), (doubt,)).reasons] == [
        "likely",
        "direction",
    ]
