"""What goes wrong at a provider, and who answers then."""

from __future__ import annotations

import time

import pytest

import llm
from llm import circuits, retrying
from llm.errors import NoModel
from llm.models import CircuitEvent
from llm.values import Complexity
from tests.llm.door.asks import an_ask, is_balanced, ledger_usd, rows
from tests.llm.door.test_limits import in_threads
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-off is a matter of a random time; here a short one."""
    monkeypatch.setattr(retrying, "FIRST_SECONDS", 0.01)


@pytest.mark.parametrize(
    ("fault", "state", "kind", "attempts"),
    [
        (Fault("status", provider="anthropic", status=400), "failed", "bad_request", 1),
        (Fault("status", provider="anthropic", status=401), "failed", "unauthorised", 1),
        (Fault("status", provider="anthropic", status=403), "failed", "unauthorised", 1),
        (Fault("quota", provider="anthropic"), "failed", "no_credit", 1),
        (Fault("status", provider="anthropic", status=429), "failed", "rate_limited", 3),
        (Fault("status", provider="anthropic", status=500), "failed", "server", 3),
        (Fault("status", provider="anthropic", status=529), "failed", "overloaded", 3),
        (Fault("refusal", provider="anthropic"), "settled", "refused", 1),
    ],
    ids=lambda each: each.kind if isinstance(each, Fault) else None,
)
def test_next_model_answers(
    site: ModelSite, fault: Fault, state: str, kind: str, attempts: int
) -> None:
    site.script.add(fault)
    reply = llm.write(an_ask())
    assert reply.provider == "openai"
    assert rows() == [
        *((number + 1, "anthropic", state, kind) for number in range(attempts)),
        (attempts + 1, "openai", "settled", ""),
    ]
    assert len(set(rows("call"))) == 1
    assert reply.attempts == attempts + 1
    assert reply.cost_usd == ledger_usd()
    assert is_balanced(site)


@pytest.mark.parametrize("kind", ["malformed", "cut"])
def test_answer_that_broke_is_unknown_until_the_invoice(site: ModelSite, kind: str) -> None:
    site.script.add(Fault(kind, provider="anthropic", times=1))
    assert llm.write(an_ask()).provider == "anthropic"
    first, second = rows("state", "is_estimate")
    assert first == ("unknown", True)
    assert second == ("settled", False)


def test_hanging_model_leaves_time_for_the_next(site: ModelSite) -> None:
    site.script.add(Fault("hang", provider="anthropic"))
    began = time.monotonic()
    assert llm.write(an_ask(seconds=3)).provider == "openai"
    assert 1 < time.monotonic() - began < 12
    assert rows() == [(1, "anthropic", "unknown", "timed_out"), (2, "openai", "settled", "")]


def test_passing_failure_is_tried_again(site: ModelSite) -> None:
    site.script.add(Fault("status", status=529, times=2))
    assert llm.write(an_ask()).provider == "anthropic"
    assert [row[2] for row in rows()] == ["failed", "failed", "settled"]


def test_second_refusal_is_the_last(site: ModelSite) -> None:
    site.script.add(Fault("refusal"))
    with pytest.raises(NoModel) as raised:
        llm.write(an_ask())
    assert [failure.kind for failure in raised.value.failures] == ["refused", "refused"]
    assert is_balanced(site)


def test_retry_after_is_honoured_by_everybody(site: ModelSite) -> None:
    fault = Fault("status", provider="anthropic", status=429, retry_after=1, times=1)
    site.script.add(fault)
    llm.write(an_ask())
    llm.write(an_ask())
    first, second, third = site.asked
    assert second.at - first.at >= 1
    assert {asked.provider for asked in site.asked} == {"anthropic"}
    assert third.at >= second.at


def test_retry_after_beyond_the_time_left_means_the_next_model(site: ModelSite) -> None:
    site.script.add(Fault("status", provider="anthropic", status=429, retry_after=60, times=1))
    began = time.monotonic()
    assert llm.write(an_ask(seconds=10)).provider == "openai"
    assert llm.write(an_ask(seconds=10)).provider == "openai"
    assert time.monotonic() - began < 12
    assert [row[1] for row in rows()] == ["anthropic", "openai", "openai"]


def test_time_is_limited_as_a_whole(site: ModelSite) -> None:
    site.script.add(Fault("hang"))
    began = time.monotonic()
    with pytest.raises(NoModel, match="seconds are over"):
        llm.write(an_ask(seconds=2))
    assert time.monotonic() - began < 12


def test_errors_say_nothing_of_the_prompt_or_the_answer(site: ModelSite) -> None:
    site.script.add(Fault("status", status=400, message="prompt was: How did revenue develop?"))
    with pytest.raises(NoModel) as raised:
        llm.write(an_ask())
    assert "revenue" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_switches_take_models_away(site: ModelSite) -> None:
    from waffle.testutils import override_switch

    with override_switch("llm_without_anthropic", active=True):
        assert llm.write(an_ask()).provider == "openai"
    with override_switch("llm_small_only", active=True):
        assert llm.write(an_ask(complexity=Complexity.COMPLEX)).model == "claude-haiku-5-5"
    with override_switch("llm_off", active=True):
        assert not llm.is_set_up()
        assert llm.write(an_ask(extractive=lambda: "only this")).text == "only this"
        with pytest.raises(NoModel):
            llm.write(an_ask())
    assert llm.is_set_up()


def test_circuit_opens_lets_one_try_and_closes(site: ModelSite) -> None:
    fault = Fault("outage", provider="anthropic")
    site.script.add(fault)
    for _ in range(4):
        assert llm.write(an_ask()).provider == "openai"
    assert _seen("anthropic") == circuits.FEWEST_ILL
    assert circuits.states()[0].state == "open"

    time.sleep(0.55)  # the cool-down; then one call finds it still down
    before = _seen("anthropic")
    for _ in range(3):
        llm.write(an_ask())
    assert _seen("anthropic") == before + 1

    site.script.lift(fault)
    time.sleep(0.55)
    assert llm.write(an_ask()).provider == "anthropic"
    assert circuits.states()[0].state == "closed"
    assert list(CircuitEvent.objects.order_by("pk").values_list("provider", "state", "reason")) == [
        ("anthropic", "open", "server"),
        ("anthropic", "half_open", "the cool-down is over"),
        ("anthropic", "open", "server"),
        ("anthropic", "half_open", "the cool-down is over"),
        ("anthropic", "closed", ""),
    ]


def test_only_model_is_waited_for_while_its_circuit_cools(
    site: ModelSite, settings: object
) -> None:
    settings.OPENAI_API_KEY = ""  # type: ignore[attr-defined]
    site.script.add(Fault("outage", provider="anthropic", times=8))
    for _ in range(2):
        with pytest.raises(NoModel):
            llm.write(an_ask(seconds=0.3))
    assert circuits.states()[0].state == "open"
    assert llm.write(an_ask(seconds=10)).provider == "anthropic"


def test_only_model_is_waited_for_while_another_call_tries_it(
    site: ModelSite, settings: object
) -> None:
    settings.OPENAI_API_KEY = ""  # type: ignore[attr-defined]
    fault = Fault("outage")
    site.script.add(fault)
    for _ in range(2):
        with pytest.raises(NoModel):
            llm.write(an_ask(seconds=0.3))
    site.script.lift(fault)
    site.change(latency=0.5)
    replies = in_threads(4, lambda: llm.write(an_ask(seconds=20)))
    assert {reply.provider for reply in replies} == {"anthropic"}


def test_mistakes_of_ours_dont_open_a_circuit(site: ModelSite) -> None:
    site.script.add(Fault("status", provider="anthropic", status=400))
    for _ in range(8):
        llm.write(an_ask())
    assert circuits.states()[0].state == "closed"


def _seen(provider: str) -> int:
    return sum(row[0] == provider for row in rows("provider"))
