"""The three ways out: e-mail, Slack's incoming webhook, PagerDuty's Events API v2.

A webhook's address and a routing key are secrets: what goes wrong is told by its kind alone.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from costs.alerts.wording import Message

_SAYABLE = re.compile(r"[a-z_]{3,40}")  # Slack's own error words: invalid_payload
_PASSING = frozenset({408, 425, 429})


class NotSent(Exception):
    """Why a message is not out. ``is_permanent``: again would be no different."""

    def __init__(self, reason: str, *, is_permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.is_permanent = reason, is_permanent


@dataclass(frozen=True)
class Channel:
    """``send(message, seconds)`` raises NotSent; ``needs``: what is to be set."""

    name: str
    needs: str
    is_set_up: Callable[[], bool]
    send: Callable[[Message, float], None]


def channel_for(threshold: int) -> Channel:
    """Half by e-mail, three quarters to Slack, nine tenths to PagerDuty; a stop by the most
    urgent of them that is set up."""
    if threshold < 100:
        return {50: EMAIL, 75: SLACK, 90: PAGERDUTY}[threshold]
    return next((one for one in (PAGERDUTY, SLACK, EMAIL) if one.is_set_up()), PAGERDUTY)


def _email(message: Message, seconds: float) -> None:
    # By name: the default backend is another one in tests, and could be in a deployment.
    backend = "django.core.mail.backends.smtp.EmailBackend"
    mail = EmailMessage(
        subject=message.subject, body=message.text, to=settings.ALERT_EMAILS,
        headers={"Message-ID": f"<{message.key}@fa-ai-system>"},
        connection=get_connection(backend, timeout=seconds),
    )  # fmt: skip
    try:
        mail.send()
    except smtplib.SMTPResponseException as error:
        raise NotSent(
            f"The mail server answered {error.smtp_code}", is_permanent=error.smtp_code >= 500
        ) from None
    except smtplib.SMTPRecipientsRefused:
        raise NotSent("The mail server refused all of FA_ALERT_EMAILS", is_permanent=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"The mail server: {type(error).__name__}", is_permanent=False) from None


def _slack(message: Message, seconds: float) -> None:
    body = "\n".join(_escaped(line) for line in message.lines)
    blocks: list[dict[str, Any]] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": message.subject[:150], "emoji": False},
        },
        {"type": "section", "text": {"type": "mrkdwn", "text": body}},
    ]
    if message.link:
        link = f"<{message.link}|Open the budget>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    text = _escaped(f"{message.subject}. {' '.join(message.lines)}")
    _post("Slack", settings.SLACK_WEBHOOK, {"text": text, "blocks": blocks}, seconds)


def _pagerduty(message: Message, seconds: float) -> None:
    event: dict[str, Any] = {
        "routing_key": settings.PAGERDUTY_KEY,
        "event_action": "trigger",
        "dedup_key": message.key,
        "client": "FA AI System",
        "payload": {
            "summary": f"{message.subject}. {message.lines[0]}"[:1024],
            "source": settings.SITE_URL or "fa-ai-system",
            "severity": "critical" if message.is_stop else "error",
            "timestamp": message.raised_at.isoformat(),
            "component": message.component,
            "custom_details": message.details,
        },
    }
    if message.link:
        event["links"] = [{"href": message.link, "text": "Open the budget"}]
    _post("PagerDuty", settings.PAGERDUTY_URL, event, seconds)


def _post(whom: str, url: str, body: dict[str, Any], seconds: float) -> None:
    try:
        with httpx2.Client(timeout=seconds, trust_env=False) as client:
            reply = client.post(url, json=body)
    except httpx2.TimeoutException:
        raise NotSent(f"{whom} said nothing for {seconds:g} s", is_permanent=False) from None
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol):
        raise NotSent(f"The address of {whom} is no web address", is_permanent=True) from None
    except httpx2.HTTPError as error:
        raise NotSent(
            f"{whom} can't be reached: {type(error).__name__}", is_permanent=False
        ) from None
    if not reply.is_success:
        word = reply.text.strip() if reply.is_client_error and len(reply.content) < 100 else ""
        told = f" {word}" if _SAYABLE.fullmatch(word) else ""
        raise NotSent(
            f"{whom} answered {reply.status_code}{told}",
            is_permanent=reply.status_code < 500 and reply.status_code not in _PASSING,
        )


def _escaped(text: str) -> str:
    """As Slack wants its three control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


EMAIL = Channel(
    "e-mail", "FA_ALERT_EMAILS and FA_EMAIL_HOST",
    lambda: bool(settings.ALERT_EMAILS and settings.EMAIL_HOST), _email,
)  # fmt: skip
SLACK = Channel("Slack", "FA_SLACK_WEBHOOK", lambda: bool(settings.SLACK_WEBHOOK), _slack)
PAGERDUTY = Channel(
    "PagerDuty", "FA_PAGERDUTY_KEY", lambda: bool(settings.PAGERDUTY_KEY), _pagerduty
)
