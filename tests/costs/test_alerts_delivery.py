"""Alerts on their way out: over loopback, with all that goes wrong there, and nothing secret said."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from costs.alerts import Round, deliver_due, send_again
from costs.models import BudgetAlert, BudgetPeriod, Team
from tests.costs.budgets_mailbox import Mailbox, receiving
from tests.costs.budgets_rows import AT, budget, reserved, spent, usd
from tests.costs.budgets_threads import at_once
from tests.loopback import Answer, Asked, Loopback, serving

KEY = "R0UT1NGKEY0123456789012345678901"
HOOK = "/services/T000/B000/s3cr3tpath"
SHORT = 1.5  # seconds: loopback on a busy machine answers in less

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """The cache outlives a test's rows: refusals and waffle's switches."""
    cache.clear()


class Outside:
    """Slack and PagerDuty on one loopback server, and a mail server."""

    def __init__(self, web: Loopback, mailbox: Mailbox) -> None:
        self.web, self.mailbox = web, mailbox
        web.answer = self._answer
        self.slack = [Answer(200, b"ok", "text/html")]
        self.pagerduty = [Answer(202, b'{"status": "success"}')]

    def _answer(self, asked: Asked) -> Answer:
        answers = self.slack if asked.path == HOOK else self.pagerduty
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def told(self, path: str) -> list[Any]:
        return [json.loads(asked.body) for asked in self.web.asked if asked.path == path]


@pytest.fixture
def outside(settings: Any) -> Iterator[Outside]:
    with serving(lambda _: Answer()) as web, receiving() as mailbox:
        settings.SLACK_WEBHOOK = web.url + HOOK
        settings.PAGERDUTY_URL, settings.PAGERDUTY_KEY = f"{web.url}/v2/enqueue", KEY
        settings.ALERT_EMAILS = ["ops@fa.example", "cto@fa.example"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "fa@fa.example"
        settings.SITE_URL = "https://fa.example/"
        yield Outside(web, mailbox)


def deliveries() -> dict[int, str]:
    return dict(BudgetAlert.objects.values_list("threshold", "delivery"))


def test_each_threshold_goes_its_way(outside: Outside) -> None:
    budget("batch", 1200)
    spent(1090, "batch")
    assert deliver_due(AT) == Round(sent=3)
    assert deliver_due(AT) == Round()
    period = BudgetPeriod.objects.get()
    link = f"https://fa.example/admin/costs/budgetperiod/{period.pk}/change/"

    [mail] = outside.mailbox.mails
    assert mail["Subject"] == "Budget batch, a month: 50 % spent"
    assert mail["To"] == "ops@fa.example, cto@fa.example"
    assert mail.get_content().replace("\r\n", "\n") == (
        "1,090.00 of 1,200.00 USD is spent (91 %), 0.00 USD is held back by calls on their way.\n"
        f"{FORECAST}\n"
        f"It starts anew on Tuesday 01 December 2026 00:00 EST.\n{link}\n"
    )
    [slack] = outside.told(HOOK)
    assert slack["text"].startswith("Budget batch, a month: 75 % spent. 1,090.00 of 1,200.00 USD")
    assert slack["blocks"][0]["text"]["text"] == "Budget batch, a month: 75 % spent"
    assert slack["blocks"][2]["elements"][0]["text"] == f"<{link}|Open the budget>"

    alert = BudgetAlert.objects.get(threshold=90)
    assert outside.told("/v2/enqueue") == [
        {
            "routing_key": KEY,
            "event_action": "trigger",
            "dedup_key": f"fa-budget-{period.pk}-20261101-90",
            "client": "FA AI System",
            "links": [{"href": link, "text": "Open the budget"}],
            "payload": {
                "summary": "Budget batch, a month: 90 % spent. 1,090.00 of 1,200.00 USD is spent "
                "(91 %), 0.00 USD is held back by calls on their way.",
                "source": "https://fa.example/",
                "severity": "error",
                "timestamp": alert.raised_at.isoformat(),
                "component": "budget batch, a month",
                "custom_details": {
                    "budget": "batch, a month",
                    "threshold_percent": "90",
                    "spent_usd": "1,090.00",
                    "reserved_usd": "0.00",
                    "amount_usd": "1,200.00",
                    "forecast_usd": "34,008.00",
                    "resets_at": "2026-12-01T00:00:00-05:00",
                },
            },
        }
    ]
    assert alert.forecast_usd == usd(34_008)


# 109 an hour on the first day that cost anything, and 302 hours to go.
FORECAST = (
    "Forecast for the whole month: 34,008.00 USD (1,090.00 to 77,808.82); "
    "the amount is reached on 18 November."
)


def test_a_stop_is_told_in_the_most_urgent_channel(outside: Outside, settings: Any) -> None:
    budget("queries", 10)
    reserved(10)
    deliver_due(AT)
    [event] = outside.told("/v2/enqueue")
    assert event["payload"]["severity"] == "critical"
    assert event["payload"]["summary"].startswith(
        "Budget queries, a month: used up. Users' questions to models are refused until"
    )
    settings.PAGERDUTY_KEY = settings.SLACK_WEBHOOK = ""
    budget("infrastructure", 10)
    reserved(10, "infrastructure")
    deliver_due(AT)
    assert [mail["Subject"] for mail in outside.mailbox.mails] == [
        "Budget infrastructure, a month: used up"
    ]


def test_a_teams_name_makes_no_header_and_no_markup(outside: Outside) -> None:
    desk = Team.objects.create(name="A<!channel>&B\nBcc: all@fa.example")
    budget("team", 2, team=desk)
    spent("1.6", team=desk)
    assert deliver_due(AT) == Round(sent=2)
    [mail] = outside.mailbox.mails
    assert mail["Bcc"] is None
    assert "<!channel>" not in outside.told(HOOK)[0]["text"]


def test_a_channel_that_is_not_set_up_is_said(settings: Any) -> None:
    settings.ALERT_EMAILS, settings.SLACK_WEBHOOK, settings.PAGERDUTY_KEY = [], "", ""
    budget("firm", 10)
    spent(10)
    assert deliver_due(AT) == Round(not_set_up=4)
    assert set(BudgetAlert.objects.values_list("threshold", "problem")) == {
        (50, "Set FA_ALERT_EMAILS and FA_EMAIL_HOST."), (75, "Set FA_SLACK_WEBHOOK."),
        (90, "Set FA_PAGERDUTY_KEY."), (100, "Set FA_PAGERDUTY_KEY."),
    }  # fmt: skip
    assert deliver_due(AT) == Round()
    assert send_again(BudgetAlert.objects.all()) == 4


def test_what_fails_in_passing_is_sent_later(outside: Outside) -> None:
    outside.slack = [Answer(500, b"oops"), Answer(429, b""), Answer(hang=5), Answer(200, b"ok")]
    budget("firm", 10)
    spent("7.5")
    assert deliver_due(AT, seconds=SHORT) == Round(sent=1, put_off=1)
    now = AT
    for wait, problem in ((30, "Slack answered 500"), (60, "Slack answered 429"),
                          (120, f"Slack said nothing for {SHORT} s")):  # fmt: skip
        alert = BudgetAlert.objects.get(threshold=75)
        assert (alert.problem, alert.next_attempt_at) == (problem, now + timedelta(seconds=wait))
        assert deliver_due(now + timedelta(seconds=wait - 1), seconds=SHORT) == Round()
        now += timedelta(seconds=wait)
        last = deliver_due(now, seconds=SHORT)
    assert last == Round(sent=1)
    alert = BudgetAlert.objects.get(threshold=75)
    assert (alert.delivery, alert.attempts, alert.problem) == ("sent", 4, "")
    assert len(outside.told(HOOK)) == 4


def test_after_eight_attempts_it_has_failed_and_says_why(outside: Outside) -> None:
    outside.pagerduty = [Answer(503)]
    budget("queries", 10)
    spent("9.5")
    now = AT
    for _ in range(12):
        deliver_due(now, seconds=SHORT)
        now += timedelta(hours=1)
    alert = BudgetAlert.objects.get(threshold=90)
    assert (alert.delivery, alert.attempts, alert.problem) == (
        "failed", 8, "PagerDuty answered 503",
    )  # fmt: skip
    outside.pagerduty = [Answer(202)]
    send_again(BudgetAlert.objects.all())
    assert deliver_due(now, seconds=SHORT) == Round(sent=1)
    assert len({event["dedup_key"] for event in outside.told("/v2/enqueue")}) == 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(404, b"no_service"), "Slack answered 404 no_service"),
        (Answer(400, b"invalid_payload"), "Slack answered 400 invalid_payload"),
        (Answer(403, f"{HOOK} is forbidden".encode()), "Slack answered 403"),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/"}), "Slack answered 302"),
    ],
)
def test_a_refusal_by_the_channel_is_final(outside: Outside, answer: Answer, problem: str) -> None:
    outside.slack = [answer]
    budget("firm", 10)
    spent("7.5")
    assert deliver_due(AT, seconds=SHORT) == Round(sent=1, failed=1)
    assert BudgetAlert.objects.get(threshold=75).problem == problem


@pytest.mark.parametrize(
    ("given", "problem", "outcome"),
    [
        ({"answer": "451 later"}, "The mail server answered 451", Round(put_off=1)),
        ({"answer": "554 spam"}, "The mail server answered 554", Round(failed=1)),
        ({"recipients": "550 nobody"}, "The mail server refused all of FA_ALERT_EMAILS", Round(failed=1)),
        ({"hang": 5.0}, "The mail server: SMTPServerDisconnected", Round(put_off=1)),
    ],
)  # fmt: skip
def test_what_a_mail_server_says(
    outside: Outside, given: dict[str, Any], problem: str, outcome: Round
) -> None:
    for name, value in given.items():
        setattr(outside.mailbox, name, value)
    budget("firm", 10)
    spent(5)
    assert deliver_due(AT, seconds=SHORT) == outcome
    assert BudgetAlert.objects.get().problem == problem


def test_nobody_there_is_put_off(outside: Outside, settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        settings.SLACK_WEBHOOK = f"http://127.0.0.1:{port}{HOOK}"
        settings.EMAIL_PORT = port
        budget("firm", 10)
        spent("7.5")
        assert deliver_due(AT, seconds=SHORT) == Round(put_off=2)
    assert set(BudgetAlert.objects.values_list("problem", flat=True)) == {
        "The mail server: ConnectionRefusedError", "Slack can't be reached: ConnectError",
    }  # fmt: skip


def test_no_secret_is_logged_or_kept(
    outside: Outside, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    outside.slack = [Answer(403, HOOK.encode()), Answer(hang=5)]
    outside.pagerduty = [Answer(400, KEY.encode())]
    budget("firm", 10)
    spent("9.5")
    deliver_due(AT, seconds=SHORT)
    settings.SLACK_WEBHOOK = f"nonsense:{HOOK}"
    send_again(BudgetAlert.objects.all())
    deliver_due(AT, seconds=SHORT)
    kept = json.dumps(list(BudgetAlert.objects.values("problem")))
    for secret in (HOOK, "s3cr3tpath", KEY):
        assert secret not in caplog.text
        assert secret not in kept
    assert "The address of Slack is no web address" in kept


def test_a_sender_that_died_is_followed_by_another(outside: Outside) -> None:
    budget("firm", 10)
    spent(5)
    died_at = AT + timedelta(minutes=2)
    BudgetAlert.objects.update(attempts=1, next_attempt_at=died_at)  # claimed, never recorded
    assert deliver_due(AT) == Round()
    assert deliver_due(died_at) == Round(sent=1)


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_one_sends(outside: Outside) -> None:
    budget("firm", 10)
    spent("9.5")
    now = timezone.now()
    rounds = at_once(8, lambda _: deliver_due(now))
    assert sum(one.sent for one in rounds) == 3
    assert len(outside.mailbox.mails) == len(outside.told(HOOK)) == 1
    assert len(outside.told("/v2/enqueue")) == 1


def test_the_command_sends_and_says_what_failed(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.slack = [Answer(410)]
    budget("firm", 10)
    spent("7.5")
    with pytest.raises(CommandError, match="Slack answered 410"):
        call_command("send_alerts")
    assert "1 sent, 0 put off, 1 failed" in capsys.readouterr().out
    assert deliveries() == {50: "sent", 75: "failed"}
